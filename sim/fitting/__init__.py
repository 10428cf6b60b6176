"""From what offices have to a scenario: it is read, cleaned and fitted, and what it does not tell is said.

* :mod:`sim.fitting.files`: a table out of a file, whatever its separator, encoding and names of columns;
* :mod:`sim.fitting.clocks`: dates and times in the forms that offices write;
* :mod:`sim.fitting.tickets`: tickets that make sense, with a note for each kind of thing that did not;
* :mod:`sim.fitting.boards`: what a queue board showed, interval by interval;
* :mod:`sim.fitting.arrivals`: who comes, by weekday and half-hour, and how days differ beyond that;
* :mod:`sim.fitting.pace`: how fast people are called, given open counters and the line;
* :mod:`sim.fitting.unseen`: waits on days that were not used, foretold and observed;
* :mod:`sim.fitting.dossiers`, :mod:`sim.fitting.batched`, :mod:`sim.fitting.terms`: an export of dossiers, what its
  times of entry are worth, and how long dossiers have and take;
* :mod:`sim.fitting.counts`, :mod:`sim.fitting.days`, :mod:`sim.fitting.weekday_chart`: counts of days, and how many a
  day by weekday;
* :mod:`sim.fitting.fields`, :mod:`sim.fitting.staff_list`: fields of work by their names, officials by their fields;
* :mod:`sim.fitting.held`, :mod:`sim.fitting.unidentified`: what stays as it was counted, and how an answer depends on
  what no data tell.
"""
