"""Prints the JSON Schema of a person's scenario file, which ``configs/scenario.schema.json`` holds.

An editor checks a file against it after a first line ``# yaml-language-server: $schema=PATH``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from experiments.ending import ended
from sim.door.schema import schema


def text() -> str:
    """The schema as it is stored in ``configs/scenario.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(_: Sequence[str] | None = None) -> int:
    """Prints it; exit code 0."""
    return ended(_main)


def _main() -> int:
    print(text(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
