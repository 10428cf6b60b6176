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
# # A process of your own
#
# The reference engine is a SimPy program, and others may run in it: a process is a generator of the center, which it
# sees and may change. The compiled engine is a fixed loop and has none: it refuses by name, and "auto" then takes the
# reference engine.

# %%
import matplotlib.pyplot as plt

import sim

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SEEN = []


# %%
def camera(center):
    """Looks at the hall every five minutes; time is in ms, ``env`` SimPy's own."""
    while True:
        waiting = sum(point.counters.people for point in center.points)
        SEEN.append((center.env.now, waiting, len(center.inside)))
        yield center.env.timeout(5 * MINUTE)


# %% [markdown]
# A process that only looks changes nothing: the trace is that of the center alone.

# %%
study = sim.load(["center=cam_duong", "days=14", "warmup_days=7", "replications=5"])
plan = sim.make_plan(study.scenario, seed=study.seed, replication=0)
trace = sim.run(plan, engine="reference", processes=[camera])
print("same trace:", trace == sim.run(plan, engine="reference"))

try:
    sim.run(plan, engine="compiled", processes=[camera])
except sim.BadInput as error:
    print(error)

# %% [markdown]
# ## A picture

# %%
day = [(now % DAY / HOUR, waiting, inside) for now, waiting, inside in SEEN if 7 <= now // DAY < 8]
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
times, waiting, inside = zip(*day, strict=True)
axes.step(times, inside, where="post", color="gray", label="in the building")
axes.step(times, waiting, where="post", color="black", label="waiting at the counters")
axes.set(xlabel="time of day, hours", ylabel="people", xlim=(7, 18))
axes.legend(frameon=False)
axes.set_title("Cam Đường, one Monday, every five minutes", loc="left")
plt.show()

# %% [markdown]
# `sim.estimate(study, metric, processes=[…])` runs it in all replications. What a process changes in the center is not
# in its plan: what it does is yours to test, and names inside of `center` may change with any version.
