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
# # A metric and a chart of your own
#
# How many are still in the hall when lunch begins? Cam Đường closes its counters from 11:30 to 13:00, and no figure
# that ships says so. A metric is a plain function of a trace, what happened in one replication, to a sum and a count;
# the figure is the ratio over all replications.

# %%
import matplotlib.pyplot as plt
import numpy as np

import sim

HOUR, DAY = 3_600_000, 86_400_000


# %%
def at_lunch(trace):
    """Of those who came in before 11:30, the share who are inside then; times in a trace are ms."""
    visits = trace.visits
    mine = (visits["arrival"] >= trace.warmup) & (visits["entry"] >= 0) & (visits["departure"] >= 0)
    lunch = visits["arrival"] // DAY * DAY + int(11.5 * HOUR)
    morning = mine & (visits["entry"] < lunch)
    inside = morning & (visits["departure"] >= lunch)
    return inside.sum(), morning.sum()


# %% [markdown]
# ## Judged as any other
#
# The interval is the jackknife over replications that shipped figures have; `bounds` says that it is a share. Two
# studies on the same seed are paired: replication by replication, on the same citizens.

# %%
FEW = ["center=cam_duong", "days=13", "warmup_days=7", "replications=10"]
today = sim.estimate(sim.load(FEW), at_lunch, bounds=(0, 1))
guided = sim.estimate(sim.load([*FEW, "policy=guidance_desk"]), at_lunch, bounds=(0, 1))
change = guided.less(today)
for name, one in {"today": today.estimate, "guidance desk": guided.estimate, "change": change.estimate}.items():
    print(f"{name:15} {one.value:+.4f} [{one.lower:+.4f}, {one.upper:+.4f}]")
print(f"pairing makes the variance {change.variance_ratio:.1f} times smaller")

# %% [markdown]
# What a metric does wrong is told in a line, with the replication:

# %%
try:
    sim.estimate(sim.load(FEW), lambda trace: trace.visits["wait"].mean())
except sim.BadInput as error:
    print(error)

# %% [markdown]
# ## A picture
#
# Each replication is a point under both ways: what pairing takes out is how they go up together.

# %%
one, other = (measured.numerators / measured.denominators for measured in (today, guided))
figure, axes = plt.subplots(figsize=(4.2, 3.6), layout="constrained")
axes.plot(100 * one, 100 * other, "o", color="black")
top = 100 * np.max([one, other]) * 1.1
axes.plot([0, top], [0, top], linestyle="--", color="gray")
axes.set(xlabel="inside at 11:30, today, %", ylabel="with a guidance desk, %")
axes.set_title(f"Cam Đường, {len(one)} replications", loc="left")
plt.show()
