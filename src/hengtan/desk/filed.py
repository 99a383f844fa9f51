"""What was filed about one thing: submissions whose rows name it, with what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hengtan.ledger.lake import quoted

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form
    from hengtan.workspace.workspace import Workspace

NOT_FILED = ("draft", "withdrawn")
"""States of rows that say nothing of the thing."""
FILED = """
    select _submission as submission, {place} as place, {period} as period,
        count(*) as number, bool_and(_state = 'replaced') as is_replaced
    from memory.main.{view} where {column} = ? group by all
    order by submission, period, place desc
"""


@dataclass(frozen=True)
class Filed:
    """A submission as far as it is about one thing, for a period and place of its rows."""

    submission: str
    form: str
    place: str | None
    period: str | None
    rows: int
    state: str
    reason: str
    handed_in: date | None
    changed: date | None
    file: str


def filed_about(workspace: Workspace, forms: Iterable[tuple[Form, str]], name: str) -> list[Filed]:
    """What was filed about a thing, the newest step first; ``forms``: each with the column that
    names it.
    """
    from hengtan.office.filings import submitted

    register = workspace.ledger.current()
    filed: list[Filed] = []
    for form, column in forms:
        if not register.by_form.get(form.id):
            continue
        steps = {filing.submission: filing for filing in submitted(register, form.id)}
        ids = {known.id: known.type for known in form.fields}
        period = next((name for name, kind in ids.items() if kind == "period"), None)
        listed = {
            "place": quoted("place") if "place" in ids else "cast(null as varchar)",
            "period": quoted(period) if period else "cast(null as varchar)",
            "column": quoted(column),
        }
        view = quoted(workspace.ledger.all_rows(form.id, schema=form.schema()))
        for row in workspace.ledger.query(FILED.format(view=view, **listed), [name]):
            step = steps.get(row["submission"])
            if step is None or step.state in NOT_FILED:
                continue
            filed.append(
                Filed(
                    row["submission"],
                    form.id,
                    row["place"],
                    row["period"],
                    row["number"],
                    "replaced" if row["is_replaced"] else step.state,
                    step.reason,
                    step.handed_in.date() if step.handed_in else None,
                    step.changed.date(),
                    register.records[row["submission"]].file_name or "",
                )
            )
    return sorted(filed, key=lambda each: (each.changed or date.min, each.submission))[::-1]
