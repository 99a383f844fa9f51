"""How the command line shows things: lights, tables, findings, progress, and one line for an error."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from hengtan.basis.lights import LIGHTS, Light

SHOWN_FINDINGS = 30


def as_json(content: Any) -> str:
    """JSON text with Chinese as it is and dates in ISO form."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if hasattr(value, "__dict__"):
        return vars(value)
    return str(value)


def say(text: str = "", *, error: bool = False) -> None:
    """One plain line to standard output or standard error."""
    print(text, file=sys.stderr if error else sys.stdout)


@contextmanager
def progress_bar(shown: bool = True) -> Iterator[Callable[[float, str], None]]:
    """A Rich progress bar on standard error; gives ``tell(share, text)``."""
    if not shown or not sys.stderr.isatty():
        yield lambda share, text: say(f"[{share:4.0%}] {text}", error=True) if shown else None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task("…", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


WIDE, MIDDLE = 150, 100
"""Columns of a terminal that hold the whole table, and that hold it with one line a target."""


def status_table(rows: Iterable[Mapping[str, Any]]) -> None:
    """The status of targets as a Rich table, lights first counted in one line; a narrow terminal gets one line a target."""
    from rich.console import Console
    from rich.table import Table

    from hengtan.report.numerals import amount
    from hengtan.report.reasons import state_name

    held = list(rows)
    console = Console(width=None if sys.stdout.isatty() else 180)
    wide, middle = console.width >= WIDE, console.width >= MIDDLE
    counts = Counter(r["light"] for r in held)
    console.print(
        "  ".join(
            f"[{light.terminal}]{light.mark} {light.title()} {counts[light.name]}[/]"
            for light in LIGHTS.values()
            if counts[light.name]
        )
    )
    table = Table(
        show_lines=False,
        header_style="bold",
        expand=False,
        padding=(0, 1) if wide else (0, 0, 0, 1),
    )
    titles = (
        ["灯", "目标", "地区", "要求", "最近数值", "时期", "数据状态", "每年需", "理由"]
        if wide
        else ["灯", "目标", "要求", "最近数值", *(["数据状态", "每年需", "理由"] if middle else [])]
    )
    fixed = {"灯": 10, "要求": 20, "最近数值": 18, "数据状态": 12, "每年需": 8, "目标": 24}
    fixed["理由"] = console.width - sum(fixed.values()) - 2 * len(titles) - 1
    fixed["目标"] = (
        fixed["目标"]
        if middle
        else console.width - sum(fixed[t] for t in titles if t != "目标") - 2 * len(titles) - 1
    )
    for title in titles:
        table.add_column(
            title,
            overflow="fold" if wide else "ellipsis",
            no_wrap=not wide,
            width=None if wide else max(fixed[title], 8),
            max_width=48 if title == "理由" and wide else 26 if wide else None,
            justify="right" if title in ("最近数值", "每年需") else "left",
        )
    plan = None
    for r in held:
        if r["plan"] != plan:
            table.add_section()
            plan = r["plan"]
        latest, period = amount(r["latest_value"], r["latest_unit"]), r["latest_period"] or "—"
        cells = {
            "灯": _light(LIGHTS[r["light"]]),
            "目标": r["indicator_zh"],
            "地区": r["region"],
            "要求": f"{_operator(r)}{amount(r['goal'], r['unit'])}（{r['deadline']}）",
            "最近数值": latest if wide or r["latest_value"] is None else f"{latest} {period}",
            "时期": period,
            "数据状态": state_name(r["state"]),
            "每年需": _needed(r),
            "理由": r["light_reason"],
        }
        table.add_row(*(cells[title] for title in titles))
    console.print(table)
    if not middle:
        console.print("窄屏略去理由：放宽窗口，或看 report.html、hengtan status --json")


def _light(light: Light) -> str:
    """Mark and short name of a light in its colour."""
    return f"[{light.terminal}]{light.mark} {light.title().partition('·')[0]}[/]"


def _needed(row: Mapping[str, Any]) -> str:
    """The yearly change still needed, signed; ``已达标`` where the latest value meets the goal already."""

    if row["needed_pace"] is None:
        return "—"
    falls = row["operator"] == "<="
    if (row["gap"] >= 0) if falls else (row["gap"] <= 0):
        return "已达到" if row["state"] == "actual" else "—"
    return f"{row['needed_pace']:+.4g}"


def _operator(row: Mapping[str, Any]) -> str:
    words = {
        ">=": "＞" if row["strict"] else "≥",
        "<=": "＜" if row["strict"] else "≤",
        "decrease_by": "降 ",
        "increase_by": "增 ",
        "approx": "约 ",
    }
    return words[row["operator"]]


def findings(found: Iterable[Any], *, everything: bool = False) -> None:
    """Findings one a line, errors first; the rest is counted."""
    ordered = sorted(found, key=lambda f: f.level != "error")
    for finding in ordered if everything else ordered[:SHOWN_FINDINGS]:
        say(f"{'错误' if finding.level == 'error' else '提示'} {finding}")
    if len(ordered) > SHOWN_FINDINGS and not everything:
        say(
            f"……另有 {len(ordered) - SHOWN_FINDINGS} 条，用 --json 查看全部 | and {len(ordered) - SHOWN_FINDINGS} more"
        )


def plain_table(rows: Sequence[Mapping[str, Any]], columns: list[str]) -> None:
    """A list of dicts as a Rich table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if row.get(c) is None else str(row.get(c)) for c in columns))
    Console(width=None if sys.stdout.isatty() else 180).print(table)
