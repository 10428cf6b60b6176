"""The compiled engine: the same contract as the reference in one loop, for numba. See :mod:`sim.models.contract`.

The modules mirror those of the reference: a verb a function, state in the tables of :mod:`.house`.
"""
