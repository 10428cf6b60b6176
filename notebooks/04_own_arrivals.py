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
# # An arrival model of your own
#
# At Cam Đường, say, a bus brings some twenty-five of the 67 people of a day within half an hour, some mornings earlier,
# some later. An arrival model says how many people are to be expected in each half-hour of a day; the random numbers
# that it is given belong to that day and replication. Who comes then is drawn as ever, and brings, bears and does what
# it would anyway.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim


# %%
def buses(day, random):
    """People expected in each of 48 half-hours: a few at any time, and a bus at 08:00, 08:30, … or 10:00."""
    expected = np.zeros(48)
    if day % 7 < 5:
        expected[15:22] = 3.0  # 07:30 to 11:00
        expected[27:33] = 3.5  # 13:30 to 16:30
        expected[16 + random.integers(5)] += 25.0
    return expected


def with_buses(plan):
    return sim.with_arrivals(plan, buses)


# %% [markdown]
# `sim.with_arrivals` puts the model into a plan, which is what both engines run: the same trace from both. Closed days
# are asked for too; who comes then is turned away.

# %%
study = sim.load(["center=cam_duong", "days=14", "warmup_days=7", "replications=5"])
plan = with_buses(sim.make_plan(study.scenario, seed=study.seed, replication=0))
trace = sim.run(plan, engine="reference")

# %% [markdown]
# All replications, and the figures that ship, by `change`, a function from plan to plan:

# %%
even, lumpy = sim.estimate(study, "wait_mean"), sim.estimate(study, "wait_mean", change=with_buses)
for name, one in {"as it comes today": even.estimate, "with buses": lumpy.estimate}.items():
    print(f"{name:18} {one.value:.1f} min [{one.lower:.1f}, {one.upper:.1f}]")

# %% [markdown]
# A model that gives something else is refused, with the day:

# %%
try:
    sim.with_arrivals(plan, lambda *_: [30.0] * 24)
except sim.BadInput as error:
    print(error)

# %% [markdown]
# ## A picture

# %%
visits = trace.visits[trace.visits["arrival"] >= trace.warmup]
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
hours = (visits["arrival"] / 3_600_000) % 24
axes.hist(hours, bins=np.arange(7, 17.5, 0.5), weights=np.full(len(hours), 1 / 5), color="gray")
axes.set(xlabel="time of arrival, hours", ylabel="people a day")
axes.set_title("One week with a bus each morning", loc="left")
plt.show()
