"""The picture of the house, drawn from the code.

    python benchmarks/house.py --picture docs/house.svg

Floors stand in the order of the layers contract in pyproject.toml; sizes are files and lines of the
rooms; the squares beside them say how many imports lead from a room (row) to one below (column).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from house_imports import PACKAGE, between_rooms, floors, import_graph

CHINESE = {
    "cli": "命令行",
    "web": "网页",
    "demo": "演示城市",
    "desk": "办事台",
    "workbooks": "填报工作簿",
    "workspace": "工作区",
    "report": "报告",
    "outlook": "情景展望",
    "assessment": "考核评价",
    "plan": "规划与判定",
    "instruments": "规则与政策工具",
    "accounts": "能源与碳账户",
    "graph": "计算图",
    "ledger": "证据台账",
    "packs": "数据包",
    "basis": "基础词汇",
}
HOW_TO_READ = (
    "方格：左边的房间（行）引用上方房间（列）的次数；灰格为房间自身。都在灰格右侧，即只向下引用。",
    "Squares: how often the room at the left (row) imports the room above (column).",
    "Grey is the room itself: all squares stand right of it, so imports lead down only.",
)
ROOF, FLOOR, GAP = 150, 46, 6
LEFT, HOUSE, GRID, SQUARE = 30, 450, 520, 40
BAR = 120
INK, QUIET, WALL, ACCENT, WRONG = "#1f2d2a", "#5f6f6b", "#eef3f0", "#2f7d6b", "#c0392b"
FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','Noto Sans',Arial,sans-serif"


@dataclass(frozen=True)
class Room:
    """A room as it is drawn: what it says of itself, its size, and where it stands."""

    name: str
    about: str
    files: int
    lines: int
    top: float
    height: float
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def draw(root: Path) -> str:
    """The picture as SVG text."""
    rooms = list(_rooms(root))
    height = ROOF + len(floors(root / "pyproject.toml")) * (FLOOR + GAP) + 92
    width = GRID + len(rooms) * SQUARE + 40
    parts = [*_roof(), *_house(rooms), *_grid(rooms, root), *_words_below(rooms, height)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="{FONT}" fill="{INK}">',
            "<title>衡碳的房子 The house of Hengtan</title>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _rooms(root: Path) -> Iterator[Room]:
    """Every room from the top floor down, with its place in the picture."""
    package = root / "src" / PACKAGE
    for level, names in enumerate(floors(root / "pyproject.toml")):
        width = (HOUSE - GAP * (len(names) - 1)) / len(names)
        height = FLOOR / len(names)
        for number, name in enumerate(names):
            files = sorted((package / name).rglob("*.py"))
            yield Room(
                name=name,
                about=_about(package / name / "__init__.py"),
                files=len(files),
                lines=sum(len(f.read_text(encoding="utf-8").splitlines()) for f in files),
                top=ROOF + level * (FLOOR + GAP) + number * height,
                height=height,
                left=LEFT + number * (width + GAP),
                width=width,
            )


def _about(file: Path) -> str:
    """The first line that a room says of itself."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def _roof() -> list[str]:
    """The roof with the name of the house."""
    middle, top, eaves = LEFT + HOUSE / 2, 24, ROOF - GAP
    return [
        f'<path d="M{LEFT - 14} {eaves} L{middle} {top} L{LEFT + HOUSE + 14} {eaves} Z" '
        f'fill="{ACCENT}"/>',
        _text(middle, 88, "衡碳 Hengtan", size=24, fill="white", anchor="middle", weight="700"),
        _text(middle, 112, "每层只引用下面的层", size=13, fill="white", anchor="middle"),
        _text(
            middle,
            130,
            "each floor imports only floors below it",
            size=12.5,
            fill="white",
            anchor="middle",
        ),
    ]


def _house(rooms: list[Room]) -> Iterator[str]:
    """The rooms, each with its names, its files and lines, and a bar as long as its code."""
    longest = max(room.lines for room in rooms)
    for room in rooms:
        floor_top = room.top if room.left == LEFT else room.top - room.height
        yield f'<g data-room="{room.name}"><title>{escape(room.about)}</title>'
        yield (
            f'<rect x="{room.left:.1f}" y="{floor_top:.1f}" width="{room.width:.1f}" '
            f'height="{FLOOR}" rx="4" fill="{WALL}" stroke="#c9d6d1"/>'
        )
        yield _text(room.left + 12, floor_top + 20, room.name + "/", size=15, weight="700")
        yield _text(room.left + 12, floor_top + 38, CHINESE.get(room.name, ""), size=13, fill=QUIET)
        yield from _size(room, floor_top, longest)
        yield "</g>"


def _size(room: Room, floor_top: float, longest: int) -> Iterator[str]:
    right = room.left + room.width - 12
    size = f"{room.files} 文件 files, {room.lines:,} 行 lines"
    if room.width < HOUSE:
        size = f"{room.files} 文件, {room.lines:,} 行"
    yield _text(right, floor_top + 20, size, size=12, fill=QUIET, anchor="end")
    length = BAR * room.lines / longest
    yield (
        f'<rect x="{right - length:.1f}" y="{floor_top + 29:.1f}" width="{length:.1f}" '
        f'height="7" rx="2" fill="{ACCENT}" opacity="0.75"/>'
    )


def _grid(rooms: list[Room], root: Path) -> Iterator[str]:
    """Imports between rooms: a row for the room that imports, a column for the one imported."""
    weights = between_rooms(import_graph(root / "src" / PACKAGE))
    edge = GRID + len(rooms) * SQUARE
    most = max(weights.values())
    place = {room.name: number for number, room in enumerate(rooms)}
    for room in rooms:
        x = GRID + place[room.name] * SQUARE + SQUARE / 2
        yield (
            f'<text transform="translate({x + 4:.1f} {ROOF - 10}) rotate(-50)" '
            f'font-size="13">{room.name}</text>'
        )
        yield (
            f'<line x1="{GRID}" x2="{edge}" y1="{room.top + room.height:.1f}" '
            f'y2="{room.top + room.height:.1f}" stroke="#e3eae7"/>'
        )
        if room.height < FLOOR:
            yield _text(GRID - 8, room.middle + 4, room.name, size=11, fill=QUIET, anchor="end")
        yield (
            f'<rect x="{x - SQUARE / 2 + 2:.1f}" y="{room.top + 1:.1f}" width="{SQUARE - 4}" '
            f'height="{room.height - 2:.1f}" rx="3" fill="#d5dedb"/>'
        )
    for (importer, imported), count in sorted(weights.items()):
        if imported not in place or importer not in place:
            continue  # a file of the package itself, such as its version, is no room
        row, column = rooms[place[importer]], place[imported]
        yield from _square(row, column, count, count / most, column > place[importer])


def _square(row: Room, column: int, count: int, share: float, downward: bool) -> Iterator[str]:
    """One square, darker for more imports; red where the import leads upward."""
    x = GRID + column * SQUARE + 2
    opacity = 0.12 + 0.88 * math.sqrt(share)
    colour = ACCENT if downward else WRONG
    ink = "white" if opacity > 0.55 else INK
    yield (
        f'<rect x="{x}" y="{row.top + 1:.1f}" width="{SQUARE - 4}" height="{row.height - 2:.1f}" '
        f'rx="3" fill="{colour}" opacity="{opacity:.2f}"/>'
    )
    yield _text(
        x + SQUARE / 2 - 2, row.middle + 4.5, str(count), size=13, fill=ink, anchor="middle"
    )


def _words_below(rooms: list[Room], height: int) -> Iterator[str]:
    """The ground, and how to read the squares."""
    ground = height - 84
    yield (
        f'<line x1="{LEFT - 14}" x2="{LEFT + HOUSE + 14}" y1="{ground}" y2="{ground}" '
        f'stroke="{INK}" stroke-width="3"/>'
    )
    files, lines = sum(room.files for room in rooms), sum(room.lines for room in rooms)
    sizes = (
        f"共 {files} 文件、{lines:,} 行；条形为代码行数。",
        f"{files} files, {lines:,} lines; the bars are lines of code.",
    )
    for x, sentences in ((LEFT, sizes), (GRID, HOW_TO_READ)):
        for number, sentence in enumerate(sentences, 1):
            yield _text(x, ground + 6 + 20 * number, sentence, size=12.5, fill=QUIET)


def _text(x: float, y: float, words: str, *, size: float, fill: str = INK, **style: str) -> str:
    anchor, weight = style.get("anchor", "start"), style.get("weight", "400")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )
