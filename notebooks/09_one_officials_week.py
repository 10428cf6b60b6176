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
# # One official's week
#
# What does an official do from Monday to Friday? `sim.frame` makes tables of a trace, what happened in one replication,
# with the names of its scenario: `tasks`, who was served by whom from when to when, and `shifts`, the paid spans.
# Times are minutes from the first midnight. It is at Phục Hòa with three times its people, and with the officials of
# justice away on one day in five.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import sim

study = sim.load(
    [
        *("center=phuc_hoa", "demand=3", "staff.justice.absence.share=0.2"),
        *("days=14", "warmup_days=7", "replications=1", "engine=reference"),
    ]
)
trace = sim.run(sim.make_plan(study.scenario, seed=study.seed, replication=0), engine="reference")
tasks = sim.frame(trace, study.scenario, "tasks").dropna(subset=["start"])
shifts = sim.frame(trace, study.scenario, "shifts")

# %% [markdown]
# ## Who?
#
# Whoever was away for some of the second week, and of those who had most to do.

# %%
week, over = 7 * 1440, 14 * 1440
tasks, shifts = (rows[rows.start.between(week, over)].assign(day=rows.start // 1440) for rows in (tasks, shifts))
tasks["end"] = tasks["end"].fillna(over)
sick = shifts[shifts.away].official.unique()
worked = (tasks["end"] - tasks["start"]).groupby(tasks.official, observed=True).sum()
official = worked[worked.index.isin(sick)].idxmax()
mine, spans = (rows[rows.official == official].sort_values("start") for rows in (tasks, shifts))
print(official)

# %% [markdown]
# ## Day by day
#
# Work within the shifts and beyond them; what is left of the time on duty is idle, what lies between two shifts of a
# day is lunch.

# %%
both = mine.reset_index().merge(spans, on="day", suffixes=("", "_of_shift"))
within = both[["end", "end_of_shift"]].min(axis=1) - both[["start", "start_of_shift"]].max(axis=1)
length = spans["end"] - spans["start"]
day = pd.DataFrame(index=pd.Index(range(7, 12), name="day"))
day["received"] = mine[mine.task == "reception"].groupby("day").size()
day["paid"] = length.groupby(spans.day).sum()
day["away"] = length[spans.away].groupby(spans.day).sum()
day["busy"] = within.clip(lower=0).groupby(both.day).sum()
day["overtime"] = (mine["end"] - mine["start"]).groupby(mine.day).sum() - day.busy
day["lunch"] = spans.groupby("day").end.max() - spans.groupby("day").start.min() - day.paid
day = day.fillna(0)
day["idle"] = day.paid - day.away - day.busy
day.index = pd.Timestamp(study.scenario.start) + pd.to_timedelta(day.index, unit="D")
day.rename(index=lambda date: f"{date:%a %d %b}").round(0).astype(int)

# %% [markdown]
# And of what the work was made, in minutes:

# %%
minutes = (mine["end"] - mine["start"]).groupby([mine.task, mine.field.astype(object).fillna("")], observed=True)
minutes.agg(["size", "sum", "mean"]).round(1)

# %% [markdown]
# The same of all officials is what the run calls utilization, over all days that are measured:

# %%
share = sim.estimate(study, "utilization").estimate.value
at_desk = tasks.reset_index().merge(shifts, on=["official", "day"], suffixes=("", "_of_shift"))
within = at_desk[["end", "end_of_shift"]].min(axis=1) - at_desk[["start", "start_of_shift"]].max(axis=1)
there = shifts[~shifts.away]
print(f"{share:.4f} = {within.clip(lower=0).sum() / (there['end'] - there['start']).sum():.4f}")

# %% [markdown]
# A scenario that is not that of the trace would give it wrong names, and is refused:

# %%
try:
    sim.frame(trace, sim.load(["center=go_vap"]).scenario, "tasks")
except sim.BadInput as refused:
    print(refused)

# %% [markdown]
# ## A picture

# %%
COLORS = {"reception": "tab:blue", "signature": "tab:purple", "collection": "tab:orange", "record": "tab:green"}
figure, axes = plt.subplots(figsize=(7, 3.0), layout="constrained")
for one in spans.itertuples():
    look = {"color": "white", "hatch": "////", "edgecolor": "silver"} if one.away else {"color": "gainsboro"}
    what = "away" if one.away else "on duty"
    axes.barh(one.day - 7, (one.end - one.start) / 60, left=one.start % 1440 / 60, height=0.7, label=what, **look)
for one in mine.itertuples():
    span = {"width": (one.end - one.start) / 60, "left": one.start % 1440 / 60}
    axes.barh(one.day - 7, **span, height=0.45, color=COLORS.get(one.task, "tab:gray"), label=one.task)
names = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
figure.legend(names.values(), names.keys(), frameon=False, ncols=len(names), loc="outside lower center")
axes.set(yticks=range(5), yticklabels=[f"{date:%a %d %b}" for date in day.index], ylim=(4.6, -0.6))
axes.set(xlabel="time of day, hours", xlim=(7, 17.5))
axes.set_title(f"{study.scenario.name}, three times its people: the week of {official}", loc="left")
plt.show()
