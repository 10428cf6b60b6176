"""What people look at: charts of results, drawn with matplotlib's object interface."""
