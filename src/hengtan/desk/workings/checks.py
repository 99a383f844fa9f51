"""Workings that check a table of others: an energy balance, inventories of cities (GPC)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hengtan.desk.workings.working import (
    Ask,
    Sent,
    Slot,
    Table,
    Worked,
    Working,
    columns,
    in_both,
)
from hengtan.workbooks.balance import TableReport, check_balance
from hengtan.workbooks.gpc import check_gpc

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

PARTLY, SHEET = Ask("partly", "flag"), Ask("sheet")
IDLE = ("not_applicable", "not_testable")
LAYOUT = columns("sheet", "label", "kind", "unit", "rows", "columns", "choices", "coefficient")
IDENTITIES = columns(
    "sheet", "identity", "holds", "broken", "not_testable", "not_applicable", "why"
)
TOTALS = ("basic", "basic_plus", "basic_plus_s3", "territorial")
INVENTORIES = columns(
    "row",
    "inventory",
    *(f"{total}{of}" for total in TOTALS for of in ("", "_published")),
    "blank",
    "not_estimated",
)


def balance(workspace: Workspace, sent: Sent) -> Worked:
    """The layout of an energy balance, which identities hold, the cell that is off. Raises
    HengtanError.
    """
    report = check_balance(
        sent.file,
        sent.text("sheet") or None,
        sent.number("tolerance", 0.0, least=0),
        sent.files.get("physical"),
        partly=sent.is_ticked("partly"),
        names=workspace.pack.rows("balance_names"),
    )
    identities = [row for table in report.tables for row in identity_rows(table)]
    notes = [note for table in report.tables for note in table.checked.notes]
    return Worked(
        [
            Table("working.balance.layout", LAYOUT, [_layout(t) for t in report.tables]),
            Table("working.balance.identities", IDENTITIES, identities),
        ],
        [(note, note) for note in dict.fromkeys(notes)],
        report.findings,
        report.account,
    )


def _layout(report: TableReport) -> list[Any]:
    """Which sheet was read and how."""
    table = report.balance
    return [
        report.sheet,
        table.label,
        in_both(f"working.balance.{'standard' if table.standard else 'physical'}"),
        table.unit or "、".join(dict.fromkeys(table.units.values())),
        len(table.rows),
        len(table.columns),
        "；".join(report.checked.choices),
        report.coefficient,
    ]


def identity_rows(report: TableReport) -> list[list[Any]]:
    """A row for each identity, in the order of their numbers: how many columns hold it."""
    results = report.checked.results
    names = dict.fromkeys(result.identity for result in results)
    rows = []
    for name in sorted(names, key=lambda name: (_number(name), name)):
        states = Counter(result.state for result in results if result.identity == name)
        reasons = [r.reason for r in results if r.identity == name and r.state in IDLE]
        why = "；".join(dict.fromkeys(filter(None, reasons)))
        counts = [states[state] for state in ("holds", "broken", "not_testable", "not_applicable")]
        rows.append([report.sheet, name, *counts, why])
    return rows


def _number(name: str) -> int:
    return int("".join(sign for sign in name.partition("-")[0] if sign.isdigit()) or 0)


def gpc(workspace: Workspace, sent: Sent) -> Worked:
    """Inventories of cities: what their rows add to beside what was published. Raises
    HengtanError.
    """
    sheet = sent.text("sheet") or None
    report = check_gpc(sent.file, sheet, partly=sent.is_ticked("partly"))
    rows = [
        [
            inventory["line"],
            inventory["name"],
            *_totals(inventory),
            len(inventory["blank"]),
            len(inventory["not_estimated"]),
        ]
        for inventory in report.inventories
    ]
    return Worked(
        [Table("working.gpc.inventories", INVENTORIES, rows)],
        findings=report.findings,
        account=report.account,
    )


def _totals(inventory: Any) -> Sequence[float | None]:
    published = inventory["published"]
    return [cell for total in TOTALS for cell in (inventory[total], published.get(total))]


WORKINGS = (
    Working(
        "balance",
        balance,
        slots=(Slot(), Slot("physical", is_needed=False)),
        asks=(SHEET, Ask("tolerance"), PARTLY),
    ),
    Working("gpc", gpc, asks=(SHEET, PARTLY)),
)
