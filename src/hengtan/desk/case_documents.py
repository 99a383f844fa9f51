"""Documents that leave a case file: their sections from its facts, verdicts and days due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hengtan.basis.cite import confidence_word, worst
from hengtan.basis.errors import NoSuchRow
from hengtan.desk import case_file_shown as showing
from hengtan.desk.case_files import Opened
from hengtan.desk.case_said import cautions, says, why_not
from hengtan.instruments.case_files.calendar import DONE, DONE_LATE, OVERDUE, Due
from hengtan.instruments.case_files.declared import SHEET, Issued
from hengtan.instruments.case_files.ruling import LACKING, Ruling
from hengtan.instruments.english import in_english
from hengtan.instruments.law_titles import law_beside
from hengtan.instruments.result import Step
from hengtan.report.citations import without_addresses
from hengtan.report.results import text_of, unit_beside
from hengtan.report.said_in_papers import days_said, in_brackets, said, units_of_heading
from hengtan.report.said_of_places import name_of_place
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
    workspace: Workspace, of_one: Opened, document_id: str, judged_on: date, lang: str = "zh"
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
    return case_document_bytes(Drafting(workspace, of_one, issued, lang).drafted(judged_on))


@dataclass(frozen=True)
class Drafting:
    """A document of a case file as it is written in a language."""

    workspace: Workspace
    of_one: Opened
    issued: Issued
    lang: str = "zh"

    def word(self, key: str, **parts: str) -> str:
        """A word in the language of the document."""
        return word(key, self.lang, **parts)

    def own(self, thing: Any, part: str = "title") -> str:
        """What something declared is called: its ``title_zh`` or ``title_en``."""
        chinese = getattr(thing, f"{part}_zh")
        return str((self.lang == "en" and getattr(thing, f"{part}_en")) or chinese)

    def drafted(self, judged_on: date) -> CaseDocument:
        """What the document holds: the head's facts, each verdict, the days due."""
        issued, subject = self.issued, self.of_one.subject
        name = subject.name or subject.id
        rulings = [ruling for asked in issued.of for ruling in self._of_asked(asked)]
        to = subject.head.get(issued.to) if issued.to else None
        steps = self._steps(rulings) if issued.steps else ()
        return CaseDocument(
            title=self.own(issued).format(name=name),
            to=str(to or ""),
            about=self._about(judged_on),
            opening=self.own(issued, "opening").format(name=name),
            facts=tuple(self._facts()),
            findings=tuple(self._findings(rulings)),
            listed=(*self._listed(), *steps),
            days=tuple(self._days(rulings)),
            notes=tuple(self._notes(rulings)),
            is_sheet=issued.shape == SHEET,
            lang=self.lang,
        )

    def _of_asked(self, asked: str) -> list[Ruling]:
        """The verdicts of a rule; of a document of the newest period that has ended, and where none
        has, of the one under way.
        """
        rulings = [ruling for ruling in self.of_one.rulings if ruling.asked.id == asked]
        if not self.issued.newest:
            return rulings
        periods = [ruling for ruling in rulings if ruling.span.period is not None]
        ended = [r for r in periods if r.span.period and r.span.period.end <= r.day]
        return (ended or periods)[:1]

    def _steps(self, rulings: Sequence[Ruling]) -> Iterator[Listed]:
        """How each verdict was reached: what, how much, and how; sources once, by number below."""
        heads = [self.word(f"files.step.{name}") for name in ("what", "value", "how")]
        for ruling in rulings:
            if ruling.result is None:
                continue
            steps = ruling.result.steps
            sources = list(dict.fromkeys(step.clause for step in steps if step.clause))
            rows = [self._step(step, sources) for step in steps]
            cited = [without_addresses(law_beside(s, self.lang), self.lang) for s in sources]
            numbered = [f"[{number}] {source}" for number, source in enumerate(cited, start=1)]
            title = self.word("files.document.steps", title=self._title_of(ruling))
            yield Listed(title, heads, rows, numbered)

    def _title_of(self, ruling: Ruling) -> str:
        title, span = self.own(ruling.asked), days_said(ruling.span.text, self.lang)
        return in_brackets(title, span, self.lang)

    def _step(self, step: Step, sources: Sequence[str]) -> list[str]:
        number = f" [{sources.index(step.clause) + 1}]" if step.clause else ""
        how = f"{in_english(step.how, self.lang)}{number}".strip() or NOTHING
        value = text_of(step.value, step.unit, self.lang) + unit_beside(step.unit, self.lang)
        return [in_english(step.zh, self.lang), value, how]

    def _about(self, judged_on: date) -> str:
        subject = self.of_one.subject
        place = name_of_place(self.workspace.pack.places(), subject.place, self.lang)
        day = days_said(judged_on.isoformat(), self.lang)
        return self.word("files.document.meta", id=subject.id, place=place, day=day)

    def _facts(self) -> Iterator[Pair]:
        """The facts of the head that the document states, with their units, but what is empty."""
        head = showing.head_facts(self.workspace, self.of_one, self.issued.facts, self.lang)
        for heading, cell, chinese in head:
            title, unit = units_of_heading(heading)
            if text := said(cell, unit, units_of_heading(chinese)[0], self.lang):
                yield title, text

    def _findings(self, rulings: Sequence[Ruling]) -> Iterator[Finding]:
        """The verdicts in the order the document names them, the earliest span first."""
        for asked in self.issued.of:
            of_asked = sorted(
                (r for r in rulings if r.asked.id == asked), key=lambda r: r.span.text
            )
            if of_asked:
                spans = tuple(self._span(ruling) for ruling in of_asked)
                title, law = self.own(of_asked[0].asked), self._law(of_asked)
                yield Finding(title, spans, law, self._of_what(of_asked))

    def _of_what(self, rulings: Sequence[Ruling]) -> str:
        """What the spans are: periods, or rows that have a name."""
        are_periods = all(showing.is_period(ruling.span.text) for ruling in rulings)
        return self.word(f"files.document.of_{'period' if are_periods else 'object'}")

    def _span(self, ruling: Ruling) -> Span:
        """A verdict of a period or a row; the name of the file itself is no label."""
        label = days_said(showing.label_of(self.workspace, ruling, self.lang), self.lang)
        label = "" if label == ruling.facts.subject.id else label
        return Span(label, tuple(says(ruling, self.lang)), tuple(self._open(ruling)))

    def _open(self, ruling: Ruling) -> Iterator[str]:
        """What a verdict still lacks, a line each."""
        if ruling.result is not None:
            return
        if ruling.state != LACKING:
            yield self.word("files.document.open", why=why_not(ruling, self.lang))
        for lack in ruling.lacks:
            shown = showing.lack_said(self.workspace, lack, self.lang)
            where = "field" if ruling.state == LACKING else "give"
            where = where if shown["address"] else "account"
            yield self.word(f"files.document.{where}", form=shown["form"], field=shown["zh"])

    def _law(self, rulings: Sequence[Ruling]) -> str:
        """The law of the verdicts, with a word where its parameters were not read."""
        results = [ruling.result for ruling in rulings if ruling.result]
        laws = dict.fromkeys(result.rule.law for result in results if result.rule.law)
        if not laws:
            return ""
        law = self.word("list.clause").join(law_beside(each, self.lang) for each in laws)
        unsure = worst(result.confidence for result in results)
        if unsure in SURE or unsure is None:
            return self.word("files.document.law", law=law)
        sure = confidence_word(unsure, self.lang)
        return self.word("files.document.law_unsure", law=law, confidence=sure)

    def _listed(self) -> Iterator[Listed]:
        """The tables that stand in the document, with the columns it names that hold anything."""
        for table in showing.facts(self.workspace, self.of_one, self.lang, self.issued.tables):
            pairs, rows = filled(table, self.lang)
            headings = [in_brackets(title, unit, self.lang) for title, unit in pairs]
            if pairs:
                yield Listed(table["title"], headings, _in_order(rows))

    def _days(self, rulings: Sequence[Ruling]) -> Iterator[str]:
        """What is not done yet, with the day and the law; of a document of one period that of no
        other period.
        """
        periods = {ruling.span.text for ruling in rulings} if self.issued.newest else set()
        for due in self.of_one.days:
            if due.deadline.id not in self.issued.days or due.state in (DONE, DONE_LATE):
                continue
            if periods and showing.is_period(due.label) and due.label not in periods:
                continue
            yield self._day(due)

    def _day(self, due: Due) -> str:
        title, day = self.own(due.deadline), days_said(due.day.isoformat(), self.lang)
        label = days_said(
            showing.label_of_day(self.workspace, self.of_one, due, self.lang), self.lang
        )
        label = "" if label == day else label
        key = "files.document.by_label" if label else "files.document.by"
        text = self.word(key, title=title, label=label, day=day)
        text = in_brackets(text, law_beside(due.law, self.lang) if due.law else "", self.lang)
        return self.word("files.document.late", text=text) if due.state == OVERDUE else text

    def _notes(self, rulings: Sequence[Ruling]) -> Iterator[str]:
        """What the rules point out, and how sure the records are."""
        warnings = [text for ruling in rulings if ruling.result for text in ruling.result.warnings]
        for text in cautions(self.workspace, warnings, self.lang):
            yield self.word("notice.warning", text=text)
        records = worst(ruling.facts.confidence for ruling in rulings)
        if records is not None and records not in SURE:
            sure = confidence_word(records, self.lang)
            yield self.word("files.document.records", confidence=sure)


def _in_order(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Rows by their first column where that is a number of all, else as they were filed."""
    are_numbers = all(row[0].isdigit() for row in rows)
    return sorted(rows, key=lambda row: int(row[0])) if are_numbers else rows
