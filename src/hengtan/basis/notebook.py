"""Tables by which objects show themselves in a notebook (``_repr_html_``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(heads: Sequence[object], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """A plain HTML table; every text is escaped, None is blank."""
    lines = ["<table>"]
    if caption:
        lines.append(f"<caption>{escape(caption)}</caption>")
    lines.append(_line("th", heads))
    lines += [_line("td", row) for row in rows]
    return "\n".join([*lines, "</table>"])


def _line(tag: str, cells: Sequence[object]) -> str:
    texts = ("" if cell is None else escape(str(cell)) for cell in cells)
    return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"
