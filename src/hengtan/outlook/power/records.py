"""What records of a power system are read with: the study, prices, factors and series; and how a
row that says too little is refused.

A number that neither a row nor the study says is refused, naming the form that would hold it. What
was taken from the study, was borrowed or was not verified is told by code (``words.yaml``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hengtan.accounts.energy.formulas import GJ_PER_TCE
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.words import coded
from hengtan.graph.codes import refuser
from hengtan.outlook.hourly import HourlySeries
from hengtan.outlook.power.parts import Fuel

Row = Mapping[str, Any]
refusal = refuser("hengtan.outlook.power")
NODE = "local"
"""The node of a study without rows of ``dispatch_nodes``."""
PLANNED = ("operating", "construction", "permitted", "planned")
STATUSES = {"operating": PLANNED[:1], "construction": PLANNED[:2], "planned": PLANNED}
GONE = frozenset({"retired", "cancelled", "shelved"})


@dataclass(frozen=True)
class Burnt:
    """What packs say of a fuel: heat of a canonical unit (t or m3) and carbon of its heat.

    ``heat`` [GJ/unit], ``carbon`` [tCO2/GJ]; ``source`` names the set of factors.
    """

    heat: float | None
    carbon: float | None
    source: str


def one_node(_row: Row) -> str:
    """The node of every unit, site, resource and line from outside, where there is one."""
    return NODE


@dataclass
class Context:
    """What rows are read with.

    Attributes
    ----------
    study : row of ``dispatch_studies``
    fuels : mapping of product to Burnt
    prices : rows of ``fuel_prices``
    series : function
        The series of an id in the year of the study; raises where there is none.
    assumed : list of str
        What was assumed, by code, in the order of reading.
    node_of : function
        The node of a row; raises where it has none.
    """

    study: Row
    fuels: Mapping[str, Burnt]
    prices: Sequence[Row]
    series: Callable[[str], HourlySeries]
    within: Callable[[str, str], bool]
    assumed: list[str] = field(default_factory=list)
    unverified: dict[str, int] = field(default_factory=dict)
    used_fuels: dict[str, Fuel] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    node_of: Callable[[Row], str] = one_node

    def called(self, product: str) -> str:
        """What a product is called, its code beside it."""
        name = self.products.get(product)
        return f"{name}（{product}）" if name else product

    @property
    def left_out(self) -> frozenset[str]:
        """Codes that the study leaves out."""
        return frozenset(split(self.study.get("leave_out")))

    def tell(self, code: str, *arguments: object) -> None:
        """Note an assumption, once."""
        text = coded(code, *arguments)
        if text not in self.assumed:
            self.assumed.append(text)

    def number(self, row: Row, name: str, default: str, code: str) -> float:
        """A number of a row, else that of the study; refused by ``code`` where neither has it."""
        if row.get(name) is not None:
            return float(row[name])
        if self.study.get(default) is None:
            raise of_row(row, name, code, title_of(row))
        return float(self.study[default])


def of_row(row: Row, column: str, code: str, *arguments: object) -> HengtanError:
    """The refusal of a row, with its place."""
    where = Where(
        file=row.get("_file") or None,
        sheet=row.get("_sheet") or None,
        row=row.get("_source_row"),
        column=column,
    )
    return refusal(code, *arguments, where=where if where.file else None)


def title_of(row: Row) -> str:
    """What people call the thing of a row."""
    for name in ("plant", "title", "power_unit", "line", "site"):
        if row.get(name):
            return str(row[name])
    return ""


def code_of(row: Row) -> str:
    """The code of the thing of a row."""
    for name in ("power_unit", "line", "site", "resource"):
        if row.get(name):
            return str(row[name])
    return ""


def standing(rows: Iterable[Row], context: Context) -> list[Row]:
    """Rows of the study's place that stand in its year by the statuses it counts, without those it
    leaves out.
    """
    study = context.study
    year, statuses = study["year"], STATUSES[study.get("statuses") or "operating"]

    def stands(row: Row) -> bool:
        start, end = row.get("start_year"), row.get("retired_year")
        retired_later = row["status"] == "retired" and end is not None and end > year
        return (
            context.within(row["place"], study["place"])
            and code_of(row) not in context.left_out
            and (row["status"] in statuses or retired_later)
            and (start is None or start <= year)
        )

    return [row for row in rows if stands(row)]


def split(text: Any) -> tuple[str, ...]:
    """Codes of a cell, which semicolons part."""
    return tuple(part.strip() for part in str(text or "").replace("；", ";").split(";") if part)


def price_of(product: str, context: Context) -> tuple[float, str]:
    """Price of the heat of a fuel in the study's period [yuan/GJ], and its source.

    The row of the nearest place counts, one at the plant before others.
    """
    study = context.study
    fitting = [
        row
        for row in context.prices
        if row["product"] == product
        and str(row["period"]) == str(study["fuel_period"])
        and context.within(study["place"], row["place"])
    ]
    if not fitting:
        raise refusal("no_price", context.called(product), study["fuel_period"])
    own = [row for row in fitting if row["place"] == study["place"]] or fitting
    row = next((r for r in own if r.get("delivered") == "plant"), own[0])
    price = price_of_heat(row, context.fuels.get(product, Burnt(None, None, "")), context)
    if row.get("nature") == "assumed" or row.get("confidence") in ("proposal", "unverified"):
        context.tell("assumed.price", context.called(product), f"{price:.4g}")
    return price, f"fuel_prices {product} {row['period']}：{row.get('source_title') or ''}"


GJ_OF = {"tce": GJ_PER_TCE, "kwh": 0.0036, "gj": 1.0}
"""Heat of a unit that a price may be by. [GJ]"""


def price_of_heat(row: Row, known: Burnt, context: Context) -> float:
    """Price of a GJ of a row of ``fuel_prices``. [yuan/GJ]"""
    unit = row["price_unit"]
    if unit in GJ_OF:
        return float(row["price"]) / GJ_OF[unit]
    if row.get("heat_value") is not None:
        heat = float(row["heat_value"]) / (1.0 if unit == "t" else 1000.0)
    elif known.heat is not None:
        heat = known.heat
        product = context.called(row["product"])
        context.tell("assumed.heat_value", product, f"{heat:.5g}", unit, known.source)
    else:
        raise of_row(row, "heat_value", "no_heat_value", context.called(row["product"]), unit)
    return float(row["price"]) / heat


def count_unverified(rows: Sequence[Row], context: Context) -> None:
    """Count, by source, the rows whose figures nobody read in it."""
    for row in rows:
        if row.get("confidence") not in ("read", "derived"):
            source = str(row.get("source_title") or "—")
            context.unverified[source] = context.unverified.get(source, 0) + 1


def tell_unverified(context: Context) -> None:
    """Tell of the figures of units, lines and sites that nobody read in their source."""
    for source, count in context.unverified.items():
        context.tell("assumed.unverified", count, source)
