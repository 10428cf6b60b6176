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
# # What a verdict rests on
#
# Most numbers of a scenario are assumptions with a range. `sim.sensitivity` tries them over it: which ones move the
# figure, which turn the verdict and at what value, and whether more replications would help at all. The center is
# Phục Hòa with twice its people.

# %%
import matplotlib.pyplot as plt

import sim

study = sim.load(["center=phuc_hoa", "demand=2", "days=14", "warmup_days=7", "replications=30"])
result = sim.simulate(study)
wait = result.figures.estimates["wait_mean", "all"]
print(f"{study.scenario.name}, twice its people: {result.verdict}")
print(f"mean wait {wait.value:.1f} min [{wait.lower:.1f}, {wait.upper:.1f}]")
print(f"{study.assumptions} of {study.inputs} numbers are assumptions")

# %% [markdown]
# ## One at a time
#
# All are looked at in a few replications; the five largest are then run at both ends of their range, on the same
# citizens as the base and in replications that had no part in the choice. The verdict is that on all targets: where
# hardly anybody comes, too few are seen to be sure that nobody is sent away.

# %%
table = sim.sensitivity(study)
largest = table.dropna(subset=["estimate_low"])
largest[["assumption", "value", "low", "high", "change_low", "change_high", "verdict_low", "verdict_high"]].round(2)

# %% [markdown]
# Where the verdict is another at an end, `turns_*` is the value on the way there at which the figure crosses its
# target, with an interval: the number to go and measure.

# %%
for end in ("low", "high"):
    for row in largest[largest[f"turns_{end}"].notna()].itertuples():
        turns, lower, upper, verdict = (
            getattr(row, name.format(end)) for name in ("turns_{}", "turns_{}_lower", "turns_{}_upper", "verdict_{}")
        )
        span = f"{turns:.3g} ({lower:.3g} to {upper:.3g})"
        print(f"{row.assumption} = {row.value:.3g}: {result.verdict} turns {verdict} at {span}, toward its {end} end")
print("left out, for example:", *table.dropna(subset=["left_out"])[["assumption", "left_out"]].iloc[0], sep="  ")

# %% [markdown]
# ## A tornado

# %%
figure, axes = plt.subplots(figsize=(7, 3.0), layout="constrained")
for row, (_, one) in enumerate(largest.iterrows()):
    for end, color, shift in (("low", "tab:cyan", -0.18), ("high", "tab:orange", 0.18)):
        change, value = one[f"change_{end}"], one[end]
        axes.barh(row + shift, change, left=wait.value, height=0.34, color=color, label=f"{end} end of the range")
        ends = [wait.value + one[f"change_{end}_{side}"] for side in ("lower", "upper")]
        axes.plot(ends, [row + shift] * 2, color="black", linewidth=1)
        words = f"{value:g}" if one[f"verdict_{end}"] == result.verdict else f"{value:g}: {one[f'verdict_{end}']}"
        place = max(*ends, wait.value), row + shift
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        axes.annotate(words, place, (4, 0), textcoords="offset points", va="center", size=8, bbox=box)
axes.axvline(wait.value, color="black", linewidth=1)
axes.axvline(15, linestyle="--", color="gray", label="the target")
axes.set(yticks=range(len(largest)), yticklabels=largest.assumption, ylim=(len(largest) - 0.4, -0.6))
axes.set(xlabel="mean wait, minutes; whiskers: 95 % intervals", xlim=(0, 1.3 * largest.estimate_high_upper.max()))
names = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
axes.legend(names.values(), names.keys(), frameon=False, loc="lower right")
axes.set_title(f"{study.scenario.name}, twice its people: {result.verdict} as assumed", loc="left")
plt.show()

# %% [markdown]
# ## Not knowing against chance
#
# More replications narrow the first interval, and nothing but better inputs the second: the figure over draws of all
# assumptions from their ranges, the error of the simulation taken out.

# %%
uncertain = sim.sensitivity(study, "inputs").iloc[0]
print(f"standard deviation by inputs: {uncertain.inputs_deviation:.1f} min")
print(f"by chance, in two replications: {uncertain.simulation_deviation:.1f} min")

figure, axes = plt.subplots(figsize=(7, 1.7), layout="constrained")
spans = {"all inputs over their ranges": ("inputs_lower", "inputs_upper"), "simulation alone": ("lower", "upper")}
for row, ends in enumerate(spans.values()):
    axes.plot(uncertain[list(ends)], [row, row], color="black", linewidth=3)
axes.plot([uncertain["mean"], uncertain["estimate"]], [0, 1], "o", color="white", markeredgecolor="black")
axes.axvline(15, linestyle="--", color="gray")
axes.set(yticks=range(2), yticklabels=list(spans), ylim=(-0.6, 1.6), xlim=(0, None))
axes.set_xlabel("mean wait, minutes; dashed: the target")
axes.set_title(f"{study.scenario.name}, twice its people: 95 % intervals", loc="left")
plt.show()

# %% [markdown]
# `method="morris"` ranks all inputs by their elementary effects anywhere in their ranges, `method="sobol"` shares the
# variance out, alone and with interactions; both take longer. A name that is none is refused:

# %%
try:
    sim.sensitivity(study, "moris")
except sim.BadInput as refused:
    print(refused)
