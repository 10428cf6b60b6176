"""The models as users of other programs would write them.

``queue(servers, rate, customers, seed)`` is M/M/c: how many waits were recorded, and their mean in minutes.
``day(days, seed)`` is the service-center day: citizens, visits and all minutes waited.
"""
