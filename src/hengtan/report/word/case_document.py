"""A document that leaves a case file, as a letter (通知、意见) in the form of an official one or as
a sheet (表、单) with places to sign: what the file is about, what the rules say with their law,
what is still missing, what has to be done by when. A draft: the office adds number, seal and day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hengtan.report import official as form
from hengtan.report.official import Official
from hengtan.report.said_in_papers import widths_of
from hengtan.report.word import document as doc
from hengtan.report.word import official as page
from hengtan.report.words import word

Pair = tuple[str, str]
"""What something is called, and what it is."""
ROOM = form.TEXT_WIDTH / 10
"""Between the margins. [cm]"""
LETTERS, SMALL = 10.5, 10.0
MOST_COLUMNS = 6
"""Outputs that stand beside each other in a sheet; more stand below each other."""
FACTS, PAIR = (2.7, 5.1, 2.7, 5.1), (5.6, 10.0)
"""Widths of facts beside each other, and of what stands beside what it is called. [cm]"""
LONG = 300.0
"""From here on a fact has the row to itself. [pt]"""
SIGNING = ("signing", "opinion", "signs", "signed", "sealed", "day", "unit")
"""Words of the place to sign."""
NOTE = doc.ParagraphStyle(size=LETTERS, space_before=3, space_after=2)
PART = replace(doc.HEADING, space_before=8, space_after=3)


@dataclass(frozen=True)
class Span:
    """What a rule says of a period or a row (``label``, empty where it rules once), or what it
    still lacks.
    """

    label: str
    says: Sequence[Pair]
    open: Sequence[str] = ()


@dataclass(frozen=True)
class Finding:
    """A verdict: its title, what it says by span, its law with how sure that is; ``of_what``: what
    the labels of its spans are (期间, 对象).
    """

    title: str
    spans: Sequence[Span]
    law: str
    of_what: str = ""


@dataclass(frozen=True)
class Listed:
    """Rows that stand in the document as a table; ``sources`` by number below it."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class CaseDocument:
    """A document of a case file; ``days``: what has to be done by when, a line each."""

    title: str
    to: str
    about: str
    opening: str
    facts: Sequence[Pair]
    findings: Sequence[Finding]
    listed: Sequence[Listed]
    days: Sequence[str]
    notes: Sequence[str]
    is_sheet: bool = False
    lang: str = "zh"

    def word(self, key: str, **parts: str) -> str:
        """A word in the language of the document."""
        return word(key, self.lang, **parts)


def case_document_bytes(drafted: CaseDocument) -> bytes:
    """The document as .docx; in English a reading copy, without the form of an official letter."""
    if drafted.lang == "en":
        return _in_english(drafted)
    document: Any = page.new_official()
    page.title(document, drafted.title, word("files.document.draft"))
    if drafted.is_sheet:
        page.as_sheet(document)
        _sheet(document, drafted)
        _signing(document, drafted)
    else:
        _letter(document, drafted)
    for text in (*drafted.notes, word("files.document.closing")):
        doc.keep_last_with_next(document)
        page.note(document, text)
    return doc.bytes_of(document)


def _in_english(drafted: CaseDocument) -> bytes:
    """Everything as a sheet has it; a letter names whom it goes to and where the seal stands."""
    document: Any = doc.new_document()
    doc.line(document, drafted.title, replace(doc.TITLE, space_after=2))
    doc.line(document, drafted.word("files.document.draft"), replace(NOTE, centred=True))
    if drafted.to:
        doc.line(document, drafted.word("files.document.to", name=drafted.to), NOTE)
    _sheet(document, drafted)
    if drafted.is_sheet:
        _signing(document, drafted)
    else:
        for key in ("seal", "day"):
            doc.line(document, drafted.word(f"files.document.{key}"), NOTE)
    for text in (*drafted.notes, drafted.word("files.document.closing")):
        doc.line(document, text, NOTE)
    return doc.bytes_of(document)


def _letter(document: Any, drafted: CaseDocument) -> None:
    added = Official(recipients=(drafted.to,) if drafted.to else ())
    page.recipients(document, added)
    if drafted.opening:
        page.piece(document, form.Piece(drafted.opening))
    sections = [(word("files.document.about"), _in_a_sentence(drafted.facts))]
    sections += [(_heading(finding), "\n".join(_lines(finding))) for finding in drafted.findings]
    if drafted.days:
        sections.append((word("files.document.days"), "\n".join(drafted.days)))
    for part in form.body(sections, added):
        page.piece(document, part)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    page.to_be_sealed(document, word("files.document.seal"), word("files.document.day"))
    for listed in drafted.listed:
        _table(document, listed)


def _in_a_sentence(facts: Sequence[Pair], lang: str = "zh") -> str:
    colon, stop = word("field.separator", lang), "." if lang == "en" else "。"
    return word("list.clause", lang).join(f"{title}{colon}{value}" for title, value in facts) + stop


def _heading(finding: Finding) -> str:
    """The title, with what it is of where that is one."""
    only = finding.spans[0].label if len(finding.spans) == 1 else ""
    return f"{finding.title}（{only}）" if only else finding.title


def _lines(finding: Finding) -> Iterator[str]:
    """A finding in sentences: several spans are numbered, the law stands once."""
    for number, span in enumerate(finding.spans, start=1):
        says = _in_a_sentence(span.says) if span.says else ""
        if len(finding.spans) > 1:
            said = f"{span.label}。{says}"
            yield word("official.second", number=form.numeral(number), text=said)
        elif says:
            yield says
        yield from span.open
    if finding.law:
        yield finding.law


def _sheet(document: Any, drafted: CaseDocument) -> None:
    doc.line(document, drafted.about, NOTE)
    if drafted.opening:
        doc.line(document, drafted.opening, NOTE)
    _facts(document, drafted.facts)
    for finding in drafted.findings:
        _finding(document, finding, drafted)
    for listed in drafted.listed:
        _table(document, listed)
    if drafted.days:
        doc.line(document, drafted.word("files.document.days"), PART)
        for text in drafted.days:
            doc.line(document, text, NOTE)


def _facts(document: Any, facts: Sequence[Pair]) -> None:
    """Facts in two pairs of columns; a long one has the row to itself."""
    if not facts:
        return
    grid = doc.grid(document, FACTS)
    left: Pair | None = None
    for title, value in facts:
        if form.width_of(value, LETTERS) > LONG:
            if left:
                doc.grid_row(grid, left, LETTERS)
            doc.grid_row(grid, (title, value), LETTERS)
            left = None
        elif left:
            doc.grid_row(grid, (*left, title, value), LETTERS)
            left = None
        else:
            left = (title, value)
    if left:
        doc.grid_row(grid, left, LETTERS)


def _finding(document: Any, finding: Finding, drafted: CaseDocument) -> None:
    doc.line(document, finding.title, PART)
    said = [span for span in finding.spans if span.says]
    if said:
        headings, rows = _as_rows(said, finding.of_what, drafted)
        _grid(document, headings, rows)
    for span in finding.spans:
        for text in span.open:
            label = f"{span.label}{drafted.word('field.separator')}" if span.label else ""
            doc.line(document, f"{label}{text}", NOTE)
    if finding.law:
        doc.line(document, finding.law, NOTE)


def _as_rows(
    spans: Sequence[Span], of_what: str, drafted: CaseDocument
) -> tuple[list[str], list[list[str]]]:
    """A rule that rules once: what and how much below each other. Several spans: one a row, beside
    each other where that is readable.
    """
    heads = {key: drafted.word(f"files.paper.{key}") for key in ("item", "fact", "says")}
    if len(spans) == 1:
        span = spans[0]
        own = [[of_what, span.label]] if span.label else []
        return [heads["item"], heads["fact"]], [*own, *map(list, span.says)]
    titles = list(dict.fromkeys(title for span in spans for title, _ in span.says))
    by_span = [dict(span.says) for span in spans]
    if len(titles) <= MOST_COLUMNS:
        rows = [
            [span.label, *(says.get(title, "") for title in titles)]
            for span, says in zip(spans, by_span, strict=True)
        ]
        return [of_what, *titles], rows
    rows = [[span.label, _in_a_sentence(span.says, drafted.lang)] for span in spans]
    return [of_what, heads["says"]], rows


def _table(document: Any, listed: Listed) -> None:
    if listed.rows:
        doc.line(document, listed.title, PART)
        _grid(document, listed.headings, listed.rows)
    for source in listed.sources:
        doc.line(document, source, NOTE)


def _grid(document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    is_pairs = len(headings) == 2
    widths = PAIR if is_pairs else widths_of([headings, *rows], ROOM)
    doc.table(document, headings, rows, widths, size=SMALL, centred=not is_pairs, air=doc.AIR)


def _signing(document: Any, drafted: CaseDocument) -> None:
    """Where an opinion is written and those answerable sign."""
    own = {key: drafted.word(f"files.document.{key}") for key in SIGNING}
    doc.line(document, own["signing"], PART)
    grid = doc.grid(document, (2.9, 12.7))
    doc.grid_row(grid, (own["opinion"], "\n\n"), LETTERS)
    signs = "　　　　　　".join(own["signs"].split(drafted.word("list.comma")))
    doc.grid_row(grid, (own["signed"], signs), LETTERS)
    doc.grid_row(grid, (own["unit"], f"{own['sealed']}　　　　　　　{own['day']}"), LETTERS)
    doc.keep_together(grid)
