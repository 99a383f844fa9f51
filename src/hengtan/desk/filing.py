"""Filing by programs: rows or a file, by the very path of an import, each request taken once.

Rows are written down as a CSV file, which is their original: whoever looks at where a number came
from finds what was sent.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.errors import Finding, HengtanError, ImportRejected, Where
from hengtan.basis.seal import sha256_of
from hengtan.desk.evidence import ImportReport, Intake, read_file, take_in
from hengtan.ledger.handing_in import Meta, same_request

if TYPE_CHECKING:
    from hengtan.ledger.gathering import GatheringWriter
    from hengtan.ledger.reading import Reading
    from hengtan.workspace.workspace import Workspace

CHANNEL = "api"
ROWS = "rows.csv"
"""The file that rows are written down as."""
LONGEST_NAME, LONGEST_KEY = 100, 100
KEY = re.compile(r"[\x21-\x7e]{1,100}")
MOST_ROWS = 10_000
"""Rows of one request; more go as a file."""
Findings = Callable[["Reading"], Iterable[Finding]]


@dataclass(frozen=True)
class Filing:
    """A file that a program hands in: its ``name`` and ``content``, who sends it, how it is taken
    in, and the name of the request (``key``), under which it is taken once however often it is sent
    again. ``channel``: the way it came, with a ``note`` of what it came of.
    """

    form: str
    name: str
    content: bytes
    actor: Actor
    intake: Intake = field(default_factory=Intake)
    key: str | None = None
    channel: str = CHANNEL
    note: str | None = None

    def meta(self, workspace: Workspace, path: Path | None, sheet: str | None) -> Meta:
        """The same as the ledger takes it."""
        intake = self.intake
        return Meta(
            actor=self.actor,
            place=intake.place or workspace.settings.region,
            channel=self.channel,
            file_name=safe_name(self.name),
            file=path,
            sheet=sheet,
            demo=intake.demo,
            supersedes=intake.replaces,
            whole_list=intake.whole_list,
            key=self.key,
            note=self.note,
        )


def file_in(
    workspace: Workspace,
    filing: Filing,
    *,
    writer: GatheringWriter | None = None,
    also: Findings = lambda reading: (),
    dry_run: bool = False,
) -> ImportReport:
    """Read, check, compare and hand in, all or nothing.

    ``also``: findings beside those of the form (rows that are not the sender's). A request that was
    taken before is answered with its submission and not read again. Raises ImportRejected with all
    findings, KeyUsedAgain for another content under the same key.
    """
    form = workspace.form(filing.form)
    _check_key(filing.key)
    if not dry_run:
        before = _taken_before(workspace, filing)
        if before is not None:
            return before
    with TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(filing.name)
        path.write_bytes(filing.content)
        reading = read_file(workspace, form, path, filing.intake)
        reading.findings[:0] = also(reading)
        meta = filing.meta(workspace, path, reading.sheet)
        if dry_run:
            return take_in(workspace, form, reading, meta, filing.intake, dry_run=True)
        return take_in(workspace, form, reading, meta, filing.intake, writer=writer)


def as_file(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows by column name (a field's id or title) as CSV.

    Raises ImportRejected where a value is no text, number, yes or no, or there are too many.
    """
    if not rows:
        raise ImportRejected(
            "没有数据行",
            "no rows of data",
            todo="rows 里至少一行",
            todo_en="give at least one row",
        )
    if len(rows) > MOST_ROWS:
        raise ImportRejected(
            f"一次最多{MOST_ROWS}行",
            f"at most {MOST_ROWS} rows at once",
            todo="请上传文件，或分几次报送",
            todo_en="send a file, or several requests",
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    for line, row in enumerate(rows, start=2):
        writer.writerow([_written(row.get(name), line, name) for name in names])
    return "\ufeff".encode() + text.getvalue().encode("utf-8", "replace")


def safe_name(name: str) -> str:
    """The name of a file without folders and without signs that no system takes."""
    last = re.split(r"[\\/]", name)[-1]
    last = re.sub(r'[\x00-\x1f\x7f:*?"<>|]', "", last.encode("utf-8", "ignore").decode())
    stem, dot, ending = last.strip(" .").rpartition(".")
    return f"{stem[:LONGEST_NAME]}.{ending[:8]}" if dot else ending[:LONGEST_NAME] or "file"


def _written(value: Any, line: int, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ImportRejected(
        "应为文字、数字、是否或空",
        "must be a text, a number, true, false or null",
        where=Where(ROWS, None, line, name),
        todo="请逐列给出值",
        todo_en="give a value for each column",
    )


def _check_key(key: str | None) -> None:
    if key is not None and not KEY.fullmatch(key):
        raise HengtanError(
            "幂等键不合要求",
            "the key of the request is not one",
            todo=f"1—{LONGEST_KEY}个不含空格的 ASCII 字符，如一个 UUID",
            todo_en=f"1 to {LONGEST_KEY} ASCII characters without spaces, such as a UUID",
        )


def _taken_before(workspace: Workspace, filing: Filing) -> ImportReport | None:
    """What a request gave when it was taken; None for one that was not."""
    if filing.key is None:
        return None
    meta = filing.meta(workspace, None, None)
    now, sha = workspace.ledger.current(), sha256_of(filing.content)
    record = same_request(now, filing.form, sha, meta, "")
    if record is None:
        return None
    submission = workspace.ledger.submission(record.submission)
    report = ImportReport(filing.form, str(record.file_name), record.sheet, record.rows)
    return replace(report, submission=submission, unchanged=True)
