"""Districts' goals from a table (区县, 基年能源消费量, 基年地区生产总值, 期内经济增长倍数, 目标):
do they add up, and what would.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from hengtan.basis.errors import HengtanError, Where
from hengtan.ledger.reading import read_sheets
from hengtan.plan.decomposition import District

COLUMNS = {
    "基年能源消费量": "energy",
    "基年地区生产总值": "gdp",
    "期内经济增长倍数": "growth",
    "目标": "cut",
}
TITLES = ("区县", "类别", *COLUMNS)


def read_districts(path: Path) -> list[District]:
    """Districts of the first sheet.

    A goal of 14, 14% and 0.14 is the same cut; blanks are unknown. Raises HengtanError with row and
    column.
    """
    sheets = read_sheets(path, ("区县",))
    name, rows = next(iter(sheets.items()), ("", []))
    if not rows or "区县" not in rows[0][1]:
        raise HengtanError(
            "没有“区县”列",
            "no column 区县",
            where=Where(path.name, sheet=name or None),
            todo=f"表头用：{'、'.join(TITLES)}",
            todo_en="see hengtan decompose template",
        )
    made: list[District] = []
    for line, row in rows:
        district = row["区县"].strip()
        if not district:
            continue
        if district in {d.name for d in made}:
            raise HengtanError(
                f"“{district}”出现两次",
                f"'{district}' occurs twice",
                where=Where(path.name, sheet=name or None, row=line, column="区县"),
                todo="删去一行",
                todo_en="delete one",
            )
        figures: dict[str, float | None] = {}
        for title, field in COLUMNS.items():
            text = unicodedata.normalize("NFKC", row.get(title, "")).replace(",", "").strip()
            if text in ("", "-", "—", "/"):
                figures[field] = None
                continue
            try:
                value = float(text.rstrip("%"))
            except ValueError as error:
                raise HengtanError(
                    f"“{text}”不是数",
                    f"'{text}' is no number",
                    where=Where(path.name, sheet=name or None, row=line, column=title),
                    todo="填数字",
                    todo_en="fill a number",
                ) from error
            if field == "cut" and (text.endswith("%") or value >= 1):
                value /= 100
            bad = (
                value != value
                or abs(value) == float("inf")
                or (field != "cut" and value <= 0)
                or (field == "cut" and not -1 < value < 1)
            )
            if bad:
                raise HengtanError(
                    f"“{title}”不能是{text}",
                    f"{field} cannot be {text}",
                    where=Where(path.name, sheet=name or None, row=line, column=title),
                    todo="能耗、产值、倍数为正数，目标在0—100%之间",
                    todo_en="positive figures, a cut below 100 %",
                )
            figures[field] = value
        made.append(District(district, **figures, class_=row.get("类别", "").strip()))
    return made


def as_share(text: str) -> float:
    """14, 14% and 0.14 as 0.14. Raises HengtanError."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        value = float(plain.rstrip("%"))
    except ValueError as error:
        raise HengtanError(
            f"“{text}”不是降低率",
            f"'{text}' is no cut",
            todo="例如 14 或 14%",
            todo_en="e.g. 14 or 14%",
        ) from error
    value = value / 100 if plain.endswith("%") or value >= 1 else value
    if not 0 <= value < 1:
        raise HengtanError(
            f"降低率“{text}”应在0与100%之间",
            f"a cut of '{text}' cannot be",
            todo="例如 14 或 14%",
            todo_en="e.g. 14 or 14%",
        )
    return value
