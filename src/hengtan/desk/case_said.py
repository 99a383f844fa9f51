"""What the verdicts of a case file say in a paper, in Chinese: conclusions and figures, why there
are none, what has to be watched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hengtan.instruments.case_files.ruling import Ruling
from hengtan.report.said_in_papers import caution_said, days_said, said, without_codes
from hengtan.report.words import word

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


def says(ruling: Ruling) -> Iterator[tuple[str, str]]:
    """The outputs in words, what is concluded before the figures."""
    if ruling.result is None:
        return
    outputs = ruling.result.outputs
    figures = []
    for output in ruling.result.rule.outputs:
        value = _named(outputs.get(output.name), output.unit, ruling)
        text = said(value, output.unit, output.zh)
        if isinstance(outputs.get(output.name), str) and text:
            yield output.zh, days_said(text)
        elif text:
            figures.append((output.zh, text))
    yield from figures


def _named(value: Any, unit: str, ruling: Ruling) -> Any:
    """Figures in a list, each with the name of the row it is of, where rows have names."""
    if not isinstance(value, (list, tuple)):
        return value
    for rows in ruling.inputs.values():
        if isinstance(rows, list) and len(rows) == len(value) and _have_names(rows):
            pairs = zip(rows, value, strict=True)
            return [f"{row['name']} {said(part, unit)}" for row, part in pairs]
    return value


def _have_names(rows: Sequence[Any]) -> bool:
    return all(isinstance(row, Mapping) and row.get("name") for row in rows)


def why_not(ruling: Ruling) -> str:
    """Why there is no verdict; what a case that is written by hand may do is left out, and the
    fields where a figure may be given, which stand below.
    """
    why = ruling.why[0].partition(word("files.document.of_a_case"))[0]
    if ruling.lacks:
        why = why.partition(word("files.document.of_a_field"))[0]
    return without_codes(why)


def cautions(workspace: Workspace, warnings: Iterable[str]) -> list[str]:
    """Warnings without codes, each once."""
    places = workspace.pack.places()

    def place_name(code: str) -> str:
        return places[code].name_zh if code in places else code

    return list(dict.fromkeys(caution_said(text, place_name) for text in warnings))
