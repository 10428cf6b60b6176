"""A study: one scenario under its policies, the targets it is judged by, and how precisely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator

from sim.assumed import Assumed
from sim.faults import Disagreement, with_disagreements
from sim.figures import OF_THE_CENTER, is_measured_in, is_metric, metric_names
from sim.looks import Look, Stopping, level_after
from sim.policies import applied
from sim.reporting import Reporting
from sim.scenario import Scenario
from sim.streams import CENTERS, REPLICATIONS, SEEDS
from sim.targets import Targets
from sim.values import Flag, Text, Value

SMOKE = 30
OF_MEANS = ("days_within_target", "periods_within_target")


class Study(Value):
    """What one line of a sweep asks: everything that the result depends on, and nothing else.

    ``policies`` are applied to ``base`` from left to right; ``scenario`` is what comes out. ``label`` tells
    studies of a sweep apart. ``inputs`` counts the numbers of the scenario, ``assumptions`` and
    ``own_figures`` those of them that are assumed, or stated by somebody and not measured. ``marks`` has the mark
    of each by dotted key: S0–S4, V, W, O, A, "given" or "unmarked"; ``words`` what is said beside it, if anything;
    ``assumed`` what is known of those that are assumptions, and of assumed times of the day, ``measured`` of those that
    were measured with an interval. ``center`` is its number
    in a province, which keys its random numbers: what befalls all centers of a seed and replication is the same
    whatever the number. ``stopping``: how many replications are enough, where that is found out; ``looks`` are then
    those made so far. ``reporting``: words of its author for the reporting sheet.
    """

    base: Scenario
    policies: tuple[tuple[str, Any], ...] = ()
    targets: Targets
    seed: Annotated[int, Field(strict=True, ge=0, lt=SEEDS)] = 1
    replications: Annotated[int, Field(strict=True, ge=1, lt=REPLICATIONS)] = SMOKE
    confidence: Annotated[float, Field(strict=True, ge=0.5, le=0.9999)] = 0.95
    center: Annotated[int, Field(strict=True, ge=0, lt=CENTERS)] = 0
    engine: Literal["auto", "compiled", "reference"] = "auto"
    visits: Flag = False
    stopping: Stopping | None = None
    reporting: Reporting = Reporting()
    looks: Annotated[tuple[Look, ...], Field(exclude=True)] = ()
    label: Text = ""
    inputs: Annotated[int, Field(strict=True, ge=0, exclude=True)] = 0
    assumptions: Annotated[int, Field(strict=True, ge=0, exclude=True)] = 0
    own_figures: Annotated[int, Field(strict=True, ge=0, exclude=True)] = 0
    marks: Annotated[dict[str, str], Field(exclude=True, repr=False)] = Field(default_factory=dict)
    words: Annotated[dict[str, str], Field(exclude=True, repr=False)] = Field(default_factory=dict)
    assumed: Annotated[dict[str, Assumed], Field(exclude=True, repr=False)] = Field(default_factory=dict)
    measured: Annotated[dict[str, Assumed], Field(exclude=True, repr=False)] = Field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """The scenario with its policies applied."""
        return applied(self.base, tuple(policy for _, policy in self.policies))

    @property
    def level(self) -> float:
        """The level of each interval: that of the last look, so that all looks together have the confidence."""
        return self.looks[-1].level if self.looks else self.confidence

    def at(self, replications: int, past: Sequence[Look] = ()) -> Study:
        """The study as it is looked at with so many replications, after looks that were made before."""
        level = level_after(self.confidence, past, replications, pays=self.stopping is not None)
        looks = (*(look for look in past if look.replications < replications), Look(replications, level))
        return self.model_copy(update={"replications": replications, "looks": looks})

    @model_validator(mode="wrap")
    @classmethod
    def _measurable(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            made, found = handler(data), None
        except ValidationError as error:
            made, found = None, error
        unknown = list(_unknown(made)) if made is not None else []
        return with_disagreements(cls.__name__, made, found, unknown)  # type: ignore[no-any-return]


def _unknown(study: Study) -> Iterator[Disagreement]:
    """Targets on figures that a run of the scenario does not give."""
    try:
        scopes = scopes_of(study.scenario)
    except ValueError:
        return  # a policy that cannot be applied is a fault of its own
    if not any(study.base.is_working(day) for day in range(study.base.warmup, study.base.days)):
        wanted = f"no working day is measured after the first {study.base.warmup} days: wanted more days"
        yield Disagreement(("base", "days"), study.base.days, wanted)
    for metric in study.stopping.half_width if study.stopping else ():
        if not is_metric(metric):
            yield Disagreement(("stopping", "half_width"), metric, "wanted a metric", metric_names())
    for position, target in enumerate(study.targets.items):
        at = ("targets", "items", position)
        if not is_metric(target.metric):
            yield Disagreement((*at, "metric"), target.metric, "wanted a metric", metric_names())
        if target.metric in OF_MEANS and not any(t.metric == "wait_mean" and t.at_most for t in study.targets.items):
            yield Disagreement((*at, "metric"), target.metric, "wanted a wait_mean target, at_most, beside it")
        if target.scope not in scopes:
            wanted = "wanted all, or field=, priority=, point= or hour= with a name of this scenario"
            yield Disagreement((*at, "scope"), target.scope, wanted, scopes)
        elif not is_measured_in(target.metric, target.scope):
            wanted = (
                f"wanted {'all' if OF_THE_CENTER.fullmatch(target.metric) else 'no hour'}: {target.metric} has none"
            )
            yield Disagreement((*at, "scope"), target.scope, wanted)


def scopes_of(scenario: Scenario) -> tuple[str, ...]:
    """The scopes in which the visits of a scenario are measured."""
    return (
        "all",
        *(f"field={name}" for name in scenario.fields),
        *(f"priority={name}" for name in scenario.priorities),
        *(f"point={name}" for name in scenario.points),
        *(f"hour={hour}" for hour in range(24)),
    )
