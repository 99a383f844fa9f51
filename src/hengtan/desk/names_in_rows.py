"""Names that people write in a cell where a form asks for a code, and columns by their titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, Where, one_line
from hengtan.outlook.pathway.measures import split

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = Mapping[str, Any]
ORDINAL = re.compile(r"^(（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|其中：)")


def codes_by_name(rows: Iterable[Mapping[str, Any]], key: str) -> dict[str, str]:
    """The code of each name of a table of a pack, Chinese (with and without its ordinal), English
    and other; names of several codes are left out.
    """
    codes: dict[str, set[str]] = {}
    for row in rows:
        zh, en = str(row["name_zh"] or ""), str(row["name_en"] or "")
        names = {zh, ORDINAL.sub("", zh), en, *split(row.get("aliases"))}
        for name in names - {""}:
            codes.setdefault(_plain(name), set()).add(row[key])
    return {name: next(iter(known)) for name, known in codes.items() if len(known) == 1}


def codes_of(pack: Any, kind: str) -> dict[str, str]:
    """Codes of ``carriers`` or ``sectors`` by the names that people write for them."""
    if kind == "carriers":
        return codes_by_name(pack.rows("energy_products"), "product")
    categories = codes_by_name(pack.rows("inventory_categories"), "category")
    return categories | codes_by_name(pack.rows("balance_rows"), "row")


def names_of(pack: Any, words: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """What sectors, carriers, series, drivers and numbers are called, Chinese and English."""
    named = {
        row[key]: (f"{row['name_zh']}（{row[key]}）", f"{row['name_en']} ({row[key]})")
        for table, key in (
            ("inventory_categories", "category"),
            ("balance_rows", "row"),
            ("energy_products", "product"),
            ("series", "series"),
        )
        for row in pack.rows(table)
    }
    for code, said in words.items():
        kind, _, name = code.partition(".")
        if kind in ("driver", "number", "indicator"):
            named[name] = (said[0], said[1])
    return named


def with_codes(rows: Iterable[Row], columns: Mapping[str, Mapping[str, str]]) -> list[Row]:
    """Rows with codes for the names in some columns, a cell as a whole or its parts; what no name
    is stays as it is.
    """
    changed: list[Row] = []
    for row in rows:
        cells = {column: _coded(row.get(column), codes) for column, codes in columns.items()}
        changed.append({**row, **cells})
    return changed


def _coded(cell: Any, codes: Mapping[str, str]) -> Any:
    if cell is None:
        return None
    whole = codes.get(_plain(str(cell)))
    if whole is not None:
        return whole
    return ";".join(codes.get(_plain(part), part) for part in split(cell)) or cell


def _plain(name: str) -> str:
    return name.strip().lower()


@contextmanager
def columns_by_title(workspace: Workspace, *forms: str) -> Iterator[None]:
    """Refusals raised inside name the column of a form by its title, as the file has it."""
    try:
        yield
    except HengtanError as error:
        name_column(workspace, error, *forms)
        raise


def name_column(workspace: Workspace, error: HengtanError, *forms: str) -> None:
    """Name the column of a refusal by its title in one of the forms, as the file has it."""
    titles = {f.id: f.title_zh for form in forms for f in workspace.form(form).fields}
    where = error.where
    if where is not None and where.column in titles:
        error.where = replace(where, column=titles[where.column])
        line = one_line(error.zh, error.en, error.where, error.todo, error.todo_en)
        error.args = (line,)


def lines_of(error: HengtanError) -> tuple[str, str]:
    """A refusal with its place and what to do, in Chinese and in English."""
    place = error.where or Where()
    return (
        f"{place.said('zh')}：{error.zh}；{error.todo}",
        f"{place.said('en')}: {error.en}; {error.todo_en}",
    )
