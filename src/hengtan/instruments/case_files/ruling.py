"""Verdicts of rules on a subject: facts taken from its records, the rule run, the outcome told with
what is missing and the digest of what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.basis.seal import sha256_of
from hengtan.graph.said import say_missing
from hengtan.instruments.case import UNUSED, PackTables, run
from hengtan.instruments.case_files.declared import JUDGED_ON, Asked, CaseFile, Source
from hengtan.instruments.case_files.places import GivenIn, places_of, told_where
from hengtan.instruments.case_files.subjects import (
    Facts,
    Row,
    Span,
    Subject,
    Value,
    meets,
    spans_of,
)
from hengtan.instruments.english import english
from hengtan.instruments.registry import editions
from hengtan.instruments.result import Result
from hengtan.instruments.rule import Rule, in_force

RULED, LACKING, REFUSED, NOT_ESTABLISHED = "ruled", "lacking", "refused", "not_established"
SHORT = 16
"""Characters of the digest that is kept with a verdict."""
SUMMED_DIGITS = 12
"""Digits of a figure that count for the digest: an engine that sums in parallel gives another last
digit each time.
"""
LONG_FIGURE = re.compile(r"\d{11,}\.\d+|\d+\.\d{5,}(?:e[+-]?\d+)?")
"""Figures with so many digits that the last ones may be those of a sum."""


@dataclass(frozen=True)
class Lack:
    """An input that no record gives: its words, the table and column that would hold it, and what
    the account says of why it is missing there, as codes. ``title``: of a parameter that may be
    given there, what the form calls it; ``choice``: its id there.
    """

    zh: str
    table: str
    column: str
    missing: str = ""
    title: tuple[str, str] = ("", "")
    choice: str = ""

    @property
    def why(self) -> tuple[str, str]:
        """The input with what the account says of it, in both languages."""
        zh, en = (say_missing(self.missing, language) for language in ("zh", "en"))
        return (f"{self.zh}（{zh}）", f"{self.en} ({en})") if zh else (self.zh, self.en)

    @property
    def en(self) -> str:
        """Its words in English."""
        return self.title[1] or english(self.zh)


@dataclass(frozen=True)
class Ruling:
    """A rule put to a subject for a span: the result, or why there is none."""

    asked: Asked
    span: Span
    day: date
    state: str
    facts: Facts
    inputs: Mapping[str, Value] = field(default_factory=dict)
    result: Result | None = None
    error: HengtanError | None = None
    lacks: tuple[Lack, ...] = ()

    @property
    def digest(self) -> str:
        """Of what the verdict says and rests on: inputs, the rule and its parameters with their
        sources. Another digest says that the verdict is another one, or rests on something else;
        that it is looked at on another day, or told in other English, does not.
        """
        sources = self.asked.inputs
        inputs = {n: v for n, v in self.inputs.items() if sources[n].column != JUDGED_ON}
        law: list[str] = []
        if self.result is not None:
            law = [repr(self.result.rule.span), *(used.stated for used in self.result.used)]
        outputs = _told(dict(self.result.outputs)) if self.result else repr(self.why[0])
        rests_on = f"({self.asked.rule!r}, {_told(inputs)}, [{', '.join(law)}], {outputs})"
        return sha256_of(rests_on)[:SHORT]

    @property
    def confidence(self) -> str:
        """The least sure of the law and of the records."""
        of_rule = self.result.confidence if self.result else None
        return worst((of_rule, self.facts.confidence)) or "unverified"

    @property
    def why(self) -> tuple[str, str]:
        """Why there is no result, in both languages; empty where there is one."""
        if self.lacks and self.error is None:
            zh, en = zip(*(lack.why for lack in self.lacks), strict=True)
            return f"缺{'、'.join(zh)}", f"missing: {', '.join(en)}"
        if self.error is not None:
            return f"{self.error.zh}；{self.error.todo}", f"{self.error.en}; {self.error.todo_en}"
        return "", ""


def _told(values: Mapping[str, Value]) -> str:
    """Values as a text for the digest, figures to the digits that count."""
    return LONG_FIGURE.sub(_as_summed, repr(values))


def _as_summed(figure: re.Match[str]) -> str:
    """As Python writes the number of those digits: 300.00000000000006 as the 300.0 that it is."""
    return repr(float(f"{float(figure.group()):.{SUMMED_DIGITS}g}"))


def rulings_of(
    case_file: CaseFile, subject: Subject, judged_on: date, packs: PackTables
) -> Iterator[Ruling]:
    """What every rule says of a subject, of each period that has begun by the day judged."""
    for asked in case_file.asked:
        for span in _spans(asked, subject):
            if not meets(asked.when, span.row, subject.head):
                continue
            day = _day_of(asked, subject, span, judged_on)
            if span.period is None or span.period.start <= judged_on:
                yield _ruled(case_file, asked, Facts(subject, span, judged_on), day, packs)


def _spans(asked: Asked, subject: Subject) -> Iterator[Span]:
    if asked.each == "once":
        yield Span()
        return
    rows = subject.rows.get(asked.of) or ()
    for span in spans_of(asked.each, rows):
        named = asked.label and span.row is not None and span.row[asked.label]
        yield Span(str(named), span.period, span.row) if named else span


def _day_of(asked: Asked, subject: Subject, span: Span, judged_on: date) -> date:
    """The day ruled on: that of the named column, else the end of the period, never after the day
    judged.
    """
    for row in (span.row, subject.head):
        if row is not None and asked.day in row and row[asked.day] is not None:
            return _as_day(row[asked.day])
    return min(span.period.end, judged_on) if span.period else judged_on


def _as_day(value: Value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _ruled(case_file: CaseFile, asked: Asked, facts: Facts, day: date, packs: PackTables) -> Ruling:
    about: dict[str, Any] = {"asked": asked, "span": facts.span, "day": day, "facts": facts}
    try:
        rule = in_force(editions(asked.rule), asked.rule, day)
        inputs = about["inputs"] = _offered(rule, _taken(asked.inputs, facts))
        options = {name: str(v) for name, v in _taken(asked.options, facts).items()}
        parameters = _taken(asked.parameters, facts)
        lacks = tuple(_lacks(case_file, asked, inputs, rule, facts.subject))
        if lacks:
            return Ruling(**about, state=LACKING, lacks=lacks)
        region = facts.subject.place
        case = {"overrides": parameters, "options": options}
        result = run((rule,), asked.rule, day, region, inputs, packs, **case)
    except ParameterNotEstablished as error:
        places = places_of(case_file, asked, error.parameter, error.input)
        lacks = tuple(_fields_of(case_file, asked, parameters, places))
        error = told_where(error, places)
        return Ruling(**about, state=NOT_ESTABLISHED, error=error, lacks=lacks)
    except HengtanError as error:
        return Ruling(**about, state=REFUSED, error=error)
    return Ruling(**about, state=RULED, result=_without_unused(result))


def _without_unused(result: Result) -> Result:
    """A result without warnings of inputs that an edition of the rule does not look at: a file
    offers what any of them needs.
    """
    warnings = tuple(text for text in result.warnings if not text.endswith(UNUSED))
    if len(warnings) == len(result.warnings):
        return result
    return replace(result, warnings=warnings)


def _fields_of(
    case_file: CaseFile,
    asked: Asked,
    parameters: Mapping[str, Value],
    places: Sequence[GivenIn],
) -> Iterator[Lack]:
    """The fields in which a user may give the parameter that is refused, then those of others of
    the same rule that are open too, since they are refused next.
    """
    fields = list(places)
    if any(place.choice == "" for place in places):
        for name in asked.parameters:
            if name not in parameters:
                own = places_of(case_file, asked, name)
                fields += (place for place in own if place.choice == "")
    for place in dict.fromkeys(fields):
        yield Lack(
            place.title[0], place.table, place.column, title=place.title, choice=place.choice
        )


def _taken(sources: Mapping[str, Source], facts: Facts) -> dict[str, Value]:
    """What the sources give; what nothing was reported of is left out."""
    if not sources:
        return {}
    values = {name: facts.value(source) for name, source in sources.items()}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _offered(rule: Rule, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """What an edition of a rule has inputs for, of rows what it has fields for: a file offers what
    any edition needs.
    """
    offered: dict[str, Value] = {}
    for item in rule.inputs:
        if item.name not in inputs:
            continue
        offered[item.name] = inputs[item.name]
        if item.fields:
            fields = {part.name for part in item.fields}
            offered[item.name] = [
                {name: cell for name, cell in row.items() if name in fields}
                for row in inputs[item.name]
            ]
    return offered


def _lacks(
    case_file: CaseFile, asked: Asked, inputs: Mapping[str, Value], rule: Rule, subject: Subject
) -> Iterator[Lack]:
    """Inputs that the rule needs and no record gives."""
    for item in rule.inputs:
        if not item.required or item.name in inputs:
            continue
        source = asked.inputs.get(item.name, Source())
        table = source.table or asked.of or case_file.form
        rows = subject.rows.get(table, ())
        missing = next((str(row["missing"]) for row in rows if row.get("missing")), "")
        yield Lack(item.zh, table, source.column or source.amount or item.name, missing)


def table_rows(case_file: CaseFile, subject: Subject, rulings: Sequence[Ruling]) -> Iterator[Row]:
    """The verdicts on a subject as rows, one an output; one without output where there is none."""
    who = {
        "subject": subject.id,
        "name": subject.name,
        "entity": subject.entity or None,
        "place": subject.place,
    }
    for ruling in rulings:
        zh, en = ruling.why
        about: dict[str, Any] = {
            **who,
            "asked": ruling.asked.id,
            "rule": ruling.asked.rule,
            "period": ruling.span.text,
            "year": ruling.span.period.year if ruling.span.period else ruling.day.year,
            "day": ruling.day.isoformat(),
            "state": ruling.state,
            "why_zh": zh or None,
            "why_en": en or None,
            "digest": ruling.digest,
            "confidence": ruling.confidence,
            "warnings": "\n".join(ruling.result.warnings) if ruling.result else None,
            "demo": ruling.facts.demo,
        }
        outputs = ruling.result.outputs if ruling.result else {"": None}
        units = ruling.result.units if ruling.result else {}
        for name, value in outputs.items():
            number = _number(value)
            yield {
                **about,
                "output": name,
                "value": number,
                "text": None if number is not None or value is None else str(value),
                "unit": units.get(name) or None,
            }


def _number(value: Value) -> float | None:
    """An output that is a figure; texts, days and flags are none."""
    is_figure = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_figure else None
