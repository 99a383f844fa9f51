"""Waste water that is taxed by its volume (pH, colour, coliform, chlorine), and small emitters.

环境保护税法 (2018 修正), annex 2 and its notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import PH_MOST, PH_NEUTRAL
from hengtan.instruments.taxes.pollutants import (
    Counted,
    equivalents,
    outlet_label,
    pollutant_of,
    taxable,
)

COLOUR = "色度"
NEAR = 1e-2
"""How far a multiple beyond the standard may be rounded."""


def with_colour(calc: Calc, outlet: Mapping[str, Any]) -> dict[str, Any]:
    """An outlet with its colour as the multiple beyond the standard: (measured − limit) / limit of
    the dilution multiple, where that is given.

    Raises HengtanError for a colour of which it is not clear which of the two it is, and for two
    that contradict each other.
    """
    outlet = {name: _copied(value) for name, value in outlet.items()}
    for name, amounts in (
        ("colour_measured", outlet["concentrations"]),
        ("colour_limit", outlet["standards"]),
    ):
        if COLOUR in amounts:
            value = amounts.pop(COLOUR)
            outlet[name] = value if outlet[name] is None else outlet[name]
    measured, limit = outlet["colour_measured"], outlet["colour_limit"]
    if measured is None:
        if limit is not None:
            calc.warn("给了色度标准限值，没有给色度，没有用")
        return outlet
    if limit is None:
        raise calc.refuse(
            f"色度{measured:g}倍是稀释倍数还是超标倍数，不明",
            f"colour {measured:g}: dilution multiple or multiple beyond the standard?",
            todo="稀释倍数另给色度标准限值（colour_limit）；超标倍数写成“色度超标倍数”",
            todo_en="give colour_limit beside a dilution multiple, or write colour",
        )
    beyond = max(0.0, measured - limit) / limit
    how = f"({measured:g} − {limit:g}) ÷ {limit:g}"
    if outlet["colour"] is not None and abs(outlet["colour"] - beyond) > NEAR:
        raise calc.refuse(
            f"色度超标倍数{outlet['colour']:g}与{how} = {beyond:g}不一致",
            f"colour {outlet['colour']:g} contradicts {beyond:g}",
            todo="改正其一",
            todo_en="correct one of them",
        )
    outlet["colour"] = calc.step("色度超标倍数", beyond, unit="倍", how=how)
    return outlet


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def by_volume(calc: Calc, outlet: Mapping[str, Any]) -> list[Counted]:
    """pH, colour, coliform and chlorine: taxed by the volume of waste water."""
    figures = ("ph", "colour", "coliform_exceeded", "chlorine_exceeded")
    if all(outlet[name] in (None, False) for name in figures):
        return []
    if outlet["volume"] is None:
        raise calc.refuse(
            "pH值、色度、大肠菌群数、余氯量按污水量计征，要给污水量（volume）",
            "pH, colour, coliform and chlorine need the volume of waste water",
            todo="补上污水量（吨）",
            todo_en="give volume",
        )
    volume, where = outlet["volume"], outlet_label(outlet)
    rows = {row["pollutant"]: row for row in taxable(calc, "water", ("water_ph",))}
    counts = []
    band = None if outlet["ph"] is None else ph_band(outlet["ph"], _ph_bands(calc))
    if band is not None:
        row = rows[f"ph_{calc.param('env_tax.water.ph_row', band):.0f}"]
        counts.append(Counted(row["name_zh"], _counted_volume(calc, row, volume, where)))
    if outlet["colour"]:
        times = volume * outlet["colour"]
        label = f"{where}色度（污水量×超标倍数）"
        count = equivalents(calc, rows["colour"], times, label)
        counts.append(Counted(COLOUR, count, written=COLOUR))
    for name, code in (
        ("coliform_exceeded", "coliform"),
        ("chlorine_exceeded", "residual_chlorine"),
    ):
        if outlet[name]:
            row = rows[code]
            count = _counted_volume(calc, row, volume, where)
            counts.append(Counted(row["name_zh"], count, group="disinfection"))
    return counts


def _counted_volume(calc: Calc, row: Mapping[str, Any], volume: float, where: str) -> float:
    return equivalents(calc, row, volume, f"{where}{row['name_zh']}")


def _ph_bands(calc: Calc) -> list[str]:
    return calc.parameters.keys("env_tax.water.ph_row")


def ph_band(ph: float, bands: Iterable[str]) -> str | None:
    """The band of pH, of those written ``5-6``, that a figure falls into; None where it is not
    taxed.

    Acid bands hold their lower end, alkaline ones their upper: 5–6 means at least 5 and below 6,
    9–10 above 9 and at most 10 (附表二注). Raises ValueError outside the scale.
    """
    if not 0 <= ph <= PH_MOST:
        raise ValueError("pH lies between 0 and 14")
    for band in bands:
        low, high = (float(end) for end in band.split("-"))
        acid = high <= PH_NEUTRAL
        if (acid and low <= ph < high) or (not acid and low < ph <= high):
            return band
    return None


def small_emitters(calc: Calc) -> float:
    """Equivalents of small emitters that cannot be measured: heads, beds or waste water.

    Up to the thresholds of the note to annex 2 they are not taxed. [1]
    """
    count = 0.0
    for name, amount in (calc["small"] or {}).items():
        row = pollutant_of(calc, "water", name, ("water_small",))
        code, title = row["pollutant"], row["name_zh"]
        if code in calc.parameters.keys("env_tax.small.above"):
            least = calc.param("env_tax.small.above", code)
            if amount <= least:
                how = f"{amount:g}不超过{least:g}{row['unit']}"
                calc.step(f"{title}不征", 0.0, unit="元", how=how, clause="附表二注")
                continue
        count += equivalents(calc, row, amount, title)
    return count
