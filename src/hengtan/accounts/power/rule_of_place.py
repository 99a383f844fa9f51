"""The rule of a demand response as a place has set it in the form ``local_parameters``.

What nobody has set is no number: the codes name the parameters that lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengtan.accounts.power.baselines import Rule

ITEMS = {
    "days": "response.baseline.days",
    "look_back": "response.baseline.look_back",
    "adjust_hours": "response.baseline.adjust_hours",
    "adjust_limit": "response.baseline.adjust_limit",
    "pay_cap": "response.pay.cap",
    "pay_floor": "response.pay.floor",
}


@dataclass(frozen=True)
class Local:
    """A rule of a place on a day: the baseline, the cap and the floor of pay as multiples of the
    called power, and the documents that set them.
    """

    rule: Rule
    pay_cap: float
    pay_floor: float
    documents: str


def local_rule(
    rows: Iterable[Mapping[str, Any]], reach: Iterable[str], day: date
) -> tuple[Local | None, list[str]]:
    """The rule in force on a day and nothing, or None and the names of what lacks.

    ``rows``: rows of ``local_parameters``; ``reach``: the place and those it lies in, the nearest
    first. What the nearest place has set counts.
    """
    rows = list(rows)
    order = {place: number for number, place in enumerate(reach)}
    values: dict[str, Mapping[str, Any]] = {}
    for name, item in ITEMS.items():
        own = [
            row
            for row in rows
            if row["item"] == item
            and row["place"] in order
            and row["begins"] <= day
            and (row["ends"] is None or row["ends"] >= day)
        ]
        if own:
            values[name] = min(
                own, key=lambda row: (order[row["place"]], -row["begins"].toordinal())
            )
    lacking = [item for name, item in ITEMS.items() if name not in values]
    if lacking:
        return None, lacking
    figures = {name: row["value"] for name, row in values.items()}
    rule = Rule(
        int(figures["days"]),
        int(figures["look_back"]),
        int(figures["adjust_hours"]),
        figures["adjust_limit"],
    )
    documents = "；".join(sorted({row["source_title"] for row in values.values()}))
    return Local(rule, figures["pay_cap"], figures["pay_floor"], documents), []
