"""The labels of a block of a foreign table: which row each line is, by its words and by the lines
around it, in one language or two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hengtan.accounts.energy.foreign_blocks import Line
from hengtan.accounts.energy.foreign_names import Names, is_chinese
from hengtan.accounts.energy.foreign_rows import in_context

Running = tuple[object, dict[int, list[str | None]]]
"""Of the block before: what its heads say, and the rows it named, by run of labels."""
MOST_LINES = 3
"""Printed lines over which one name may go on."""


@dataclass(frozen=True)
class Label:
    """What the labels of a line say for one run of label columns; ``translation`` is the text that
    was understood, where the first one was not.
    """

    text: str = ""
    code: str | None = None
    translation: str = ""


@dataclass
class Labels:
    """The rows of the lines of a block. ``filled`` says which lines have figures; ``translated``
    takes the lines that were read by a second name: the first one and that.
    """

    names: Names
    body: Sequence[Line]
    filled: Sequence[bool]
    columns: tuple[int, ...]
    translated: dict[int, tuple[str, str]] = field(default_factory=dict)

    def number(self, heads: object, before: Running) -> Running:
        """Work the labels out; what stands under the same heads as the block before goes on with
        its rows (续表), unless it begins anew.
        """
        self.runs = list(_runs(self.columns))
        self.lines: list[list[Label]] = []
        rows = before[1] if before[0] == heads else {}
        named: dict[int, list[str | None]] = {}
        for number, run in enumerate(self.runs):
            labels = self._labels_of(run)
            codes = [
                label.code if has_figures else None
                for label, has_figures in zip(labels, self.filled, strict=True)
            ]
            earlier = rows.get(number, [])
            if _first(earlier) == _first(codes):
                earlier = []
            known = list(in_context([*earlier, *codes]))[len(earlier) :]
            self.lines.append(
                [replace(label, code=code) for label, code in zip(labels, known, strict=True)]
            )
            named[number] = [*earlier, *codes]
        return heads, named

    def of(self, at: int, column: int) -> Label:
        """The label of a line for a cell of a column: of the run nearest to its left, else of any;
        a name in another language where that one is not understood.
        """
        left = [n for n, run in enumerate(self.runs) if run[-1] < column]
        order = [*reversed(left), *[n for n in range(len(self.runs)) if n not in left]]
        labels = [self.lines[n][at] for n in order]
        first = next((label for label in labels if label.text), Label())
        line, _ = self.body[at]
        if first.code or not first.text:
            if first.translation:
                self.translated[line] = (first.text, first.translation)
            return first
        other = next((label for label in labels if label.code and not is_chinese(label.text)), None)
        if other is None:
            return first
        self.translated[line] = (first.text, other.text)
        return other

    def _labels_of(self, run: tuple[int, ...]) -> list[Label]:
        """The label of each line in a run of label columns."""
        labels = [self._one_label(run, cells) for _, cells in self.body]
        return [self._continued(labels, at) for at in range(len(labels))]

    def _continued(self, labels: Sequence[Label], at: int) -> Label:
        """A name that goes on over lines of which one has figures is one name; where the line with
        figures is a name itself it may go on below (Other, Losses), never begin above.
        """
        if not self.filled[at]:
            return labels[at]
        lines_above = 1 if labels[at].code else MOST_LINES
        for first in range(at, max(at - lines_above, -1), -1):
            for last in range(at, min(first + MOST_LINES, len(labels))):
                others = [n for n in range(first, last + 1) if n != at]
                if not others or any(self.filled[n] for n in others):
                    continue
                texts = [labels[n].text for n in range(first, last + 1)]
                code = self._whole_name(texts)
                if code and code != labels[at].code:
                    return Label("".join(texts), code)
        return labels[at]

    def _whole_name(self, texts: Sequence[str]) -> str | None:
        """The row that lines name together, none of them being its translation alone."""
        if not all(texts):
            return None
        if len({is_chinese(text) for text in texts}) > 1:
            return None
        return self.names.row("".join(texts))

    def _one_label(self, run: tuple[int, ...], cells: Sequence[str]) -> Label:
        """The label of a line: of several languages the Chinese one, where it is known."""
        texts = [cells[column].strip() for column in run]
        texts = sorted(filter(None, texts), key=lambda text: not is_chinese(text))
        for text in texts:
            code = self.names.row(text)
            if code:
                return Label(texts[0], code, text if text != texts[0] else "")
        joined = "".join(texts)
        return Label(texts[0] if texts else "", self.names.row(joined) if texts else None)


def _first(codes: Sequence[str | None]) -> str | None:
    return next(filter(None, codes), None)


def _runs(columns: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Columns side by side, together."""
    run: list[int] = []
    for column in sorted(columns):
        if run and column != run[-1] + 1:
            yield tuple(run)
            run = []
        run.append(column)
    if run:
        yield tuple(run)
