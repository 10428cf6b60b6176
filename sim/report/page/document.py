"""A page as one file: template, style and script in it, and a policy that lets a browser ask for nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.report.page.words import LANGUAGES, Language, catalog, html, phrase
from sim.report.wording import plain

SCRIPTS: tuple[str, ...] = ("played.js", "page.js")
STYLES: tuple[str, ...] = ("page.css", "played.css")


def document(
    template: str,
    language: Language,
    title: str,
    *,
    data: Mapping[str, Any],
    scripts: Sequence[str] = SCRIPTS,
    styles: Sequence[str] = STYLES,
    **context: Any,
) -> str:
    """The HTML file that a template makes. ``data``: what its scripts read; all messages ``script.…`` are added."""
    script, style = _assets(tuple(scripts)), _assets(tuple(styles))
    return (
        _environment()
        .get_template(template)
        .render(
            language=language,
            languages=LANGUAGES,
            title=plain(title),
            data={**data, "texts": {one: _of_scripts(one) for one in LANGUAGES}},
            script=Markup(script),
            script_hash=_hash(script),
            style=Markup(style),
            style_hash=_hash(style),
            t=phrase,
            told=html,
            **context,
        )
    )


def _hash(text: str) -> str:
    """What a browser is told of a script or a style that it may use."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _of_scripts(language: Language) -> dict[str, str]:
    start = "script."
    return {key.removeprefix(start): text for key, text in catalog(language).items() if key.startswith(start)}


@cache
def _assets(names: tuple[str, ...]) -> str:
    return "\n".join((files("sim.report.page") / "assets" / name).read_text(encoding="utf-8") for name in names)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sim.report.page", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
