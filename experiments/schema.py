"""Prints the JSON Schema of a scenario file: ``python -m experiments.schema > configs/scenario.schema.json``."""

from __future__ import annotations

import json

from sim.door.schema import schema


def text() -> str:
    """The schema as it is stored in ``configs/scenario.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Print it; exit code 0."""
    print(text(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
