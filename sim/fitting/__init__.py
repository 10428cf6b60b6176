"""From what offices have to a scenario: a log of tickets is read, cleaned, fitted, and held against days not used.

* :mod:`sim.fitting.files`: a table out of a file, whatever its separator, encoding and names of columns;
* :mod:`sim.fitting.clocks`: dates and times in the forms that offices write;
* :mod:`sim.fitting.tickets`: tickets that make sense, with a note for each kind of thing that did not;
* :mod:`sim.fitting.boards`: what a queue board showed, interval by interval;
* :mod:`sim.fitting.arrivals`: who comes, by weekday and half-hour, and how days differ beyond that;
* :mod:`sim.fitting.pace`: how fast people are called, given open counters and the line;
* :mod:`sim.fitting.unseen`: waits on days that were not used, foretold and observed.
"""
