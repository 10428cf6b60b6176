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
# # A first verdict
#
# Gò Vấp receives about 700 dossiers a day at 15 counters. Does it keep a mean wait of 15 minutes, and what does a
# policy change? Few replications, so that this runs in a minute: the intervals say what that costs.

# %%
import matplotlib.pyplot as plt

import sim

FEW = ["center=go_vap", "days=13", "warmup_days=7", "replications=10"]

# %% [markdown]
# ## Load
#
# The command line's grammar gives a study: a scenario, policies, targets, a seed. Before anything is run, the load
# sheet says whether the officials can do the work at all.

# %%
today = sim.load(FEW)
sheet = sim.load_sheet(today.scenario)
print(f"load {sheet.load:.2f}; binding at {sheet.binding[0]}: {', '.join(sheet.binding[1])}")

# %% [markdown]
# ## Run
#
# All replications, in parallel. A verdict is *met* or *missed* only if the whole interval says so.

# %%
result = sim.simulate(today)
for verdict in result.verdicts:
    print(verdict.metric, verdict.target, verdict.verdict, verdict.reason)

FIGURES = ["wait_mean", "wait_p90", "wait_within_15", "unserved_share", "utilization", "cost_per_day"]
result.summary.query("scope == 'all'").set_index("metric").loc[FIGURES, ["estimate", "lower", "upper"]].round(3)

# %% [markdown]
# ## One citizen's day
#
# `visits` has a row each time somebody comes. Whoever waited longest on the first measured Monday:

# %%
visits = result.visits
monday = visits[(visits.replication == 0) & (visits.arrival >= 7 * 1440) & (visits.arrival < 8 * 1440)]
longest = monday.loc[monday.wait.idxmax()]
hour, minute = divmod(int(longest.arrival) % 1440, 60)
print(f"{longest.procedure}: came at {hour:02d}:{minute:02d}, waited {longest.wait:.0f} min, {longest.outcome}")

visits[(visits.replication == 0) & (visits.citizen == longest.citizen)][
    ["visit", "arrival", "reception_start", "departure", "wait", "outcome", "official"]
]

# %% [markdown]
# ## Two policies, compared
#
# On the same citizens: whoever comes brings the same dossiers under every policy, so that differences are sharper
# than either figure. `variance_ratio` says how much sharper.

# %%
guided = sim.simulate(sim.load([*FEW, "policy=guidance_desk"]))
more = sim.simulate(sim.load([*FEW, "policy=add_officials"]))
changes = sim.compare({"today": result, "guidance desk": guided, "more officials": more})
changes.query("metric in ('wait_mean', 'cost_per_day')").round(2)

# %% [markdown]
# ## A picture

# %%
rows = {"today": result, "guidance desk": guided, "more officials": more}
figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
for height, one in enumerate(rows.values()):
    wait = one.figures.estimates["wait_mean", "all"]
    axes.plot([wait.lower, wait.upper], [height, height], color="black")
    axes.plot(wait.value, height, "o", color="black")
    axes.annotate(f"{one.verdict}", (wait.upper, height), xytext=(6, -4), textcoords="offset points")
axes.axvline(15, linestyle="--", color="gray")
axes.set(yticks=range(len(rows)), yticklabels=list(rows), xlim=(0, 33))
axes.set_xlabel("mean wait, minutes; dashed: the target")
axes.set_title(f"Gò Vấp, {today.replications} replications, 95 % intervals", loc="left")
plt.show()
