"""Evidence: taking a file in (read, check, compare, submit: all or nothing), and the steps of a
submission.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.errors import Finding, HengtanError, ImportRejected, Where
from hengtan.desk.lookups import lookups
from hengtan.desk.unit_checks import unit_findings
from hengtan.desk.wide_balance import read_wide_form
from hengtan.ledger.reading.findings import Account

if TYPE_CHECKING:
    from hengtan.ledger import Meta
    from hengtan.ledger.differences import Differences
    from hengtan.ledger.forms import Form
    from hengtan.ledger.gathering import GatheringWriter
    from hengtan.ledger.reading import Reading
    from hengtan.workspace.workspace import Workspace

RESTS_ON_ROWS = ("approved", "withdrawn")
"""States after which the verdicts are worked out anew."""


@dataclass(frozen=True)
class Intake:
    """How a file is taken in.

    ``sheet`` of the workbook; ``place`` the rows are about (default the workspace's region);
    ``replaces``: the submission that this file corrects as a whole; ``whole_list``: the file is all
    of its lists, so that what is no longer in it is taken away; ``on_conflict`` decides rows that
    another body reported too (``replace``, ``keep``); ``demo`` marks the rows as made for
    demonstration; ``partly``: figures of the file that are not read are told and are no errors.
    """

    sheet: str | None = None
    place: str | None = None
    replaces: str | None = None
    whole_list: bool = False
    on_conflict: str | None = None
    demo: bool = False
    partly: bool = False


@dataclass(frozen=True)
class ImportReport:
    """What an import found and did.

    ``differences`` to what stands; ``submission`` is None for a dry run; ``unchanged``: the same
    file was there already; ``account``: how many figures the file holds and were read.
    """

    form: str
    file: str
    sheet: str | None
    rows: int
    findings: list[Finding] = field(default_factory=list)
    differences: Differences | None = None
    submission: dict[str, Any] | None = None
    unchanged: bool = False
    dry_run: bool = False
    account: Account = field(default_factory=Account)

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid taking the file in."""
        return [f for f in self.findings if f.level == "error"]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "form": self.form,
            "file": self.file,
            "sheet": self.sheet,
            "rows": self.rows,
            "dry_run": self.dry_run,
            "unchanged": self.unchanged,
            "submission": self.submission,
            "differences": self.differences.as_dict() if self.differences else None,
            "account": self.account.as_dict(),
            "findings": [f.as_dict() for f in self.findings],
        }


def import_file(
    workspace: Workspace,
    form_id: str,
    path: Path,
    *,
    actor: Actor,
    intake: Intake = Intake(),
    approve: bool = False,
    dry_run: bool = False,
    progress: Callable[[float, str], None] | None = None,
) -> ImportReport:
    """Read a file as a form and submit its rows; nothing is written unless all of it can be.

    ``approve`` records the approval in the same step (a one-person office); otherwise the
    submission waits. A dry run says what would be new, changed, unchanged and gone. Raises
    ImportRejected with every error finding, and Conflict where an approval would need a decision.
    """
    form = workspace.form(form_id)
    reading = read_file(workspace, form, path, intake, progress)
    meta = _meta(workspace, path, reading.sheet, actor, intake)
    return take_in(workspace, form, reading, meta, intake, approve=approve, dry_run=dry_run)


def read_file(
    workspace: Workspace,
    form: Form,
    path: Path,
    intake: Intake = Intake(),
    progress: Callable[[float, str], None] | None = None,
) -> Reading:
    """A file read as a form with every finding of an import, nothing written.

    Raises UnreadableFile where it is no table.
    """
    from hengtan.ledger.reading import read_form

    _whole_lists_only(form, intake)
    known = lookups(workspace)
    reading = read_form(
        path,
        form,
        places=workspace.pack.places(),
        lookups=known,
        sheet=intake.sheet,
        progress=progress,
    )
    if form.id == WIDE_FORM and not _has_columns(form, reading):
        reading = read_wide_form(workspace, form, path, known, intake) or reading
    examine(workspace, form, reading, path.name, intake)
    return reading


def take_in(
    workspace: Workspace,
    form: Form,
    reading: Reading,
    meta: Meta,
    intake: Intake,
    *,
    approve: bool = False,
    dry_run: bool = False,
    writer: GatheringWriter | None = None,
) -> ImportReport:
    """Submit the rows of a reading that was examined, as ``import_file`` says; ``meta`` names the
    original it comes from. ``writer``: the one through which a process with many writers submits.
    """
    file = str(meta.file_name)
    report = ImportReport(
        form.id,
        file,
        reading.sheet,
        reading.table.num_rows,
        reading.findings,
        dry_run=dry_run,
        account=reading.account,
    )
    if not dry_run:
        _refuse_unsound(report)
    changes = None
    if not report.errors and writer is None:  # with many writers whoever reviews asks for them
        changes = workspace.ledger.differences(form, reading.table, meta)
    if dry_run:
        return _with(report, differences=changes)
    if approve and changes is not None and changes.clashes and intake.on_conflict is None:
        raise _undecided(file, changes)
    done = (writer or workspace.ledger).submit(
        form, reading.table, meta, approve=approve, on_conflict=intake.on_conflict
    )
    if not done.existing and writer is None:
        workspace.ledger.tidy()
    return _with(
        report,
        differences=None if done.existing else changes,
        submission=workspace.ledger.handed_in(done.id),
        unchanged=done.existing,
    )


def examine(workspace: Workspace, form: Form, reading: Reading, file: str, intake: Intake) -> None:
    """Add to a reading what its form does not say by itself: figures not read, comparisons with
    the rows in force, units of its subjects.
    """
    _take_up_unread(reading, partly=intake.partly)
    reading.findings.extend(_compared(workspace, form, reading, file, intake.replaces))
    reading.findings.extend(unit_findings(workspace.pack, form.id, reading, file))
    reading.in_order()


def _refuse_unsound(report: ImportReport) -> None:
    """Raise ImportRejected where there are errors, or nothing to take in."""
    if report.errors:
        raise _rejected(report)
    if report.rows == 0:
        raise ImportRejected(
            "没有数据行",
            "no rows of data",
            where=Where(report.file, report.sheet),
            todo="检查表头与数据区",
            todo_en="check header and rows",
        )


def _take_up_unread(reading: Reading, *, partly: bool) -> None:
    """Figures that were not read become errors of the import, or with ``partly`` hints; what was
    said of their columns goes.
    """
    named = {(f.where.row, f.where.column) for f in reading.unread if f.where.column}
    kept = [
        finding
        for finding in reading.findings
        if finding.code != "extra-column" or (finding.where.row, finding.where.column) not in named
    ]
    level = "warning" if partly else "error"
    reading.findings[:] = [*kept, *(replace(finding, level=level) for finding in reading.unread)]


WIDE_FORM = "regional_balance"
"""The form that is also handed in as a wide table, as yearbooks print it."""


def _has_columns(form: Any, reading: Any) -> bool:
    """Whether a file has the columns of the form."""
    return all(known.id in reading.mapping for known in form.fields if known.required)


def step(
    workspace: Workspace,
    submission: str,
    state: str,
    actor: Actor,
    reason: str = "",
    *,
    on_conflict: str | None = None,
) -> dict[str, Any]:
    """Approve, return, reject or withdraw a submission; verdicts that rest on it are worked out
    anew.
    """
    workspace.ledger.record(submission, state, actor, reason, on_conflict=on_conflict)
    if state in RESTS_ON_ROWS:
        workspace.refresh()
    return workspace.ledger.submission(submission)


def _meta(
    workspace: Workspace, path: Path, sheet: str | None, actor: Actor, intake: Intake
) -> Meta:
    from hengtan.ledger import Meta

    return Meta(
        actor=actor,
        place=intake.place or workspace.settings.region,
        channel="file",
        file_name=path.name,
        file=path,
        sheet=sheet,
        demo=intake.demo,
        supersedes=intake.replaces,
        whole_list=intake.whole_list,
    )


def _with(report: ImportReport, **changes: Any) -> ImportReport:
    return replace(report, **changes)


def _whole_lists_only(form: Any, intake: Intake) -> None:
    if intake.whole_list and not (form.list_by or form.profile):
        raise HengtanError(
            f"报表“{form.title_zh}”不是名单，不能整表替换",
            f"the form '{form.id}' is no list that could be handed in whole",
            todo="用 --replaces 提交号 更正一份提交",
            todo_en="use --replaces ID to correct a submission",
        )


def _rejected(report: ImportReport) -> ImportRejected:
    first, number = report.errors[0], len(report.errors)
    return ImportRejected(
        f"{first.zh}（共{number}处错误，未导入任何数据）",
        f"{first.en} ({number} errors, nothing imported)",
        where=first.where,
        todo=first.todo or "改正后重新导入",
        todo_en=first.todo_en or "correct the file and import again",
        findings=report.findings,
    )


def _undecided(file: str, changes: Differences) -> HengtanError:
    from hengtan.ledger.corrections import Conflict

    listed = "；".join(map(str, changes.clashes))
    number = sum(clash.rows for clash in changes.clashes)
    return Conflict(
        f"{number}行与其他单位填报的或待审的数据同键，未导入：{listed}",
        f"{number} rows have the key of rows of another body or of a waiting submission,"
        " nothing imported",
        where=Where(file),
        todo="核对后用 --on-conflict replace（以本文件为准）或 keep（保留对方的）",
        todo_en="decide with --on-conflict replace (this file counts)"
        " or keep (the other one counts)",
    )


def _compared(
    workspace: Workspace, form: Any, reading: Any, file: str, replaces: str | None
) -> list[Finding]:
    """Findings of the form's comparisons with what the ledger holds and with the ranges of the
    packs.

    Rows with an error of their own are left out, and so are rows of the submission that this file
    corrects.
    """
    if not form.comparisons or not reading.table.num_rows:
        return []
    import pyarrow as pa
    import pyarrow.compute as pc

    from hengtan.ledger.comparisons import alike_in_force, columns_of, compare
    from hengtan.packs.arrow import to_arrow

    wrong = pa.array(
        sorted({f.where.row for f in reading.errors if f.where.row is not None}), pa.int64()
    )
    sound = reading.table.filter(pc.invert(pc.is_in(reading.table["_source_row"], wrong)))
    columns = ", ".join(f'"{c}"' for c in columns_of(form))
    view = workspace.ledger.effective(form.id, schema=form.schema())
    alike, texts = alike_in_force(form, sound)
    standing = workspace.ledger.query_arrow(
        f'select {columns} from memory.main."{view}"'
        f" where _submission is distinct from ? and ({alike})",
        [replaces, *texts],
    )
    ranges = {c.table: to_arrow(workspace.pack, c.table) for c in form.comparisons if c.table}
    return compare(
        form,
        sound,
        standing,
        title=lambda field: str(reading.mapping.get(field, form.field(field).title_zh)),
        file=file,
        sheet=reading.sheet,
        ranges=ranges,
    )
