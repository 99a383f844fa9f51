"""Costs of technologies from packs, in one currency: figures of several are never mixed, and one
that is marked (an outlier, made up, put in another currency) is not used unless its mark is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished


@dataclass(frozen=True)
class Wanted:
    """A figure of a technology in a year, in a currency (``none`` for a share or a life), with the
    marks that the user accepts.
    """

    technology: str
    parameter: str
    year: int
    currency: str = "CNY"
    accepted: frozenset[str] = frozenset()


def figure(rows: Iterable[Mapping[str, Any]], wanted: Wanted) -> Mapping[str, Any]:
    """The row of ``technology_costs`` that is wanted, with its unit, source and mark.

    Raises ParameterNotEstablished where there is none, where it stands in another currency, or
    where it is marked; it names the form in which the user gives a figure of their own.
    """
    key = (wanted.technology, wanted.parameter, wanted.year)
    same = [row for row in rows if (row["technology"], row["parameter"], row["year"]) == key]
    if not same:
        raise _refused(wanted, "造价表里没有这一项", "the table of costs does not have it")
    (row,) = same
    if row["currency"] != wanted.currency:
        raise _refused(
            wanted,
            f"造价表里是{row['currency']}，不能当作{wanted.currency}",
            f"the table has it in {row['currency']}, which is not {wanted.currency}",
        )
    if row["mark"] and row["mark"] not in wanted.accepted:
        raise _refused(wanted, row["mark_zh"], row["mark_en"])
    return row


def _refused(wanted: Wanted, zh: str, en: str) -> ParameterNotEstablished:
    what = f"{wanted.technology} {wanted.parameter} {wanted.year}"
    return ParameterNotEstablished(
        f"{what}：{zh}",
        f"{what}: {en}",
        todo="在“发电机组”（power_units）等报表里填自己的造价和来源",
        todo_en="fill a figure with its source in power_units or the form of the study",
    )
