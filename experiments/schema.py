"""Prints the JSON Schema of a person's scenario file, which ``configs/scenario.schema.json`` holds.

An editor checks a file against it after a first line ``# yaml-language-server: $schema=PATH``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from experiments.ending import ended
from sim.door.schema import schema

USAGE = """motcua schema

Prints the JSON Schema of a scenario file, with which an editor checks it and completes its keys while it is typed:

  motcua schema > scenario.schema.json

Then the first line of the file is: # yaml-language-server: $schema=scenario.schema.json
"""


def text() -> str:
    """The schema as it is stored in ``configs/scenario.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints it, or with --help how it is used; exit code 0."""
    return ended(lambda: _main(sys.argv[1:] if arguments is None else arguments))


def _main(given: Sequence[str]) -> int:
    print(USAGE if {"-h", "--help"} & set(given) else text(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
