"""Documents that leave a case file: their sections from its facts, verdicts and days due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hengtan.basis.errors import NoSuchRow
from hengtan.desk import case_file_shown as showing
from hengtan.desk.case_files import Opened, sentence_of
from hengtan.instruments.case_files.declared import Issued
from hengtan.instruments.case_files.ruling import Ruling
from hengtan.instruments.result import Result, Step
from hengtan.report.results import text_of
from hengtan.report.word.case_document import CaseDocument, case_document_bytes
from hengtan.report.words import word

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

NOTHING = "—"
"""In a cell of which there is nothing to say."""
Steps = tuple[list[list[str]], list[str]]
"""Rows of a table, and the sources that it names by number."""


def document_bytes(workspace: Workspace, of_one: Opened, document_id: str) -> bytes:
    """A document of a case file as .docx. Raises NoSuchRow with those its kind has."""
    known = {issued.id: issued for issued in of_one.case_file.documents}
    if document_id not in known:
        raise NoSuchRow(
            f"“{of_one.case_file.title_zh}”没有文书“{document_id}”",
            f"no document '{document_id}' of {of_one.case_file.title_en}",
            todo=f"可用：{'、'.join(known) or '（无）'}",
            todo_en=f"known: {', '.join(known) or 'none'}",
        )
    return case_document_bytes(drafted(workspace, of_one, known[document_id]))


def drafted(workspace: Workspace, of_one: Opened, issued: Issued) -> CaseDocument:
    """What a document holds: the head's facts, each verdict, the days due."""
    rulings = [ruling for asked in issued.of for ruling in _of_asked(of_one, asked, issued)]
    sections = [
        (word("files.document.about"), _about(workspace, of_one)),
        *((_title_of(ruling), "\n".join(_lines_of(workspace, ruling))) for ruling in rulings),
    ]
    days = [
        word("files.document.by", title=due.deadline.title_zh, day=due.day.isoformat())
        + (f"（{due.deadline.law}）" if due.deadline.law else "")
        for due in of_one.days
        if due.deadline.id in issued.days
    ]
    if days:
        sections.append((word("files.document.days"), "\n".join(days)))
    warnings = dict.fromkeys(
        text for ruling in rulings if ruling.result for text in ruling.result.warnings
    )
    to = of_one.subject.head.get(issued.to) if issued.to else None
    return CaseDocument(
        title=issued.title_zh.format(name=of_one.subject.name),
        to=str(to or ""),
        sections=sections,
        notes=[word("notice.warning", text=text) for text in warnings],
        tables=[
            (word("files.document.steps", title=_title_of(ruling)), *_steps_of(ruling.result))
            for ruling in rulings
            if issued.steps and ruling.result
        ],
    )


def _of_asked(of_one: Opened, asked: str, issued: Issued) -> list[Ruling]:
    """The verdicts of a rule, the newest first; one of a document of the newest period that has
    ended, and where none has, of the one under way.
    """
    rulings = [ruling for ruling in of_one.rulings if ruling.asked.id == asked]
    if not issued.newest:
        return rulings
    periods = [ruling for ruling in rulings if ruling.span.period is not None]
    ended = [r for r in periods if r.span.period and r.span.period.end <= r.day]
    return (ended or periods)[:1]


def _steps_of(result: Result) -> Steps:
    """How a verdict was reached: what, how much, and how; sources once, by number below."""
    sources = list(dict.fromkeys(step.clause for step in result.steps if step.clause))
    rows = [
        [
            step.zh,
            f"{text_of(step.value, step.unit)}{step.unit}",
            _how(step, sources),
        ]
        for step in result.steps
    ]
    return rows, [f"[{number}] {source}" for number, source in enumerate(sources, start=1)]


def _how(step: Step, sources: Sequence[str]) -> str:
    number = f" [{sources.index(step.clause) + 1}]" if step.clause else ""
    return f"{step.how}{number}".strip() or NOTHING


def _about(workspace: Workspace, of_one: Opened) -> str:
    """The facts of the head, a sentence."""
    head = next(table for table in showing.facts(workspace, of_one, "zh") if table["is_head"])
    pairs = zip(head["headings"], head["rows"][0]["cells"], strict=True)
    said = [
        f"{heading}：{text_of(cell) if isinstance(cell, float) else cell}"
        for heading, cell in pairs
        if cell is not None
    ]
    return "；".join(said) + "。"


def _title_of(ruling: Ruling) -> str:
    title = ruling.asked.title_zh
    return f"{title}（{ruling.span.text}）" if ruling.span.text else title


def _lines_of(workspace: Workspace, ruling: Ruling) -> Iterator[str]:
    """What a verdict says and by which law, or what it still lacks."""
    if ruling.result is None:
        yield word("files.document.open", why=ruling.why[0])
        for lack in ruling.lacks:
            said = showing.lack_said(workspace, lack, "zh")
            where = "field" if said["address"] else "account"
            yield word(f"files.document.{where}", form=said["form"], field=said["zh"])
        return
    yield f"{sentence_of(ruling)}。"
    yield word("files.document.law", law=ruling.result.rule.law)
