"""Phrases of the page in the reader's language, from the message catalogs in ``assets/vi`` and ``assets/en``.

Whatever is told has one form a language. In HTML all forms are there, each marked with its language, and a switch of
the page shows one of them; text is escaped. What a person has named is told as they wrote it.
"""

from __future__ import annotations

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol, get_args

from markupsafe import Markup, escape

from sim.report.wording import plain

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Told(Protocol):
    """Whatever has a form in each language."""

    def said(self, language: Language) -> str:
        """The plain text, not escaped."""


Word = Told | str | int


def said(word: Word, language: Language) -> str:
    """The form of anything that may stand in a phrase."""
    return plain(str(word)) if isinstance(word, str | int) else word.said(language)


def html(word: Word, tag: str = "span") -> Markup:
    """All forms, each in an element of its language; a text alone where they do not differ."""
    forms = {language: said(word, language) for language in LANGUAGES}
    if len(set(forms.values())) == 1:
        return escape(forms[LANGUAGES[0]])
    return Markup("").join(
        Markup('<{0} lang="{1}">{2}</{0}>').format(Markup(tag), language, form) for language, form in forms.items()
    )


class Shown(ABC):
    """What a template prints as HTML."""

    @abstractmethod
    def said(self, language: Language) -> str:
        """The plain text, not escaped."""

    def __html__(self) -> str:
        return html(self)


@dataclass(frozen=True)
class Phrase(Shown):
    """A message of the catalogs, its ``{names}`` filled in. KeyError where a catalog lacks it, or a name is missing."""

    key: str
    values: Mapping[str, Word] = field(default_factory=dict)

    def said(self, language: Language) -> str:
        filled = {name: said(word, language) for name, word in self.values.items()}
        return catalog(language)[self.key].format_map(filled)


def phrase(key: str, /, **values: Word) -> Phrase:
    """The same, as templates write it."""
    return Phrase(key, values)


@dataclass(frozen=True)
class Name(Shown):
    """What a scenario names, such as a field or a policy, by ``kind`` and key; as it is written if it is not known."""

    kind: str
    key: str

    def said(self, language: Language) -> str:
        known = catalog(language).get(f"{self.kind}.{self.key}")
        return plain(self.key.replace("_", " ")) if known is None else known


@dataclass(frozen=True)
class Joined(Shown):
    """Words one after the other, with ``mark`` between them."""

    words: Sequence[Word]
    mark: str = ", "

    def said(self, language: Language) -> str:
        return self.mark.join(said(word, language) for word in self.words)


@dataclass(frozen=True)
class Listed(Shown):
    """Words in a sentence: "a, b and c"."""

    words: Sequence[Word]

    def said(self, language: Language) -> str:
        *first, last = [said(word, language) for word in self.words] or [""]
        return catalog(language)["list.and"].format(first=", ".join(first), last=last) if first else last


@cache
def catalog(language: Language) -> Mapping[str, str]:
    """All messages of a language by their dotted keys. ValueError where two files have the same one."""
    found: dict[str, str] = {}
    for file in sorted((files("sim.report.page") / "assets" / language).iterdir(), key=lambda one: one.name):
        own = dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), ""))
        if twice := found.keys() & own.keys():
            raise ValueError(f"{file.name}: twice: {', '.join(sorted(twice))}")
        found |= own
    return found


def _flat(table: Mapping[str, object], before: str) -> list[tuple[str, str]]:
    found = []
    for key, value in table.items():
        found += _flat(value, f"{before}{key}.") if isinstance(value, dict) else [(f"{before}{key}", str(value))]
    return found
