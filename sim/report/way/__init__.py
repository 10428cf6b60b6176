"""The way of a citizen through a center, from the scenario alone: derived as a graph, then drawn."""

from __future__ import annotations
