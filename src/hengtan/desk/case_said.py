"""What the verdicts of a case file say in a paper: conclusions and figures, why there
are none, what has to be watched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from hengtan.instruments.case_files.ruling import Ruling
from hengtan.instruments.english import in_english
from hengtan.report.said_in_papers import caution_said, days_said, said, without_codes
from hengtan.report.said_of_places import name_of_place
from hengtan.report.words import word

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


def says(ruling: Ruling, lang: str = "zh") -> Iterator[tuple[str, str]]:
    """The outputs in words, what is concluded before the figures."""
    if ruling.result is None:
        return
    outputs = ruling.result.outputs
    figures = []
    for output in ruling.result.rule.outputs:
        value = _named(outputs.get(output.name), output.unit, ruling, lang)
        value = in_english(value, lang) if isinstance(value, str) else value
        text, title = said(value, output.unit, output.zh, lang), in_english(output.zh, lang)
        if isinstance(outputs.get(output.name), str) and text:
            yield title, days_said(text, lang)
        elif text:
            figures.append((title, text))
    yield from figures


def _named(value: Any, unit: str, ruling: Ruling, lang: str) -> Any:
    """Figures in a list, each with the name of the row it is of, where rows have names."""
    if not isinstance(value, (list, tuple)):
        return value
    for rows in ruling.inputs.values():
        if isinstance(rows, list) and len(rows) == len(value) and _have_names(rows):
            pairs = zip(rows, value, strict=True)
            return [f"{row['name']} {said(part, unit, lang=lang)}" for row, part in pairs]
    return value


def _have_names(rows: Sequence[Any]) -> bool:
    return all(isinstance(row, Mapping) and row.get("name") for row in rows)


def why_not(ruling: Ruling, lang: str = "zh") -> str:
    """Why there is no verdict; what a case that is written by hand may do is left out, and the
    fields where a figure may be given, which stand below.
    """
    reason = ruling.why[1 if lang == "en" else 0]
    why = reason.partition(word("files.document.of_a_case", lang))[0]
    if ruling.lacks:
        why = why.partition(word("files.document.of_a_field", lang))[0]
    return without_codes(why)


def cautions(workspace: Workspace, warnings: Iterable[str], lang: str = "zh") -> list[str]:
    """Warnings without codes, each once."""
    place_name = partial(name_of_place, workspace.pack.places(), lang=lang)
    return list(dict.fromkeys(caution_said(text, place_name, lang) for text in warnings))
