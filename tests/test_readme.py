"""Every command of the README runs, in order, in one folder; shortened where it would take long.

In this process, which has imported everything once; that programs run as processes of their own is for
``test_command_line``.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.__main__ import main as motcua

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICK = ["days=9", "replications=2"]
SHORT = {
    "run": QUICK,
    "province": QUICK,
    "place": QUICK,
    "headroom": QUICK,
    "warmup": QUICK,
    "search": QUICK,
    "select": QUICK,
    "sensitivity": QUICK,
    "validate": ["replications=39", "parts=observed"],
}


def commands(text: str) -> list[str]:
    """The lines of indented blocks that begin with motcua, comments dropped."""
    return [line.split("  #")[0].strip() for line in text.splitlines() if line.startswith("    motcua ")]


def run(arguments: list[str], folder: Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=timeout
    )


def test_the_commands_run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = commands(README)
    assert len(found) >= 6
    for line in found:
        command, _, target = line.partition(">")
        words = shlex.split(command)[1:]
        short = SHORT.get(words[0], []) if not {"--help", "--cfg"} & set(words) else []
        typed = "\n" * 10 if words[0] == "new" else ""  # Enter takes what is assumed
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code, said = motcua([*words, *short]), capsys.readouterr()
        assert code == 0, f"{line}\n{said.err}"
        assert said.out.strip(), line
        if target:
            (tmp_path / target.strip()).write_text(said.out, encoding="utf-8")


def test_the_python_runs(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        done = run(["-c", block.replace("replications=30", "replications=2")], tmp_path)
        assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("target", re.findall(r"make (\w+)", README))
def test_make_has_the_targets(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_it_is_one_screen() -> None:
    assert len(README.splitlines()) <= 60
