"""Tables of cases as they are read: piece by piece, their columns understood for a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.desk.rule_columns import DAY, REGION, Columns, columns_of
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Rule, in_force
from hengtan.instruments.taxes.pollutants import plain_name
from hengtan.ledger.reading.parquet import read_parquet
from hengtan.packs import Pack

CHUNK = 20_000
"""Rows that are read and computed at a time."""


@dataclass(frozen=True)
class Pieces:
    """A table in pieces of ``pyarrow.Table``, its columns understood for the rule."""

    columns: Columns
    tables: Iterator[Any]
    file: str
    length: int = 0
    sheets: tuple[str, ...] = ()


def any_edition(rule_id: str) -> Rule:
    """The first rule of an id, whatever its dates. Raises NoSuchRow."""
    editions = (rule for rule in rules() if rule.id == rule_id)
    return next(editions, None) or in_force(rules(), rule_id, date.today())


def read_pieces(pack: Pack, path: Path, rule_id: str) -> Pieces:
    """A table of cases: .parquet, .csv or an Excel sheet (all text then), piece by piece.

    Titles above the header, which names a day, a region or an input of the rule, are passed over.
    Raises HengtanError.
    """
    rule = any_edition(rule_id)
    item_of = items_of(pack, rule)
    where = Where(path.name)
    if path.suffix.lower() == ".parquet":
        stored = read_parquet(path, CHUNK)
        titles, tables, length = stored.titles, stored.pieces, stored.rows
        above: tuple[str, ...] = ()
        sheets: tuple[str, ...] = ()
    else:
        from hengtan.ledger.reading.streams import stream_table

        streamed = stream_table(path, _knows_titles(rule, item_of))
        titles, above, sheets = streamed.titles, streamed.above, streamed.others
        tables, length = _as_tables(titles, streamed.pieces), 0
        where = Where(path.name, streamed.sheet)
    first = next(tables, None)
    if first is None or not first.num_rows:
        raise HengtanError(
            "表里没有行",
            "the table has no rows",
            where=where,
            todo="表头写输入项，每行一个案例",
            todo_en="inputs as header, one case a row",
        )
    sample = first.to_pylist()
    columns = columns_of(rule, titles, sample, item_of, above=above, where=where)
    return Pieces(columns, chain((first,), tables), path.name, length, sheets)


def _knows_titles(rule: Rule, item_of: Callable[[str], str]) -> Callable[[str], bool]:
    known = {*DAY, *REGION, *(word for item in rule.inputs for word in item.spellings)}

    def is_title(text: str) -> bool:
        word = text.strip()
        bare = word.partition("(")[0].partition("（")[0].strip()
        return (
            word in known or bare in known or word.partition(".")[0] in known or bool(item_of(word))
        )

    return is_title


def items_of(pack: Pack, rule: Rule) -> Callable[[str], str]:
    """The input of amounts that a pollutant of the rule is an item of: small emitters have their
    own; "" for what is no pollutant.
    """
    medium = rule.id.partition(".")[2]
    inputs = {item.name for item in rule.inputs if item.kind == "amounts"}
    rest = next((item.name for item in rule.inputs if item.takes_rest), "")
    names: dict[str, str] = {}
    for row in pack.rows("pollutants") if rest else ():
        small = "small" if row["class"] == "water_small" else rest
        if row["medium"] == medium and row["class"] != "water_ph" and small in inputs:
            words = (row["pollutant"], row["name_zh"], row["name_en"] or "", *row["aliases"])
            names |= {plain_name(word): small for word in words if plain_name(word)}
    return lambda text: names.get(plain_name(text), "")


def _as_tables(titles: tuple[str, ...], pieces: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa

    kept = [(n, title) for n, title in enumerate(titles) if title]
    for piece in pieces:
        arrays = [
            pa.array([texts[n].strip() or None for _, texts in piece], pa.string()) for n, _ in kept
        ]
        yield pa.table(arrays, names=[title for _, title in kept])
