"""The models that can be measured, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from experiments.bench.day import day_model
from experiments.bench.month import month_model
from experiments.bench.options import Options
from experiments.bench.programs import Model
from experiments.bench.province import province_model
from experiments.bench.queues import QUEUES, queue_model

MODELS: dict[str, Callable[[Options], Model]] = {
    **{name: partial(queue_model, name) for name in QUEUES},
    "day": day_model,
    "month": month_model,
    "province": province_model,
}
