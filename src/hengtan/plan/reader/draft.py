"""A plan as read: clauses, targets with links and quotes, milestones, systems, departments, findings; and the pack tables that they become."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hengtan.basis.errors import Finding, UnknownUnit, Where
from hengtan.basis.units import normalise as normalise_unit
from hengtan.basis.units import read_unit
from hengtan.plan.reader.carried import Found
from hengtan.plan.reader.clauses import Clause
from hengtan.plan.reader.documents import Document
from hengtan.plan.reader.extras import clause_at, departments_of, milestones_of, systems_of
from hengtan.plan.reader.findings import check_targets
from hengtan.plan.reader.linking import Indicators, Link
from hengtan.plan.reader.names import less_is_better
from hengtan.plan.reader.normalise import Normalised
from hengtan.plan.reader.reading import Reading, read
from hengtan.plan.reader.vocabulary import vocabulary

ADDED = ("新增", "新建", "新创建", "新改建", "新培育", "新认定", "新建成", "新开工", "新投运")

OPERATORS = (">=", "<=", "==", "approx", "range", "increase_by", "decrease_by")
"""What a target asks, in the words of the annotation guide."""


@dataclass(frozen=True)
class Target:
    """A target as read. ``value`` and ``unit`` are as printed; ``start``, ``end`` are places in the document's own text; ``clause`` is a clause ref."""

    id: str
    indicator_zh: str
    operator: str
    value: str
    value2: str
    unit: str
    base_year: int | None
    deadline: int
    region: str
    modifier: str
    binding: str
    strict: bool
    quote: str
    start: int
    end: int
    clause: str
    confidence: float
    doubts: tuple[str, ...]
    link: Link

    def doubts_zh(self) -> list[str]:
        """Why the reading may be wrong, in Chinese."""
        return [_DOUBTS.get(d, d) for d in self.doubts]

    def as_dict(self) -> dict[str, Any]:
        """JSON form; empty fields are left out, the link is spelled out."""
        held = {
            k: v for k, v in vars(self).items() if v not in (None, "", (), False) and k != "link"
        }
        held["value"], held["confidence"] = number(self.value), self.confidence
        if self.value2:
            held["value2"] = number(self.value2)
        held["link"] = {k: v for k, v in vars(self.link).items() if v}
        return held

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> Target:
        """A target from its JSON form."""
        given = (
            dict.fromkeys(("value2", "unit", "region", "modifier", "binding", "quote"), "")
            | {"base_year": None, "strict": False, "doubts": ()}
            | dict(held)
        )
        given |= {
            "value": str(given["value"]),
            "value2": str(given["value2"]),
            "doubts": tuple(given["doubts"]),
            "link": Link(**{"indicator": "", "relation": "new"} | given["link"]),
        }
        return cls(**{name: given[name] for name in cls.__dataclass_fields__})


@dataclass
class Draft:
    """A document as read: everything that ``plan read`` shows."""

    document: Document
    title: str
    year: int | None
    plan: str
    clauses: list[dict[str, Any]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    milestones: list[dict[str, Any]] = field(default_factory=list)
    systems: list[dict[str, Any]] = field(default_factory=list)
    departments: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "document": {
                "name": self.document.name,
                "kind": self.document.kind,
                "title": self.title,
                "year": self.year,
                "characters": len(self.document.text),
            },
            "plan": self.plan,
            "clauses": self.clauses,
            "targets": [t.as_dict() for t in self.targets],
            "milestones": self.milestones,
            "systems": self.systems,
            "departments": self.departments,
            "findings": [f.as_dict() for f in self.findings],
        }

    @classmethod
    def from_dict(cls, held: Mapping[str, Any], text: str) -> Draft:
        """A draft from its JSON form and the document's text; findings are worked out by ``draft_of`` alone and stay as mappings."""
        said = held["document"]
        made = cls(
            Document(said["name"], said["kind"], text), said["title"], said["year"], held["plan"]
        )
        made.clauses, made.milestones, made.systems, made.departments = (
            list(held[k]) for k in ("clauses", "milestones", "systems", "departments")
        )
        made.targets = [Target.from_dict(t) for t in held["targets"]]
        return made


def number(text: str) -> int | float:
    """A value as a number: whole where it is whole."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def as_guide(document_id: str, text: str, year: int | None = None) -> dict[str, Any]:
    """A passage in the convention of the annotation guide: {id, targets, clauses}."""
    reading = read(text, year)
    return {
        "id": document_id,
        "targets": [
            {
                "indicator": one.indicator,
                "operator": one.operator,
                "value": number(one.value),
                **({"value2": number(one.value2)} if one.value2 else {}),
                "unit": one.unit,
                **({"base_year": one.base_year} if one.base_year else {}),
                "deadline": one.deadline,
                **({"region": one.region} if one.region else {}),
                **({"modifier": one.modifier} if one.modifier else {}),
                **({"strict": True} if one.strict else {}),
                "quote": reading.text.quote(one.start, one.end),
                "confidence": one.confidence,
            }
            for one in reading.found
        ],
        "clauses": [
            {
                "number": reading.text.quote(head.start, head.start + len(head.number))
                or head.number,
                "title": head.title,
            }
            for head in reading.clauses
        ],
    }


def draft_of(
    document: Document, indicators: Indicators, *, plan: str, year: int | None = None
) -> Draft:
    """Read a document. ``plan``: the id that its rows get; ``year``: of the document, where it is known."""
    reading = read(document.text, year)
    held = reading.text
    refs = clause_refs(reading.clauses, plan)
    made = Draft(document, title_of(held, reading.clauses), reading.year, plan)
    for head in reading.clauses:
        start, end = held.original(head.start, head.end)
        body = held.original(head.end, head.until)[1] or end
        made.clauses.append(
            {
                "ref": refs[head.start],
                "number": head.number,
                "title": head.title,
                "level": head.level,
                "start": start,
                "end": end,
                "until": body,
            }
        )
    clauses = []
    for n, one in enumerate(reading.found, start=1):
        clause = clause_at(reading.clauses, one.start)
        clauses.append(_shown(clause))
        made.targets.append(
            _target(
                one,
                f"{plan}-t{n:02d}",
                refs[clause.start] if clause else f"{plan}:headline",
                held,
                indicators,
            )
        )
    made.findings = check_targets(reading.found, clauses, document.name) + _units(
        made, document.name
    )
    _extras(made, reading, refs)
    if not made.targets:
        made.findings.append(
            Finding(
                "warning",
                "没有读出有数值和年份的目标",
                "no target with a value and a year was found",
                Where(document.name),
                "确认文本是规划正文；年份写在附件或标题里的，用 --year 补上",
                "check that this is the plan's text",
            )
        )
    return made


def _shown(clause: Clause | None) -> str:
    return f"{clause.number} {clause.title[:20]}" if clause else "引言"


def _target(
    one: Found, target_id: str, ref: str, held: Normalised, indicators: Indicators
) -> Target:
    start, end = held.original(one.start, one.end)
    link = indicators.link(one.indicator, one.unit)
    added = next((word for word in ADDED if one.indicator.startswith(word)), "")
    if added and link.relation == "new":
        link = indicators.link(one.indicator.removeprefix(added), one.unit)
    return Target(
        target_id,
        one.indicator,
        one.operator,
        one.value,
        one.value2,
        one.unit,
        one.base_year,
        one.deadline,
        one.region,
        one.modifier,
        one.binding,
        one.strict,
        held.source[start:end],
        start,
        end,
        ref,
        one.confidence if link.relation != "close" else round(one.confidence - 0.1, 2),
        one.doubts,
        link,
    )


def _units(made: Draft, file: str) -> list[Finding]:
    found = []
    for target in made.targets:
        try:
            if target.unit:
                read_unit(target.unit)
        except UnknownUnit as error:
            found.append(
                Finding(
                    "error",
                    f"“{target.indicator_zh}”的{error.zh}",
                    error.en,
                    Where(file, clause=target.clause),
                    error.todo,
                    error.todo_en,
                    "unknown_unit",
                )
            )
    return found


def _extras(made: Draft, reading: Reading, refs: Mapping[int, str]) -> None:
    held, text = reading.text, reading.text.text

    def at(place: int) -> str:
        clause = clause_at(reading.clauses, place)
        return refs[clause.start] if clause else f"{made.plan}:headline"

    for one in milestones_of(
        text, reading.sentences, reading.year, [(f.start, f.end) for f in reading.found]
    ):
        start, end = held.original(one.start, one.end)
        made.milestones.append(
            {
                "name": one.name,
                "deadline": one.deadline,
                "quote": held.source[start:end],
                "start": start,
                "end": end,
                "clause": at(one.start),
            }
        )
    for rows, finder in ((made.systems, systems_of), (made.departments, departments_of)):
        seen: set[tuple[str, str]] = set()
        for sentence_start, sentence_end in reading.sentences:
            for named in finder(text, sentence_start, sentence_end):
                ref = at(named.start)
                if (named.name, ref) not in seen:
                    seen.add((named.name, ref))
                    start, end = held.original(named.start, named.end)
                    rows.append(
                        {
                            "name": named.name,
                            "kind": named.kind,
                            "clause": ref,
                            "start": start,
                            "end": end,
                        }
                    )


def clause_refs(heads: Sequence[Clause], plan: str) -> dict[int, str]:
    """For each head, by its place, the ref of its clause: its number where that is the only one in the document, else the path of numbers."""
    counted = Counter(head.number for head in heads)
    refs: dict[int, str] = {}
    used: Counter[str] = Counter()
    path: list[Clause] = []
    for head in heads:
        while path and path[-1].level >= head.level:
            path.pop()
        path.append(head)
        number = head.number if counted[head.number] == 1 else "".join(one.number for one in path)
        used[number] += 1
        refs[head.start] = f"{plan}:{number.replace(' ', '')}" + (
            f"#{used[number]}" if used[number] > 1 else ""
        )
    return refs


def title_of(held: Normalised, heads: Sequence[Clause]) -> str:
    """The title as printed: the last of the first lines that names a plan; empty where none does."""
    first = max(heads[0].start if heads else min(len(held.text), 600), 60)
    lines: list[tuple[str, str]] = []
    at = 0
    for line in held.text[:first].split("\n")[:40]:
        lines.append((line.strip(), re.sub(r"\s+", "", held.quote(at, at + len(line)))))
        at += len(line) + 1
    named = [
        i
        for i, (line, _) in enumerate(lines)
        if re.search(
            r"(?:方案|计划|规划|意见|纲要|行动|实施细则|办法)(?:[(（].{0,20}[)）])*(?:的通知)?$",
            line,
        )
        and len(line) <= 60
    ]
    if not named:
        return next(
            (
                printed
                for line, printed in lines
                if 4 <= len(line) <= 60 and not re.search("[。;]", line)
            ),
            "",
        )
    last = named[-1]
    title = lines[last][1]
    if (
        last
        and len(title) < 8
        and lines[last - 1][0]
        and not re.search("[。;:]", lines[last - 1][0])
    ):
        title = lines[last - 1][1] + title
    return re.sub(r"的通知$", "", title)


def added_base(deadline: int) -> int:
    """The year that additions of a five-year plan count from: the end of the plan before (2025 → 2020, 2027 → 2025)."""
    return deadline - 5 if deadline % 5 == 0 else deadline - deadline % 5


def pack_tables(
    draft: Draft,
    *,
    region: str,
    region_zh: str,
    place_of: Callable[[str], str | None] | None = None,
    accepted: Iterable[str] | None = None,
) -> dict[str, list[dict[str, str]]]:
    """Rows for ``plans``, ``measures``, ``targets``, ``milestones``, ``indicators`` and ``places`` of a pack, in the conventions of targets.csv.

    ``place_of`` gives the code of a known place's name; an area that a target is about and that is not known becomes a place of its own, so that the
    whole region's figures do not stand for it. ``accepted``: ids of targets that a person has confirmed (confidence ``read``); others are ``proposal``. Targets whose unit is not known are left out;
    ``draft.findings`` names them.
    """
    confirmed = set(accepted or ())
    source = draft.title or draft.document.name
    years = sorted({t.deadline for t in draft.targets})
    first = draft.year or (added_base(years[0]) + 1 if years else 2021)
    plan = {
        "plan": draft.plan,
        "title_zh": source,
        "title_en": source,
        "short_zh": shortened(source),
        "short_en": shortened(source),
        "region": region,
        "status": "read",
        "status_zh": "由文档读出、待核对",
        "status_en": "Read from the document, to be reviewed",
        "first_year": str(first),
        "first_year_basis": "stated" if draft.year else "inferred",
        "last_year": str(max(years, default=first)),
        "source_file": draft.document.name,
        "source": source,
        "confidence": "read",
    }
    measures = _measures(draft, source)
    indicators: dict[str, dict[str, str]] = {}
    areas = _Areas(draft.plan, region, region_zh, place_of, source)
    targets = []
    for target in draft.targets:
        try:
            value, canonical = (
                normalise_unit(float(target.value), target.unit or "%")
                if target.unit
                else (float(target.value), "")
            )
        except UnknownUnit:
            continue
        targets.append(
            _row(
                target,
                draft.plan,
                areas,
                source,
                value,
                canonical,
                target.id in confirmed,
                indicators,
            )
        )
    milestones = [
        {
            "milestone": f"{draft.plan}-m{n:02d}",
            "plan": draft.plan,
            "clause_ref": m["clause"],
            "name_zh": m["name"],
            "name_en": m["name"],
            "deadline_year": str(m["deadline"]),
            "deadline_basis": "stated",
            "check_zh": "按条文核对完成情况",
            "check_en": "Check against the clause",
            "quote": m["quote"],
            "source": source,
            "confidence": "proposal",
        }
        for n, m in enumerate(draft.milestones, start=1)
    ]
    return {
        "plans": [plan],
        "measures": measures,
        "indicators": list(indicators.values()),
        "targets": targets,
        "milestones": milestones,
        "places": areas.made,
    }


def shortened(title: str, most: int = 26) -> str:
    """A title without what stands in brackets at its end, cut where it is still long."""
    short = re.sub(r"[(（][^()（）]*[)）]$", "", title) or title
    return short if len(short) <= most else short[: most - 1] + "…"


def _measures(draft: Draft, source: str) -> list[dict[str, str]]:
    rows = [
        {
            "clause_ref": f"{draft.plan}:headline",
            "plan": draft.plan,
            "clause": "headline",
            "kind": "headline",
            "chapter_zh": "（引言）",
            "title_zh": "引言",
            "title_en": "Opening",
            "description_en": "What stands before the first numbered head.",
            "source": source,
            "confidence": "read",
            "note_zh": "原文无编号，名称headline为本系统所加",
            "note_en": "unnumbered in the text; the name headline is ours",
        }
    ]
    chapter = ""
    named, held = _names_by_clause(draft.systems), _names_by_clause(draft.departments)
    for n, head in enumerate(draft.clauses):
        if head["level"] == 1:
            chapter = f"{head['number']} {head['title']}"
        parent = n + 1 < len(draft.clauses) and draft.clauses[n + 1]["level"] > head["level"]
        general = re.search(
            r"要求|目标|思想|原则|基础|形势|现状|意义",
            head["title"] + (chapter if head["level"] > 1 else ""),
        )
        safeguard = re.search(r"保障|组织|落实|监督|考核", chapter)
        kind = "general" if parent or general else "safeguard" if safeguard else "measure"
        ref = head["ref"]
        rows.append(
            {
                "clause_ref": ref,
                "plan": draft.plan,
                "clause": ref.partition(":")[2],
                "kind": kind,
                "chapter_zh": chapter or head["title"],
                "title_zh": head["title"],
                "title_en": head["title"],
                "description_zh": _opening(draft, n),
                "description_en": f"Clause {head['number']} of the document, in Chinese only.",
                "systems_zh": ";".join(named.get(ref, [])),
                "department_zh": ";".join(held.get(ref, [])),
                "department_basis": "stated" if ref in held else "",
                "source": source,
                "confidence": "read",
            }
        )
    return rows


def _names_by_clause(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for row in rows:
        made.setdefault(row["clause"], []).append(row["name"])
    return made


def _opening(draft: Draft, n: int) -> str:
    """The first words under a head, 120 characters at most; no word of the next head."""
    head, text = draft.clauses[n], draft.document.text
    following = draft.clauses[n + 1]["start"] if n + 1 < len(draft.clauses) else len(text)
    words = re.sub(
        r"\s+", "", text[head["end"] : min(head["until"], following, head["end"] + 400)]
    ).lstrip("。.．、")
    return words if len(words) <= 120 else words[:119] + "…"


class _Areas:
    """The places that targets are about, with the words of scope that targets.csv knows."""

    def __init__(
        self,
        plan: str,
        region: str,
        region_zh: str,
        place_of: Callable[[str], str | None] | None,
        source: str,
    ) -> None:
        self.plan, self.region, self.region_zh, self.place_of, self.source = (
            plan,
            region,
            region_zh,
            place_of,
            source,
        )
        self.known: dict[str, str] = {}
        self.whole = (
            "全国"
            if region == "000000"
            else "全县"
            if region_zh.endswith(("县", "旗"))
            else "全区"
            if region_zh.endswith("区") and not region_zh.endswith("自治区")
            else "全市"
        )
        self.made: list[dict[str, str]] = []

    def of(self, target: Target) -> tuple[str, str, str]:
        """Code, name and scope of the place a target is about."""
        if target.region:
            found = self.place_of(target.region) if self.place_of is not None else None
            if found is not None:
                self.known[target.region] = found
            elif target.region not in self.known:
                self.known[target.region] = f"{self.plan}-r{len(self.made) + 1:02d}"
                self.made.append(
                    {
                        "place": self.known[target.region],
                        "name_zh": target.region,
                        "name_en": target.region,
                        "kind": "group",
                        "parent": self.region,
                        "enters_sums": "no",
                        "source": self.source,
                        "confidence": "proposal",
                        "note_zh": "由规划文本提出的范围，成员待定",
                    }
                )
            return (
                self.known[target.region],
                target.region,
                "中心城区" if target.region == "中心城区" else self.whole,
            )
        scope = next(
            (
                word
                for word in ("建成区", "城镇", "农村", "城市")
                if target.indicator_zh.startswith((word, "城市" + word))
            ),
            self.whole,
        )
        return self.region, self.region_zh, scope


def _row(
    target: Target,
    plan: str,
    areas: _Areas,
    source: str,
    value: float,
    canonical: str,
    confirmed: bool,
    indicators: dict[str, dict[str, str]],
) -> dict[str, str]:
    area, area_zh, scope = areas.of(target)
    added = any(target.indicator_zh.startswith(word) for word in ADDED)
    name, notes = target.indicator_zh, []
    operator, measure, rule, path, base = (
        target.operator,
        "level",
        "at_or_above",
        "",
        target.base_year,
    )
    less = less_is_better(name, vocabulary())
    if operator == "decrease_by":
        measure, rule, path = (
            "cut_from_base",
            "cut_at_least",
            "compound" if name.startswith(("单位", "万元")) else "linear",
        )
    elif operator == "increase_by" and target.unit in ("%", "倍"):
        capped = less or Decimal(target.value) == 0
        operator, rule = ("<=", "at_or_below") if capped else (">=", rule)
        name = name if re.search(r"增长$|增速$|增长率$", name) else name + "增长率"
        notes.append("增长率目标：按报告的增长率判定")
    elif operator == "increase_by" or (added and operator == ">="):
        operator, measure, rule = (
            "increase_by",
            "added_in_period",
            "added_more_than" if target.strict else "added_at_least",
        )
        if base is None:
            base = added_base(target.deadline)
            notes.append(f"新增量的起算年{base}按五年规划期推定")
    elif operator == "==":
        operator, rule = ("<=", "at_or_below") if less else (">=", "hold_at_or_above")
    elif operator == "<=":
        rule = "at_or_below"
    elif operator == "approx":
        rule = "within_tolerance"
        notes.append("“左右”的允许偏差未确立，只列差距，不作判定")
    elif operator == "range":
        operator = ">="
        notes.append(f"原文为区间{target.value}—{target.value2}{target.unit}，按下限判定")
    elif target.strict:
        rule = "above"
    if target.modifier == "stretch":
        notes.append("力争目标")
    if target.doubts:
        notes.append("待核对：" + "、".join(target.doubts_zh()))
    if base is not None and base >= target.deadline:
        notes.append(f"原文的基年{base}不早于期限")
        base = None
    if operator == "decrease_by" and base is None:
        base = added_base(target.deadline)
        notes.append(f"原文未写基年，暂按{base}年")
    indicator = (
        target.link.indicator if not (name != target.indicator_zh and measure == "level") else ""
    )
    if not indicator:
        indicator = _proposed(name, target, plan, source, less, measure, indicators)
    if target.link.relation == "close":
        notes.append(f"指标按相近名称对应为“{target.link.name_zh}”")
    if target.link.near:
        notes.append(f"与已有指标相近但口径不同：{target.link.differs}")
    return {
        "target_id": target.id,
        "plan": plan,
        "clause_ref": target.clause,
        "indicator": indicator,
        "indicator_zh": name,
        "indicator_en": name,
        "region_zh": area_zh,
        "region": area,
        "scope": scope,
        "measure": measure,
        "operator": operator,
        "strict": "yes" if target.strict else "no",
        "value": f"{number(target.value)}",
        "unit": target.unit or "count",
        "base_year": str(base or ""),
        "deadline_year": str(target.deadline),
        "met_rule": rule,
        "path": path,
        "binding_zh": target.binding or ("力争" if target.modifier == "stretch" else ""),
        "wording": target.quote,
        "quote": target.quote,
        "value_canonical": f"{value:.12g}",
        "unit_canonical": canonical or "count",
        "scope_note_zh": "；".join(notes),
        "source": source,
        "confidence": "read" if confirmed else "proposal",
    }


_DOUBTS = {
    "no verb": "句中没有动词",
    "subject inherited": "指标名承前省略",
    "subject completed": "指标名由前文补全",
    "subject of a past result": "指标名取自前面的完成情况",
    "more figures than names": "数值多于指标",
    "added by hand": "人工补充",
    "assistant": "助手提出，语法未读出",
}


def _proposed(
    name: str,
    target: Target,
    plan: str,
    source: str,
    less: bool,
    measure: str,
    indicators: dict[str, dict[str, str]],
) -> str:
    for known in indicators.values():
        if known["name_zh"] == name:
            return known["indicator"]
    indicator = f"{plan}-i{len(indicators) + 1:02d}"
    kind = (
        "growth"
        if name.endswith(("增长率", "增速", "增长"))
        else "ratio"
        if target.unit in ("%", "‰", "个百分点")
        else "flow"
        if measure == "added_in_period"
        or name.endswith(("产量", "排放量", "减排量", "消费量", "用量"))
        else "stock"
    )
    indicators[indicator] = {
        "indicator": indicator,
        "name_zh": name,
        "name_en": name,
        "definition_zh": "规划文本提出，口径待定",
        "definition_en": "Named in the plan; its definition is to be established.",
        "kind": kind,
        "units": target.unit or "count",
        "direction": "lower" if less or target.operator in ("<=", "decrease_by") else "higher",
        "edition": "未确立：由规划文本提出，口径待定",
        "edition_established": "no",
        "confidence": "proposal",
        "source": source,
        "note_zh": target.link.differs and f"与已有指标口径不同：{target.link.differs}",
    }
    return indicator
