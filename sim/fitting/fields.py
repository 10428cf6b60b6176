"""Fields of work under the names that offices write: "Lĩnh vực Chứng thực" is certification.

A name that is not known keeps a key of its own, where enough dossiers have it: a text that is written for one dossier
may name a citizen, and is not kept unless ten dossiers or more have it. What was taken for what is said, name by name,
wherever it is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.fitting.files import plain_head
from sim.fitting.tickets import Cleaning
from sim.report.detail import free
from sim.report.wording import slug

KNOWN = {
    "certification": ("chung thuc", "sao y", "certification"),
    "civil_status": ("ho tich", "khai sinh", "khai tu", "ket hon", "hon nhan", "civil status"),
    "business": ("kinh doanh", "doanh nghiep", "business", "hop tac xa"),
    "land": ("dat dai", "quyen su dung dat", "dia chinh", "land"),
    "construction": ("xay dung", "quy hoach", "construction"),
    "social": ("bao tro", "xa hoi", "nguoi co cong", "lao dong", "tre em", "nguoi cao tuoi", "giam ngheo", "social"),
}
"""Words of a name, without accents, by field: the first field of which a word is in the name is taken."""
ALL = ("tat ca", "all", "cac linh vuc", "moi linh vuc", "all fields")
MOST, OTHERS = 20, "others"
"""Fields that are kept apart; the smallest beyond are one."""
LEAST = 10
"""Dossiers, or people, that a name has at least, to be kept as it is written."""
_CODE = re.compile(r"\b[1-9]\.\d{6}(?:\.\d{2,3})*(?:\.[A-Z]\d+)?\b")
"""The number of a procedure in the national database: 1.001193.000.00.00.H36."""
_NUMBER = re.compile(r"\d(?:[ ./-]?\d){7}")
"""Eight digits, as a telephone, an identity card and a date of birth have."""
TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "all"})


@dataclass(frozen=True)
class Field:
    """A field of work: the key in the scenario, names under which it was found, dossiers, its share of all.

    ``ends``: the 95 % interval of its share, by days, None where it is not known.
    """

    key: str
    titles: tuple[str, ...]
    count: float
    share: float
    ends: tuple[float, float] | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is one of KNOWN."""
        return self.key in KNOWN


def known_field(name: str) -> str | None:
    """The known field that a name means; None where no word of it is in the name."""
    flat = f" {plain_head(name.replace('_', ' '))} "
    return next((key for key, words in KNOWN.items() if any(f" {word} " in flat for word in words)), None)


def without_free_text(
    work: Cleaning, names: Sequence[str], kind: NDArray[np.int64], counts: Sequence[float]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The names that may be kept, sorted, and the number of each row's; rows whose text is not kept are noted.

    ``kind``: the number of each row's name, ``counts``: of how many dossiers or people each name is.
    """
    own = _kept(names, counts)
    for is_known, done in ((True, "counted under its field"), (False, f"counted as {OTHERS}")):
        rows = np.array([one != name and (one in KNOWN) is is_known for one, name in zip(own, names, strict=True)])
        what = f"a field or procedure named in fewer than {LEAST}, or with a number of eight digits"
        work.note(what, rows[kind], f"{done}, its text is not kept")
    kept, of = np.unique(np.array(own, str), return_inverse=True)
    return tuple(map(str, kept)), np.asarray(of[kind], np.int64)


def _kept(names: Sequence[str], counts: Sequence[float]) -> list[str]:
    """Each name, or in its place its known field, or OTHERS.

    Kept are words of KNOWN alone, and what enough dossiers have, however it is spelt, without a long number.
    """
    totals = dict[str, float]()
    for name, count in zip(names, counts, strict=True):
        totals[plain_head(name)] = totals.get(plain_head(name), 0.0) + count
    found = []
    for name in names:
        flat = plain_head(name)
        is_plain = any(flat.removeprefix("linh vuc ") in words for words in KNOWN.values())
        is_frequent = totals[flat] >= LEAST and not _NUMBER.search(_CODE.sub(" ", name))
        found.append(name if is_plain or is_frequent or not flat else known_field(name) or OTHERS)
    return found


def fields_of(titles: Sequence[str], counts: Sequence[float]) -> tuple[tuple[Field, ...], NDArray[np.int64]]:
    """The fields of some names with their counts, the largest first; and of each name the number of its field.

    Shares are rounded to six places and sum to 1.
    """
    order = sorted(range(len(titles)), key=lambda n: (-counts[n], titles[n]))
    keys, taken = dict[int, str](), set(KNOWN)
    for n in order:
        keys[n] = known_field(titles[n]) or free(_key(titles[n]), taken)
    totals: dict[str, float] = {}
    for n in order:
        totals[keys[n]] = totals.get(keys[n], 0.0) + counts[n]
    ranked = sorted(totals, key=lambda key: -totals[key])
    small = dict.fromkeys(ranked[MOST - 1 :] if len(ranked) > MOST else [], OTHERS)
    keys = {n: small.get(key, key) for n, key in keys.items()}
    names = list(dict.fromkeys(small.get(key, key) for key in ranked))
    made = [_field(name, keys, titles, counts) for name in names]
    left = round(1.0 - sum(field.share for field in made[1:]), 6)
    made[0] = replace(made[0], share=left)
    return tuple(made), np.array([names.index(keys[n]) for n in range(len(titles))], np.int64)


def _field(name: str, keys: Mapping[int, str], titles: Sequence[str], counts: Sequence[float]) -> Field:
    own = [n for n in sorted(keys) if keys[n] == name]
    count = sum(counts[n] for n in own)
    return Field(name, tuple(titles[n] for n in own), count, round(count / sum(counts), 6))


def _key(title: str) -> str:
    stem = slug(title) if title else "field"
    return stem if stem[0].isalpha() and stem not in TAKEN else f"field_{stem}"
