"""What a reporting checklist asks for and no run can know: a section of a scenario in its author's own words."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from sim.values import Value, visible

Words = Annotated[str, Field(strict=True, max_length=10_000), AfterValidator(visible)]


class Reporting(Value):
    """The author's words for ``stress_des.md``, plain text, a blank line between paragraphs; no run depends on them.

    ``purpose`` of the study, its ``aims`` beyond the scenarios that were run, details of ``data_sources`` (sample
    sizes, dates, links) and their ``pre_processing``, why these kinds of ``distributions``, why a ``warm_up`` that was
    set is that long, and ``code_access``: where model and scenario can be had.
    """

    purpose: Words = ""
    aims: Words = ""
    data_sources: Words = ""
    pre_processing: Words = ""
    distributions: Words = ""
    warm_up: Words = ""
    code_access: Words = ""
