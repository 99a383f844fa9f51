"""A published rate of waste held against each definition that the published amounts allow, within
what their rounding allows: what the terminal and others do with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.materials.rounding import Interval, Printed, Term, interval_of
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.spelling import plain, split_amount
from hengtan.basis.units import conversion_factor
from hengtan.ledger.reading.plain_tables import read_rows

Row = Mapping[str, Any]
PIECES = ("个", "")
READ = "read"
"""The confidence of what was read in its source."""
COLUMNS = (("名称", "数量", "指标", "quantity", "name"), ("数值", "数", "value"), ("单位", "unit"))
"""Headings of a file of amounts: name, figure, unit."""


@dataclass(frozen=True)
class Tried:
    """A definition held against the published rate: its interval, or what it lacks; where the
    definition was found (``source``), and how sure it and the terms it sums are.
    """

    definition: str
    name_zh: str
    name_en: str
    trap_zh: str
    interval: Interval | None
    fits: bool
    source: str
    confidence: str
    lacks_zh: str = ""
    lacks_en: str = ""


@dataclass(frozen=True)
class Report:
    """A published rate with every definition of it."""

    rate: str
    rate_zh: str
    printed: Printed | None
    tried: Sequence[Tried]

    @property
    def sound(self) -> bool:
        """Whether a definition that could be worked out gives what was published; without a
        published figure whether any could be worked out.
        """
        worked = [t for t in self.tried if t.interval]
        return any(t.fits for t in worked) if self.printed else bool(worked)

    @property
    def fitting(self) -> list[str]:
        """The names of the definitions that give what was published."""
        return [t.name_zh for t in self.tried if t.fits]

    @property
    def unread(self) -> list[str]:
        """The names of fitting definitions that were not read in a source."""
        return [t.name_zh for t in self.tried if t.fits and t.confidence != READ]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "rate": self.rate,
            "printed": self.printed and {"low": self.printed.low, "high": self.printed.high},
            "sound": self.sound,
            "definitions": [
                {
                    "definition": t.definition,
                    "name_zh": t.name_zh,
                    "name_en": t.name_en,
                    "value": t.interval and t.interval.value,
                    "low": t.interval and t.interval.low,
                    "high": t.interval and t.interval.high,
                    "fits": t.fits,
                    "source": t.source,
                    "confidence": t.confidence,
                    "lacks_zh": t.lacks_zh,
                    "lacks_en": t.lacks_en,
                }
                for t in self.tried
            ],
        }


def check_rate(
    rate: str, published: str | None, amounts: Mapping[str, str], pack_id: str = "cn"
) -> Report:
    """Hold a published rate (``74.9%``) against each of its definitions.

    ``rate``: id or name of the pack table ``waste_rates``; ``amounts``: figures as printed
    (``5.3亿吨``) by the id or a name of their quantity, coefficients by their id. Raises
    HengtanError for a rate or quantity that is not known and for a text that is no figure.
    """
    pack = packs.load(pack_id)
    chosen = _rate_of(pack, rate)
    definitions = [r for r in pack.rows("rate_definitions") if r["rate"] == chosen["rate"]]
    ids = {row["definition"] for row in definitions}
    terms = [row for row in pack.rows("rate_terms") if row["definition"] in ids]
    inputs = _inputs(terms, amounts)
    printed = None if published is None else _percent(published)
    ordered = sorted(definitions, key=lambda row: row["ordinal"])
    tried = [_tried(row, [t for t in terms if _is_of(t, row)], inputs, printed) for row in ordered]
    return Report(chosen["rate"], chosen["name_zh"], printed, tried)


def amounts_of_file(path: Path) -> dict[str, str]:
    """Amounts of a table with the columns 名称, 数值 and 单位, each as it is printed.

    Raises HengtanError where a column lacks.
    """
    rows = read_rows(path)
    if not rows:
        raise HengtanError("没有数据行", "no rows", where=Where(path.name))
    names = [next((name for name in each if name in rows[0]), None) for each in COLUMNS]
    if names[0] is None or names[1] is None:
        raise HengtanError(
            "缺“名称”或“数值”列",
            "a column 名称 or 数值 lacks",
            where=Where(path.name, None, 1),
            todo="表头写 名称、数值、单位",
            todo_en="head the columns 名称, 数值, 单位",
        )
    unit = names[2]
    return {
        plain(row[names[0]]): f"{plain(row[names[1]])}{plain(row[unit]) if unit else ''}"
        for row in rows
        if plain(row[names[0]])
    }


def _is_of(term: Row, definition: Row) -> bool:
    return bool(term["definition"] == definition["definition"])


def _rate_of(pack: Any, text: str) -> Row:
    rows = pack.rows("waste_rates")
    for row in rows:
        if text in (row["rate"], row["name_zh"], row["name_en"]):
            return dict(row)
    known = "、".join(f"{row['rate']}（{row['name_zh']}）" for row in rows)
    raise HengtanError(
        f"没有名为“{text}”的比率", f"no rate {text}", todo=f"可用：{known}", todo_en=known
    )


def _inputs(terms: Sequence[Row], amounts: Mapping[str, str]) -> dict[str, Printed]:
    """Figures by quantity or coefficient; names that no definition knows are refused."""
    names: dict[str, str] = {}
    for term in terms:
        for name in (term["quantity"], term["name_en"], *_spellings(term["name_zh"])):
            names.setdefault(name, term["quantity"])
        if term["coefficient"]:
            names[term["coefficient"]] = term["coefficient"]
    unknown = [name for name in amounts if name not in names]
    if unknown:
        known = "、".join(dict.fromkeys(term["name_zh"] for term in terms))
        raise HengtanError(
            f"“{unknown[0]}”不是这个比率的数量",
            f"{unknown[0]} is no quantity of this rate",
            todo=f"可用：{known}",
            todo_en=", ".join(dict.fromkeys(term["name_en"] for term in terms)),
        )
    return {names[name]: _tonnes(name, text) for name, text in amounts.items()}


def _spellings(name: str) -> tuple[str, str, str]:
    """A name, and what it says with either of the words that stand for one another: 厨余（湿）垃圾
    is 厨余垃圾 and 湿垃圾."""
    without = re.sub(r"（.*?）", "", name)
    return name, without, re.sub(r"^.*?（(.*?)）", r"\1", name)


def _tonnes(name: str, text: str) -> Printed:
    """A figure in t (or pieces, or a coefficient) with half a unit of its last digit."""
    amount = split_amount(plain(text))
    if amount is None:
        raise HengtanError(
            f"“{name}”不是数：{text}",
            f"{name} is no figure: {text}",
            todo="写成 5.3亿吨",
            todo_en="write 5.3亿吨",
        )
    unit = amount.unit or ""
    factor = 1.0 if unit in PIECES else conversion_factor(unit, "吨")
    if amount.value < 0:
        raise HengtanError(
            f"“{name}”小于零：{text}",
            f"{name} is below zero: {text}",
            todo="核对正负号",
            todo_en="check the sign",
        )
    return Printed(amount.value * factor, _half(text, amount) * factor)


def _percent(text: str) -> Printed:
    amount = split_amount(plain(text))
    is_rate = amount is not None and amount.unit in (None, "%") and 0 <= amount.value <= 100
    if amount is None or not is_rate:
        raise HengtanError(
            f"公布的比率读不出，或超过100%、为负：{text}",
            f"the published rate is unreadable, above 100 % or below zero: {text}",
            todo="写成 74.9%",
            todo_en="write 74.9%",
        )
    return Printed(amount.value, _half(text, amount))


def _half(text: str, amount: Any) -> float:
    """Half a unit of the last digit that is printed."""
    digits = re.search(r"[.](\d+)", plain(text))
    bare = re.match(r"[+-]?[\d,]+(?:[.]\d+)?", plain(text))
    number = float(bare.group().replace(",", "")) if bare else amount.value
    multiple = amount.value / number if number else 1.0
    return 0.5 * multiple * 10.0 ** -(len(digits.group(1)) if digits else 0)


def _tried(
    definition: Row, terms: Sequence[Row], inputs: Mapping[str, Printed], printed: Printed | None
) -> Tried:
    head = (
        definition["definition"],
        definition["name_zh"],
        definition["name_en"],
        definition["trap_zh"] or "",
    )
    sure = worst([definition["confidence"], *(term["confidence"] for term in terms)]) or ""
    about = {"source": definition["source"], "confidence": sure}
    lacking = [term for term in terms if term["quantity"] not in inputs]
    unset = [t for t in terms if t["coefficient"] and t["coefficient"] not in inputs]
    if lacking:
        zh = "缺" + "、".join(dict.fromkeys(term["name_zh"] for term in lacking))
        en = "lacks " + ", ".join(dict.fromkeys(term["name_en"] for term in lacking))
        return Tried(*head, None, False, **about, lacks_zh=zh, lacks_en=en)
    if unset:
        zh = f"系数未确立：{definition['document_zh']}（按文件给 {unset[0]['coefficient']}=…）"
        en = f"not established: {definition['document_en']} (give {unset[0]['coefficient']}=…)"
        return Tried(*head, None, False, **about, lacks_zh=zh, lacks_en=en)
    parts = [
        Term(
            term["quantity"],
            term["side"] == "numerator",
            term["sign"] * (inputs[c].value if (c := term["coefficient"]) else 1.0),
        )
        for term in terms
    ]
    interval = interval_of(parts, inputs)
    return Tried(*head, interval, printed is not None and interval.meets(printed), **about)
