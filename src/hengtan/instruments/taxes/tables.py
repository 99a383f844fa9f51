"""The environmental protection tax on a table of outlets: the same rule as the case, as one Ibis
expression on any engine.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph.in_force import in_force
from hengtan.graph.joins import beside
from hengtan.instruments.taxes.formulas import equivalents, reduction


def outlet_tax(emissions: Table, pollutants: Table, parameters: Table, medium: str) -> Table:
    """Tax of each outlet and day: one row (outlet, date) with ``tax`` [yuan], ``equivalents`` and
    ``missing`` (rows without a rate or an equivalent in force).

    Parameters
    ----------
    emissions : Ibis table
        outlet, date, region (a province's code), pollutant (id of the pack table), amount [kg];
        share (concentration over standard, missing where none is claimed) and compliant (every
        reading of the month within it).
    pollutants, parameters : Ibis tables
        The pack tables ``pollutants`` and ``rule_parameters``.
    medium : ``air`` or ``water``
        Air: the first three of an outlet. Water: the first five of class 1 and the first three of
        the others, of COD, BOD5 and TOC only the largest (环境保护税法 第九条). pH, colour and what
        is taxed by volume are not in it.

    The same result as the rule ``env_tax.air`` or ``env_tax.water`` gives for each outlet
    (tests/instruments/test_taxes_on_tables.py).
    """
    names = pollutants.filter(
        (_.medium == medium)
        & ~_["class"].isin(("water_ph", "water_small"))
        & (_.certainty != "low")
    ).select("pollutant", "equivalent", "group", "valid_from", "valid_to", kind=_["class"])
    rows = in_force(emissions, names, on=("pollutant",), day="date").drop("valid_from", "valid_to")
    rows = in_force(
        rows,
        _parameter(parameters, f"env_tax.{medium}.rate", "rate", by="region"),
        on=("region",),
        day="date",
    ).drop("valid_from", "valid_to")
    rows = beside(rows, _by_day(emissions, parameters, medium), "date")
    claimed = _.share.notnull() & _.compliant
    cut = reduction(rows.share, rows.at_most_30, rows.at_most_50, rows.cut30, rows.cut50)
    rows = rows.mutate(
        count=equivalents(rows.amount, rows.equivalent), factor=ibis.ifelse(claimed, cut, 1.0)
    )
    if medium == "water":
        largest = ibis.window(
            group_by=["outlet", "date", "group"], order_by=[_["count"].desc(), _.pollutant]
        )
        rows = (
            rows.mutate(in_group=ibis.row_number().over(largest))
            .filter(_.group.isnull() | (_.group == "") | (_.in_group == 0))
            .mutate(top=ibis.ifelse(_.kind == "water1", _.top1, _.top2))
        )
    ranked = ibis.window(
        group_by=["outlet", "date", "kind"], order_by=[_["count"].desc(), _.pollutant]
    )
    rows = rows.mutate(place=ibis.row_number().over(ranked)).mutate(
        part=ibis.ifelse(_.place < _.top, _["count"] * _.rate * _.factor, 0.0)
    )
    return rows.group_by("outlet", "date").agg(
        tax=_.part.sum(),
        equivalents=_["count"].sum(),
        missing=(_.rate.isnull() | _["count"].isnull()).sum(),
    )


def _by_day(emissions: Table, parameters: Table, medium: str) -> Table:
    """The parameters that are the same everywhere, in force on each day of the emissions: looked up
    once a day, however many outlets there are.
    """
    top = f"env_tax.{medium}.top"
    tops: tuple[tuple[str, str, str], ...] = ((top, "", "top"),)
    if medium == "water":
        tops = ((top, "class1", "top1"), (top, "other", "top2"))
    days = emissions.select("date").distinct()
    for name, key, as_name in (
        ("env_tax.reduction", "30", "cut30"),
        ("env_tax.reduction", "50", "cut50"),
        ("env_tax.reduction.at_most", "30", "at_most_30"),
        ("env_tax.reduction.at_most", "50", "at_most_50"),
        *tops,
    ):
        parameter = _parameter(parameters, name, as_name, key)
        days = in_force(days, parameter, day="date").drop("valid_from", "valid_to")
    return days


def _parameter(
    parameters: Table, name: str, as_name: str, key: str = "", by: str | None = None
) -> Any:
    """A parameter as a dated table of one column (and its region where ``by``); what is not
    established is not in it.
    """
    rows = parameters.filter(
        (_.parameter == name)
        & _.value.notnull()
        & (_.certainty.isnull() | (_.certainty != "low"))
        & (ibis.coalesce(_.key, ibis.literal("")) == key)
    )
    return rows.select(*([by] if by else []), "valid_from", "valid_to", **{as_name: _.value})
