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
# # Results for an analyst
#
# Every figure of a run is the ratio of two sums, minutes waited over people who waited, say. So results come as tidy
# tables and, on request, as labelled arrays; this shows both, and the one way to add them up that is right.

# %%
import matplotlib.pyplot as plt

import sim

FEW = ["center=cam_duong", "demand=1.5", "days=14", "warmup_days=7", "replications=20"]
today = sim.simulate(sim.load(FEW))
guided = sim.simulate(sim.load([*FEW, "policy=guidance_desk"]))

# %% [markdown]
# ## Tidy tables
#
# `summary` has a row a figure and scope, with its interval. `replications` has a row a replication, with both sums.
# `visits` has a row a visit, and runs the replications again for it.

# %%
today.summary.query("scope.str.startswith('point=') and metric == 'wait_mean'")[["scope", "estimate", "lower", "upper"]]

# %%
today.replications.query("metric == 'wait_mean' and scope == 'all'").head(3)

# %%
visits = today.visits
measured = visits[visits.arrival >= today.study.scenario.warmup * 1440]
measured.groupby(["point", "outcome"], observed=True).size().unstack(fill_value=0)

# %% [markdown]
# ## Labelled arrays
#
# `sim.dataset` puts scenarios side by side in an `xarray.Dataset`: a variable a metric, with its definition and unit;
# axes for scenario, replication and, by `by=`, hour, point, field or class of priority.

# %%
hours = sim.dataset({"today": today, "guidance desk": guided}, by="hour")
print(dict(hours.sizes))
print(hours.wait_mean.attrs)
print(hours.attrs["aggregate"])

# %% [markdown]
# Add first, divide then: that gives the estimates of `summary`. A mean of the hours' means would weigh an empty hour as
# much as a full one.


# %%
def ratio(sums):
    return sums.sel(sums="numerator") / sums.sel(sums="denominator")


by_hour = ratio(hours.wait_mean.sum("replication"))
whole = ratio(hours.wait_mean.sum(["replication", "hour"]))
print("added and divided:", whole.round(2).to_series().to_dict())
print("mean of ratios:   ", by_hour.mean("hour").round(2).to_series().to_dict())
print("summary:          ", round(today.figures.estimates["wait_mean", "all"].value, 2))

# %% [markdown]
# Replications of one number have the same citizens in both scenarios. Leaving out one at a time gives the jackknife,
# for each hour, and for the difference of both:

# %%
without = ratio(hours.wait_mean.sum("replication") - hours.wait_mean)
n = hours.sizes["replication"]


def error_of(figures):
    return ((n - 1) / n * ((figures - figures.mean("replication")) ** 2).sum("replication")) ** 0.5


error = error_of(without)
change = error_of(without.sel(scenario="guidance desk") - without.sel(scenario="today"))
print("standard errors at 9:00:", error.sel(hour=9).round(2).to_series().to_dict())
print("of the difference, paired:", round(change.sel(hour=9).item(), 2))

# %% [markdown]
# An axis that does not exist is refused, with the nearest that does:

# %%
try:
    today.dataset(by="hours")
except sim.BadInput as refused:
    print(refused)

# %% [markdown]
# ## A picture

# %%
figure, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
for name, color in {"today": "black", "guidance desk": "tab:blue"}.items():
    wait, half = (one.sel(scenario=name).reindex(hour=range(7, 17)) for one in (by_hour, 2 * error))
    axes.plot(wait.hour, wait, "o-", color=color, label=name)
    axes.fill_between(wait.hour, (wait - half).clip(0), wait + half, color=color, alpha=0.15, linewidth=0)
axes.set(xlabel="hour of arrival", ylabel="mean wait, minutes", ylim=(0, None))
axes.legend(frameon=False)
axes.set_title("Cam Đường with half as many people more; bands: two standard errors", loc="left")
plt.show()
