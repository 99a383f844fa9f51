"""The verbs about people, each in a process of its own, as an administrator runs them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

CALL = "from hengtan.cli import main; main()"


@pytest.fixture
def hengtan(tmp_path):
    """Runs the command line on an empty workspace."""
    folder = tmp_path / "ws"
    Workspace.create(folder, Settings("测试", "Test", "500156", "wulong")).close()

    def run(*words):
        command = [sys.executable, "-c", CALL, *words, "--workspace", str(folder)]
        return subprocess.run(command, capture_output=True, text=True)

    return run


def test_the_first_three_are_made_once_and_renewed(hengtan):
    first = hengtan("people", "first")
    assert first.returncode == 0, first.stderr
    shown = dict(line.split() for line in first.stdout.splitlines()[1:])
    assert set(shown) == {"sysadmin", "secadmin", "auditor"} and len(set(shown.values())) == 3
    again = hengtan("people", "first")
    assert (again.returncode, "已有账号" in again.stderr) == (1, True)
    rows = json.loads(hengtan("people", "list", "--json").stdout)
    assert [row["roles"] for row in rows if row["account"] == "auditor"] == ["audit_administrator"]
    renewed = hengtan("people", "renew", "auditor").stdout.split()
    assert renewed[0] == "auditor" and renewed[1] != shown["auditor"]
    unknown = hengtan("people", "renew", "nobody")
    assert (unknown.returncode, "没有账号" in unknown.stderr) == (1, True)
