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
# # A policy of your own
#
# Does a text message the day before, which says what to bring, shorten the queue? Nobody shipped that policy, so it is
# written here: a frozen value with typed parameters, their defaults and a cost, and one method that turns a scenario
# into another. `replace` gives a new scenario, checked as a whole; the old one stays as it is.

# %%
import matplotlib.pyplot as plt

import sim
from sim.money import Cost
from sim.streams import Stream
from sim.values import NonNegative, Share


# %%
class Reminders(sim.Policy):
    """A message the day before: ``fewer`` dossiers come incomplete, a share; ``per_month`` in VND."""

    streams = frozenset({Stream.INCOMPLETE, Stream.MENDED})
    fewer: Share = 0.3
    per_month: NonNegative = 4e6

    def apply(self, scenario: sim.Scenario) -> sim.Scenario:
        told = {
            name: procedure.replace(incomplete=procedure.incomplete * (1 - self.fewer))
            for name, procedure in scenario.procedures.items()
        }
        costs = {**scenario.costs, "reminders": Cost(per_month=self.per_month)}
        return scenario.replace(procedures=told, costs=costs)


# %% [markdown]
# `streams` are the random decisions whose outcome the policy may change: everything else about every citizen stays the
# same to the bit, which is what makes a comparison sharp. The types are the bounds: a share above 1 is refused with a
# line that says so, and a parameter that does not exist with the nearest that does.

# %%
FEW = ["center=go_vap", "days=13", "warmup_days=7", "replications=10", "policy=reminders"]
OWN = {"reminders": Reminders}

for wrong in ("policy.reminders.fewr=0.5", "policy.reminders.fewer=1.5"):
    try:
        sim.load([*FEW, wrong], policies=OWN)
    except sim.BadInput as error:
        print(error)

# %% [markdown]
# ## Run
#
# The grammar is that of shipped policies, sweeps too. The result travels to threads, processes and other machines with
# the policy applied, so that workers need not know it.

# %%
results = {"today": sim.simulate(sim.load(["center=go_vap", *FEW[1:4]]))}
for study in sim.sweep([*FEW, "policy.reminders.fewer=0.2,0.4,0.6"], policies=OWN):
    results[study.label.rpartition("=")[2]] = sim.simulate(study)
changes = sim.compare(results)
changes.query("metric == 'visits_per_resolved'").round(3)

# %% [markdown]
# ## A picture

# %%
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
for height, result in enumerate(results.values()):
    wait = result.figures.estimates["wait_mean", "all"]
    axes.plot([wait.lower, wait.upper], [height, height], color="black")
    axes.plot(wait.value, height, "o", color="black")
    axes.annotate(f"{result.verdict}", (wait.upper, height), xytext=(6, -4), textcoords="offset points")
axes.axvline(15, linestyle="--", color="gray")
axes.set(yticks=range(len(results)), yticklabels=list(results), xlim=(0, 33))
axes.set(xlabel="mean wait, minutes; dashed: the target", ylabel="fewer incomplete")
axes.set_title("Gò Vấp with reminders, 10 replications, 95 % intervals", loc="left")
plt.show()

# %% [markdown]
# ## From the command line
#
# The same class in a file of its own, `reminders.py`, is a plug-in:
#
#     motcua run -m center=go_vap policy=none,reminders policy.reminders.fewer=0.4 --plugin reminders.py
#
# A number in it is marked as in a config, `fewer: Share = 0.3  # A [0.1–0.5] a guess`: then `motcua sensitivity` tries
# its range. A class `MyIdea` is the policy `my_idea`. A package names its policies in `pyproject.toml`, and needs no
# `--plugin`:
#
#     [project.entry-points."motcua.policies"]
#     reminders = "my_package.reminders:Reminders"
#
# Results keep a hash of the file beside their figures: after a change of it they are not mixed with new ones.
