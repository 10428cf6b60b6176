"""The first half: questions, the scenario, its load sheet, the tally sheet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from experiments.new.asking import asked
from experiments.new.commands import center_override, run_command, tally_command
from experiments.new.defaults import SIGNED
from experiments.new.options import Options
from experiments.new.saving import refuse_unwritable, save
from experiments.new.scenario_text import scenario_text, signed_at_once
from experiments.new.sketch import Sketch


def start(options: Options) -> None:
    """Asks, writes the scenario and the tally sheet, and says how loaded the center is and how to go on."""
    out = options.out
    page, form = (out.with_name(f"{out.stem}_tally{ending}") for ending in (".pdf", ".csv"))
    refuse_unwritable([out, page, form], force=options.force)
    sketch = asked(out.stem)
    kept = _save(sketch, out, page, form)
    print(f"\n{out} is written: {_counted(out)}.")
    print(_signing(sketch))
    print(f"\n{_load_sheet(out)}\n")
    print("Not asked was how long a dossier takes: 30 visits timed with a watch say more than any guess.")
    print(f"  to print:     {page}\n  to type into: {form}{' (is filled in: kept as it is)' if kept else ''}")
    print(f"\nnext:  {run_command(out)}\nafter the sheet is filled in:  {tally_command(form, out)}")


def _signing(sketch: Sketch) -> str:
    """What the answer to who signs means in the model."""
    if signed_at_once(sketch, SIGNED):
        return f"{SIGNED.capitalize()} is signed by leaders while the citizen waits; other results are made later."
    if sketch.signing == "leader, at once":
        return f"Nobody knows {SIGNED}, the field whose results are given at once: no signature is in the file."
    return f"Signed by: {sketch.signing}. Nobody waits for it in the hall, so the file says nothing of it."


def _save(sketch: Sketch, out: Path, page: Path, form: Path) -> bool:
    """Writes all three; whether a form was kept because it is filled in. The scenario comes last, once it is valid."""
    from experiments.new.form import csv_form, pdf_form

    empty = csv_form()
    kept = form.exists() and form.read_bytes() != empty
    text = scenario_text(sketch, run_command(out)).encode()
    pages = pdf_form(sketch.name, sketch.fields)
    save(out, text, checked)
    save(page, pages)
    if not kept:
        save(form, empty)
    return kept


def checked(path: Path) -> None:
    """Raises BadInput where a file would be refused as a scenario."""
    from sim.door import load

    load([center_override(path)])


def _counted(path: Path) -> str:
    """How much of it is known, in words."""
    from sim.assumed import is_input
    from sim.door import marks

    found = marks([center_override(path)])
    letters = Counter(mark.letter for key, mark in found.items() if is_input(key))
    others = letters.total() - letters["O"] - letters["A"]
    rest = f", {others} published or measured" if others else ""
    return f"of {letters.total()} inputs {letters['O']} are your own figures, {letters['A']} assumptions{rest}"


def _load_sheet(path: Path) -> str:
    from experiments.load import text
    from sim.door import load
    from sim.offered_load import load_sheet

    study = load([center_override(path)])
    return text(study.label, load_sheet(study.scenario))
