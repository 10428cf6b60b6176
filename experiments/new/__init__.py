"""``motcua new``: a first scenario of somebody's own center from ten questions, then from visits timed with a watch.

The first writes a scenario in which every number is a person's own or an assumption, its load sheet, and a tally
sheet; the second puts what the filled sheet measures in the place of assumptions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.ending import ended
from experiments.new.options import USAGE, Options, parsed

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks, or measures, and writes: 0 done, 2 bad input, 3 cannot write there, 4 disk full."""
    return ended(lambda: _main(list(sys.argv[1:] if arguments is None else arguments)))


def _main(given: list[str]) -> int:
    if "--help" in given or "-h" in given:
        print(USAGE)
        return 0
    options = parsed(given)
    _do(options)
    return 0


def _do(options: Options) -> None:
    if options.tally:
        from experiments.new.measuring import measure

        measure(options)
    else:
        from experiments.new.starting import start

        start(options)
