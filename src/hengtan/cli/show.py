"""How the command line shows things: lights, tables, findings, progress, and one line for
an error.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from hengtan.basis.lights import Light

Row = Mapping[str, Any]
SHOWN_FINDINGS = 30
WIDTH = 180
"""Columns of what is written into a file or another program."""


READ_BY_PEOPLE = 100_000
"""Characters up to which JSON is set on lines, which takes four times as long."""


def as_json(content: Any) -> str:
    """JSON text with Chinese as it is and dates in ISO form; on lines unless it is longer than
    people read.
    """
    text = json.dumps(content, ensure_ascii=False, default=_plain)
    if len(text) <= READ_BY_PEOPLE:
        text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
    return _CONTROLS.sub(lambda sign: f"\\u{ord(sign.group()):04x}", text)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if hasattr(value, "__dict__"):
        return vars(value)
    return str(value)


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Signs that steer a terminal or turn the direction of writing."""


def visible(text: str) -> str:
    """A text without signs that steer a terminal: each is shown as �."""
    return _CONTROLS.sub("�", text)


def plain(text: str) -> Text:
    """A text from a file or a ledger as a cell: ``[/x]`` and ``:smile:`` in it are no markup."""
    from rich.text import Text

    return Text(visible(text))


def say(text: str = "", *, error: bool = False) -> None:
    """One plain line to standard output or standard error."""
    print(visible(text), file=sys.stderr if error else sys.stdout)


@contextmanager
def progress_bar(shown: bool = True) -> Iterator[Callable[[float, str], None]]:
    """A Rich progress bar on standard error; gives ``tell(share, text)``."""
    if not shown or not sys.stderr.isatty():
        yield lambda share, text: say(f"[{share:4.0%}] {text}", error=True) if shown else None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task("…", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


WIDE, MIDDLE = 150, 100
"""Columns of a terminal that hold the whole table, and that hold it with one line a target."""
FIXED = {"灯": 10, "要求": 20, "最近数值": 18, "数据状态": 12, "每年需": 8, "目标": 24}
"""Widths of the columns of a table with one line a target."""
LEAST_WIDTH, REASON_WIDTH, TEXT_WIDTH = 8, 48, 26


def status_table(rows: Iterable[Row]) -> None:
    """The status of targets as a Rich table, lights first counted in one line.

    A narrow terminal gets one line a target.
    """
    from rich.console import Console

    from hengtan.basis.lights import LIGHTS

    targets = list(rows)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    counts = Counter(row["light"] for row in targets)
    lights = (
        f"[{light.terminal}]{light.mark} {light.title()} {counts[light.name]}[/]"
        for light in LIGHTS.values()
        if counts[light.name]
    )
    console.print("  ".join(lights))
    wide, middle = console.width >= WIDE, console.width >= MIDDLE
    titles = _titles(wide, middle)
    table = _empty_table(titles, console.width, wide, middle)
    plan = None
    for row in targets:
        if row["plan"] != plan:
            table.add_section()
            plan = row["plan"]
        cells = _cells(row, wide)
        shown = {title: plain(cells[title]) for title in titles if title != "灯"}
        table.add_row(*(shown.get(title, cells[title]) for title in titles))
    console.print(table)
    if not middle:
        console.print("窄屏略去理由：放宽窗口，或看 report.html、hengtan status --json")


def _titles(wide: bool, middle: bool) -> list[str]:
    if wide:
        return ["灯", "目标", "地区", "要求", "最近数值", "时期", "数据状态", "每年需", "理由"]
    more = ["数据状态", "每年需", "理由"] if middle else []
    return ["灯", "目标", "要求", "最近数值", *more]


def _empty_table(titles: list[str], width: int, wide: bool, middle: bool) -> Table:
    from rich.table import Table

    fixed = dict(FIXED)
    gaps = 2 * len(titles) + 1
    fixed["理由"] = width - sum(FIXED.values()) - gaps
    if not middle:
        fixed["目标"] = width - sum(fixed[title] for title in titles if title != "目标") - gaps
    padding = (0, 1) if wide else (0, 0, 0, 1)
    table = Table(show_lines=False, header_style="bold", expand=False, padding=padding)
    for title in titles:
        most = REASON_WIDTH if title == "理由" else TEXT_WIDTH
        table.add_column(
            title,
            overflow="fold" if wide else "ellipsis",
            no_wrap=not wide,
            width=None if wide else max(fixed[title], LEAST_WIDTH),
            max_width=most if wide else None,
            justify="right" if title in ("最近数值", "每年需") else "left",
        )
    return table


def _cells(row: Row, wide: bool) -> dict[str, str]:
    from hengtan.basis.lights import LIGHTS
    from hengtan.report.numerals import amount

    period = row["latest_period"] or "—"
    latest = amount(row["latest_value"], row["latest_unit"])
    has_value = row["latest_value"] is not None
    goal = amount(row["goal"], row["unit"])
    return {
        "灯": _light(LIGHTS[row["light"]]),
        "目标": row["indicator_zh"],
        "地区": row["region"],
        "要求": f"{_operator(row)}{goal}（{row['deadline']}）",
        "最近数值": f"{latest} {period}" if has_value and not wide else latest,
        "时期": period,
        "数据状态": _state(row),
        "每年需": _needed(row),
        "理由": row["light_reason"],
    }


def _state(row: Row) -> str:
    """The state of the data; with 自审 where the person who handed the figure in approved it, or
    rows it is computed from.
    """
    from hengtan.report.reasons import state_name

    state = state_name(row["state"])
    alone = row.get("self_approved") or row["latest_confidence"] == "self_approved"
    return f"{state}·自审" if alone else state


def _light(light: Light) -> str:
    """Mark and short name of a light in its colour."""
    return f"[{light.terminal}]{light.mark} {light.title().partition('·')[0]}[/]"


def _needed(row: Row) -> str:
    """The yearly change still needed, signed; ``已达到`` where the latest value meets the goal."""
    if row["needed_pace"] is None:
        return "—"
    is_met = row["gap"] >= 0 if row["operator"] == "<=" else row["gap"] <= 0
    if is_met:
        return "已达到" if row["state"] == "actual" else "—"
    return f"{row['needed_pace']:+.4g}"


def _operator(row: Row) -> str:
    words = {
        ">=": "＞" if row["strict"] else "≥",
        "<=": "＜" if row["strict"] else "≤",
        "decrease_by": "降 ",
        "increase_by": "增 ",
        "approx": "约 ",
    }
    return words[row["operator"]]


def findings(listed: Iterable[Any], *, everything: bool = False, error: bool = False) -> None:
    """Findings one a line, errors first; the rest is counted. ``error``: beside the output."""
    ordered = sorted(listed, key=lambda finding: finding.level != "error")
    for finding in ordered if everything else ordered[:SHOWN_FINDINGS]:
        say(f"{'错误' if finding.level == 'error' else '提示'} {finding}", error=error)
    more = len(ordered) - SHOWN_FINDINGS
    if more > 0 and not everything:
        say(f"……另有 {more} 条，用 --json 查看全部 | and {more} more", error=error)


def account(figures: Any) -> None:
    """How many figures a file holds, and how many of them were read."""
    rest = f"年份、编号、合计等说明 {figures.heading} 个，未读 {figures.not_read} 个"
    say(f"清点：{figures.figures} 个数，读出 {figures.read} 个，{rest}")


def counted(counting: Any, *, error: bool = False) -> None:
    """The account of a workbook, with marks that were cut and figures that were not read;
    ``error``: only these, beside the output.
    """
    findings([*counting.remarks, *counting.unread], everything=True, error=error)
    if not error:
        account(counting.account)


def plain_table(rows: Sequence[Row], columns: list[str]) -> None:
    """A list of dicts as a Rich table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold")
    for column in columns:
        table.add_column(plain(column), overflow="fold")
    for row in rows:
        cells = (row.get(column) for column in columns)
        table.add_row(*(plain("" if cell is None else str(cell)) for cell in cells))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)
