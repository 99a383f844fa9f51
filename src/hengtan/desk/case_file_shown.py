"""A case file as pages and papers show it: facts under the words of their forms, verdicts with the
steps to them, what is missing and where to file it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from hengtan.basis.cite import confidence_word
from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period
from hengtan.desk.case_files import Opened
from hengtan.desk.case_said import cautions, says, why_not
from hengtan.desk.lookups import name_of
from hengtan.desk.rules import outputs_of
from hengtan.graph.said import CODED, say_missing, word_of
from hengtan.instruments.case_files.calendar import Due
from hengtan.instruments.case_files.ruling import Lack, Ruling
from hengtan.instruments.case_files.subjects import Row
from hengtan.instruments.english import english, has_english
from hengtan.instruments.law_titles import law_beside
from hengtan.ledger.forms import Form
from hengtan.report.numerals import unit_name
from hengtan.report.results import shown
from hengtan.report.said_in_papers import days_said
from hengtan.report.said_of_places import name_of_place, with_place_names
from hengtan.report.word.case_file import CasePaper, Said
from hengtan.report.words import word

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Choices = Mapping[str, Mapping[str, Sequence[str]]]
"""Codes with their words, by column."""
MOST_ROWS = 60
"""Rows of one table that are shown; the newest."""


def facts(
    workspace: Workspace,
    of_one: Opened,
    lang: str,
    only: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[dict[str, Any]]:
    """The tables that feed the file, each with headings and rows in words; of accounts the columns
    that have words. ``only``: the columns that are wanted, by table.
    """
    tables = {of_one.case_file.form: (of_one.subject.head,), **of_one.subject.rows}
    if only is not None:
        tables = {table: tables.get(table, ()) for table in only}
    subject_columns = {table: column for table, (column, _) in of_one.case_file.feeds.items()}
    choices = _choices(workspace, of_one)
    for table, rows in tables.items():
        form = workspace.forms.get(table)
        columns = _columns(form, table, rows, subject_columns.get(table, ""))
        if only is not None:
            columns = [column for column in only[table] if column in columns]
        yield {
            "id": table,
            "title": _title(form, table, lang),
            "is_form": form is not None,
            "is_head": table == of_one.case_file.form,
            "headings": [_heading(form, table, column, lang) for column in columns],
            "in_chinese": [_heading(form, table, column, "zh") for column in columns],
            "rows": [
                _cells(workspace, form, columns, row, choices, lang) for row in rows[-MOST_ROWS:]
            ],
            "left_out": max(0, len(rows) - MOST_ROWS),
        }


def head_facts(
    workspace: Workspace, of_one: Opened, columns: Sequence[str], lang: str = "zh"
) -> Iterator[tuple[str, Any, str]]:
    """The facts of the head: heading, cell, and what the heading is in Chinese; all but what is
    empty unless ``columns`` names some.
    """
    only = {of_one.case_file.form: columns} if columns else None
    head = next(table for table in facts(workspace, of_one, lang, only) if table["is_head"])
    cells = head["rows"][0]["cells"]
    for heading, cell, chinese in zip(head["headings"], cells, head["in_chinese"], strict=True):
        if cell is not None:
            yield heading, cell, chinese


def label_of(workspace: Workspace, ruling: Ruling, lang: str = "zh") -> str:
    """What a ruling is of, in words: a code in its word, a period as it is said."""
    form = workspace.forms.get(ruling.asked.of)
    column, row = ruling.asked.label, ruling.span.row
    if form is not None and column and row is not None and row[column] is not None:
        known = [field for field in form.fields if field.id == column]
        if known and known[0].type in ("choice", "date"):
            return str(_worded(workspace, form, column, row[column], lang))
    return period_said(ruling.span.text, lang)


def label_of_day(workspace: Workspace, of_one: Opened, due: Due, lang: str = "zh") -> str:
    """What a day due is of, in words."""
    return _label(due, _choices(workspace, of_one), lang)


def _columns(
    form: Form | None, table: str, rows: Sequence[Mapping[str, Any]], subject: str
) -> list[str]:
    if form is not None:
        return [field.id for field in form.fields if field.id != subject]
    names = list(rows[0]) if rows else []
    return [name for name in names if name != subject and _column_word(table, name, "zh")]


def _column_word(table: str, column: str, lang: str) -> str:
    """The words of an account's column: its own in this account, else anywhere, else none."""
    anywhere = word_of(f"column.{column}", lang, "")
    return word_of(f"column.{table}.{column}", lang, anywhere)


def _title(form: Form | None, table: str, lang: str) -> str:
    if form is None:
        return word_of(f"table.{table}", lang, table)
    return form.title_en if lang == "en" else form.title_zh


def _heading(form: Form | None, table: str, column: str, lang: str) -> str:
    if form is None:
        return _column_word(table, column, lang)
    field = form.field(column)
    called = unit_name(field.unit, lang) if field.unit else ""
    unit = f" [{called}]" if called else ""
    return f"{field.title_en if lang == 'en' else field.title_zh}{unit}"


def _cells(
    workspace: Workspace,
    form: Form | None,
    columns: Sequence[str],
    row: Row,
    choices: Choices,
    lang: str,
) -> dict[str, Any]:
    """A row in words, with the submission it is from."""
    if form is None:
        places = workspace.pack.places()
        cells = [
            name_of_place(places, str(row[column]), lang)
            if column == "place"
            else _of_account(column, row[column], choices, lang)
            for column in columns
        ]
    else:
        cells = [_worded(workspace, form, column, row[column], lang) for column in columns]
    return {"cells": cells, "submission": row.get("_submission"), "demo": row.get("_demo")}


def _choices(workspace: Workspace, of_one: Opened) -> Choices:
    """The words that the forms of a file have for the codes of their columns, by column."""
    forms = (workspace.forms.get(table) for table in of_one.case_file.tables)
    return {
        field.id: field.choices
        for form in forms
        if form is not None
        for field in form.fields
        if field.type == "choice" and field.choices
    }


def _worded(workspace: Workspace, form: Form, column: str, value: Any, lang: str) -> Any:
    if value is None or isinstance(value, bool):
        return _yes_or_no(value, lang)
    field = form.field(column)
    if field.type == "choice":
        return _choice(field.choices or {}, value, lang)
    if field.type == "integer":
        return str(value)
    if field.reference:
        return name_of(workspace, field.reference, value, lang)
    if field.type == "place":
        places = workspace.pack.places()
        if value in places:
            return (lang == "en" and places[value].name_en) or places[value].name_zh
    if field.type == "period":
        return period_said(str(value), lang)
    return _in_english(column, value) if lang == "en" else value


def _in_english(column: str, value: Any) -> Any:
    """A text of a row: a unit, or a name of the rules' own words; what people named stays."""
    if not isinstance(value, str):
        return value
    if column.endswith("unit"):
        return unit_name(value, "en") or value
    return english(value) if has_english(value) else value


def _yes_or_no(value: bool | None, lang: str) -> str | None:
    return None if value is None else word("yes" if value else "no", lang)


def _choice(choices: Mapping[str, Sequence[str]], value: Any, lang: str) -> Any:
    """The word of a code: Chinese first, the last is English."""
    words = choices.get(str(value), (value,))
    return words[-1] if lang == "en" else words[0]


def is_period(text: str) -> bool:
    """Whether a text is a period."""
    try:
        Period.parse(text)
    except BadPeriod:
        return False
    return True


def period_said(text: str, lang: str) -> str:
    """A period, or the first and the last of several, in words; a text that is none as it is."""
    if lang == "en":
        return text
    try:
        return "至".join(Period.parse(part).zh() for part in text.split("—"))
    except BadPeriod:
        return text


def _of_account(column: str, value: Any, choices: Choices, lang: str) -> Any:
    """A cell of an account; a year is no amount; confidences, codes, what is missing, yes and no
    have words.
    """
    if value is None or isinstance(value, bool):
        return _yes_or_no(value, lang)
    if column == "confidence":
        return confidence_word(value, lang)
    if column in CODED:
        return say_missing(value, lang)
    if column in choices:
        return _choice(choices[column], value, lang)
    if column == "period":
        return period_said(str(value), lang)
    return str(value) if column == "year" else word_of(f"code.{column}.{value}", lang, value)


def verdicts(workspace: Workspace, of_one: Opened, lang: str) -> list[dict[str, Any]]:
    """Each rule with its rulings, the newest first."""
    groups = []
    for asked in of_one.case_file.asked:
        rulings = [ruling for ruling in of_one.rulings if ruling.asked.id == asked.id]
        if rulings:
            title = (asked.title_en if lang == "en" else asked.title_zh) or asked.rule
            lines = [_ruling(workspace, of_one, ruling, lang) for ruling in rulings]
            groups.append({"title": title, "rule": asked.rule, "rulings": lines})
    return groups


def _ruling(workspace: Workspace, of_one: Opened, ruling: Ruling, lang: str) -> dict[str, Any]:
    key = {
        "subject": of_one.subject.id,
        "asked": ruling.asked.id,
        "period": ruling.span.text,
    }
    recorded = of_one.recorded.get((ruling.asked.id, ruling.span.text))
    result = None
    if ruling.result is not None:
        result = shown(ruling.result.as_dict(), outputs_of(ruling.result.rule), lang)
    first = next(iter(ruling.result.outputs), "") if ruling.result else ""
    return {
        "span": period_said(ruling.span.text, lang),
        "day": ruling.day,
        "state": ruling.state,
        "why": with_place_names(
            ruling.why[1 if lang == "en" else 0], workspace.pack.places(), lang
        ),
        "lacks": [lack_said(workspace, lack, lang) for lack in ruling.lacks],
        "result": result,
        "confidence": ruling.confidence,
        "demo": ruling.facts.demo,
        "recorded": recorded,
        "is_stale": of_one.is_stale(ruling),
        "query": urlencode(key),
        "origin": f"/explain/{of_one.case_file.verdicts}?{urlencode({**key, 'output': first})}",
    }


def lack_said(workspace: Workspace, lack: Lack, lang: str) -> dict[str, str]:
    """An input that no record gives, with the form that would hold it and where to file it; of an
    account, whose records are not complete, there is no address. ``choice``: the parameter that is
    to be set there.
    """
    form = workspace.forms.get(lack.table)
    address = f"/entry?form={quote(lack.table)}" if form is not None else ""
    fields = [field for field in form.fields if field.id == lack.column] if form else []
    titles = [field.title_en if lang == "en" else field.title_zh for field in fields]
    called = lack.title[1 if lang == "en" else 0]
    title = called or next(iter(titles), lack.en if lang == "en" else lack.zh)
    return {
        "zh": title,
        "form": _title(form, lack.table, lang),
        "address": address,
        "table": lack.table,
        "column": lack.column,
        "choice": lack.choice,
    }


def _label(due: Due, choices: Choices, lang: str) -> str:
    """What a day due is of: a code in its word, a period in words."""
    if due.deadline.label in choices:
        return str(_choice(choices[due.deadline.label], due.label, lang))
    return period_said(due.label, lang)


def days(workspace: Workspace, of_one: Opened, lang: str) -> list[list[str]]:
    """The days due in words: what, of what, when, done, state."""
    choices = _choices(workspace, of_one)
    return [
        [
            due.deadline.title_en if lang == "en" else due.deadline.title_zh,
            _label(due, choices, lang),
            due.day.isoformat(),
            due.done.isoformat() if due.done else "",
            word(f"files.due.{due.state}", lang),
        ]
        for due in of_one.days
    ]


def paper(workspace: Workspace, of_one: Opened, judged_on: date, lang: str = "zh") -> CasePaper:
    """What the Word document of a case file holds."""
    case_file = of_one.case_file
    by_asked: dict[str, list[Ruling]] = {}
    for ruling in of_one.rulings:
        by_asked.setdefault(ruling.asked.id, []).append(ruling)
    groups = [
        _group(workspace, by_asked[asked.id], lang)
        for asked in case_file.asked
        if asked.id in by_asked
    ]
    return CasePaper(
        kind=case_file.title_en if lang == "en" else case_file.title_zh,
        subject=of_one.subject.id,
        name=of_one.subject.name,
        place=name_of_place(workspace.pack.places(), of_one.subject.place, lang),
        judged_on=days_said(judged_on.isoformat(), lang),
        tables=list(facts(workspace, of_one, lang)),
        verdicts=groups,
        days=[[days_said(cell, lang) for cell in row] for row in days(workspace, of_one, lang)],
        lang=lang,
    )


def _group(workspace: Workspace, rulings: Sequence[Ruling], lang: str) -> Said:
    """A rule's rulings as they stand in a paper, the newest first."""
    asked = rulings[0].asked
    warnings = [text for ruling in rulings if ruling.result for text in ruling.result.warnings]
    lines = []
    for ruling in rulings:
        label = label_of(workspace, ruling, lang) or ruling.day.isoformat()
        colon = word("field.separator", lang)
        pairs = [f"{title}{colon}{text}" for title, text in says(ruling, lang)]
        law = law_beside(ruling.result.rule.law, lang) if ruling.result else ""
        text = word("list.clause", lang).join(pairs) or why_not(ruling, lang)
        confidence = confidence_word(ruling.confidence, lang)
        lines.append((days_said(label, lang), text, law, confidence))
    title = asked.title_en if lang == "en" else asked.title_zh
    return Said(title or asked.rule, lines, cautions(workspace, warnings, lang))
