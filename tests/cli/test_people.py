"""The verbs about people: the first in a process of its own, as an administrator runs it."""

from __future__ import annotations

import json
import subprocess
import sys

from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

CALL = "from hengtan.cli import main; main()"


def test_the_first_three_are_made_once_and_renewed(hengtan, tmp_path):
    there = ("--workspace", str(tmp_path / "ws"))
    Workspace.create(tmp_path / "ws", Settings("测试", "Test", "500156", "wulong")).close()
    command = [sys.executable, "-c", CALL, "people", "first", *there]
    first = subprocess.run(command, capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    shown = dict(line.split() for line in first.stdout.splitlines()[1:])
    assert set(shown) == {"sysadmin", "secadmin", "auditor"} and len(set(shown.values())) == 3
    code, _, err = hengtan("people", "first", *there)
    assert (code, "已有账号" in err) == (1, True)
    rows = json.loads(hengtan("people", "list", "--json", *there)[1])
    assert [row["roles"] for row in rows if row["account"] == "auditor"] == ["audit_administrator"]
    renewed = hengtan("people", "renew", "auditor", *there)[1].split()
    assert renewed[0] == "auditor" and renewed[1] != shown["auditor"]
    code, _, err = hengtan("people", "renew", "nobody", *there)
    assert (code, "没有账号" in err) == (1, True)
