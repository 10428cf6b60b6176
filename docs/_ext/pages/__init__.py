"""Pages made from the program itself, so that none of them can be older than it.

A line ``% made: NAME`` of a page is replaced, when the page is read, by what :data:`MADE` has under that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import keys, meaning, programs, references, shipped

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MADE: dict[str, Callable[[], str]] = {
    "centers": shipped.centers,
    "contract": meaning.contract,
    "exit codes": programs.exit_codes,
    "keys": keys.scenario,
    "metrics": meaning.metrics,
    "notebooks": programs.notebooks,
    "numbers": shipped.numbers,
    "policies": shipped.policies,
    "programs": programs.programs,
    "questions": shipped.questions,
}
"""Markdown by the name that a page asks for it with."""
_LINE = re.compile(r"^% made: (.+)$", re.MULTILINE)
VIETNAMESE = "vi/"


def filled(_: Sphinx, __: str, content: list[str]) -> None:
    """The text of a page with what is made put in; KeyError for a name that nothing makes."""
    content[0] = _LINE.sub(lambda found: MADE[found[1]](), content[0])


def in_its_language(_: Sphinx, page: str, __: str, context: dict[str, Any], ___: object) -> None:
    """Says of a Vietnamese page that it is one, for whoever has it read aloud."""
    if page.startswith(VIETNAMESE):
        context["language"] = "vi"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", filled)
    app.connect("html-page-context", in_its_language)
    app.connect("missing-reference", references.found)
    app.connect("autodoc-process-signature", references.signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
