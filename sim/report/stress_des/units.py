"""The unit of every number that a scenario, or a policy, can hold, by its dotted key."""

from __future__ import annotations

import re

MINUTES, SHARE, FACTOR, PEOPLE = "min", "share, 0 to 1", "factor", "people"
WORKING_DAYS, MONEY, MONEY_A_MONTH = "working days", "{currency}", "{currency} a month"

_UNITS: tuple[tuple[str, str], ...] = (
    (r"demand", FACTOR),
    (r"arrivals\.per_day", "{counted_as} a mean working day"),
    (r"appointments\.per_day", "people a mean working day"),
    (r"arrivals\.rate_per_hour(\..*)?", "people an hour"),
    (r"arrivals\.(profile|profile_on\..*)\..*|arrivals\.weekday\..*", "weight"),
    (r"arrivals\.dossiers_per_visitor", "dossiers"),
    (r".*\.(cv|day_factor_cv|day_factor_common_cv)", "standard deviation over mean"),
    (r".*\.stages", "stages"),
    (r".*\.rank", "order"),
    (r".*\.rule\.(high|low|more)|policy\.open_when_long\.(high|low)|policy\.floating_official\.more", PEOPLE),
    (r".*\.(mean|low|mode|high|values(\.\d+)?)|greeting", MINUTES),
    (r".*\.(overhead|double_entry|ends_early|early|earlier|each|way|overtime_cap|typing|commute|above)", MINUTES),
    (r"mismatch\.set_up|.*\.rule\.travel|policy\.floating_official\.travel|policy\.overtime\.cap", MINUTES),
    (r"(policy\.)?appointments\.every|board_every", MINUTES),
    (r"policy\.ticket_cap\.of_mean_day", "tickets for each newcomer of a mean working day"),
    (r".*\.(speed|factor|time_factor|overtime_factor|rest_day_factor)", FACTOR),
    (r".*\.(share|draws|incomplete|finds|mends|no_show|called_away|storm_away|away|come_later|network_down)", SHARE),
    (r".*\.(moves|moves_to_saturday|staff_share|share_each|time_share|fewer|errors|slow_speed|start)", SHARE),
    (r".*\.(in_person|post|online|utilization|lender_utilization)", SHARE),
    (r"returns\.visits", "visits at most"),
    (r"returns\..*\.(first|last)|back_office\.(first|last)|.*\.term", WORKING_DAYS),
    (r"money\.working_days_per_month", WORKING_DAYS),
    (r"money\.months_of_use", "months"),
    (r"money\.official_hour", "{currency} an hour"),
    (r"days|warmup_days|storms\.(every|days)|.*\.absence\.days|policy\.secondment\.(after|days)", "calendar days"),
    (r".*\.weeks", "weeks"),
    (r"overtime\.(day|month|year)", "hours in it"),
    (r"policy\.(cross_training|pooled_queue)\.hours", "hours of training, each"),
    (r".*\.(counters|seats|guides|places|teams|count|new|from_existing)", "number"),
    (r".*\.(ticket_cap|tickets)", "tickets a day"),
    (r".*\.(officials|lender_officials)", "officials"),
    (r".*\.dossiers", "dossiers"),
    (r".*per_month", MONEY_A_MONTH),
    (r".*\.(postage|once|set_up|set_up_each|fee_each)", MONEY),
)


def unit_at(key: str, currency: str = "VND", counted_as: str = "people") -> str:
    """The unit of the number at a dotted key, "" where none is known."""
    found = next((unit for pattern, unit in _UNITS if re.fullmatch(pattern, key)), "")
    return found.format(currency=currency, counted_as=counted_as)
