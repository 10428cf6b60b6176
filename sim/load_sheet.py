def busiest_group(s): raise ValueError
