"""A plan as read: clauses, targets with links and quotes, milestones, systems, departments,
findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hengtan.basis.errors import Finding, UnknownUnit, Where
from hengtan.basis.units import read_unit
from hengtan.plan.reader.clauses import Clause
from hengtan.plan.reader.documents import Document
from hengtan.plan.reader.extras import (
    Named,
    clause_at,
    departments_of,
    milestones_of,
    systems_of,
)
from hengtan.plan.reader.findings import check_targets
from hengtan.plan.reader.heads import clause_refs, title_of
from hengtan.plan.reader.left_over import figures_left
from hengtan.plan.reader.linking import Indicators, Link
from hengtan.plan.reader.messages import doubt, finding, say
from hengtan.plan.reader.reading import Reading, read
from hengtan.plan.reader.stated import CHANGES, StatedTarget
from hengtan.plan.reader.task_sheets import StatedTask
from hengtan.plan.reader.vocabulary import vocabulary

OPERATORS = (">=", "<=", "==", "approx", "range", "increase_by", "decrease_by")
"""What a target asks, in the words of the annotation guide."""


@dataclass(frozen=True)
class Target:
    """A target as read. ``value`` and ``unit`` are as printed; ``start``, ``end`` are places in the
    document's own text; ``clause`` is a clause ref; ``also``: further quotes that say the same;
    ``base_value``: the figure that the plan prints for the base year, or another year that has
    been (``base_value_year``), in ``base_unit``; ``keeps``: the level is to be kept, not worked up
    to."""

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
    yearly: bool = False
    month: int = 0
    also: tuple[str, ...] = ()
    base_value: str = ""
    base_unit: str = ""
    base_value_year: int | None = None
    keeps: bool = False

    @property
    def is_change(self) -> bool:
        """Whether the value is the change from a base, not the level reached."""
        return self.operator in CHANGES

    def doubts_zh(self) -> list[str]:
        """Why the reading may be wrong, in Chinese."""
        return [doubt(said) for said in self.doubts]

    def as_dict(self) -> dict[str, Any]:
        """JSON form; empty fields are left out, the link is spelled out."""
        fields = {
            k: v for k, v in vars(self).items() if v not in (None, "", (), False) and k != "link"
        }
        fields["value"], fields["confidence"] = number(self.value), self.confidence
        if self.value2:
            fields["value2"] = number(self.value2)
        if self.base_value:
            fields["base_value"] = number(self.base_value)
        fields["link"] = {k: v for k, v in vars(self.link).items() if v}
        return fields

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Target:
        """A target from its JSON form."""
        fields = _LEFT_OUT | dict(kept)
        link = {"indicator": "", "relation": "new"} | fields["link"]
        fields |= {
            "value": str(fields["value"]),
            "value2": str(fields["value2"]),
            "base_value": str(fields["base_value"]),
            "doubts": tuple(fields["doubts"]),
            "also": tuple(fields["also"]),
            "link": Link(**link),
        }
        return cls(**{name: fields[name] for name in cls.__dataclass_fields__})


_LEFT_OUT: dict[str, Any] = {
    "value2": "",
    "unit": "",
    "base_year": None,
    "region": "",
    "modifier": "",
    "binding": "",
    "strict": False,
    "yearly": False,
    "month": 0,
    "also": (),
    "base_value": "",
    "base_unit": "",
    "base_value_year": None,
    "keeps": False,
    "quote": "",
    "doubts": (),
}
"""What a field is that the JSON form of a target leaves out."""


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
    tasks: list[dict[str, Any]] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    first_year: int | None = None
    last_year: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "document": {
                "name": self.document.name,
                "kind": self.document.kind,
                "title": self.title,
                "year": self.year,
                "first_year": self.first_year,
                "last_year": self.last_year,
                "characters": len(self.document.text),
            },
            "plan": self.plan,
            "clauses": self.clauses,
            "targets": [t.as_dict() for t in self.targets],
            "milestones": self.milestones,
            "systems": self.systems,
            "departments": self.departments,
            "tasks": self.tasks,
            "missed": self.missed,
            "findings": [f.as_dict() for f in self.findings],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any], text: str) -> Draft:
        """A draft from its JSON form and the document's text; findings are worked out by
        ``draft_of`` alone and stay as mappings."""
        said = kept["document"]
        document = Document(said["name"], said["kind"], text)
        return cls(
            document,
            said["title"],
            said["year"],
            kept["plan"],
            clauses=list(kept["clauses"]),
            targets=[Target.from_dict(t) for t in kept["targets"]],
            milestones=list(kept["milestones"]),
            systems=list(kept["systems"]),
            departments=list(kept["departments"]),
            tasks=list(kept.get("tasks", ())),
            missed=list(kept.get("missed", ())),
            first_year=said.get("first_year"),
            last_year=said.get("last_year"),
        )


def number(text: str) -> int | float:
    """A value as a number: whole where it is whole."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def draft_of(
    document: Document,
    indicators: Indicators,
    *,
    plan: str,
    year: int | None = None,
    without: Iterable[str] = (),
) -> Draft:
    """Read a document. ``plan``: the id that its rows get; ``year``: of the document, where it is
    known; ``without``: rules of the grammar that are switched off, see ``read``."""
    reading = read(document.text, year, without=without)
    return _Drafting(document, reading, indicators, plan).draft()


class _Drafting:
    """A reading on its way to a draft: places of the document's own text, clause refs, links."""

    def __init__(
        self, document: Document, reading: Reading, indicators: Indicators, plan: str
    ) -> None:
        self.document, self.reading, self.indicators, self.plan = (
            document,
            reading,
            indicators,
            plan,
        )
        self.refs = clause_refs(reading.clauses, plan)

    def draft(self) -> Draft:
        """The draft with all that stands in it."""
        reading = self.reading
        title = title_of(reading.text, reading.clauses)
        draft = Draft(self.document, title, reading.year, self.plan)
        draft.first_year, draft.last_year = reading.period.first, reading.period.last
        draft.clauses = [self._clause(head) for head in reading.clauses]
        draft.targets = [self._target(n, t) for n, t in enumerate(reading.targets, start=1)]
        draft.tasks = [self._task(n, task) for n, task in enumerate(reading.tasks, start=1)]
        draft.missed = self._missed()
        draft.milestones = self._milestones()
        draft.systems = self._named(systems_of)
        draft.departments = self._named(departments_of)
        draft.findings = self._findings(draft)
        return draft

    def _ref(self, place: int) -> str:
        """The ref of the clause that a place lies in; what stands before the first is the
        headline."""
        clause = clause_at(self.reading.clauses, place)
        return self.refs[clause.start] if clause else f"{self.plan}:headline"

    def _clause(self, head: Clause) -> dict[str, Any]:
        original = self.reading.text.original
        start, end = original(head.start, head.end)
        return {
            "ref": self.refs[head.start],
            "number": head.number,
            "title": head.title,
            "level": head.level,
            "start": start,
            "end": end,
            "until": original(head.end, head.until)[1] or end,
        }

    def _target(self, n: int, stated: StatedTarget) -> Target:
        text = self.reading.text
        start, end = text.original(stated.start, stated.end)
        link = self._link(stated)
        sure = stated.confidence
        return Target(
            f"{self.plan}-t{n:02d}",
            stated.indicator,
            stated.operator,
            stated.value,
            stated.value2,
            stated.unit,
            stated.base_year,
            stated.deadline,
            stated.region,
            stated.modifier,
            stated.binding,
            stated.strict,
            text.source[start:end],
            start,
            end,
            self._ref(stated.start),
            sure if link.relation != "close" else round(sure - 0.1, 2),
            stated.doubts,
            link,
            yearly=stated.yearly,
            month=stated.month,
            also=tuple(text.quote(*place) for place in stated.also),
            base_value=stated.base_value,
            base_unit=stated.base_unit,
            base_value_year=stated.base_value_year,
            keeps=stated.keeps,
        )

    def _link(self, stated: StatedTarget) -> Link:
        """The indicator of a name; that of an addition is known with its deed or without."""
        link = self.indicators.link(stated.indicator, stated.unit)
        if stated.is_change and link.relation == "new":
            link = self.indicators.link(stated.indicator)
        deed = addition_in(stated.indicator)
        if deed and link.relation == "new":
            link = self.indicators.link(stated.indicator.removeprefix(deed), stated.unit)
        return link

    def _task(self, n: int, task: StatedTask) -> dict[str, Any]:
        """A row of a table of tasks, with the targets whose quotes stand in it."""
        start, end = self.reading.text.original(task.start, task.end)
        return {
            "id": f"{self.plan}-k{n:02d}",
            "name": task.name,
            "aim": task.aim,
            "leader": task.leader,
            "owners": list(task.owners),
            "helpers": list(task.helpers),
            "due": task.due.text,
            "due_said": task.due.said,
            "ongoing": task.due.ongoing,
            "targets": [
                f"{self.plan}-t{k:02d}"
                for k, target in enumerate(self.reading.targets, start=1)
                if _stands_in(target, task)
            ],
            "quote": self.reading.text.source[start:end],
            "start": start,
            "end": end,
            "clause": self._ref(task.start),
        }

    def _missed(self) -> list[dict[str, Any]]:
        """Figures that were read and taken for no target, where they do not tell of a result."""
        text = self.reading.text
        rows = []
        for figure in figures_left(text.text, self.reading.sentences, self.reading.targets):
            start, end = text.original(figure.start, figure.end)
            first, last = text.original(figure.said_start, figure.said_end)
            rows.append(
                {
                    "figure": text.source[start:end],
                    "quote": text.source[first:last],
                    "start": start,
                    "end": end,
                    "clause": self._ref(figure.start),
                }
            )
        return rows

    def _milestones(self) -> list[dict[str, Any]]:
        reading = self.reading
        quotes = [(target.start, target.end) for target in reading.targets]
        rows: list[dict[str, Any]] = []
        for milestone in milestones_of(reading.text.text, reading.sentences, reading.year, quotes):
            start, end = reading.text.original(milestone.start, milestone.end)
            rows.append(
                {
                    "id": f"{self.plan}-m{len(rows) + 1:02d}",
                    "name": milestone.name,
                    "deadline": milestone.deadline,
                    "due": milestone.due,
                    "quote": reading.text.source[start:end],
                    "start": start,
                    "end": end,
                    "clause": self._ref(milestone.start),
                }
            )
        return rows

    def _named(self, named_in: Callable[[str, int, int], list[Named]]) -> list[dict[str, Any]]:
        """Rows of what the sentences name, each once in a clause."""
        text = self.reading.text
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for sentence_start, sentence_end in self.reading.sentences:
            for named in named_in(text.text, sentence_start, sentence_end):
                ref = self._ref(named.start)
                start, end = text.original(named.start, named.end)
                place = {"clause": ref, "start": start, "end": end}
                rows.setdefault(
                    (named.name, ref), {"name": named.name, "kind": named.kind, **place}
                )
        return list(rows.values())

    def _findings(self, draft: Draft) -> list[Finding]:
        targets = self.reading.targets
        shown = [_shown(clause_at(self.reading.clauses, target.start)) for target in targets]
        quotes = [self.reading.text.quote(t.start, t.end).strip() for t in targets]
        findings = check_targets(targets, shown, quotes, self.document.name)
        findings += _unknown_units(draft)
        if not targets:
            none = finding("warning", "no_targets", where=Where(self.document.name))
            findings.append(replace(none, code=""))
        return findings


def _stands_in(target: StatedTarget, task: StatedTask) -> bool:
    """Whether a target, or its second mention, stands in the row of a task."""
    places = ((target.start, target.end), *target.also)
    return any(task.start <= start and end <= task.end for start, end in places)


def addition_in(indicator: str) -> str:
    """The deed of adding that a name begins with (新增, 新建), empty where it begins with none."""
    return next((deed for deed in vocabulary().words["added"] if indicator.startswith(deed)), "")


def _shown(clause: Clause | None) -> str:
    return f"{clause.number} {clause.title[:20]}" if clause else say("pack.opening")


def _unknown_units(draft: Draft) -> list[Finding]:
    findings = []
    for target in draft.targets:
        try:
            if target.unit:
                read_unit(target.unit)
        except UnknownUnit as error:
            words = (error.zh, error.en, error.todo, error.todo_en)
            where = Where(draft.document.name, clause=target.clause)
            findings.append(
                finding("error", "unknown_unit", target.indicator_zh, *words, where=where)
            )
    return findings
