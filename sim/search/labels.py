"""Labels of a sweep as short as they can be told apart."""

from __future__ import annotations

from collections.abc import Sequence

BETWEEN = " · "


def short_labels(labels: Sequence[str]) -> list[str]:
    """Without what all have, keys by their last names: "guidance_desk · land.count=4"."""
    parts = [label.split(BETWEEN) for label in labels]
    shared = set(parts[0]).intersection(*parts[1:])
    keys = {part.partition("=")[0] for own in parts for part in own if "=" in part}
    return [
        BETWEEN.join(_short(part, keys) for part in own if part not in shared) or label
        for own, label in zip(parts, labels, strict=True)
    ]


def _short(part: str, keys: set[str]) -> str:
    key, equals, value = part.partition("=")
    names = key.split(".")
    for length in range(1, len(names)):
        end = ".".join(names[-length:])
        if sum(other == end or other.endswith(f".{end}") for other in keys) == 1:
            return f"{end}{equals}{value}"
    return part
