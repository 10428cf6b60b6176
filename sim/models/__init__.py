"""The reference engine: SimPy processes that are the specification of what a plan means."""
