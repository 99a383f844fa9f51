"""The notice of an assessment as a Word document, in Chinese or in English.

It says to whom, what, by which law, the steps, the parameters with their sources, what is recalled,
where to object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hengtan.basis.cite import confidence_word
from hengtan.report.results import Outputs, shown
from hengtan.report.word import document as doc
from hengtan.report.words import word

INTRODUCTION = doc.ParagraphStyle(indented=True, space_after=4)
SUBTITLE = doc.ParagraphStyle(size=11, centred=True, space_after=6)
WARNING = doc.ParagraphStyle(size=10)
CLOSING = doc.ParagraphStyle(size=10, indented=True)
BLANK = "＿" * 8
"""A line to write a name on."""


def write_notice(
    result: Mapping[str, Any],
    outputs: Outputs,
    path: Path,
    *,
    entity: str = "",
    regions: Mapping[str, str] | None = None,
) -> Path:
    """Write the notice of a result of a rule in Chinese; ``entity``: to whom; ``regions``: names of
    places by code.
    """

    def place(code: str) -> str:
        return (regions or {}).get(code, code)

    return doc.written(_document(result, outputs, entity, place, "zh"), path)


def notice_bytes(
    result: Mapping[str, Any],
    outputs: Outputs,
    *,
    entity: str = "",
    place: Callable[[str], str] = str,
    lang: str = "zh",
) -> bytes:
    """The notice of a result of a rule; in English with the Chinese of rule and law behind.
    ``place``: the name of a place by its code.
    """
    return doc.bytes_of(_document(result, outputs, entity, place, lang))


def _document(
    result: Mapping[str, Any],
    outputs: Outputs,
    entity: str,
    place: Callable[[str], str],
    lang: str,
) -> Any:
    view = shown(result, outputs, lang)
    document = doc.new_document()
    called = view.get(f"title_{lang}") or view["title_zh"]
    title = word("notice.title", lang, title=called)
    doc.line(document, title, replace(doc.TITLE, space_after=6))
    if lang == "en":
        doc.line(document, word("notice.title", title=view["title_zh"]), SUBTITLE)
    doc.line(document, word("notice.to", lang, name=entity or BLANK))
    introduction = word(
        "notice.introduction",
        lang,
        law=view["law"],
        date=result["date"],
        place=place(result["region"]),
    )
    doc.line(document, introduction, INTRODUCTION)
    _results(document, view, lang)
    _steps(document, view, lang)
    _parameters(document, view["parameters"], lang)
    for warning in view["warnings"]:
        doc.line(document, word("notice.warning", lang, text=warning), WARNING)
    doc.line(document, word("notice.closing", lang), CLOSING)
    return document


def _headings(lang: str, *keys: str) -> list[str]:
    return [word(f"notice.column.{key}", lang) for key in keys]


def _results(document: Any, view: Mapping[str, Any], lang: str) -> None:
    rows = [[output["title"], f"{output['value']}{output['unit']}"] for output in view["shown"]]
    doc.table(document, _headings(lang, "item", "result"), rows, (7, 8), size=11)


def _steps(document: Any, view: Mapping[str, Any], lang: str) -> None:
    doc.line(document, word("notice.steps", lang), doc.HEADING)
    rows = [
        [step["title"], f"{step['value']}{step['unit']}", step["how"], step["clause"]]
        for step in view["lines"]
    ]
    headings = _headings(lang, "step", "value", "how", "clause")
    doc.table(document, headings, rows, (4.2, 3, 4.6, 4.2))


def _parameters(document: Any, parameters: Any, lang: str) -> None:
    if not parameters:
        return
    doc.line(document, word("notice.parameters", lang), doc.HEADING)
    rows = [
        [
            parameter["title"],
            f"{parameter['text']}{parameter['unit']}",
            word("notice.own", lang)
            if parameter["overridden"]
            else confidence_word(parameter["confidence"], lang),
            parameter["set_by"],
        ]
        for parameter in parameters
    ]
    headings = _headings(lang, "parameter", "amount", "confidence", "source")
    doc.table(document, headings, rows, (4.6, 2.8, 2.4, 6.2))
