"""The command-line programs: each reads its arguments, calls `sim`, and writes."""
