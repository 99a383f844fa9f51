"""Foreign energy balances: what layout a table of text has, and its cells by row and column code.

Layouts of yearbooks differ: flows down or across, one or two title lines, 回收能 in supply or in transformation, opening and closing stocks or one net row,
signs of outflows, an extra row of products put in again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hengtan.basis.errors import HengtanError

TOTAL_COLUMNS = ("total_coal", "total_petroleum", "total_energy")
MOST_DECIMALS = 4
"""Digits beyond the fourth come from converting units, not from measuring: a table in million tonnes of coal equivalent is known to 100 t at best."""
AGAIN = ("T.refine_re", "T.gas_re")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+\s*[、.．]|\([一二三四五六七八九十\d]+\)|\d+\s*[、.)]|#|\*)\s*"
)
_SIGN_MARKS = re.compile(r"\((?:[-+±]|减|加)\)")
_EMPTY = {"", "-", "--", "—", "–", "…", "...", "x", "X", "·", "/", "——"}
_NUMBER = re.compile(r"^[-+]?(?:\d[\d,]*)?(?:\.\d+)?$")


@dataclass(frozen=True)
class Printed:
    """A printed cell: its value, decimals, and place (line in the file and column title)."""

    value: float
    decimals: int
    line: int
    column: str


@dataclass
class Balance:
    """A table as recognised: cells by (row code, column code), titles as printed, unit, and remarks on what was recognised or passed over."""

    cells: dict[tuple[str, str], Printed] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    standard: bool = False
    transposed: bool = False
    passed_over: list[str] = field(default_factory=list)
    unread: list[tuple[int, str, str]] = field(default_factory=list)


def plain(text: str) -> str:
    """A title without blanks, numbering, signs in brackets, full-width forms, case."""
    word = unicodedata.normalize("NFKC", text).replace("（", "(").replace("）", ")")
    word = re.sub(r"[\s_]+", "", word)
    while (bare := _NUMBERING.sub("", word)) != word:
        word = bare
    word = _SIGN_MARKS.sub("", word)
    word = re.sub(r"^(其中|ofwhich)[::]?", "", word, flags=re.IGNORECASE)
    word = re.sub(r"\((?:万吨|亿立方米|亿千瓦时|百亿千焦|10\S*)\)$", "", word)
    return word.lower().rstrip(":：")


def code_of(cell: str, names: Mapping[str, str]) -> str | None:
    """The code of a title; of a bilingual one (原煤 Raw Coal) that of its Chinese part, else of its English part."""
    if not cell.strip():
        return None
    whole = names.get(plain(cell))
    if whole is not None:
        return whole
    text = unicodedata.normalize("NFKC", cell)
    chinese = re.sub(r"[A-Za-z][A-Za-z0-9 ,.&'/-]*", "", text)
    if any("一" <= ch <= "鿿" for ch in chinese):
        return names.get(plain(chinese)) if chinese != text else None
    return None


def known_names(names: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Spellings of rows and of columns → code, from rows of the pack table ``balance_names``."""
    rows = {plain(n["spelling"]): n["code"] for n in names if n["kind"] == "row"}
    columns = {plain(n["spelling"]): n["code"] for n in names if n["kind"] == "product"}
    return rows, columns


def read_balance(
    lines: Sequence[tuple[int, Sequence[str]]], names: Sequence[Mapping[str, str]]
) -> Balance:
    """Recognise a table of text lines (number in the file, cells). Raises HengtanError where it is no energy balance."""
    row_names, column_names = known_names(names)
    width = max((len(cells) for _, cells in lines), default=0)
    grid = [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in lines]
    upright = _score(grid, row_names, column_names)
    turned = [(column + 1, [cells[column] for _, cells in grid]) for column in range(width)]
    across = _score(turned, row_names, column_names)
    if max(upright, across) < 5:
        raise HengtanError(
            "认不出能源平衡表：找不到平衡表项目与能源品种的名称",
            "no energy balance is recognised: neither rows nor products are found",
            todo="表应有“可供本地区消费的能源量”“终端消费量”等项目和“原煤”等品种",
            todo_en="the table should hold rows such as final consumption and columns such as raw coal",
        )
    if across > upright:
        made = _read(turned, row_names, column_names)
        return _turned_back(made, [number for number, _ in grid])
    return _read(grid, row_names, column_names)


def _score(
    grid: Sequence[tuple[int, Sequence[str]]], rows: Mapping[str, str], columns: Mapping[str, str]
) -> int:
    down = (
        max(
            (
                sum(code_of(cells[c], rows) is not None for _, cells in grid)
                for c in range(len(grid[0][1]))
            ),
            default=0,
        )
        if grid
        else 0
    )
    across = max(
        (sum(code_of(cell, columns) is not None for cell in cells) for _, cells in grid), default=0
    )
    return down + across if down >= 3 and across >= 1 else 0


def _read(
    grid: Sequence[tuple[int, Sequence[str]]],
    row_names: Mapping[str, str],
    column_names: Mapping[str, str],
) -> Balance:
    width = len(grid[0][1])
    labels = sorted(
        range(width),
        key=lambda c: -sum(code_of(cells[c], row_names) is not None for _, cells in grid),
    )
    labels = [
        c
        for c in labels[:2]
        if sum(code_of(cells[c], row_names) is not None for _, cells in grid) >= 3
    ]
    # a Chinese label comes before an English one: 终端消费量 is final use, "Total Consumption" could be either
    labels.sort(key=lambda c: -sum(any("一" <= ch <= "鿿" for ch in cells[c]) for _, cells in grid))
    first = next(
        i
        for i, (_, cells) in enumerate(grid)
        if any(code_of(cells[c], row_names) is not None for c in labels) and _numbers(cells, labels)
    )
    made = Balance()
    for _, cells in grid[:first]:
        for column, cell in enumerate(cells):
            code = code_of(cell, column_names)
            chinese = any("一" <= ch <= "鿿" for ch in cell)
            if code and column not in labels and (code not in made.columns or chinese):
                made.columns[code] = cell.strip()
    at: dict[int, str] = {}
    for column in range(width):
        found = [
            code for _, cells in grid[:first] if (code := code_of(cells[column], column_names))
        ]
        if found and column not in labels and found[-1] not in at.values():
            at[column] = found[0]
    made.unit = _unit(grid, first)
    made.standard = bool(re.search(r"标准煤|标煤|tce", made.unit, re.IGNORECASE)) or any(
        re.search(r"标准量|标准煤", cell) for _, cells in grid[:first] for cell in cells
    )
    before = ""
    for number, cells in grid[first:]:
        label = next((cells[c] for c in labels if code_of(cells[c], row_names) is not None), "")
        code = code_of(label, row_names)
        if code is None:
            if _numbers(cells, labels):
                made.passed_over.append(
                    next((cells[c].strip() for c in labels if cells[c].strip()), f"第{number}行")
                )
            continue
        code = _in_context(code, before)
        if code in made.rows:
            made.passed_over.append(label.strip())
            continue
        before = code
        made.rows[code] = label.strip()
        for column, product in at.items():
            text = unicodedata.normalize("NFKC", cells[column]).strip()
            if text in _EMPTY:
                continue
            number_text = text.replace(" ", "").replace("\u2212", "-")
            if not _NUMBER.match(number_text) or number_text in ("", "-", "+"):
                made.unread.append((number, made.columns.get(product, product), text))
                continue
            bare = number_text.replace(",", "")
            made.cells[code, product] = Printed(
                float(bare),
                min(len(bare.partition(".")[2]), MOST_DECIMALS),
                number,
                made.columns.get(product, product),
            )
    return made


def _in_context(code: str, before: str) -> str:
    """回收能 belongs to what the row before it belongs to: transformation, else supply."""
    return ("T.rec" if before.startswith("T") else "S.rec") if code == "rec" else code


def _numbers(cells: Sequence[str], labels: Sequence[int]) -> bool:
    return any(
        _NUMBER.match(t) and any(ch.isdigit() for ch in t)
        for c, cell in enumerate(cells)
        if c not in labels and (t := unicodedata.normalize("NFKC", cell).strip().replace(" ", ""))
    )


def _unit(grid: Sequence[tuple[int, Sequence[str]]], first: int) -> str:
    for _, cells in grid[: first + 3]:
        for cell in cells:
            text = unicodedata.normalize("NFKC", cell).strip()
            found = re.search(r"单位\s*[::]\s*(\S+)", text) or re.fullmatch(
                r"(Mtce|tce|万吨标准煤|百万吨标准煤|万吨标煤|10\^?4\s*tce|PJ|TJ)", text
            )
            if found:
                return found.group(1)
    return ""


def _turned_back(made: Balance, numbers: Sequence[int]) -> Balance:
    """A table read across: its lines are columns of the file. A cell keeps the column letter as its line, so that it is told by row and column title."""
    made.transposed = True
    return made
