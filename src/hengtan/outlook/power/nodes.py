"""The nodes of a study from rows of ``dispatch_nodes``: what belongs to which, the load of each;
and the lines between them from rows of ``power_lines``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hengtan.accounts.power.formulas import line_susceptance
from hengtan.basis.words import coded
from hengtan.outlook.hourly import HourlySeries
from hengtan.outlook.linear import Array
from hengtan.outlook.power.parts import Line
from hengtan.outlook.power.records import (
    Context,
    Row,
    code_of,
    count_unverified,
    of_row,
    refusal,
    split,
    title_of,
)
from hengtan.outlook.power.stores import share_lost

FEWEST, MOST = 2, 5
WHOLE, NEAR = 100.0, 0.05
"""Shares of the load must add to this, to within so much. [%]"""
ROUNDING = 1e-6
"""Load below nought that is nothing but rounding. [MW]"""
Scaled = Callable[[HourlySeries, Row], HourlySeries]


@dataclass(frozen=True)
class Nodes:
    """The nodes of a study.

    ``place_of`` gives the code of a name or code of a place, None where it is not known; ``within``
    says whether a place lies in another.
    """

    rows: Sequence[Row]
    place_of: Callable[[str], str | None]
    within: Callable[[str, str], bool]

    @property
    def names(self) -> tuple[str, ...]:
        """What the nodes are called, in the order of their rows."""
        return tuple(str(row["node"]) for row in self.rows)

    @cached_property
    def places(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the places of each node. Raises HengtanError for one that is not known."""
        return {str(row["node"]): tuple(self._codes(row)) for row in self.rows}

    def _codes(self, row: Row) -> list[str]:
        codes = []
        for text in split(row.get("places")):
            code = self.place_of(text)
            if code is None:
                raise of_row(row, "places", "no_place", row["node"], text)
            codes.append(code)
        return codes

    def of(self, row: Row) -> str:
        """The node of a unit, site, resource or line from outside: that which lists its code, else
        that of its place, or of the receiving end. Raises HengtanError where it has none, or two.
        """
        listed = [str(n["node"]) for n in self.rows if code_of(row) in split(n.get("codes"))]
        if not listed and row.get("receiving"):
            return self.at_end(row, "receiving")
        fitting = listed or self._around(row["place"])
        name = f"{title_of(row)}（{code_of(row)}）"
        if not fitting:
            raise of_row(row, "place", "no_node", name, "、".join(self.names))
        if len(fitting) > 1:
            raise of_row(row, "place", "two_nodes", name, *fitting[:2])
        return fitting[0]

    def at_end(self, row: Row, column: str) -> str:
        """The node at an end of a line, by its name or by a place in it. Raises HengtanError."""
        text = str(row[column]).strip()
        if text in self.names:
            return text
        code = self.place_of(text)
        fitting = [] if code is None else self._around(code)
        if len(fitting) != 1:
            raise of_row(row, column, "no_end", title_of(row), text, "、".join(self.names))
        return fitting[0]

    def _around(self, place: str) -> list[str]:
        return [
            name
            for name, codes in self.places.items()
            if any(self.within(place, code) for code in codes)
        ]


def nodes_of(
    rows: Sequence[Row],
    study: Row,
    place_of: Callable[[str], str | None],
    within: Callable[[str, str], bool],
) -> Nodes | None:
    """The nodes of a study; None for a study without rows, which has one node.

    Raises HengtanError for a single node and for more than five.
    """
    own = [row for row in rows if (row["place"], row["study"]) == (study["place"], study["study"])]
    if not own:
        return None
    if len(own) < FEWEST:
        raise of_row(own[0], "node", "lonely_node", study["study"], own[0]["node"])
    if len(own) > MOST:
        raise of_row(own[MOST], "node", "too_many_nodes", study["study"], len(own), MOST)
    return Nodes(sorted(own, key=lambda row: str(row["node"])), place_of, within)


def loads_of(
    nodes: Nodes, load: HourlySeries, scaled: Scaled, context: Context
) -> tuple[HourlySeries, Array]:
    """The load of the study and that of each node, nodes × hours. [MW]

    Nodes with a series of their own have that; what is left of the study's load is divided among
    the others by their shares. Where each node has a series, their sum is the load of the study.

    Raises HengtanError for shares that are not whole, and for series above the study's load.
    """
    own = {
        str(row["node"]): scaled(context.series(row["load_series"]), row)
        for row in nodes.rows
        if row.get("load_series")
    }
    for series in own.values():
        if series.kind != "metered" or series.changes:
            context.tell("assumed.load", "｜".join(series.name()))
    taken = np.sum([series.values for series in own.values()], axis=0) if own else 0.0
    if len(own) == len(nodes.rows):
        return _summed(load, own, context)
    rest = load.values - taken
    lacking = np.flatnonzero(rest < -ROUNDING)
    if lacking.size:
        hour = int(lacking[0])
        amounts = (f"{(load.values - rest)[hour]:,.1f}", f"{load.values[hour]:,.1f}")
        raise refusal("more_than_load", hour + 1, *amounts)
    shares = _shares(nodes, context, bool(own))
    demand = [
        own[name].values if name in own else np.maximum(rest, 0.0) * shares[name]
        for name in nodes.names
    ]
    return load, np.array(demand)


def _summed(
    load: HourlySeries, own: Mapping[str, HourlySeries], context: Context
) -> tuple[HourlySeries, Array]:
    study = context.study
    if study.get("demand_energy") is not None or study.get("demand_peak") is not None:
        raise of_row(study, "demand_energy", "two_loads")
    demand = np.array([series.values for series in own.values()])
    names = "、".join(own)
    total = load.changed(
        demand.sum(axis=0), f"改为节点（{names}）序列之和", f"replaced by the sum of nodes {names}"
    )
    return total, demand


def _shares(nodes: Nodes, context: Context, beside_series: bool) -> dict[str, float]:
    """The share of each node that has one. [1]"""
    rows = [row for row in nodes.rows if not row.get("load_series")]
    total = sum(float(row["demand_share"]) for row in rows)
    if abs(total - WHOLE) > NEAR:
        raise of_row(rows[0], "demand_share", "shares_not_whole", f"{total:g}")
    of_what = coded(f"assumed.load_of_{'rest' if beside_series else 'study'}")
    for row in rows:
        context.tell("assumed.node_share", row["node"], of_what, f"{row['demand_share']:g}")
    return {str(row["node"]): float(row["demand_share"]) / total for row in rows}


def lines_of(rows: Sequence[Row], nodes: Nodes, context: Context) -> tuple[Line, ...]:
    """The lines between nodes of rows of ``power_lines`` that are not from outside: by the angles
    of the nodes where a reactance is given, else with a flow that is chosen.

    Raises HengtanError for an end that is no node of the study.
    """
    inside = [row for row in rows if not row["outside"]]
    count_unverified(inside, context)
    lines = []
    for row in inside:
        line = _line(row, nodes, context)
        if line.start == line.end:
            context.tell("assumed.line_within", line.name, line.start)
        else:
            lines.append(line)
    return tuple(lines)


def _line(row: Row, nodes: Nodes, context: Context) -> Line:
    name = f"{title_of(row)}（{code_of(row)}）"
    by_angle = row.get("reactance") is not None
    if by_angle and row.get("loss"):
        context.tell("assumed.lossless", name)
    if row.get("yearly_energy") is not None or row.get("series"):
        context.tell("assumed.line_free", name)
    return Line(
        name=name,
        start=nodes.at_end(row, "sending"),
        end=nodes.at_end(row, "receiving"),
        power=float(row["capacity"]),
        efficiency=1.0 if by_angle else 1.0 - share_lost(row, context),
        susceptance=_susceptance(row) if by_angle else None,
        source=f"power_lines {code_of(row)}：{row.get('source_title') or ''}",
    )


def _susceptance(row: Row) -> float:
    resistance = float(row.get("resistance") or 0.0)
    return float(line_susceptance(float(row["voltage"]), float(row["reactance"]), resistance))
