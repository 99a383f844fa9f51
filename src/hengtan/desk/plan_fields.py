"""What a person may change of a target that was read, and how each field is read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from hengtan.basis.errors import BadPeriod, HengtanError, Where
from hengtan.basis.marks import narrow
from hengtan.basis.period import Period
from hengtan.basis.spelling import read_amount, read_truth
from hengtan.basis.units import read_unit
from hengtan.plan.reader.draft import OPERATORS, Draft, Target
from hengtan.plan.reader.linking import Indicators, Link

EDITABLE = (
    "indicator_zh",
    "operator",
    "value",
    "value2",
    "unit",
    "base_year",
    "base_value",
    "base_unit",
    "base_value_year",
    "deadline",
    "region",
    "modifier",
    "binding",
    "strict",
    "keeps",
    "indicator",
)
ASKED_OF_NEW = ("indicator_zh", "operator", "value", "unit", "deadline")
"""Fields that a target added by hand must state."""
MAX_TEXT = 200
YEARS = range(1900, 2200)
"""Years that a target may name."""
LARGEST = Decimal("1e18")
CHECKED = "on"
"""What the page sends for a ticked box; it sends nothing for one that is not."""


def changes(target: Target, fields: Mapping[str, Any], known: Indicators | None) -> dict[str, Any]:
    """The fields that differ from the target's, read and checked.

    Raises HengtanError with the field's name.
    """
    values = {name: read_field(name, content, known) for name, content in fields.items()}
    merged = edited(target, values)
    if merged.operator == "range" and not merged.value2:
        raise refusal("value2", "区间要有上限", "a range needs its upper end")
    if merged.base_year is not None and merged.base_year >= merged.deadline:
        raise refusal(
            "base_year",
            f"基年{merged.base_year}不早于期限{merged.deadline}",
            "the base year is not before the deadline",
        )
    return {name: value for name, value in values.items() if value != _now(target, name)}


def _now(target: Target, name: str) -> Any:
    return target.link.indicator if name == "indicator" else getattr(target, name)


def edited(target: Target, fields: Mapping[str, Any]) -> Target:
    """A target with other fields; one that names an indicator is linked to it."""
    plain = {name: value for name, value in fields.items() if name != "indicator"}
    link = target.link
    if "indicator" in fields:
        link = Link(fields["indicator"], "same" if fields["indicator"] else "new")
    return replace(target, **plain, link=link)


def added(draft: Draft, target_id: str, fields: Mapping[str, Any], known: Indicators) -> Target:
    """A target that the reading missed; its quote must stand in the document.

    Raises HengtanError.
    """
    start, quote = quoted_at(draft, fields)
    blank = Target(
        id=target_id,
        indicator_zh="",
        operator=">=",
        value="0",
        value2="",
        unit="",
        base_year=None,
        deadline=0,
        region="",
        modifier="",
        binding="",
        strict=False,
        quote=quote,
        start=start,
        end=start + len(quote),
        clause=clause_ref(draft, start),
        confidence=1.0,
        doubts=("added by hand",),
        link=Link("", "new"),
    )
    asked = {name: fields.get(name, "") for name in ASKED_OF_NEW}
    asked |= {name: content for name, content in fields.items() if name in EDITABLE}
    target = edited(blank, changes(blank, asked, known))
    if fields.get("indicator"):
        return target
    return replace(target, link=known.link(target.indicator_zh, target.unit))


def quoted_at(draft: Draft, fields: Mapping[str, Any]) -> tuple[int, str]:
    """Where the quote of something added stands in the document, and the quote. Raises
    HengtanError where it does not.
    """
    quote = str(fields.get("quote") or "").strip()
    start = draft.document.text.find(quote) if quote else -1
    if start < 0:
        raise HengtanError(
            "原文里没有这段话",
            "the quote does not stand in the document",
            where=Where(column="quote"),
            todo="从左侧原文复制一段含它的话",
            todo_en="copy the words from the document",
        )
    return start, quote


def clause_ref(draft: Draft, start: int) -> str:
    """The last clause that begins before a place of the document."""
    before = [clause["ref"] for clause in draft.clauses if clause["start"] <= start]
    return str(before[-1]) if before else f"{draft.plan}:headline"


# reading a field


def read_field(name: str, content: Any, known: Indicators | None) -> Any:
    """A field as it is kept. Raises HengtanError with the field's name."""
    text = editable_text(name, content, EDITABLE)
    if name in ("strict", "keeps"):
        return _flag(name, text)
    if name in OPTIONAL and not text:
        return OPTIONAL[name]
    if name == "indicator":
        return _indicator(text, known)
    return READERS[name](name, text) if name in READERS else text


def editable_text(name: str, content: Any, editable: Sequence[str], longest: int = MAX_TEXT) -> str:
    """What a field is to hold, as text. Raises HengtanError where it cannot be edited, or the text
    is too long.
    """
    if name not in editable:
        raise HengtanError(
            f"“{name}”不能修改",
            f"'{name}' cannot be edited",
            todo=f"可改：{'、'.join(editable)}",
            todo_en=f"can be edited: {', '.join(editable)}",
        )
    text = narrow(content if content is not None else "").strip()
    if len(text) > longest:
        raise refusal(name, f"超过{longest}字", f"longer than {longest} characters")
    return text


def period_said(text: str, *kinds: str) -> Period | None:
    """The year or month that a text says, as every period is written; None where it is of no such
    kind, or not of ``YEARS``.
    """
    try:
        period = Period.read(text)
    except BadPeriod:
        return None
    return period if period.kind in kinds and period.start.year in YEARS else None


def _year(name: str, text: str) -> int:
    period = period_said(text, "year")
    if period is None:
        raise refusal(name, f"“{text}”不是年份", f"'{text}' is no year")
    return period.start.year


def _number(name: str, text: str) -> str:
    """A decimal text with the digits that were written; 1.2万 is 12000."""
    amount = read_amount(text)
    if amount is None or amount.unit is not None:
        raise refusal(name, f"“{text}”不是数", f"'{text}' is no number")
    try:
        value = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        value = Decimal(f"{amount.value:.15g}")
    if abs(value) > LARGEST:
        raise refusal(name, f"“{text}”超出范围", f"'{text}' is out of range")
    return f"{value:f}"


def _flag(name: str, text: str) -> bool:
    is_true = text == CHECKED if text in ("", CHECKED) else read_truth(text)
    if is_true is None:
        raise refusal(name, f"应为是或否，不是“{text}”", f"'{text}' is neither yes nor no")
    return is_true


def _operator(name: str, text: str) -> str:
    if text not in OPERATORS:
        raise refusal(name, f"没有“{text}”这种要求", f"no operator '{text}'")
    return text


def _unit(name: str, text: str) -> str:
    if text:
        read_unit(text)
    return text


def _name(name: str, text: str) -> str:
    if not text:
        raise refusal(name, "指标名称不能空", "the indicator needs a name")
    return text


def _indicator(text: str, known: Indicators | None) -> str:
    if text and known is not None and text not in known.shown:
        raise refusal("indicator", f"没有指标“{text}”", f"no indicator '{text}'")
    return text


OPTIONAL: Mapping[str, Any] = {
    "base_year": None,
    "value2": "",
    "base_value": "",
    "base_value_year": None,
}
"""Fields that may be left blank, and what they are then."""
READERS: Mapping[str, Callable[[str, str], Any]] = {
    "base_year": _year,
    "base_value_year": _year,
    "deadline": _year,
    "value": _number,
    "value2": _number,
    "base_value": _number,
    "operator": _operator,
    "unit": _unit,
    "base_unit": _unit,
    "indicator_zh": _name,
}


def refusal(name: str, zh: str, en: str) -> HengtanError:
    """The refusal of a field."""
    return HengtanError(
        zh, en, where=Where(column=name), todo="改正后再保存", todo_en="correct it and save again"
    )
