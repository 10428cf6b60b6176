"""Which of several scenarios is best."""
