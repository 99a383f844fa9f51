"""The text of a web page and of Markdown: a line a block, a row of a table on a line with ``|``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.delimited import decode
from hengtan.ledger.reading.files import damaged
from hengtan.plan.reader.documents.limits import MAX_CHARACTERS, MAX_COLUMNS, span_of
from hengtan.plan.reader.messages import refusal

_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6", "title", "header", "footer")
_LISTS = ("ul", "ol", "li", "dl", "dt", "dd")
_PARTS = ("p", "div", "br", "table", "tr", "section", "article", "blockquote", "pre", "body")
_BLOCKS = frozenset((*_HEADS, *_LISTS, *_PARTS))
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "object",
        "svg",
        "nav",
        "del",
        "s",
        "strike",
    ]
)
_CELLS = ("td", "th")
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030"}
"""Encodings that pages name, and the larger one that they mean."""


def text_of_markdown(text: str) -> str:
    """Without marks that are no text: head signs, emphasis, rules of tables."""
    text = re.sub(r"(?m)^[ \t]{0,3}#{1,6}[ \t]*", "", text)
    text = re.sub(r"(?m)^[ \t|:-]*-{3,}[ \t|:-]*$\n?", "", text)
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text)


def text_of_html(content: bytes, where: Where) -> str:
    """Text of a page. Raises UnreadableFile for markup that cannot be read."""
    from lxml import html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(content, where)).replace("\x00", "")
    parser = html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except Exception as error:  # lxml raises several kinds of its own on hostile markup
        raise damaged(where, type(error).__name__) from error
    page = _Page(where)
    for event, element in _walk(tree):
        if event == "start":
            page.opened(element)
        else:
            page.closed(element)
    return page.text()


def _decoded(content: bytes, where: Where) -> str:
    """A page in the encoding that it names, where that holds; else in the one that its bytes
    tell."""
    named = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    if named:
        encoding = named.group(1).decode()
        try:
            text = content.decode(_LARGER.get(encoding.lower(), encoding))
        except (UnicodeError, LookupError):
            text = ""
        if text:
            return text
    return decode(content, where)[0]


class _Page:
    """The text of a page as its elements open and close; ``taken``: for each column, rows that a
    cell above still takes."""

    def __init__(self, where: Where) -> None:
        self.where, self.bars = where, 0
        self.parts: list[str] = []
        self.column = 0
        self.taken: dict[int, int] = {}

    def opened(self, element: Any) -> None:
        """An element begins: a block on a line of its own, a cell behind those that reach down from
        above."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "table":
            self.taken = {}
        elif tag == "tr":
            self.parts.append("| ")
            self.column = 0
        elif tag in _CELLS:
            while self.taken.get(self.column, 0) > 0:
                self._skip_column()
        if element.text:
            apart = "" if _has_chinese(element.text) else " "
            self.parts.append(re.sub(r"[\r\n]+", apart, element.text))

    def closed(self, element: Any) -> None:
        """An element ends: a cell with a bar for each of its columns, a row with the cells that
        reach down to its end."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _CELLS:
            self._end_cell(span_of(element.get("colspan")), span_of(element.get("rowspan")))
        elif tag in _BLOCKS:
            if tag == "tr":
                self._reach_down()
            self.parts.append("\n")
        if element.tail:
            self.parts.append(re.sub(r"[\r\n]+[ \t]*", "", element.tail))

    def _end_cell(self, wide: int, deep: int) -> None:
        wide = max(min(wide, MAX_COLUMNS - self.column), 1)
        self._bars(wide)
        if deep > 1 and self.column < MAX_COLUMNS:
            self.taken.update({self.column + i: deep - 1 for i in range(wide)})
        self.column += wide

    def _skip_column(self) -> None:
        self.taken[self.column] -= 1
        self._bars(1)
        self.column += 1

    def _bars(self, number: int) -> None:
        """So many bars; a page of bars alone is no document."""
        self.bars += number
        if self.bars > MAX_CHARACTERS:
            raise refusal(UnreadableFile, "too_long", self.bars, MAX_CHARACTERS, where=self.where)
        self.parts.append(" | " * number)

    def _reach_down(self) -> None:
        """The cells at the end of a row that cells from above still take."""
        last = max((c for c, rows in self.taken.items() if rows > 0), default=-1)
        while self.column <= last:
            if self.taken.setdefault(self.column, 1) <= 0:
                self.taken[self.column] = 1
            self._skip_column()

    def text(self) -> str:
        """All parts, without blanks at the ends of lines and empty lines."""
        joined = re.sub(r"(?m)^[ \t\u3000]+|[ \t]+$", "", "".join(self.parts))
        return re.sub(r"\n{2,}", "\n", joined).strip()


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:
    """Elements as they open and close, without recursion and without what is not shown."""
    stack: list[tuple[Any, Any]] = [(tree, iter(tree))]
    yield "start", tree
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif isinstance(child.tag, str) and child.tag not in _DROPPED:
            yield "start", child
            stack.append((child, iter(child)))
