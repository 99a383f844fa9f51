"""What ``docs/coverage.csv`` claims, held against a run: every test that a row names is run, and
how it ended stands beside what the row says one can do, with the rows it handed in.

    python make.py audit [SYSTEM …]

With systems named only their tests are run; of the others what ``docs/audit.csv`` says is kept
where they name the same test. Writes ``docs/audit.csv`` and the page ``docs/audit.md``. Exit status
1 where a named test failed.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WORKS = ("computed", "rule", "registry", "tracked", "not yet")
MEANS = {
    "computed": "从台账记录算出 worked out from records in the ledger",
    "rule": "给定一案即算 a rule on a case that is given",
    "registry": "名录计数或求和 a list, counted or summed",
    "tracked": "任务台账跟踪 tracked as milestones",
    "not yet": "还没有 not there yet",
}
AUDIT = ROOT / "docs/audit.csv"
COLUMNS = ("system_id", "name_zh", "name_en", "works", "test", "tells", "state", "forms", "rows")
Row = Mapping[str, str]
Run = Mapping[str, Any]


def main(systems: Sequence[str]) -> None:
    """Run the named tests and write what came of them."""
    rows = read(ROOT / "docs/coverage.csv")
    wanted = [row for row in rows if row["test"] and (not systems or row["system_id"] in systems)]
    runs = {**(kept(rows) if systems else {}), **run(sorted({row["test"] for row in wanted}))}
    told = [audited(row, runs) for row in rows]
    with AUDIT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, "note"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(told)
    (ROOT / "docs/audit.md").write_text("\n".join(page(told)) + "\n", encoding="utf-8")
    failed = [row["system_id"] for row in told if row["state"] not in ("passed", "")]
    print(f"{len(told)} systems, {len(runs)} tests, not passed: {failed or 'none'}")
    sys.exit(bool(failed))


def read(path: Path) -> list[Row]:
    """The rows of a table; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept(rows: Sequence[Row]) -> dict[str, Run]:
    """What the last audit says of tests that are still named."""
    named = {row["test"] for row in rows}
    return {
        row["test"]: {"state": row["state"], "forms": row["forms"], "count": row["rows"]}
        for row in read(AUDIT)
        if row["test"] in named and row["state"] in ("passed", "failed", "skipped")
    }


def run(tests: Sequence[str]) -> dict[str, Run]:
    """How each test ended, and each case of it; of all its cases the worst, with all rows."""
    with tempfile.TemporaryDirectory() as folder:
        support = os.pathsep.join(filter(None, (str(ROOT / "tests/support"), _path())))
        environment = {**os.environ, "HENGTAN_AUDIT": folder, "PYTHONPATH": support}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "audited_tests", "-p", "no:xdist"]
        subprocess.run([*command, *tests], cwd=ROOT, env=environment, check=False)
        lines = [
            json.loads(line)
            for path in sorted(Path(folder).iterdir())
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
    by_test: dict[str, list[Run]] = defaultdict(list)
    for line in lines:
        for named in {line["test"], line["test"].partition("[")[0]}:
            by_test[named].append(line)
    return {test: _together(cases) for test, cases in by_test.items()}


def _path() -> str:
    return os.environ.get("PYTHONPATH", "")


def _together(cases: Sequence[Run]) -> Run:
    states = {case["state"] for case in cases}
    rows: Counter[str] = Counter()
    for case in cases:
        rows.update(case["rows"])
    worst = next((state for state in ("failed", "skipped") if state in states), "passed")
    return {"state": worst, "forms": str(len(rows)), "count": str(sum(rows.values()))}


def audited(row: Row, runs: Mapping[str, Run]) -> dict[str, str]:
    """A row of the coverage with what the run says of it."""
    came = runs.get(row["test"])
    return {
        "system_id": row["system_id"],
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "works": row["works"],
        "test": row["test"],
        "tells": tells(row["test"]) if row["test"] else "",
        "state": came["state"] if came else ("not run" if row["test"] else ""),
        "forms": came["forms"] if came else "",
        "rows": came["count"] if came else "",
        "note": row["note"],
    }


def tells(test: str) -> str:
    """What a test shows, by its name."""
    path, _, function = test.partition("[")[0].partition("::")
    names = {
        node.name
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    if function not in names:
        raise SystemExit(f"{test}: no such test")
    return function.removeprefix("test_").replace("_", " ")


def page(told: Sequence[Row]) -> Iterator[str]:
    """The page: counts by what works, then each system."""
    yield "# 覆盖核对 Audit"
    yield ""
    yield (
        "`docs/coverage.csv` 逐行点名一个测试。这一页由 `python make.py audit` 写成：把点名的测试都"
        "跑一遍，记下结果，以及测试（连同它的准备）向台账报送了几张表、几行。行数为 0 "
        "的测试把行直接交给账户、工作簿或规则，或者用事先做好的工作区，不在测试里报送。"
    )
    yield ""
    yield (
        "Every row of the coverage names a test. `python make.py audit` runs them and writes this "
        "page: how each ended, and how many rows of how many forms it handed into a ledger, its "
        "fixtures included. A test with no rows gives them to an account, a workbook or a rule "
        "itself, or stands on a workspace made before."
    )
    yield ""
    yield f"运行日 Run on {date.today().isoformat()}"
    yield ""
    yield from counts(told)
    for works in WORKS:
        of_works = [row for row in told if row["works"] == works]
        yield ""
        yield f"## {works}"
        yield ""
        yield from systems(of_works, works)


def counts(told: Sequence[Row]) -> Iterator[str]:
    """Rows by what works, and how their tests ended."""
    yield "| works | 含义 Meaning | 系统 Systems | 测试 Tests | 通过 Passed | 未通过 Not passed |"
    yield "|---|---|--:|--:|--:|--:|"
    for works in WORKS:
        of_works = [row for row in told if row["works"] == works]
        tests = {row["test"]: row["state"] for row in of_works if row["test"]}
        passed = sum(state == "passed" for state in tests.values())
        yield (
            f"| {works} | {MEANS[works]} | {len(of_works)} | {len(tests)} | {passed} |"
            f" {len(tests) - passed} |"
        )


def systems(rows: Iterable[Row], works: str) -> Iterator[str]:
    """A line a system."""
    if works == "not yet":
        yield "| 系统 System | 说明 Note |"
        yield "|---|---|"
        for row in rows:
            yield f"| {row['name_zh']} {row['name_en']} | {row['note'] or '—'} |"
        return
    yield "| 系统 System | 跑了什么 What was run | 结果 | 表 Forms | 行 Rows | 还薄弱 Thin |"
    yield "|---|---|---|--:|--:|---|"
    for row in rows:
        file = row["test"].partition("::")[0]
        yield (
            f"| {row['name_zh']} {row['name_en']} | {row['tells']} (`{file}`) | {row['state']} |"
            f" {row['forms']} | {row['rows']} | {row['note'] or '—'} |"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
