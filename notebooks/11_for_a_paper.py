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
# # A table and a figure for a paper
#
# A study is a folder: its figures, and a manifest of what made them. From that, a table with intervals and paired
# differences, a figure as a vector graphic in the millimetres of a column, and the words of a caption that lets others
# repeat it.

# %%
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import sim

# %% [markdown]
# ## The study
#
# The same as `motcua run -m center=phuc_hoa … out=DIR` on a command line; yours is there already, and stays. This one
# is in a temporary folder, gone with the notebook. Phục Hòa has three times its people in it.

# %%
here = tempfile.TemporaryDirectory()
folder = Path(here.name) / "study"
words = "center=phuc_hoa demand=3 policy=none,guidance_desk days=14 warmup_days=7 replications=30 assumptions=no"
program = Path(sys.executable).with_name("motcua")
done = subprocess.run(
    [program, "run", "-m", *words.split(), f"out={folder}"], check=True, capture_output=True, text=True
)
print(done.stdout.splitlines()[0])

# %% [markdown]
# ## The results
#
# `sim.reopen` simulates nothing and gives the results by label. Where a folder is none, or not finished, it says so:

# %%
try:
    sim.reopen(folder / "charts")
except sim.BadInput as refused:
    print(str(refused).replace(str(folder), "study"))

NAMES = {"none": "As it is run", "guidance_desk": "Guidance desk"}
results = {NAMES[label]: result for label, result in sim.reopen(folder).items()}
made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

# %% [markdown]
# ## A table
#
# Estimate and interval in a cell, a row a figure, all with three times the center's people; then the differences,
# paired on the same citizens, with p-values adjusted for how many are compared. A quantile of all visits has no sum in
# each replication to be paired.

# %%
ROWS = {
    "wait_mean": ("Mean wait, min", 1, 1),
    "wait_p90": ("Wait of nine in ten, min", 1, 0),
    "wait_within_15": ("Received within 15 min, %", 100, 1),
    "unserved_share": ("Left unserved, %", 100, 2),
    "cost_per_day": ("Cost, million VND a day", 1e-6, 2),
}


def cell(row, value, lower, upper):
    _, scale, digits = ROWS[row.metric]
    one, low, high = (f"{scale * number:.{digits}f}".replace("-", "−") for number in (value, lower, upper))
    return f"{one} ({low} to {high})"


columns = {}
for name, result in results.items():
    table = result.summary.query("scope == 'all' and metric in @ROWS")
    columns[name] = {row.metric: cell(row, row.estimate, row.lower, row.upper) for row in table.itertuples()}
changes = list(sim.compare(results, baseline="As it is run").query("metric in @ROWS").itertuples())
columns["Difference"] = {row.metric: cell(row, row.difference, row.lower, row.upper) for row in changes}
columns["p"] = {row.metric: "< 0.001" if row.p_adjusted < 0.001 else f"{row.p_adjusted:.3f}" for row in changes}
paper = pd.DataFrame(columns).reindex(list(ROWS)).fillna("").rename(index=lambda metric: ROWS[metric][0])
paper

# %% [markdown]
# For LaTeX with `booktabs`; `escape=True` keeps the % of a heading a %. A document with Vietnamese names wants LuaLaTeX
# or XeLaTeX.

# %%
print(paper.to_latex(escape=True, column_format="lrrrr"))

# %% [markdown]
# And for a page in Markdown:

# %%
for row in (["", *paper.columns], ["---"] * (1 + len(paper.columns)), *paper.reset_index().to_numpy().tolist()):
    print("|", " | ".join(row), "|")

# %% [markdown]
# ## A figure
#
# 88 mm, a column of many journals; letters of 8 points, in the PDF embedded as a TrueType font (`fonttype` 42), in the
# SVG drawn as paths; scenarios told apart by their marks and not by color alone.

# %%
MM = 1 / 25.4
LOOK = {"font.size": 8, "axes.linewidth": 0.6, "pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "motcua"}
with plt.rc_context(LOOK):
    figure, axes = plt.subplots(figsize=(88 * MM, 55 * MM), layout="constrained")
    for nth, (name, result) in enumerate(results.items()):
        hours = result.summary.query("metric == 'wait_mean' and scope.str.startswith('hour=')").dropna(subset=["lower"])
        at = hours.scope.str.removeprefix("hour=").astype(int) + 0.5 + 0.16 * (nth - 0.5)
        bars = [hours.estimate - hours.lower, hours.upper - hours.estimate]
        look = {"fmt": "os"[nth], "color": ("black", "tab:blue")[nth], "markersize": 3, "linewidth": 0.8}
        axes.errorbar(at, hours.estimate, yerr=bars, label=name, **look)
    axes.axhline(15, linestyle="--", color="gray", linewidth=0.8)
    axes.set(xlabel="Time of arrival, hours", ylabel="Mean wait, min", ylim=(0, None), xlim=(7, 17))
    axes.legend(frameon=False)
    figure.savefig(folder.parent / "waits.pdf", metadata={"CreationDate": None})
    figure.savefig(folder.parent / "waits.svg", metadata={"Date": None})
    plt.show()

written = (folder.parent / "waits.pdf").read_bytes()
print("fonts in the PDF:", written.count(b"/FontFile2"), "embedded, of Type 3:", written.count(b"/Subtype /Type3"))
print((folder.parent / "waits.svg").read_text(encoding="utf-8").split("<svg")[1].split(" viewBox")[0].strip())

# %% [markdown]
# ## The caption
#
# What others need to get the same bytes: version, the hash of its sources, seed, command. The folder's own name is
# theirs to choose.

# %%
study = next(iter(results.values())).study
command = " ".join(word for word in made["command"] if not word.startswith("out="))
print(
    f"{study.base.name} with {study.base.demand:g} times its people: mean wait by time of arrival, "
    f"{study.replications} replications of {study.base.days} days, the first {study.base.warmup} not measured; "
    f"bars: {study.confidence:.0%} intervals of the simulation alone; "
    f"dashed: the target of 15 min. {study.assumptions} of {study.inputs} inputs are assumptions. "
    f"motcua {made['versions']['motcua']} (sources {made['sources']}), seed {study.seed}: {command}"
)

# %% [markdown]
# ## The appendix
#
# The reporting sheet of the STRESS-DES checklist, filled as far as a run can know; it says what waits for you.

# %%
sheet = sim.stress_des(next(iter(results.values())))
print("\n".join(sheet.splitlines()[:5]))
here.cleanup()
