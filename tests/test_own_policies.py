"""Policies of somebody's own, from Python, a file or an installed package, and what is said of wrong ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import sim
from experiments import run
from experiments.options import parsed
from sim.assumptions.inputs import inputs_of
from sim.dispatch import simulate_blocks
from sim.faults import BadInput
from sim.folder import name_of, read_manifest, study_key
from sim.money import Cost
from sim.policies import known as known_policies
from sim.policies.known import holding, known
from sim.policies.own import called, content_of
from sim.running import Block
from sim.values import Share

HEAD = "from __future__ import annotations\nimport sim\nfrom sim.values import Share\n\n\nclass Faster(sim.Policy):\n"
FASTER = (
    HEAD + "    by: Share = 0.5\n\n    def apply(self, scenario: sim.Scenario) -> sim.Scenario:\n"
    "        return scenario.replace(greeting=scenario.greeting * (1 - self.by))\n"
)
BRIEF = ["center=cam_duong", "days=14", "warmup_days=7", "replications=2", "engine=reference"]


class Shorter(sim.Policy):
    """A shorter greeting, for a fee."""

    by: Share = 0.5

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        costs = {**scenario.costs, "shorter": Cost(once=1.0)}
        return scenario.replace(greeting=scenario.greeting * (1 - self.by), costs=costs)


OWN: dict[str, type[sim.Policy]] = {"shorter": Shorter}


@pytest.fixture
def plug_in(tmp_path: Path) -> Callable[[str], Path]:
    def made(text: str) -> Path:
        path = tmp_path / "idea.py"
        path.write_text(text, encoding="utf-8")
        return path

    return made


def wrong(overrides: list[str], policies: Any = None) -> str:
    with pytest.raises(BadInput) as caught:
        sim.load([*BRIEF, *overrides], policies=policies)
    return str(caught.value)


# In Python


def test_an_own_policy_is_chosen_as_shipped_ones_are() -> None:
    study = sim.load([*BRIEF, "policy=[shorter,none]", "policy.shorter.by=0.25"], policies=OWN)
    assert study.policies == (("shorter", Shorter(by=0.25)),)
    assert study.scenario.greeting == study.base.greeting * 0.75
    swept = sim.sweep([*BRIEF, "policy=none,shorter,overtime"], policies=OWN)
    assert [one.label for one in swept] == ["none", "shorter", "overtime"]


def test_it_is_known_in_its_own_call_alone() -> None:
    assert "shorter" not in known()
    with holding(OWN):
        assert known()["shorter"] is Shorter
    assert "wanted one of" in wrong(["policy=shorter"])


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("policy.shorter.byy=0.2", "policy.shorter.byy: unknown key, wanted one of by (did you mean by?)"),
        ("policy.shorter.by=2", "policy.shorter.by: given 2, wanted at most 1"),
        ("policy.shorter.by=much", "policy.shorter.by: given 'much', wanted a number"),
    ],
)
def test_its_parameters_are_checked_as_those_of_shipped_ones(override: str, said: str) -> None:
    assert wrong(["policy=shorter", override], OWN) == said


def test_a_near_name_is_told() -> None:
    assert wrong(["policy=shortr"], OWN).endswith("(did you mean shorter?)")


class Forgets(sim.Policy):
    """Gives nothing."""

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        scenario.replace(greeting=0.0)
        return None  # type: ignore[return-value]


class Changes(sim.Policy):
    """Changes what it is given."""

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        scenario.costs["mine"] = Cost(once=1.0)
        return scenario


class Fails(sim.Policy):
    """Has a mistake in it."""

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        return scenario.replace(days=scenario.points["nowhere"].counters)


class Drifts(sim.Policy):
    """Gives another scenario each time."""

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        TIMES.append(1)
        return scenario.replace(greeting=scenario.greeting + len(TIMES))


class Unchecked(sim.Policy):
    """Goes round the checks of a scenario."""

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        return scenario.model_copy(update={"greeting": -1.0})


TIMES: list[int] = []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Forgets, "policy.idea: apply() gave None: wanted a Scenario"),
        (Changes, "policy.idea: apply() changed the scenario that it was given: wanted scenario.replace(…)"),
        (Fails, "policy.idea: apply() failed at test_own_policies.py:LINE: KeyError: 'nowhere'"),
        (Drifts, "policy.idea: apply() gave two scenarios for one: wanted neither chance, clock nor memory in it"),
        (Unchecked, "policy.idea: does not fit: greeting: Input should be greater than or equal to 0"),
    ],
)
def test_what_apply_must_do(kind: type[sim.Policy], said: str) -> None:
    line = str(kind.apply.__code__.co_firstlineno + 1)
    assert wrong(["policy=idea"], {"idea": kind}) == said.replace("LINE", line)


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("overtime", Shorter, "policy overtime: is the name of a policy that ships: wanted another name"),
        ("My Idea", Shorter, "policy My Idea: wanted a name of small letters, digits and _, beginning with a letter"),
        ("idea", int, "policy idea: given <class 'int'>, wanted a subclass of sim.Policy"),
        ("idea", sim.Policy, "policy idea: wanted a method apply(self, scenario) in Policy"),
    ],
)
def test_what_a_policy_must_be(name: str, kind: Any, said: str) -> None:
    assert wrong([], {name: kind}) == said


def test_processes_need_not_know_it() -> None:
    study = sim.load([*BRIEF, "policy=shorter"], policies=OWN)
    found: list[Any] = []
    simulate_blocks([study], [Block(0, 0, 1), Block(0, 1, 2)], lambda _, runs: found.append(runs), print, 2)
    assert len(found) == 2


# In a file


@pytest.mark.parametrize(
    ("name", "wanted"), [("MyIdea", "my_idea"), ("SMSReminder", "sms_reminder"), ("Two2Three", "two2_three")]
)
def test_the_name_of_a_class(name: str, wanted: str) -> None:
    assert called(type(name, (Shorter,), {})) == wanted


MISTAKES = [
    ("class X(:\n", "cannot be run at idea.py:1: invalid syntax"),
    ("import sim\n\n1 / 0\n", "cannot be run at idea.py:3: ZeroDivisionError: division by zero"),
    ("raise SystemExit(3)\n", "cannot be run at idea.py:1: SystemExit: 3"),
    ("import sim\n", "defines no policy: wanted a class of sim.Policy, as in class MyIdea(sim.Policy)"),
    ("import sim.nothing\n", "cannot be run at idea.py:1: ModuleNotFoundError: No module named 'sim.nothing'"),
    (
        "import sim\nclass Idea(sim.Policy):\n    count = 3\n",
        "cannot be run at idea.py:2: a parameter has no type: wanted one, as in count: int = 3",
    ),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_file_that_cannot_be_used_is_told_in_a_line(
    plug_in: Callable[[str], Path], text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plug_in(text)
    assert run.main([*BRIEF, "--plugin", str(path)]) == 2
    assert capsys.readouterr().err == f"--plugin {path}: {said}\n"


def test_a_class_in_a_file_that_is_no_policy(plug_in: Callable[[str], Path]) -> None:
    path = plug_in(FASTER.replace("Share = 0.5", "Share").replace("Faster", "Overtime") + FASTER[len(HEAD) :])
    with pytest.raises(BadInput, match="policy overtime: is the name of a policy that ships"):
        sim.plugin(path)
    for before, after, said in (
        ("Share = 0.5", "Share", r"policy faster.by: has no default: wanted one, as in count: int = 3"),
        ("Share = 0.5", "Share = 7", r"policy faster.by: given 7, default: Input should be less than or equal to 1"),
        ("    def apply", "    def aply", r"policy faster: wanted a method apply"),
    ):
        with pytest.raises(BadInput, match=said):
            sim.plugin(plug_in(FASTER.replace(before, after)))


def test_a_file_that_is_not_there(plug_in: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    path = plug_in(FASTER)
    beside = path.with_name("ide.py")
    assert run.main(["--plugin", str(beside), "dayss=3"]) == 2
    wanted = f"--plugin {beside}: cannot be read: No such file or directory (did you mean {path}?)\n"
    assert capsys.readouterr().err == wanted + "dayss: unknown key (did you mean days?)\n"
    assert [str(fault) for fault in parsed(["--plugin"]).faults] == [
        "--plugin: wanted a file after it: --plugin FILE.py"
    ]


def test_nothing_is_written_beside_the_file_and_the_same_text_is_one_class(plug_in: Callable[[str], Path]) -> None:
    path = plug_in(FASTER)
    first = sim.plugin(path)["faster"]
    assert sim.plugin(path)["faster"] is first
    assert [entry.name for entry in path.parent.iterdir()] == ["idea.py"]
    other = sim.plugin(plug_in(FASTER + "# A word more.\n"))["faster"]
    assert content_of(first) != content_of(other)
    keys = [study_key(sim.load([*BRIEF, "policy=faster"], policies={"faster": kind})) for kind in (first, other)]
    assert keys[0] != keys[1]


def test_its_parameters_are_marked_as_those_of_a_config_are(plug_in: Callable[[str], Path]) -> None:
    text = FASTER.replace("Share = 0.5", "Share = 0.5  # A [0.2–0.8] nobody has tried")
    study = sim.load([*BRIEF, "policy=faster"], policies=sim.plugin(plug_in(text)))
    key = "policy.faster.by"
    assert (study.marks[key], study.words[key]) == ("A", "nobody has tried")
    assert (study.assumed[key].low, study.assumed[key].high) == (0.2, 0.8)
    found, _ = inputs_of(study)
    assert key in {one.name for one in found}
    assert sim.load([*BRIEF, "policy=shorter"], policies=OWN).marks["policy.shorter.by"] == "unmarked"


def test_results_know_the_version_of_the_file(
    plug_in: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = plug_in(FASTER), tmp_path / "out"
    command = [*BRIEF, "policy=faster", "assumptions=no", "--plugin", str(path), f"out={out}"]
    assert run.main(command) == 0
    own = sim.plugin(path)
    said = read_manifest(out)["plugins"]
    assert said == {"faster": {"class": "Faster", "file": str(path), "content": content_of(own["faster"])}}
    assert sim.reopen(out, policies=own)["cam_duong · faster"].study.scenario.greeting > 0
    with pytest.raises(BadInput, match=r"^policy faster: does not ship: wanted --plugin \S+idea.py \(in Python: .*\)$"):
        sim.reopen(out)
    plug_in(FASTER + "# A word more.\n")
    with pytest.raises(BadInput, match="is not the version that the results were made with"):
        sim.reopen(out, policies=sim.plugin(path))
    capsys.readouterr()
    assert run.main(command) == 2
    assert "this one holds the results of another" in capsys.readouterr().err
    studies = [sim.load([*BRIEF, "policy=faster"], policies=one) for one in (own, sim.plugin(path))]
    assert len({name_of([study]) for study in studies}) == 2


def test_a_results_folder_names_no_code_that_is_run(plug_in: Callable[[str], Path], tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    path = plug_in(f"import pathlib\npathlib.Path({str(ran)!r}).touch()\n")
    out = tmp_path / "out"
    assert run.main([*BRIEF, "policy=overtime", "assumptions=no", f"out={out}"]) == 0
    said = read_manifest(out)
    said["resolved"]["cam_duong · overtime"]["policies"] = [["idea", {}]]
    said["plugins"] = {"idea": {"class": "Idea", "file": str(path), "content": ""}}
    (out / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(BadInput, match="policy idea: does not ship"):
        sim.reopen(out)
    assert not ran.exists()


# In an installed package


def test_an_installed_policy_is_imported_when_it_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    group = "motcua.policies"
    points = {
        "shorter": EntryPoint("shorter", "tests.test_own_policies:Shorter", group),
        "broken": EntryPoint("broken", "tests.nowhere:Broken", group),
    }
    monkeypatch.setattr(known_policies, "_installed", lambda: points)
    study = sim.load([*BRIEF, "policy=shorter"])
    assert [name for name, _ in study.policies] == ["shorter"]
    said = "policy broken: given tests.nowhere:Broken, cannot be imported: ModuleNotFoundError: "
    assert wrong(["policy=broken"]) == said + "No module named 'tests.nowhere'"
