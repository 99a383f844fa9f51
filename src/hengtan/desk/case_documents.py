"""Documents that leave a case file: their sections from its facts, verdicts and days due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hengtan.basis.cite import confidence_word, worst
from hengtan.basis.errors import NoSuchRow
from hengtan.desk import case_file_shown as showing
from hengtan.desk.case_files import Opened
from hengtan.desk.case_said import cautions, says, why_not
from hengtan.instruments.case_files.calendar import DONE, DONE_LATE, OVERDUE
from hengtan.instruments.case_files.declared import SHEET, Issued
from hengtan.instruments.case_files.ruling import LACKING, Ruling
from hengtan.instruments.result import Step
from hengtan.report.results import text_of
from hengtan.report.said_in_papers import days_said, said, units_of_heading
from hengtan.report.word.case_document import (
    CaseDocument,
    Finding,
    Listed,
    Pair,
    Span,
    case_document_bytes,
)
from hengtan.report.word.case_file import filled
from hengtan.report.words import word

if TYPE_CHECKING:
    from datetime import date

    from hengtan.workspace.workspace import Workspace

NOTHING = "—"
"""In a cell of which there is nothing to say."""
SURE = ("read", "derived")
"""Confidences that need no word."""


def documents_of(of_one: Opened) -> tuple[Issued, ...]:
    """The documents that can be written of a case file: those with a verdict to stand in them."""
    asked = {ruling.asked.id for ruling in of_one.rulings}
    return tuple(issued for issued in of_one.case_file.documents if asked.intersection(issued.of))


def document_bytes(
    workspace: Workspace, of_one: Opened, document_id: str, judged_on: date
) -> bytes:
    """A document of a case file as .docx. Raises NoSuchRow with those its kind has, or where none
    of the verdicts of the document is there.
    """
    known = {issued.id: issued for issued in of_one.case_file.documents}
    if document_id not in known:
        raise NoSuchRow(
            f"“{of_one.case_file.title_zh}”没有文书“{document_id}”",
            f"no document '{document_id}' of {of_one.case_file.title_en}",
            todo=f"可用：{'、'.join(known) or '（无）'}",
            todo_en=f"known: {', '.join(known) or 'none'}",
        )
    issued = known[document_id]
    if issued not in documents_of(of_one):
        name = of_one.subject.name
        raise NoSuchRow(
            word("files.document.none", title=issued.title_zh.format(name=name)),
            word("files.document.none", "en", title=issued.title_en.format(name=name)),
            todo=word("files.document.none_todo"),
            todo_en=word("files.document.none_todo", "en"),
        )
    return case_document_bytes(drafted(workspace, of_one, issued, judged_on))


def drafted(workspace: Workspace, of_one: Opened, issued: Issued, judged_on: date) -> CaseDocument:
    """What a document holds: the head's facts, each verdict, the days due."""
    name = of_one.subject.name or of_one.subject.id
    rulings = [ruling for asked in issued.of for ruling in _of_asked(of_one, asked, issued)]
    to = of_one.subject.head.get(issued.to) if issued.to else None
    return CaseDocument(
        title=issued.title_zh.format(name=name),
        to=str(to or ""),
        about=_about(workspace, of_one, judged_on),
        opening=issued.opening_zh.format(name=name),
        facts=tuple(_facts(workspace, of_one, issued)),
        findings=tuple(_findings(workspace, rulings, issued)),
        listed=(*_listed(workspace, of_one, issued), *(_steps(rulings) if issued.steps else ())),
        days=tuple(_days(workspace, of_one, issued, rulings)),
        notes=tuple(_notes(workspace, rulings)),
        is_sheet=issued.shape == SHEET,
    )


def _of_asked(of_one: Opened, asked: str, issued: Issued) -> list[Ruling]:
    """The verdicts of a rule; of a document of the newest period that has ended, and where none
    has, of the one under way.
    """
    rulings = [ruling for ruling in of_one.rulings if ruling.asked.id == asked]
    if not issued.newest:
        return rulings
    periods = [ruling for ruling in rulings if ruling.span.period is not None]
    ended = [r for r in periods if r.span.period and r.span.period.end <= r.day]
    return (ended or periods)[:1]


def _steps(rulings: Sequence[Ruling]) -> Iterator[Listed]:
    """How each verdict was reached: what, how much, and how; sources once, by number below."""
    heads = [word(f"files.step.{name}") for name in ("what", "value", "how")]
    for ruling in rulings:
        if ruling.result is None:
            continue
        steps = ruling.result.steps
        sources = list(dict.fromkeys(step.clause for step in steps if step.clause))
        rows = [
            [step.zh, f"{text_of(step.value, step.unit)}{step.unit}", _how(step, sources)]
            for step in steps
        ]
        numbered = [f"[{number}] {source}" for number, source in enumerate(sources, start=1)]
        title = word("files.document.steps", title=_title_of(ruling))
        yield Listed(title, heads, rows, numbered)


def _title_of(ruling: Ruling) -> str:
    title, span = ruling.asked.title_zh, days_said(ruling.span.text)
    return f"{title}（{span}）" if span else title


def _how(step: Step, sources: Sequence[str]) -> str:
    number = f" [{sources.index(step.clause) + 1}]" if step.clause else ""
    return f"{step.how}{number}".strip() or NOTHING


def _about(workspace: Workspace, of_one: Opened, judged_on: date) -> str:
    places, place = workspace.pack.places(), of_one.subject.place
    shown = places[place].name_zh if place in places else place
    day = days_said(judged_on.isoformat())
    return word("files.document.meta", id=of_one.subject.id, place=shown, day=day)


def _facts(workspace: Workspace, of_one: Opened, issued: Issued) -> Iterator[Pair]:
    """The facts of the head that the document states, with their units, but what is empty."""
    head = showing.head_facts(workspace, of_one, issued.facts)
    for heading, cell in head:
        title, unit = units_of_heading(heading)
        if text := said(cell, unit, title):
            yield title, text


def _findings(workspace: Workspace, rulings: Sequence[Ruling], issued: Issued) -> Iterator[Finding]:
    """The verdicts in the order the document names them, the earliest span first."""
    for asked in issued.of:
        of_asked = sorted((r for r in rulings if r.asked.id == asked), key=lambda r: r.span.text)
        if of_asked:
            spans = tuple(_span(workspace, ruling) for ruling in of_asked)
            title, law = of_asked[0].asked.title_zh, _law(of_asked)
            yield Finding(title, spans, law, _of_what(of_asked))


def _of_what(rulings: Sequence[Ruling]) -> str:
    """What the spans are: periods, or rows that have a name."""
    are_periods = all(showing.is_period(ruling.span.text) for ruling in rulings)
    return word(f"files.document.of_{'period' if are_periods else 'object'}")


def _span(workspace: Workspace, ruling: Ruling) -> Span:
    """A verdict of a period or a row; the name of the file itself is no label."""
    label = days_said(showing.label_of(workspace, ruling))
    label = "" if label == ruling.facts.subject.id else label
    return Span(label, tuple(says(ruling)), tuple(_open(workspace, ruling)))


def _open(workspace: Workspace, ruling: Ruling) -> Iterator[str]:
    """What a verdict still lacks, a line each."""
    if ruling.result is not None:
        return
    if ruling.state != LACKING:
        yield word("files.document.open", why=why_not(ruling))
    for lack in ruling.lacks:
        shown = showing.lack_said(workspace, lack, "zh")
        where = "field" if ruling.state == LACKING else "give"
        where = where if shown["address"] else "account"
        yield word(f"files.document.{where}", form=shown["form"], field=shown["zh"])


def _law(rulings: Sequence[Ruling]) -> str:
    """The law of the verdicts, with a word where its parameters were not read."""
    results = [ruling.result for ruling in rulings if ruling.result]
    laws = dict.fromkeys(result.rule.law for result in results if result.rule.law)
    if not laws:
        return ""
    law = word("list.clause").join(laws)
    unsure = worst(result.confidence for result in results)
    if unsure in SURE or unsure is None:
        return word("files.document.law", law=law)
    return word("files.document.law_unsure", law=law, confidence=confidence_word(unsure))


def _listed(workspace: Workspace, of_one: Opened, issued: Issued) -> Iterator[Listed]:
    """The tables that stand in the document, with the columns it names that hold anything."""
    for table in showing.facts(workspace, of_one, "zh", issued.tables):
        pairs, rows = filled(table)
        headings = [f"{title}（{unit}）" if unit else title for title, unit in pairs]
        if pairs:
            yield Listed(table["title"], headings, _in_order(rows))


def _in_order(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Rows by their first column where that is a number of all, else as they were filed."""
    are_numbers = all(row[0].isdigit() for row in rows)
    return sorted(rows, key=lambda row: int(row[0])) if are_numbers else rows


def _days(
    workspace: Workspace, of_one: Opened, issued: Issued, rulings: Sequence[Ruling]
) -> Iterator[str]:
    """What is not done yet, with the day and the law; of a document of one period that of no other
    period.
    """
    periods = {ruling.span.text for ruling in rulings} if issued.newest else set()
    for due in of_one.days:
        if due.deadline.id not in issued.days or due.state in (DONE, DONE_LATE):
            continue
        if periods and showing.is_period(due.label) and due.label not in periods:
            continue
        title, day = due.deadline.title_zh, days_said(due.day.isoformat())
        label = days_said(showing.label_of_day(workspace, of_one, due))
        label = "" if label == day else label
        key = "files.document.by_label" if label else "files.document.by"
        text = word(key, title=title, label=label, day=day)
        if due.law:
            text = f"{text}（{due.law}）"
        yield word("files.document.late", text=text) if due.state == OVERDUE else text


def _notes(workspace: Workspace, rulings: Sequence[Ruling]) -> Iterator[str]:
    """What the rules point out, and how sure the records are."""
    warnings = [text for ruling in rulings if ruling.result for text in ruling.result.warnings]
    for text in cautions(workspace, warnings):
        yield word("notice.warning", text=text)
    records = worst(ruling.facts.confidence for ruling in rulings)
    if records is not None and records not in SURE:
        yield word("files.document.records", confidence=confidence_word(records))
