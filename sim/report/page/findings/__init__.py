"""What pages say of each kind of question; a module a program."""
