"""Every policy as it is shipped, at shipped centers: it applies, or says in one line why not; engines agree on it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.door import load
from sim.faults import BadInput
from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.planning import make_plan
from sim.policies import POLICIES

OUTAGES = "network={outages: {center: {up: {kind: exponential, mean: 600.0}, down: {kind: exponential, mean: 40.0}}}}"
NONE = "the network never fails here: wanted a network section with outages to answer"
NETWORKS = ("always up", "outages")
REFUSED = {
    ("go_vap", "split_lunch", "always up"): "there is no lunch to split: the center does not close at noon",
    ("go_vap", "split_lunch", "outages"): "there is no lunch to split: the center does not close at noon",
    **{
        ("go_vap", name, network): f"does not fit: staff.{group}.rule: there is only one point to be at"
        for name, group in (("floating_official", "floating_1"), ("adjust_tomorrow", "adjusting_1"))
        for network in ("always up", "outages")
    },
    ("go_vap", "floating_team", "always up"): "there is no point but hall: nowhere to send anybody",
    ("go_vap", "floating_team", "outages"): "there is no point but hall: nowhere to send anybody",
    **dict.fromkeys(product(("cam_duong", "go_vap"), ("paper_fallback", "backup_link"), ("always up",)), NONE),
    **dict.fromkeys(
        product(("go_vap",), ("non_territorial",), NETWORKS), "there is no point but hall: nowhere to go instead"
    ),
    **{
        (center, name, network): why
        for name, why in (
            ("digital_teams", "nobody could check what is filed from home: wanted a back_office section"),
            ("postal_return", "nobody comes again for a result: wanted a back_office section that makes it later"),
            ("remote_specialists", "these fields suit all officials: nobody would ask"),
        )
        for center, network in product(("cam_duong", "go_vap"), NETWORKS)
    },
}


@pytest.mark.slow  # the reference engine runs forty weeks of two centers
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("center", ["cam_duong", "go_vap"])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_applies_or_says_why_not(policy: str, center: str, network: str) -> None:
    overrides = [f"center={center}", f"policy={policy}", "days=9", *([OUTAGES] if network == "outages" else [])]
    why = REFUSED.get((center, policy, network))
    if why is not None:
        with pytest.raises(BadInput) as refused:
            load(overrides)
        assert str(refused.value) == f"policy.{policy}: {why}"
        return
    plan = make_plan(load(overrides).scenario, 7, 2)
    traces = [engine(plan) for engine in (run, compiled)]
    assert len(traces[0].visits) > 100
    for name in ("visits", "tasks", "shifts"):
        assert np.array_equal(*(getattr(trace, name) for trace in traces)), name
