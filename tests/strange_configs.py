"""Scenarios that somebody may have broken: by value or key against the schema, or by byte, and what is answered."""

from __future__ import annotations

import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from sim.demand import day_table, expected_visits
from sim.door import composed, groups, load
from sim.door.assembly import Assembly
from sim.door.files import plain_values
from sim.faults import BadInput
from sim.running import Block, by_reference, job
from sim.study import Study
from tests.schema_values import forms_at, valued

SECONDS = 10.0
DAYS, PEOPLE = 3, 300
CENTERS = ("cam_duong", "textbook", "go_vap", "lao_cai_ward", "central_highlands", "ban_lau", "na_hy", "da_nang")
Value = Any
Path_ = tuple[str | int, ...]


class TooLong(BaseException):
    """An answer took more than SECONDS: no Exception, so that nothing takes it for a fault of the scenario."""


@contextmanager
def in_time() -> Iterator[None]:
    """Raises TooLong where what is done takes too long."""

    def late(_: int, frame: FrameType | None) -> None:
        raise TooLong(f"more than {SECONDS:g} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


# By the schema


@cache
def whole(name: str, policy: str = "none") -> dict[str, Any]:
    """A shipped scenario, composed."""
    values, faults = plain_values(name, composed([f"center={name}", f"policy={policy}"]))
    assert not faults
    return values


@cache
def keys_known() -> tuple[str, ...]:
    """All names that stand in shipped scenarios, at any depth."""
    return tuple(sorted({str(part) for name in CENTERS for at in places(whole(name)) for part in at}))


def places(node: Value, at: Path_ = ()) -> Iterator[Path_]:
    """The way to every value."""
    if at:
        yield at
    for name, entry in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(entry, (*at, name))


def at_of(node: Value, at: Path_) -> Value:
    for part in at:
        node = node[part]
    return node


def with_value(node: Value, at: Path_, made: Value) -> Value:
    """``node`` with another value at a place."""
    if not at:
        return made
    if isinstance(node, dict):
        return {**node, at[0]: with_value(node.get(str(at[0])), at[1:], made)}
    copy = list(node)
    copy[int(at[0])] = with_value(copy[int(at[0])], at[1:], made)
    return copy


def without(node: Value, at: Path_) -> Value:
    inside = at_of(node, at[:-1])
    if isinstance(inside, dict):
        return with_value(node, at[:-1], {name: entry for name, entry in inside.items() if name != at[-1]})
    return with_value(node, at[:-1], [entry for nth, entry in enumerate(inside) if nth != at[-1]])


NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 2, 63, 64, 250, 366, 400, 9_999, 10_000, 1_000_000, 10**12, 2**63, 10**400, True]),
    st.sampled_from([0.0, -0.0, 0.5, 1.0, 1e-300, 1e-9, 5e-324, 1e12, 1e300, float("inf"), float("nan")]),
    st.integers(-5, 400),
    st.floats(0, 2, allow_nan=False),
)
TEXTS = st.one_of(
    st.sampled_from(["", "07:30", "00:00-24:00", "11:00-11:30", "2028-02-29", "0001-01-01", "9999-12-31"]),
    st.sampled_from(["hall", "land", "exponential", "lognormal", "none", "../x", "<script>", "=1+1", "\x1b[2J"]),
    st.text(max_size=8),
)
FLAT = st.one_of(NUMBERS, TEXTS, st.none(), st.booleans())
KINDS = ("constant", "exponential", "gamma", "erlang", "lognormal", "weibull", "uniform", "triangular", "empirical")
DISTRIBUTIONS = st.builds(
    lambda kind, mean, cv: {"kind": kind, "mean": mean, "cv": cv}, st.sampled_from(KINDS), NUMBERS, NUMBERS
)
VALUES = st.one_of(
    FLAT, DISTRIBUTIONS, st.lists(FLAT, max_size=3), st.dictionaries(st.sampled_from(["kind", "a", "07:30"]), FLAT)
)


@cache
def values_at(at: Path_) -> st.SearchStrategy[Any]:
    """What the schema has at a place."""
    return valued(forms_at(at))


CHANGES = (*("form",) * 3, "number", "value", "scale", "from", "add", "copy", "remove")


@st.composite
def broken_wholes(draw: st.DrawFn) -> dict[str, Any]:
    """A shipped scenario with one to three values replaced, moved, added or taken away."""
    made = whole(draw(st.sampled_from(CENTERS)), draw(st.sampled_from(("none", *groups()["policy"]))))
    for _ in range(draw(st.integers(1, 3))):
        known = list(places(made))
        if not known:
            return made
        at = draw(st.sampled_from(known))
        match draw(
            st.sampled_from(["form", "form", "form", "number", "value", "scale", "from", "add", "copy", "remove"])
        ):
            case "form":
                made = with_value(made, at, draw(values_at(at)))
            case "number":
                made = with_value(made, at, draw(NUMBERS))
            case "value":
                made = with_value(made, at, draw(VALUES))
            case "scale":
                made = with_value(made, at, _scaled(at_of(made, at), draw(st.sampled_from([-1, 0, 0.1, 2, 10, 100]))))
            case "from":
                made = with_value(made, at, at_of(made, draw(st.sampled_from(known))))
            case "add":
                made = _with_entry(made, at, draw(st.sampled_from(keys_known())), draw(VALUES))
            case "copy":
                made = _with_entry(made, at[:-1], draw(st.sampled_from(keys_known())), at_of(made, at))
            case _:
                made = without(made, at)
    return dict(made)


def _scaled(value: Value, factor: float) -> Value:
    match value:
        case bool() | None | str():
            return value
        case int():
            return round(value * factor)
        case float():
            return value * factor
        case dict():
            return {name: _scaled(entry, factor) for name, entry in value.items()}
        case _:
            return [_scaled(entry, factor) for entry in value]


def _with_entry(node: Value, at: Path_, name: str, entry: Value) -> Value:
    """With one more entry where there are some: a name of a mapping, the end of a list."""
    inside = at_of(node, at)
    if isinstance(inside, dict):
        return with_value(node, at, {**inside, name: entry})
    return with_value(node, at, [*inside, entry]) if isinstance(inside, list) else node


# By the byte


@cache
def own_text(name: str) -> bytes:
    """A shipped center as a file of one's own."""
    text = (files("configs") / "center" / f"{name}.yaml").read_text(encoding="utf-8")
    return re.sub(r"- override /", "- ", text).encode()


TOKENS = tuple(
    token.encode()
    for token in (
        "&a ", "*a", "<<: *a\n", "!!python/object:os.system ", "!!binary ", "%YAML 1.1\n", "---\n", "...\n", "? ", ": ",
        "- ", "[", "]", "{", "}", "|\n", ">\n", "'", '"', '"\\x1b"', '"\\ud800"', "\t", "\r", "\r\n", "\0", "\ufeff",
        "\u2028", "\x85", "#", "@", "`", "~", "no", "1e999", "1", "0", "0.5", "[]", "{}", "null",
        "0x" + "f" * 9000, ".nan", "0o17", "0x_", "1:2:3", "${a}", "=", "9" * 5000,
        "[" * 200, "a" * 5000, " " * 300, "\n" * 300, "_target_: x\n", "days: 9\n",
    )
)  # fmt: skip


@st.composite
def broken_texts(draw: st.DrawFn) -> bytes:
    """The file of a shipped center with one to four of its bytes or lines changed, or a token put in."""
    text = own_text(draw(st.sampled_from(CENTERS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        match draw(st.sampled_from(["token", "value", "value", "flip", "delete", "insert", "line", "swap"])):
            case "token":
                text = text[:at] + draw(st.sampled_from(TOKENS)) + text[at:]
            case "value":
                start = text.find(b": ", at) + 2
                text = text[:start] + draw(st.sampled_from(TOKENS)) + text[max(text.find(b"\n", start), start) :]
            case "flip":
                text = (
                    text[:at] + bytes(byte ^ draw(st.integers(1, 255)) for byte in text[at : at + 1]) + text[at + 1 :]
                )
            case "delete":
                text = text[:at] + text[at + draw(st.sampled_from([1, 2, 5, 40, 400])) :]
            case "insert":
                text = text[:at] + draw(st.binary(min_size=1, max_size=4)) + text[at:]
            case "line":
                lines = text.splitlines(keepends=True)
                nth = draw(st.integers(0, max(len(lines) - 1, 0)))
                text = b"".join(
                    [*lines[:nth], *lines[nth : nth + 1] * draw(st.sampled_from([0, 2, 50])), *lines[nth + 1 :]]
                )
            case _:
                before = text[max(at - 20, 0) : at]
                text = text[: max(at - 20, 0)] + text[at : at + 20] + before + text[at + 20 :]
    return text


# What is answered


def answer_to_values(values: dict[str, Any]) -> str:
    """Whether a composed whole is refused, in a line a fault, or valid, and then whether it runs."""
    with in_time():
        study, faults = Assembly().study(values, {}, (), "a")
        assert (study is None) == bool(faults)
        assert all(len(str(fault).splitlines()) == 1 for fault in faults)
        return run(study) if study else "refused"


def answer_to_text(text: bytes) -> str:
    """The same of the text of a file."""
    with tempfile.TemporaryDirectory() as folder, in_time():
        path = Path(folder) / "own.yaml"
        path.write_bytes(text)
        try:
            study = load([f"center={path}"])
        except BadInput as error:
            if len(str(error).splitlines()) != len(error.faults):
                raise
            return "refused"
        return run(study)


def run(study: Study) -> str:
    """One replication of few days and few people: that it is run, or that so short it cannot be, or why never."""
    try:
        base = study.base.replace(days=min(study.base.days, DAYS), warmup_days=0, opening=True)
        short = study.replace(base=base, replications=1, stopping=None)
        people = expected_visits(day_table(short.scenario).demand)
        if people > PEOPLE:
            base = base.replace(demand=base.demand * PEOPLE / people)
            short = short.replace(base=base)
    except (ValidationError, ValueError):
        return "valid, and not so short"
    runs = by_reference(job(short), Block(0, 0, 1))
    assert len(runs) == 1
    return "valid"
