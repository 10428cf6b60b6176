"""Figures, verdicts, names and caveats in the words that charts use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.intervals import Estimate
from sim.result import baseline_of
from sim.study import SMOKE, Study
from sim.targets import kind_of
from sim.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from sim.result import Result

MARKS: dict[Outcome, str] = {"met": "✓", "missed": "✗", "undecided": "?", "n/a": "–"}
MINUS = "−"
_HIDDEN = {"Cc", "Cf", "Cs", "Cn"}


def plain(text: str) -> str:
    """A text on one line: composed letters, one space for any white space, nothing invisible."""
    one_line = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _HIDDEN else c for c in one_line)


def unbroken(text: str) -> str:
    """The text with spaces that do not break between a number and its unit."""
    return re.sub(r"(?<=\d) (?=%|min\b|h\b|people\b|person\b)|(?<=×) (?=\d)", "\N{NO-BREAK SPACE}", text)


def shortened(text: str, most: int = 60) -> str:
    """At most ``most`` characters, what is too much taken from the middle: names differ at their ends."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail].rstrip()}…{text[-tail:].lstrip()}"


def number(value: float) -> str:
    """About three digits: 0.42, 16.5, 117, 1,234."""
    size = abs(value)
    decimals = 0 if size >= 99.95 or value == 0 else 1 if size >= 0.995 else 2
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def percent(share: float) -> str:
    """A share in percent; it is never rounded to 0 or 100 % unless it is that."""
    if share in (0.0, 1.0):
        return f"{share * 100:.0f} %"
    if not 0.001 <= share <= 0.9994:
        return "< 0.1 %" if share < 0.5 else "> 99.9 %"
    return f"{share * 100:.{0 if 0.0995 <= share <= 0.9 else 1}f} %"


def money(value: float, currency: str) -> str:
    """An amount: "6.62 million VND", "950,000 VND"."""
    if abs(value) < 1e6:
        return f"{value:,.0f} {currency}".replace("-", MINUS)
    scaled, unit = (value / 1e9, "billion") if abs(value) >= 1e9 else (value / 1e6, "million")
    return f"{scaled:,.2f} {unit} {currency}".replace("-", MINUS)


def measured(metric: str, value: float, currency: str = "") -> str:
    """A figure with its unit."""
    if metric.startswith("cost_"):
        return money(value, currency)
    if metric.startswith("citizen_hours"):
        return f"{number(value)} h"
    match kind_of(metric):
        case "share":
            return percent(value)
        case "minutes":
            return f"{number(value)} min"
        case "other":
            return number(value)


def span(metric: str, estimate: Estimate, currency: str = "") -> str:
    """The interval in words: "11.9 to 39 min", with an open end said; "" where both ends are absent."""
    low, high = estimate.lower, estimate.upper
    if low is None or high is None:
        ends = [("from", low), ("up to", high)]
        return " ".join(f"{word} {measured(metric, end, currency)}" for word, end in ends if end is not None)
    first, last = measured(metric, low, currency), measured(metric, high, currency)
    unit = last.partition(" ")[2]
    return f"{first.removesuffix(f' {unit}') if unit and '<' not in first else first} to {last}"


def outcome(found: Outcome) -> str:
    """A word and a mark: "met ✓"."""
    return f"{found} {MARKS[found]}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a sentence: "a, b and c", "a, b, c and 4 more"."""
    shown = [shortened(name, 40) for name in names[:most]]
    shown += [f"{len(names) - most} more"] if len(names) > most else []
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1] if shown else "") if part)


def row_name(study: Study) -> str:
    """A study's label without the center, which stands above it, keys of its policies without theirs; or its policies.

    "paper_fallback · policy.paper_fallback.typed_in=when_free" is "paper_fallback · typed_in=when_free".
    """
    parts = [part for part in plain(study.label).split(" · ") if part and _slug(part) != _slug(study.base.name)]
    return " · ".join(_brief(parts, study)) or "+".join(name for name, _ in study.policies) or "none"


def row_names(studies: Sequence[Study]) -> list[str]:
    """The names of the rows of a group, without the parts that all of them share."""
    parts = [row_name(study).split(" · ") for study in studies]
    kept = [[part for part in own if not all(part in other for other in parts)] for own in parts]
    return [" · ".join(own if all(kept) else whole) for own, whole in zip(kept, parts, strict=True)]


def _brief(parts: Sequence[str], study: Study) -> list[str]:
    """The parts of a label; a policy is named in it already, so that its key is enough, unless another has it too."""
    starts = [f"policy.{name}." for name, _ in study.policies]
    briefs = [next((part.removeprefix(one) for one in starts if part.startswith(one)), part) for part in parts]
    keys = [brief.partition("=")[0] for brief in briefs]
    return [part if keys.count(key) > 1 else brief for part, brief, key in zip(parts, briefs, keys, strict=True)]


def full_name(study: Study) -> str:
    """Center and label: "Gò Vấp · guidance_desk"."""
    center, label = shortened(plain(study.base.name)), row_name(study)
    return f"{center} · {shortened(label)}"


def _slug(name: str) -> str:
    flat = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^a-z0-9]+", "_", flat.encode("ascii", "ignore").decode().lower()).strip("_")


def slug(name: str) -> str:
    """Letters, digits and underscores for a file's name; "scenario" where nothing is left."""
    return _slug(name)[:60].strip("_") or "scenario"


def assumed(studies: Iterable[Study]) -> str:
    """How much is known: "56 of 88 inputs are assumptions, 20 own figures"; "" where the inputs are not marked."""
    known = [study for study in studies if study.inputs]
    if not known:
        return ""
    said = f"{_range([one.assumptions for one in known])} of {_range([one.inputs for one in known])} inputs"
    own = _range([one.own_figures for one in known])
    return f"{said} are assumptions" + (f", {own} own figures" if own != "0" else "")


def caveat(studies: Iterable[Study]) -> str:
    """What an interval does not know, and whether the runs are a first look only."""
    known = list(studies)
    said = "; ".join(part for part in ("Simulation error only", assumed(known)) if part)
    if any(study.replications < SMOKE for study in known):
        said += f". Fewer than {SMOKE} replications: a first look"
    return f"{said}."


def replications_of(studies: Iterable[Study]) -> str:
    """How many there are: "30 replications", "10 to 30 replications"."""
    counts = [study.replications for study in studies]
    return f"{_range(counts)} replication{'s' if max(counts) > 1 else ''}"


def intervals_of(studies: Iterable[Study]) -> str:
    """What the intervals of some studies are and how many replications they rest on."""
    known = list(studies)
    if all(study.replications == 1 for study in known):
        return "One replication: no intervals."
    levels = _range(sorted({round(study.confidence * 100, 2) for study in known}))
    return f"Intervals: {levels} %, jackknife over {replications_of(known)}; exact where a share is 0 or 100 %."


def _range(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def verdict_on(result: Result, metric: str) -> Verdict | None:
    """The verdict on a metric of the whole center, if it has a target."""
    return next((v for v in result.verdicts if v.metric == metric and v.scope == "all"), None)


def threshold_on(study: Study, metric: str) -> float | None:
    """The figure that a metric of the whole center must keep, if there is one."""
    found = [t.threshold for t in study.targets.items if t.metric == metric and t.scope == "all"]
    return found[0] if found else None


def headline(studies: Iterable[Study]) -> str:
    """The metric that all of some studies promise first; ``wait_mean`` where they do not agree."""
    first = {
        next((t.metric for t in study.targets.items if t.scope == "all" and not t.guard), "wait_mean")
        for study in studies
    }
    return first.pop() if len(first) == 1 else "wait_mean"


def unit_of(metric: str, currency: str) -> str:
    """The unit of an axis; money is in millions, and without a unit where ``currency`` is ""."""
    if metric.startswith("cost_"):
        return f"million {currency}" if currency else "currencies differ"
    if metric.startswith("citizen_hours"):
        return "hours"
    match kind_of(metric):
        case "share":
            return "% of all who came" if metric.startswith(("wait_within", "unserved")) else "%"
        case "minutes":
            return "minutes"
        case "other":
            return ""


def named(metric: str) -> str:
    """A metric in words, without its unit."""
    words = {
        "wait_mean": "Mean wait",
        "unserved_share": "Left or sent away unserved",
        "on_time_share": "Results ready within their term",
        "processing_days_mean": "Days to the result",
        "cost_per_day": "State cost a day",
        "citizen_hours_per_resolved": "Citizens’ time per resolved dossier",
    }
    if within := re.fullmatch(r"wait_within_(\d+)", metric):
        return f"Received within {within[1]} min"
    return words.get(metric, metric.replace("_", " ").capitalize())


def telling(results: Mapping[str, Result], most: int) -> list[str]:
    """At most ``most`` labels, in order: all of them, or the baselines, the worst, the best and then the first.

    Best and worst are by the estimate of the headline metric.
    """
    if len(results) <= most:
        return list(results)
    metric = headline(result.study for result in results.values())
    values = {label: r.figures.estimates[metric, "all"].value for label, r in results.items()}
    ordered = sorted((label for label in results if values[label] is not None), key=lambda n: values[n] or 0.0)
    groups: dict[str, dict[str, Result]] = {}
    for label, result in results.items():
        groups.setdefault(result.study.base.name, {})[label] = result
    first = [*(ordered[:1] + ordered[-1:]), *(baseline_of(group) for group in groups.values()), *results]
    kept = set(list(dict.fromkeys(first))[:most])
    return [label for label in results if label in kept]
