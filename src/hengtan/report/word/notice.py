"""The notice of an assessment as a Word document.

It says to whom, what, by which law, the steps, the parameters with their sources, what is recalled,
where to object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hengtan.basis.cite import confidence_word
from hengtan.report.results import Outputs, shown
from hengtan.report.word import document as doc
from hengtan.report.words import word

INTRODUCTION = doc.ParagraphStyle(indented=True, space_after=4)
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
    """Write the notice of a result of a rule; ``entity``: to whom; ``regions``: names of places by
    code.
    """
    view = shown(result, outputs)
    document = doc.new_document()
    title = word("notice.title", title=result["title_zh"])
    doc.line(document, title, replace(doc.TITLE, space_after=6))
    doc.line(document, word("notice.to", name=entity or BLANK))
    introduction = word(
        "notice.introduction",
        law=result["law"],
        date=result["date"],
        place=(regions or {}).get(result["region"], result["region"]),
    )
    doc.line(document, introduction, INTRODUCTION)
    _results(document, view)
    _steps(document, view)
    _parameters(document, result["parameters"])
    for warning in result["warnings"]:
        doc.line(document, word("notice.warning", text=warning), WARNING)
    doc.line(document, word("notice.closing"), CLOSING)
    return doc.written(document, path)


def _headings(*keys: str) -> list[str]:
    return [word(f"notice.column.{key}") for key in keys]


def _results(document: Any, view: Mapping[str, Any]) -> None:
    rows = [[output["title"], f"{output['value']}{output['unit']}"] for output in view["shown"]]
    doc.table(document, _headings("item", "result"), rows, (7, 8), size=11)


def _steps(document: Any, view: Mapping[str, Any]) -> None:
    doc.line(document, word("notice.steps"), doc.HEADING)
    rows = [
        [step["title"], f"{step['value']}{step['unit']}", step["how"], step["clause"]]
        for step in view["lines"]
    ]
    doc.table(document, _headings("step", "value", "how", "clause"), rows, (4.2, 3, 4.6, 4.2))


def _parameters(document: Any, parameters: Any) -> None:
    if not parameters:
        return
    doc.line(document, word("notice.parameters"), doc.HEADING)
    rows = [
        [
            ".".join(filter(None, (parameter["name"], parameter["key"]))),
            f"{parameter['value']:g}{parameter['unit']}",
            word("notice.own")
            if parameter["overridden"]
            else confidence_word(parameter["confidence"]),
            parameter["source"],
        ]
        for parameter in parameters
    ]
    headings = _headings("parameter", "amount", "confidence", "source")
    doc.table(document, headings, rows, (4.6, 2.8, 2.4, 6.2))
