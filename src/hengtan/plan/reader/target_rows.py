"""A target of a document as a row of targets.csv: what kind of measure it is, how it is judged, its
area, its indicator.

What the plan model asks differs on purpose from what the annotation guide notes (the guide's last
part but one says how): additions count from a base, growth is judged by the reported rate, 稳定在
is kept, a range is judged by its lower bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from hengtan.basis.errors import UnknownUnit
from hengtan.basis.units import read_unit
from hengtan.plan.reader.draft import Target, addition_in, number
from hengtan.plan.reader.messages import say, say_en
from hengtan.plan.reader.names import less_is_better
from hengtan.plan.reader.stated import NO_DIRECTION
from hengtan.plan.reader.vocabulary import vocabulary, words

Row = dict[str, str]


def added_base(deadline: int) -> int:
    """The year that additions of a five-year plan count from: the end of the plan before (2025 →
    2020, 2027 → 2025)."""
    return deadline - 5 if deadline % 5 == 0 else deadline - deadline % 5


@dataclass(frozen=True)
class Judged:
    """How the plan model judges a target: what is measured, against what, from which year, and what
    a person should know of it."""

    name: str
    operator: str
    base: int | None
    measure: str = "level"
    rule: str = "at_or_above"
    path: str = ""
    notes: tuple[str, ...] = ()

    def noting(self, code: str, *arguments: object) -> Judged:
        """With a note more."""
        return replace(self, notes=(*self.notes, say(code, *arguments)))


def judged(target: Target) -> Judged:
    """How a target is judged, by what it asks; a change by 左右 has no tolerance, like a level."""
    asked = _by_what_it_asks(target)
    if target.modifier == "approx" and asked.rule != "within_tolerance":
        return replace(asked, rule="within_tolerance").noting("pack.no_tolerance")
    return asked


def _by_what_it_asks(target: Target) -> Judged:
    plain = Judged(target.indicator_zh, target.operator, target.base_year)
    in_points = target.unit in POINTS and not target.yearly
    if in_points and target.operator in ("increase_by", "decrease_by"):
        rises = target.operator == "increase_by"
        return replace(plain, operator=">=", measure="points_up" if rises else "points_down")
    if target.operator == "decrease_by":
        return _cut(plain)
    if target.unit == "倍" or _grows_from_base(target):
        return _growth_from_base(plain, target)
    if target.operator == "increase_by" and target.unit in ("%", "倍"):
        return _growth(plain, target)
    if target.yearly:
        return _of_each_year(plain)
    is_addition = target.operator == ">=" and addition_in(target.indicator_zh) != ""
    if target.operator == "increase_by" or is_addition:
        return _addition(plain, target)
    return _level(plain, target)


POINTS = ("个百分点", "百分点")


def _grows_from_base(target: Target) -> bool:
    """Whether a growth is counted from a base: it names one that is not the year before, or it is a
    doubling; growth a year is a rate of its own."""
    if target.operator != "increase_by" or target.unit != "%" or target.yearly:
        return False
    if target.indicator_zh.endswith(words("growth_names")) or Decimal(target.value) == 0:
        return False
    doubling = target.quote.rstrip("。").endswith(words("multiply"))
    return doubling or (target.base_year is not None and target.base_year < target.deadline - 1)


def _growth_from_base(plain: Judged, target: Target) -> Judged:
    """Growth since a base year in % of its value; 增长到2.5倍 is a growth by 150 %, 增长2倍 one by
    200 %. Where no base is named, it is the end of the five-year plan before."""
    grown = replace(plain, operator=">=", measure="growth_from_base")
    if grown.base is not None:
        return grown
    base = added_base(target.deadline)
    return replace(grown, base=base).noting("pack.base_assumed", base)


def growth_in_percent(target: Target) -> str:
    """The value of a growth since a base, in %."""
    value = Decimal(target.value)
    if target.unit != "倍":
        return target.value
    return f"{(value if target.operator == 'increase_by' else value - 1) * 100:f}"


def _of_each_year(plain: Judged) -> Judged:
    """What is asked of each year is judged by the figure of a year, not by a sum of years."""
    named = replace(plain, name=say("pack.yearly_name", plain.name), operator=">=")
    return named.noting("pack.yearly")


def _cut(plain: Judged) -> Judged:
    """A cut from a base year; that of an intensity compounds from year to year."""
    is_intensity = plain.name.startswith(words("intensity_names"))
    path = "compound" if is_intensity else "linear"
    return replace(plain, measure="cut_from_base", rule="cut_at_least", path=path)


def _growth(plain: Judged, target: Target) -> Judged:
    """Growth by a share, judged by the reported rate; no growth, and growth of what is to fall, are
    caps."""
    capped = less_is_better(plain.name) or Decimal(target.value) == 0
    says_growth = plain.name.endswith(words("growth_names"))
    grown = replace(
        plain,
        name=plain.name + ("" if says_growth else say("pack.growth_name")),
        operator="<=" if capped else ">=",
        rule="at_or_below" if capped else plain.rule,
    )
    return grown.noting("pack.growth_rate")


def _addition(plain: Judged, target: Target) -> Judged:
    """What is added counts from the end of the five-year plan before, unless the text names a
    year."""
    added = replace(
        plain,
        operator="increase_by",
        measure="added_in_period",
        rule="added_more_than" if target.strict else "added_at_least",
    )
    if added.base is not None:
        return added
    base = added_base(target.deadline)
    return replace(added, base=base).noting("pack.base_of_addition", base)


def _level(plain: Judged, target: Target) -> Judged:
    if plain.operator == "==":
        kept = less_is_better(plain.name)
        rule = "at_or_below" if kept else "hold_at_or_above"
        return replace(plain, operator="<=" if kept else ">=", rule=rule)
    if plain.operator == "<=":
        return replace(plain, rule="at_or_below")
    if plain.operator == "approx":
        return replace(plain, rule="within_tolerance").noting("pack.no_tolerance")
    if plain.operator == "range":
        bounds = (target.value, target.value2, target.unit)
        return replace(plain, operator=">=").noting("pack.lower_bound", *bounds)
    if target.keeps:
        return replace(plain, rule="hold_at_or_above")
    return replace(plain, rule="above") if target.strict else plain


def _reviewed(judged: Judged, target: Target) -> Judged:
    """With the notes of a stretch, of doubts, and of a base year that cannot be or is missing."""
    if target.modifier == "stretch":
        judged = judged.noting("pack.stretch")
    if NO_DIRECTION in target.doubts:
        judged = replace(judged, rule="direction_open")
    if target.doubts:
        judged = judged.noting("pack.to_review", "、".join(target.doubts_zh()))
    if judged.base is not None and judged.base >= target.deadline:
        judged = replace(judged.noting("pack.base_not_before", judged.base), base=None)
    if judged.operator == "decrease_by" and judged.base is None:
        base = added_base(target.deadline)
        judged = replace(judged, base=base).noting("pack.base_assumed", base)
    return judged


def _with_link(judged: Judged, target: Target) -> Judged:
    """With the notes of how its indicator was found."""
    if target.link.relation == "close":
        judged = judged.noting("pack.like_name", target.link.name_zh)
    if target.link.near:
        judged = judged.noting("pack.near_but_other", target.link.differs)
    return judged


def target_row(target: Target, areas: Areas, indicators: ProposedIndicators) -> Row:
    """The row of a target but for its plan, source, confidence and canonical value; a new indicator
    and a new area are added to those proposed."""
    area, area_zh, scope = areas.of(target)
    asked = _with_link(_reviewed(judged(target), target), target)
    renamed = asked.name != target.indicator_zh and asked.measure == "level"
    linked = "" if renamed else target.link.indicator
    since_base = asked.measure == "growth_from_base"
    stretch = say("pack.stretch_binding") if target.modifier == "stretch" else ""
    return {
        "target_id": target.id,
        "clause_ref": target.clause,
        "indicator": linked or indicators.of(target, asked),
        "indicator_zh": asked.name,
        "indicator_en": asked.name,
        "region_zh": area_zh,
        "region": area,
        "scope": scope,
        "measure": asked.measure,
        "operator": asked.operator,
        "strict": "yes" if target.strict else "no",
        "value": f"{number(growth_in_percent(target) if since_base else target.value)}",
        "unit": "%" if since_base else target.unit or "count",
        **_base_columns(target, asked),
        "deadline_year": str(target.deadline),
        "met_rule": asked.rule,
        "path": asked.path,
        "binding_zh": target.binding or stretch,
        "wording": target.quote,
        "quote": target.quote,
        "scope_note_zh": "；".join(asked.notes),
    }


def _base_columns(target: Target, asked: Judged) -> Row:
    """The base year, and the figure that the plan prints for it. Of a level the year is that of the
    figure, which judges nothing; a change takes no figure of another year than its base."""
    of_level = asked.measure == "level" and not target.is_change
    year = target.base_value_year if of_level and target.base_value else asked.base
    fits = bool(target.base_value) and year == target.base_value_year and _is_unit(target.base_unit)
    if not fits or (year or 0) >= target.deadline:
        return {"base_year": str(asked.base or ""), "base_value": "", "base_unit": ""}
    return {
        "base_year": str(year or ""),
        "base_value": target.base_value,
        "base_unit": target.base_unit or "count",
    }


def _is_unit(unit: str) -> bool:
    try:
        return not unit or read_unit(unit) is not None
    except UnknownUnit:
        return False


class Areas:
    """The places that targets are about, with the words of scope that targets.csv knows; ``rows``:
    those proposed."""

    def __init__(
        self,
        plan: str,
        region: str,
        region_zh: str,
        place_of: Callable[[str], str | None] | None,
        source: str,
    ) -> None:
        self.plan, self.region, self.region_zh = plan, region, region_zh
        self.place_of, self.source = place_of, source
        self.codes: dict[str, str] = {}
        self.whole = vocabulary().words["whole_of_area"][_kind_of_area(region, region_zh)]
        self.rows: list[Row] = []

    def of(self, target: Target) -> tuple[str, str, str]:
        """Code, name and scope of the place a target is about."""
        if target.region:
            centre = words("regions.centre")
            scope = target.region if target.region in centre else self.whole
            return self._code(target.region), target.region, scope
        return self.region, self.region_zh, self._scope(target.indicator_zh)

    def _scope(self, name: str) -> str:
        """建成区, 城镇 and the like at the head of a name, else the whole area."""
        for scope in vocabulary().words["scope_heads"]:
            if name.startswith((scope, "城市" + scope)):
                return str(scope)
        return str(self.whole)

    def _code(self, name: str) -> str:
        """The code of a known place, or that of a place proposed."""
        known = self.place_of(name) if self.place_of is not None else None
        if known is not None:
            self.codes[name] = known
        elif name not in self.codes:
            self.codes[name] = f"{self.plan}-r{len(self.rows) + 1:02d}"
            self.rows.append(
                {
                    "place": self.codes[name],
                    "name_zh": name,
                    "name_en": name,
                    "kind": "group",
                    "parent": self.region,
                    "enters_sums": "no",
                    "source": self.source,
                    "confidence": "proposal",
                    "note_zh": say("pack.area_note"),
                }
            )
        return self.codes[name]


def _kind_of_area(region: str, name: str) -> str:
    if region == "000000":
        return "nation"
    if name.endswith(("县", "旗")):
        return "county"
    return "district" if name.endswith("区") and not name.endswith("自治区") else "city"


class ProposedIndicators:
    """Indicators that a plan names and no pack knows; ``rows``: those proposed, each once."""

    def __init__(self, plan: str, source: str) -> None:
        self.plan, self.source = plan, source
        self.rows: list[Row] = []

    def of(self, target: Target, asked: Judged) -> str:
        """The id of the indicator of a name, proposed where it is new."""
        for row in self.rows:
            if row["name_zh"] == asked.name:
                return row["indicator"]
        self.rows.append(self._proposed(target, asked))
        return self.rows[-1]["indicator"]

    def _proposed(self, target: Target, asked: Judged) -> Row:
        falls = less_is_better(target.indicator_zh) or target.operator in ("<=", "decrease_by")
        differs = target.link.differs
        return {
            "indicator": f"{self.plan}-i{len(self.rows) + 1:02d}",
            "name_zh": asked.name,
            "name_en": asked.name,
            "definition_zh": say("pack.definition"),
            "definition_en": say_en("pack.definition"),
            "kind": _kind_of_indicator(target, asked),
            "units": target.unit or "count",
            "direction": "" if asked.rule == "direction_open" else "lower" if falls else "higher",
            "edition": say("pack.edition"),
            "edition_established": "no",
            "confidence": "proposal",
            "source": self.source,
            "note_zh": differs and say("pack.other_scope", differs),
        }


def _kind_of_indicator(target: Target, asked: Judged) -> str:
    """growth, ratio, flow or stock, by name, unit and what is measured."""
    if asked.name.endswith(words("growth_names")):
        return "growth"
    if target.unit in ("%", "‰", "个百分点"):
        return "ratio"
    is_flow = (
        asked.measure == "added_in_period"
        or target.yearly
        or asked.name.endswith(words("flow_names"))
    )
    return "flow" if is_flow else "stock"
