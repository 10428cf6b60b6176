"""What a result rests on: its assumptions varied over their ranges, on common random numbers."""
