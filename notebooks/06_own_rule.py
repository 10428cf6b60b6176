# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A rule of your own
#
# Where is an official needed while the day goes on? Every five minutes a board says what a supervisor can see: who
# waits where, and how many officials are there. A rule looks at it and says at which point an official works. It is a
# plain function of integers, called by both engines: whatever it says, they give the same trace.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim
from sim.plan import Board


# %%
def shortest_handed(here, home, board, now):
    """To the point with most people waiting for each official, if that is clearly worse than where they are."""
    if here < 0 or now % 86_400_000 < 7 * 3_600_000:
        return home
    waiting, there = board[:, Board.WAITING], board[:, Board.ON_DUTY] + board[:, Board.SENT]
    load = waiting / np.maximum(there, 1)
    worst = int(load.argmax())
    return worst if load[worst] > load[here] + 0.5 and board[worst, Board.SENT] == 0 else here


# %% [markdown]
# Which officials go by it, how many and from where, says the scenario: here two who go by the shipped rule, which sends
# them where most people wait. The function takes its place.

# %%
study = sim.load(
    [
        *("center=cam_duong", "days=14", "warmup_days=7", "replications=5"),
        *("policy=floating_official", "policy.floating_official.officials=2"),
    ]
)
plan = sim.make_plan(study.scenario, seed=study.seed, replication=0)
trace = sim.run(plan, engine="reference", rule=shortest_handed)
print("same trace:", trace == sim.run(plan, engine="compiled", rule=shortest_handed))

# %% [markdown]
# `trace.decisions` has what it decided; figures come from all replications, paired on the same people.

# %%
shipped = sim.estimate(study, "wait_mean")
mine = sim.estimate(study, "wait_mean", rule=shortest_handed)
change = mine.less(shipped).estimate
print(f"mean wait {mine.estimate.value:.2f} min, {change.value:+.2f} [{change.lower:+.2f}, {change.upper:+.2f}]")

try:
    sim.run(plan, rule=lambda *_: "the hall")
except sim.BadInput as error:
    print(error)

# %% [markdown]
# ## A picture

# %%
day = np.bincount(trace.decisions["time"] // 86_400_000).argmax()
decided = trace.decisions[trace.decisions["time"] // 86_400_000 == day]
hours = decided["time"] / 3_600_000 % 24
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
for official, style in zip(np.unique(decided["official"]), ("o", "s"), strict=False):
    own = decided["official"] == official
    axes.plot(hours[own], decided["place"][own] // 2, style, label=f"official {official}")
points = list(study.scenario.points)
axes.set(yticks=range(len(points)), yticklabels=points, ylim=(-0.5, len(points) - 0.5))
axes.set(xlabel="time of day, hours", xlim=(7, 17.5), ylabel="sent to")
axes.legend(frameon=False)
axes.set_title("Cam Đường, the day with most decisions", loc="left")
plt.show()
