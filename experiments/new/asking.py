"""The conversation: ten questions on the terminal, or as many lines from a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from experiments.new.questions import QUESTIONS, Question, opening_sketch
from experiments.new.sketch import Sketch
from sim.faults import BadInput, Fault

LONGEST = 2_000


def asked(name: str, questions: Sequence[Question] = QUESTIONS) -> Sketch:
    """The sketch after all answers. Raises BadInput where the input ends before the last one."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    sketch = opening_sketch(name)
    print(f"{len(questions)} questions about your center. Enter takes what stands in brackets: an assumption.")
    for nth, question in enumerate(questions, 1):
        print(f"\n{nth:2}. {question.asks}\n    for example: {question.example}")
        sketch = _answer(question, sketch, f"answer {nth} of {len(questions)}")
    return sketch


def _answer(question: Question, sketch: Sketch, which: str) -> Sketch:
    """The sketch after an answer that is right; the question is asked again after one that is not."""
    while True:
        text = _line(f"    [{question.default(sketch)}] > ", which)
        try:
            return question.answered(sketch, text)
        except BadInput as error:
            fault = error.faults[0]
            print(Fault(which, fault.given, fault.wanted, fault.nearest), file=sys.stderr, flush=True)


def _line(prompt: str, which: str) -> str:
    try:
        text = input(prompt).strip()
    except EOFError:
        print()
        wanted = "wanted an answer, or an empty line; nothing is written"
        raise BadInput([Fault(which, "the end of the input", wanted)]) from None
    if not sys.stdin.isatty():
        print(text if text.isprintable() else "?", flush=True)
    return text[:LONGEST]
