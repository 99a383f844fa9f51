"""Profiles: series by the hour, and lists by the million, kept beside the ledger.

The rows of such a form go into one Parquet file a submission, kept with the originals under its
SHA-256. The ledger itself has a row for each *block*: one series (a station and item, a firm) and
one stretch of time (a month). Blocks are handed in, approved, replaced and sealed like any row; the
digest of the file is one of their values, so that the chain covers every figure in it.

Where two blocks in force speak of the same series and stretch, the row of the one approved last
counts, row by row: the file of a day adds to the month, and a corrected hour takes the place of
that hour alone. A block with exactly the keys of an older one of the same body replaces it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hengtan.ledger import originals
from hengtan.ledger.engine import in_pieces
from hengtan.ledger.lake import Connection, Lake, literal, quoted

STRETCHES = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
FILE = "profile_sha256"
STRETCH, KEYS = "profile_stretch", "profile_keys"
PLACES = "profile_places"
BLOCK = {
    STRETCH: "VARCHAR",
    KEYS: "VARCHAR",
    "profile_values": "VARCHAR",
    "profile_rows": "BIGINT",
    "profile_first": "VARCHAR",
    "profile_last": "VARCHAR",
    "profile_key": "VARCHAR",
    PLACES: "VARCHAR",
    FILE: "VARCHAR",
}
"""What a block says beside its series: its stretch of time, digests of the keys and of the values
of its rows, how many they are, the first and last time, the columns of the key, the places that
they are about (separated by ``;``), and the file that has them.
"""
OWN = ("_block", "_row", "_source_row")
"""Columns of the file beside those of the form: number of the block, of the row in what was handed
in, and of the line in the sheet.
"""


@dataclass(frozen=True)
class Profile:
    """How the rows of a form are kept in blocks: the fields that name a series, the field that
    tells the time of a row, and the stretch of time of a block (day, month or year).
    """

    series: tuple[str, ...]
    time: str
    stretch: str = "month"

    @property
    def block(self) -> tuple[str, ...]:
        """The columns that tell which block a row of the ledger speaks of."""
        return (*self.series, STRETCH)

    @property
    def key(self) -> tuple[str, ...]:
        """The key of a block: what it speaks of, and which rows it has."""
        return (*self.block, KEYS)


@dataclass(frozen=True)
class Blocks:
    """The rows of a profile as they go into the ledger: ``table`` has a row a block, ``file`` the
    rows themselves.
    """

    table: pa.Table
    file: Path


@contextmanager
def in_blocks(form: Any, table: pa.Table) -> Iterator[Blocks]:
    """The rows of a profile form in blocks; the file goes at the end unless it was kept."""
    folder = Path(tempfile.mkdtemp(prefix="hengtan-profile-"))
    try:
        file = folder / "profile.parquet"
        _write(form, table, file)
        yield Blocks(_blocks_of(form, file), file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(form: Any, table: pa.Table, file: Path) -> None:
    """The rows by block and time in one Parquet file."""
    profile: Profile = form.profile
    rows = form.schema().names
    series = ", ".join(map(quoted, profile.series))
    source = "_source_row" if "_source_row" in table.column_names else "null::bigint"
    stretch = _stretch(form)
    numbered = (
        f"select {', '.join(map(quoted, rows))}, row_number() over () as _row,"
        f" cast({source} as bigint) as _source_row, {stretch} as _stretch from _profile_rows"
    )
    blocks = f"dense_rank() over (order by {series}, _stretch)"
    ordered = (
        f"select {', '.join(map(quoted, rows))}, {blocks} as _block, _row, _source_row"
        f" from ({numbered}) order by _block, {quoted(_time_column(form))}, _row"
    )
    with _own_engine() as engine:
        engine.register("_profile_rows", in_pieces(table))
        engine.execute(
            f"copy ({ordered}) to {literal(file.as_posix())} (format parquet, compression zstd)"
        )


def _blocks_of(form: Any, file: Path) -> pa.Table:
    """What the ledger says of each block of a file, in the order of their numbers."""
    profile: Profile = form.profile
    sha256 = originals.sha256_of(file)
    time = quoted(_time_column(form))
    series = ", ".join(map(quoted, profile.series))
    first = "strftime({0}({1}), '%Y-%m-%d %H:%M')".format
    query = (
        f"select {series}, {_stretch(form)} as {STRETCH},"
        f" {_digest(form.key)} || '-' || count(*) as {KEYS},"
        f" {_digest(form.schema().names)} as profile_values, count(*) as profile_rows,"
        f" {first('min', time)} as profile_first, {first('max', time)} as profile_last,"
        f" {literal(','.join(form.key))} as profile_key, {_places(form)} as {PLACES},"
        f" {literal(sha256)} as {FILE},"
        f" min(_source_row) as _source_row, _block"
        f" from read_parquet({literal(file.as_posix())}) group by all order by _block"
    )
    with _own_engine() as engine:
        table: pa.Table = engine.execute(query).to_arrow_table()
    return table.drop_columns(["_block"])


def _places(form: Any) -> str:
    """SQL: the places that rows are about, in their order."""
    names = [quoted(field.id) for field in form.fields if field.type == "place"]
    if not names:
        return "null::varchar"
    listed = f"list_distinct(flatten(list([{', '.join(names)}])))"
    return f"array_to_string(list_sort(list_filter({listed}, x -> x is not null)), ';')"


def _digest(columns: Sequence[str]) -> str:
    """SQL: a digest of what rows have in some columns, whatever their order."""
    parts = [f"coalesce({quoted(column)}::varchar, '')" for column in columns]
    return f"printf('%016x', bit_xor(md5_number_lower({' || chr(31) || '.join(parts)})))"


@contextmanager
def _own_engine() -> Iterator[Connection]:
    """An engine that may write the file; what others have registered it does not see."""
    import duckdb

    from hengtan.ledger.extensions import threads_allowed

    engine = duckdb.connect(config={**threads_allowed()})
    try:
        yield engine
    finally:
        engine.close()


def _time_column(form: Any) -> str:
    """The column that a profile's rows are ordered by in time."""
    time = form.profile.time
    return f"{time}_start" if form.field(time).type == "period" else time


def _stretch(form: Any) -> str:
    """SQL: the stretch of time that a row belongs to; a row without a time has none."""
    spelled = literal(STRETCHES[form.profile.stretch])
    return f"coalesce(strftime({quoted(_time_column(form))}, {spelled}), '')"


def files(lake: Lake, cur: Connection) -> dict[str, list[tuple[str, str]]]:
    """The files of all profiles in the lake: SHA-256 to the submissions and forms it belongs to."""
    named: dict[str, list[tuple[str, str]]] = {}
    for form, columns in lake.columns_of_all(cur).items():
        if FILE in columns:
            rows = cur.execute(
                f"select distinct {FILE}, _submission from lake.main.{quoted(form)} order by 2"
            ).fetchall()
            for sha256, submission in rows:
                named.setdefault(sha256, []).append((submission, form))
    return named


@dataclass(frozen=True)
class Shown:
    """A view of the rows of a profile: ``blocks`` is the table in memory of the blocks it shows,
    with where each is to be read.
    """

    blocks: str
    files: Sequence[Path]
    columns: Mapping[str, str]
    lacking: Mapping[str, str]
    key: Sequence[str]
    has_shared: bool
    only_effective: bool

    def sql(self, beside: Sequence[str]) -> str:
        """SQL of the rows: the columns of the form, where they come from, and ``beside``."""
        rows = [f"p.{quoted(name)}" for name in self.columns]
        rows += [f"cast(null as {kind}) as {quoted(n)}" for n, kind in self.lacking.items()]
        own = ["b._submission", "p._row", "b._sheet", "p._source_row"]
        standing = [f"b.{name}" for name in beside if name != "_submission"]
        chosen = ", ".join([*rows, *own, *standing])
        source = f"{self._read()} p join {self.blocks} b"
        source += " on p.file_index = b._file_index and p._block = b._block"
        if not self.has_shared:
            return f"select {chosen} from {source}"
        alone = f"select {chosen} from {source} where not b._shared"
        return f"{alone} union all by name {self._newest(chosen, source)}"

    def _newest(self, chosen: str, source: str) -> str:
        """SQL of rows of blocks that others overlap: of each key the one approved last counts."""
        key = ", ".join(f"p.{quoted(part)}" for part in self.key)
        number = (
            f"row_number() over (partition by {key}"
            " order by b._approved_at desc, b._submission desc)"
        )
        numbered = f"select {chosen}, {number} as _nth from {source} where b._shared"
        if self.only_effective:
            return f"select * exclude (_nth) from ({numbered}) where _nth = 1"
        state = "case when _nth > 1 then 'replaced' else _state end as _state"
        return f"select * exclude (_nth) replace ({state}) from ({numbered})"

    def _read(self) -> str:
        if not self.files:  # nothing of it is approved, or was handed in by then
            nothing = ", ".join(f"null::bigint as {name}" for name in ("file_index", *OWN))
            return f"(select {nothing} where false)"
        listed = ", ".join(literal(file.as_posix()) for file in self.files)
        # the number of a file in the list is told apart from a column of that name
        return f"(select *, file_index from read_parquet([{listed}], union_by_name = true))"


def replaced_by(view: str, key: Sequence[str]) -> str:
    """SQL: the rows of a profile whose place a row took, newest first; its submission and number
    are the parameters. ``view`` shows all rows ever handed in.
    """
    return _replaced(view, key, "r.*", "n._submission = ? and n._row = ?")


def all_replaced(view: str, key: Sequence[str]) -> str:
    """SQL: every row whose place another took, as ``replaced_by``, with the submission and number
    of that other one (``_new_submission``, ``_new_row``).
    """
    columns = "r.*, n._submission as _new_submission, n._row as _new_row"
    return _replaced(view, key, columns, "true")


def _replaced(view: str, key: Sequence[str], columns: str, where: str) -> str:
    same = " and ".join(f"r.{quoted(k)} is not distinct from n.{quoted(k)}" for k in key)
    return (
        f"select {columns}, 'replaced' as why from memory.main.{quoted(view)} r"
        f" join memory.main.{quoted(view)} n on {same}"
        f" where {where} and r._state = 'replaced'"
        " and r._submission <> n._submission and r._approved_at <= n._approved_at"
        " order by r._approved_at desc, r._submission desc"
    )


def columns_in(cur: Connection, paths: Sequence[Path]) -> dict[str, str]:
    """The columns of the form in files of its profiles, and their types."""
    listed = ", ".join(literal(path.as_posix()) for path in paths)
    described = cur.execute(
        f"describe select * from read_parquet([{listed}], union_by_name = true)"
    ).fetchall()
    return {row[0]: row[1] for row in described if row[0] not in OWN}


@dataclass(frozen=True)
class Compared:
    """The rows of a profile that is handed in (the table ``new``) beside those in force (the view
    ``standing``), by the key of the form.
    """

    form: Any
    new: str
    standing: str

    @property
    def match(self) -> str:
        """SQL: rows of ``o`` and ``n`` have one key."""
        parts = [f"o.{quoted(k)} is not distinct from n.{quoted(k)}" for k in self.form.key]
        return " and ".join(parts)

    @property
    def pairs(self) -> str:
        """SQL: each new row with the one in force that it would take the place of."""
        return f"{self.new} n left join memory.main.{quoted(self.standing)} o on {self.match}"

    def gone(self, *, whole_list: bool, supersedes: str | None) -> str:
        """SQL: rows in force that would count no more: those of the months handed in whole, and
        those of the submission that is corrected.
        """
        stretch = _stretch(self.form)
        block = ", ".join([*map(quoted, self.form.profile.series), stretch])
        reasons = [f"o._submission = {literal(supersedes)}"] if supersedes else []
        if whole_list:
            reasons.append(f"({block}) in (select {block} from {self.new})")
        chosen = " or ".join(reasons) or "false"
        key = ", ".join(f"cast({quoted(k)} as varchar)" for k in self.form.key)
        return (
            f"select concat_ws(' ', {key}) from memory.main.{quoted(self.standing)} o"
            f" where ({chosen}) and not exists (select 1 from {self.new} n where {self.match})"
        )
