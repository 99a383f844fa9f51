"""What a reviewer looks at: the rows of a submission beside what stands and beside the period
before, what it replaced, and what the checks say of its file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.errors import Finding, HengtanError
from hengtan.basis.period import Period
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.lookups import names_in_two
from hengtan.ledger import corrections, differences, originals
from hengtan.ledger.chain import Record
from hengtan.ledger.handing_in import known
from hengtan.ledger.lake import literal, quoted

if TYPE_CHECKING:
    from hengtan.ledger.forms import Field, Form
    from hengtan.workspace.workspace import Workspace

PAGE = 100
"""Rows of a submission that are shown at a time."""
RIVALS = 50
"""Rows of a conflict that are shown."""
NUMBERS = ("number", "integer", "quantity")


@dataclass(frozen=True)
class Cell:
    """A cell of a submission: what stands now where it differs, and the period before."""

    value: Any
    is_number: bool = False
    stands: Any = None
    differs: bool = False
    last: Any = None
    last_period: tuple[str, str] = ("", "")
    words: tuple[str, str] | None = None

    @property
    def change(self) -> float | None:
        """Change against the period before. [%]"""
        if not self.is_number or not isinstance(self.last, (int, float)) or not self.last:
            return None
        return None if self.value is None else 100 * (self.value - self.last) / abs(self.last)


@dataclass(frozen=True)
class ShownRow:
    """A row of a submission, ``number`` that of its file where it has one."""

    number: int
    cells: tuple[Cell, ...]
    is_new: bool = False


@dataclass(frozen=True)
class Shown:
    """Rows of a submission from ``first``, of ``total``, under the titles of its fields."""

    titles: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    first: int
    total: int


def differences_of(workspace: Workspace, submission: str) -> differences.Differences:
    """What approving a submission that waits would change."""
    ledger = workspace.ledger

    def compare(cur: Any) -> differences.Differences:
        now = ledger.current()
        return differences.differences(ledger.approving(cur, now, known(now, submission)))

    return ledger.lake.reading(compare)


def rows_of(
    workspace: Workspace, submission: str, changes: differences.Differences | None, first: int = 0
) -> Shown:
    """The rows of a submission, ``PAGE`` from ``first``, each beside what stands and what was
    reported for the period before.
    """
    record = known(workspace.ledger.current(), submission)
    form = workspace.form(record.form)
    table = workspace.ledger.handed_in_rows(record.form)
    rows = workspace.ledger.query(
        f"select * from {table} where _submission = ? order by _row limit {PAGE} offset {first:d}",
        [submission],
    )
    number, before, standing = record.rows, {}, {}
    if form.profile is not None:  # what is compared are its blocks, not these rows
        number = _rows_of_profile(workspace, table, submission)
    else:
        before = _period_before(workspace, form, record, rows)
        standing = {change.row: change.values for change in changes.changes} if changes else {}
    names = names_in_two(workspace, form)
    fields = [f for f in form.fields if any(_value(row, f) not in (None, "") for row in rows)]
    return Shown(
        tuple((f.title_zh, f.title_en) for f in fields),
        tuple(f.unit or "" for f in fields),
        tuple(
            ShownRow(
                row.get("_source_row") or row["_row"],
                tuple(_cell(row, f, standing, before, names) for f in fields),
            )
            for row in rows
        ),
        first,
        number,
    )


def _rows_of_profile(workspace: Workspace, table: str, submission: str) -> int:
    counted = f"select count(*) as number from {table} where _submission = ?"
    return int(workspace.ledger.query(counted, [submission])[0]["number"])


def _value(row: Mapping[str, Any], known_field: Field) -> Any:
    value = row.get(known_field.id)
    return row.get(f"{known_field.id}_notation") if value is None else value


def _cell(
    row: Mapping[str, Any],
    known_field: Field,
    standing: Mapping[int, Mapping[str, tuple[Any, Any]]],
    before: Mapping[int, Mapping[str, Any]],
    names: Mapping[str, tuple[str, str]],
) -> Cell:
    value = _value(row, known_field)
    number = known_field.type in NUMBERS and isinstance(value, (int, float))
    stands = standing.get(row["_row"], {}).get(known_field.id)
    last = before.get(row["_row"], {})
    name = names.get(value) if isinstance(value, str) and _is_code(known_field) else None
    words = (known_field.choices or {}).get(str(value))
    if name is not None:
        words = _named(str(value), name)
    if known_field.type == "period":
        words = _of_months(value)
    cell = Cell(value, number, words=words)
    if stands is not None:
        cell = replace(cell, stands=stands[0], differs=True)
    if number and last.get(known_field.id) is not None:
        written = str(last["_period"])
        spoken = _of_months(written) or (written, written)
        cell = replace(cell, last=last[known_field.id], last_period=spoken)
    return cell


def _named(code: str, name: tuple[str, str]) -> tuple[str, str]:
    """A code with its name in Chinese and in English."""
    zh, en = (f"{code} {words}" if words != code else code for words in name)
    return zh, en


def _of_months(written: Any) -> tuple[str, str] | None:
    """A cumulative period in Chinese and as it is written; None for others, written alike."""
    text = str(written or "")
    return (Period.parse(text).zh(), text) if ".." in text else None


def _is_code(known_field: Field) -> bool:
    return known_field.type == "place" or bool(known_field.reference)


def _period_before(
    workspace: Workspace, form: Form, record: Record, rows: list[dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """By row: the row in force of the same key for the newest earlier period of the same kind."""
    period = next((f.id for f in form.fields if f.type == "period" and f.id in form.key), None)
    if period is None or not rows:
        return {}
    key = [name for name in form.key if name != period]
    columns = dict.fromkeys(form.columns(), "")
    numbers = [f.id for f in form.fields if f.type in NUMBERS]
    if not numbers:
        return {}
    view = workspace.ledger.effective(form.id, schema=form.schema())
    # cumulatives of a year begin on one day: which of two is earlier is told by their ends
    end, kind = quoted(f"{period}_end"), quoted(f"{period}_kind")
    match = corrections.same_key(key, columns, "o", "n") if key else "true"
    chosen = ", ".join(f"o.{quoted(name)}" for name in numbers)
    last = rows[-1]["_row"]
    sought = workspace.ledger.query(
        f"select n._row, o.{quoted(period)} as _period, {chosen},"
        f" row_number() over (partition by n._row order by o.{end} desc) as _rank"
        f" from lake.main.{quoted(form.id)} n join memory.main.{quoted(view)} o"
        f" on {match} and o.{kind} is not distinct from n.{kind} and o.{end} < n.{end}"
        f" where n._submission = {literal(record.submission)}"
        f" and n._row between {int(rows[0]['_row'])} and {int(last)} qualify _rank = 1"
    )
    return {row["_row"]: row for row in sought}


@dataclass(frozen=True)
class Rival:
    """A row of another submission that has the key of one of these: both values by field."""

    submission: str
    row: int
    values: tuple[tuple[str, str, Any, Any], ...]


def rivals_of(
    workspace: Workspace, submission: str, changes: differences.Differences
) -> list[Rival]:
    """The rows that conflict, with the fields in which they differ: title, title in English, the
    other value, this value.
    """
    record = known(workspace.ledger.current(), submission)
    form = workspace.form(record.form)
    match = corrections.same_key(form.key, dict.fromkeys(form.columns(), ""), "o", "n")
    shown = [f for f in form.fields if f.id not in form.key]
    chosen = ", ".join(
        f"o.{quoted(f.id)} as o{n}, n.{quoted(f.id)} as n{n}" for n, f in enumerate(shown)
    )
    rivals, table = [], workspace.ledger.handed_in_rows(form.id)
    for clash in changes.clashes:
        rows = workspace.ledger.query(
            f"select n._row, {chosen} from {table} o join {table} n on {match}"
            f" where o._submission = {literal(clash.submission)}"
            f" and n._submission = {literal(submission)} order by n._row limit {RIVALS}"
        )
        for row in rows:
            differing = tuple(
                (f.title_zh, f.title_en, row[f"o{n}"], row[f"n{n}"])
                for n, f in enumerate(shown)
                if row[f"o{n}"] != row[f"n{n}"]
            )
            rivals.append(Rival(clash.submission, row["_row"], differing))
    return rivals


def replaced_by(workspace: Workspace, submission: str) -> list[tuple[str, str, int]]:
    """What an approval took out of force: submission, why, number of rows."""
    ledger = workspace.ledger

    def read(cur: Any) -> list[tuple[str, str, int]]:
        if corrections.TABLE not in ledger.lake.tables(cur):
            return []
        rows = cur.execute(
            f"select submission, why, count(*) from lake.main.{corrections.TABLE}"
            f" where ended_by = {literal(submission)} group by 1, 2 order by 1, 2"
        ).fetchall()
        return [(str(old), str(why), int(count)) for old, why, count in rows]

    return ledger.lake.reading(read)


@dataclass(frozen=True)
class Checked:
    """What the checks say of a submission's file today; ``error`` where it cannot be read again."""

    findings: list[Finding] = field(default_factory=list)
    has_file: bool = True
    error: HengtanError | None = None


def findings_of(workspace: Workspace, submission: str) -> Checked:
    """The checks of import, asked again of the original: with the packs and figures of today."""
    record = known(workspace.ledger.current(), submission)
    if record.file_sha256 is None:
        return Checked(has_file=False)
    original = originals.path_of(workspace.ledger.folder, record.file_sha256)
    if not original.is_file():
        return Checked(has_file=False)
    intake = Intake(
        sheet=record.sheet,
        place=record.place,
        replaces=record.supersedes,
        whole_list=bool(record.whole_list),
        partly=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / (Path(record.file_name or "").name or "original")
        copy.write_bytes(original.read_bytes())
        actor = Actor(record.actor, record.body)
        try:
            report = import_file(
                workspace, record.form, copy, actor=actor, intake=intake, dry_run=True
            )
        except HengtanError as error:
            return Checked(error=error)
    return Checked(report.findings)


def original_of(workspace: Workspace, submission: str) -> tuple[str, bytes] | None:
    """Name and bytes of the file a submission was handed in with; None where there is none."""
    record = known(workspace.ledger.current(), submission)
    if record.file_sha256 is None:
        return None
    path = originals.path_of(workspace.ledger.folder, record.file_sha256)
    return (record.file_name or submission, path.read_bytes()) if path.is_file() else None
