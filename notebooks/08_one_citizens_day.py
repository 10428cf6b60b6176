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
# # One citizen's day
#
# A mean hides what it is to be there. This takes one person who had to come back, and tells what happened to them:
# from the event log, a row an event. It is at Phục Hòa with four times its people: as it is, hardly anybody waits.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import sim

study = sim.load(["center=phuc_hoa", "demand=4", "days=20", "warmup_days=7", "replications=1"])
log = sim.event_log(study)

# %% [markdown]
# ## Who?
#
# Of those who left with a result in hand, whoever came most often, and of those the one who waited longest. The log has
# what is measured; who came first before that has no visit 0 in it and is left out. `citizen` is a number that is the
# same under every policy.

# %%
came = log[log.activity == "arrive"].groupby("citizen").visit.agg(["min", "size"])
handed = log[log.activity == "collection"].citizen
told = came[(came["min"] == 0) & came.index.isin(handed)]
often = told.index[told["size"] == told["size"].max()]
queued = log[log.activity == "reception"].pivot_table(
    index=["citizen", "visit"], columns="lifecycle", values="timestamp", observed=True
)
waited = (queued["start"] - queued["schedule"]).groupby("citizen").sum()
citizen = waited[often].idxmax()
print(f"citizen {citizen} came {told['size'][citizen]} times and waited {waited[citizen].total_seconds() / 60:.0f} min")
story = log[log.citizen == citizen]

# %% [markdown]
# ## The story

# %%
SAID = {
    ("arrive", "complete"): "comes to the door",
    ("enter", "complete"): "goes in",
    ("leave", "complete"): "goes home",
    ("guidance", "schedule"): "waits to be guided",
    ("guidance", "start"): "is guided by {official}",
    ("reception", "schedule"): "takes a ticket and waits",
    ("reception", "start"): "is received by {official}",
    ("reception", "complete"): "is done at the counter",
    ("reception", "withdraw"): "does not stay",
    ("signature", "start"): "waits while {official} signs",
    ("collection", "start"): "is handed the result by {official}",
}
for visit, events in story.groupby("visit"):
    first = events.iloc[0]
    print(f"\nVisit {visit + 1}, {first.timestamp:%A %d %B}: to {first.purpose}, {first.procedure}")
    for event in events.itertuples():
        if words := SAID.get((event.activity, event.lifecycle)):
            print(f"  {event.timestamp:%H:%M}  {words.format(official=event.official)}")
    print(f"         {first.outcome}, {first.accepted} of {first.dossiers} dossiers accepted")

# %% [markdown]
# ## Where the time went
#
# From events to spans: what is scheduled, starts and completes becomes a wait and a piece of work.

# %%
at_hall = story[story.activity.isin(["guidance", "reception", "signature", "collection"])]
steps = at_hall.pivot_table(index=["visit", "activity"], columns="lifecycle", values="timestamp", observed=True)
steps = steps.sort_values("schedule")
spent = pd.DataFrame({"waited": steps["start"] - steps["schedule"], "served": steps["complete"] - steps["start"]})
(spent / pd.Timedelta(minutes=1)).round(1)

# %% [markdown]
# ## A picture
#
# A strip a visit: in the building, waiting, with an official. The mark is when they came; a visit that is nothing but a
# mark found the hall full.

# %%
doors = story[story.activity.isin(["arrive", "leave"])]
inside = doors.pivot_table(index="visit", columns="activity", values="timestamp", observed=True)
COLORS = {"guidance": "tab:green", "reception": "tab:blue", "signature": "tab:purple", "collection": "tab:orange"}


def clock(time):
    return (time - time.normalize()) / pd.Timedelta(hours=1)


figure, axes = plt.subplots(figsize=(7, 1.3 + 0.5 * len(inside)), layout="constrained")


def strip(visit, begin, end, **look):
    axes.barh(int(visit), clock(end) - clock(begin), left=clock(begin), **look)


for visit, span in inside.iterrows():
    strip(visit, span["arrive"], span["leave"], height=0.5, color="gainsboro", label="in the building")
    axes.plot(clock(span["arrive"]), visit, "|", color="black", markersize=20)
for (visit, activity), step in steps.dropna(subset=["start"]).iterrows():
    strip(visit, step["schedule"], step["start"], height=0.14, color="black", label="waiting")
    strip(visit, step["start"], step["complete"], height=0.5, color=COLORS[activity], label=activity)
names = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
figure.legend(names.values(), names.keys(), frameon=False, ncols=len(names), loc="outside lower center")
axes.set(yticks=inside.index, yticklabels=[f"{span['arrive']:%a %d %b}" for _, span in inside.iterrows()])
axes.set(ylim=(inside.index.max() + 0.6, -0.6), xlim=(7, 17.5), xlabel="time of day, hours")
axes.set_title(f"{study.scenario.name}, four times its people: {first.procedure}, {len(inside)} visits", loc="left")
plt.show()

# %% [markdown]
# Of a replication of yours, with a rule or a process of your own, `sim.frame(trace, study.scenario, "tasks")` has the
# same spans: who joined when, was served from when to when, by whom.
