"""The documentation: it is built without a warning, its links lead somewhere, and nothing is missing from it."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

import sim
from experiments.__main__ import PROGRAMS
from sim.door import groups, schema
from sim.door.words import WORDS
from sim.policies import POLICIES
from tests.pages import DOCS, ROOT
from tests.test_repository import REGISTRY

RUN_ELSEWHERE = {"cluster.md", "fit.md"}  # on other machines, and on a log that does not ship
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.relative_to(DOCS).as_posix() not in RUN_ELSEWHERE)
FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
}
FILES_ARE = {"canonical", "alternate"}


class Page(NamedTuple):
    """A built page: its links with their tags, its anchors, and its text."""

    links: list[tuple[str, str, str]]
    anchors: set[str]
    text: str


Site = dict[Path, Page]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str, str]] = []
        self.anchors = {""}
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if given.get("rel") not in FILES_ARE:
            self.links += [(tag, name, given[name]) for name in ("href", "src", "data", "srcset") if name in given]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(path: Path) -> Page:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return Page(reader.links, reader.anchors, "".join(reader.words))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Every page of the site, built from the sources, beside which nothing is left."""
    built = tmp_path_factory.mktemp("site")
    before = files_of_the_repository()
    options = ["-q", "-n", "-W", "--keep-going", "-j", "2", "-d", str(built / "doctrees")]
    command = [sys.executable, "-m", "sphinx", "-b", "html", *options, str(DOCS), str(built / "html")]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    assert files_of_the_repository() == before
    return {path: read(path) for path in sorted((built / "html").rglob("*.html"))}


def files_of_the_repository() -> str:
    """What git would add, and what is in docs that it would not."""
    command = ["git", "status", "--porcelain", "--ignored=matching", "--", "docs"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def named(site: Site, name: str) -> Page:
    return next(page for path, page in site.items() if path.as_posix().endswith(f"/html/{name}.html"))


def test_every_link_leads_somewhere(site: Site) -> None:
    faults = [
        f"{path.name}: {link}"
        for path, page in site.items()
        for _, _, link in page.links
        if not leads(path, link, site)
    ]
    assert len(site) > len(PAGES)
    assert not faults, "\n".join(faults)


def leads(path: Path, link: str, site: Site) -> bool:
    """Whether a link is to a file and anchor that are there, or to another host by https, and to no registry."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme == "data" or (parts.scheme == "https" and not REGISTRY.search(link))
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return False
    return target not in site or unquote(parts.fragment) in site[target].anchors


@pytest.mark.parametrize(
    ("link", "right"),
    [
        ("there.html", True),
        ("there.html#part", True),
        ("#", True),
        ("#nothing", False),
        ("there.html#nothing", False),
        ("nowhere.html", False),
        ("https://example.org/a", True),
        ("http://example.org/a", False),
        ("//example.org/a", False),
    ],
)
def test_the_check_of_links_on_small_cases(link: str, right: bool, tmp_path: Path) -> None:
    here, there = tmp_path / "here.html", tmp_path / "there.html"
    here.write_text("<p>", encoding="utf-8")
    there.write_text('<p id="part">', encoding="utf-8")
    assert leads(here, link, {path: read(path) for path in (here, there)}) is right


def test_no_page_fetches_anything_from_elsewhere(site: Site) -> None:
    for path, page in site.items():
        fetched = [link for tag, name, link in page.links if (tag, name) in FETCHED]
        assert fetched, path
        assert not [link for link in fetched if urlsplit(link).scheme not in {"", "data"}], path
    root = next(iter(site)).parent
    for sheet in root.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import\s+['\"](?:https?:)?//", sheet.read_text("utf-8")), (
            sheet
        )


def keys_of(node: Any, path: str, definitions: dict[str, Any]) -> Iterator[str]:
    """The keys of a schema below a path, of distributions and rules without what they are below."""
    for name, entry in node.get("properties", {}).items():
        at = f"{path}.{name}" if path else name
        yield at
        yield from below(entry, at, definitions)


def below(entry: Any, at: str, definitions: dict[str, Any]) -> Iterator[str]:
    yield from keys_of(entry, at, definitions)
    if "$ref" in entry:
        yield from keys_of(definitions[entry["$ref"].rpartition("/")[2]], at, definitions)
    kinds = entry.get("oneOf", ())
    is_distribution = any("Lognormal" in kind.get("$ref", "") for kind in kinds)
    for one in () if is_distribution else (*entry.get("anyOf", ()), *kinds):
        yield from below(one, at, definitions)
    more = entry.get("additionalProperties")
    for one in (*entry.get("patternProperties", {}).values(), *([more] if isinstance(more, dict) else [])):
        yield from below(one, f"{at}.NAME", definitions)
    if isinstance(entry.get("items"), dict):
        yield from below(entry["items"], f"{at}.N", definitions)


def test_every_key_has_its_row(site: Site) -> None:
    whole = schema()
    told = set(re.findall(r"[\w.]+", named(site, "reference/keys").text + named(site, "reference/policies").text))
    wanted = set(keys_of(whole, "", whole["$defs"])) - {"defaults", *(f"policy.{name}" for name in POLICIES)}
    assert len(wanted) > 300
    assert {"staff.NAME.absence.share", "policy.guidance_desk.finds", "targets.items.N.at_most"} <= wanted
    assert not wanted - told
    distributions = {key for kind in ("Lognormal", "Empirical", "Erlang") for key in whole["$defs"][kind]["properties"]}
    assert distributions <= told


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that makes the reference of keys."""
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    return import_module("pages.keys")


def test_every_shipped_number_is_in_a_row(made: Any) -> None:
    rows = [(f"{one.path}.{key}".strip("."), node) for one in made.sections() for key, node, _ in one.rows]
    told = {number for path, node in rows for number in made.numbers_of(path, node)}
    numbers = {number for number in made.shipped.shipped() if not number.key.startswith("policy.")}
    assert len(numbers) > 1000
    assert not numbers - told
    assert all(made.in_files(path, node) for path, node in rows if made.numbers_of(path, node))


def test_a_row_says_the_parts_of_a_distribution_and_times_as_times(made: Any) -> None:
    rows = {f"{one.path}.{key}": node for one in made.sections() for key, node, _ in one.rows}
    assert "; cv 0.6: A" in made.in_files("patience", made.whole()["properties"]["patience"])
    assert "down.values" not in made.in_files("network.outages.NAME.down", rows["network.outages.NAME.down"])
    assert "values" in made.in_files("network.outages.NAME.down", rows["network.outages.NAME.down"])
    until = next(one for one in made.shipped.shipped() if one.key == "policy.evening_hours.until")
    assert made.shipped.range_of(until) == "[18:00–20:00]"


def test_a_default_that_is_made_is_told(made: Any) -> None:
    given = {"purposes": '`{"submit": {"share": 1.0}}`', "channels": '`{"paper": {"share": 1.0}}`', "lenders": "empty"}
    known = made.models()["Scenario"]["properties"]
    assert {key: made.default(known[key], must=False) for key in given} == given
    assert '"mon": 1.0' in made.default(made.models()["Arrivals"]["properties"]["weekday"], must=False)


def given_by_the_public() -> Iterator[str]:
    """The types of this package that public functions return."""
    for name in sim.__all__:
        one = getattr(sim, name)
        for kind in (
            re.findall(r"\w+", str(inspect.signature(one).return_annotation)) if inspect.isfunction(one) else ()
        ):
            found = getattr(import_module(one.__module__), kind, None)
            if isinstance(found, type) and found.__module__.startswith("sim."):
                yield kind


def test_every_name_has_its_place(site: Site) -> None:
    anchors = named(site, "reference/python").anchors
    names = {f"sim.{name}" for name in sim.__all__}
    assert names <= anchors
    given = set(given_by_the_public())
    assert {"LoadSheet", "Measured", "Metrics", "Plan", "Province", "Result", "Study", "Trace"} <= given
    assert given <= {anchor.rpartition(".")[2] for anchor in anchors if anchor.startswith("sim.")}
    assert {"sim.trace.Trace", "sim.plan.Board", "sim.own_rules.ASIDE", "sim.money.Cost"} <= anchors
    programs = named(site, "reference/commands")
    assert {f"program-{name}" for name in PROGRAMS} <= programs.anchors
    assert all(f"motcua {name}" in programs.text for name in PROGRAMS)
    assert "motcua schema > scenario.schema.json" in programs.text
    assert set(POLICIES) <= set(re.findall(r"\w+", named(site, "reference/policies").text))
    shipped = named(site, "reference/centers").text
    assert {name for group in ("center", "experiment") for name in groups()[group]} <= set(re.findall(r"\w+", shipped))
    clauses = named(site, "concepts/contract").text
    assert "A dispatch pass happens if and only if" in clauses


def test_every_notebook_is_there(site: Site) -> None:
    text = named(site, "howto/notebooks").text
    notebooks = [path.name for path in (ROOT / "notebooks").glob("*.py")]
    assert notebooks
    assert not [name for name in notebooks if f"notebooks/{name}" not in text]


def test_each_root_key_has_words_in_the_schema_and_in_the_reference(site: Site) -> None:
    properties = schema()["properties"]
    assert set(WORDS) == set(properties)
    text = " ".join(named(site, "reference/keys").text.split())
    assert {node["description"] for node in properties.values()} == set(WORDS.values())
    told = {name: words.replace("`", "") for name, words in WORDS.items() if name not in {"defaults", "policy"}}
    assert not {name for name, words in told.items() if words not in text}
