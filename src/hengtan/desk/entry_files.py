"""Files beside the grid: an upload shows its findings beside its sheet and can be mended in the
grid, and templates come filled with what a filer owes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import UnreadableFile
from hengtan.desk.entry import Checked, Sending, cells_of, fresh, read_typed, refuse_unseen
from hengtan.desk.entry_periods import About, Texts, Wording, begin_with, in_order
from hengtan.desk.evidence import ImportReport, Intake, examine, take_in
from hengtan.desk.lookups import choices, lookups
from hengtan.ledger.handing_in import Meta, known
from hengtan.ledger.originals import path_of
from hengtan.ledger.reading import Reading, read_as_form
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.header import Header
from hengtan.ledger.reading.reader import Progress
from hengtan.ledger.reading.rows import AMOUNTS
from hengtan.ledger.reading.workbook import read_grids
from hengtan.office.typed import MOST_ROWS, NotAGrid, Typed, clean, numbered
from hengtan.report.sheet.form_choices import name_of_place
from hengtan.report.sheet.form_template import FILL, write_template

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form
    from hengtan.ledger.gathering import GatheringWriter
    from hengtan.workspace.workspace import Workspace

LONGEST_NAME = 100
"""Characters of the name of a file, its ending apart."""


@dataclass(frozen=True)
class Uploaded:
    """A file that was read but not taken in: its lines, and the findings with their cells.

    ``typed``: the same cells as a grid, where the grid reads as the sheet does (the draft in which
    it is mended); None where the sheet cannot be typed (too long, several tables).
    ``sheets``: those that are not hidden, by name.
    """

    file: str
    checked: Checked
    lines: list[tuple[int, list[str]]]
    typed: Typed | None
    sheets: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON form: the lines with their numbers as in the sheet, and ``head``, how many of them
        stand over the rows.
        """
        return {
            "file": self.file,
            "sheet": self.checked.reading.sheet,
            "head": self.checked.first_line - 1,
            "lines": [[number, *texts] for number, texts in self.lines],
            "can_be_mended": self.typed is not None,
            **self.checked.as_dict(),
        }


def look_at(
    workspace: Workspace,
    form: Form,
    path: Path,
    intake: Intake = Intake(),
    progress: Progress | None = None,
) -> Uploaded:
    """Every check of an import on a file, nothing written. Raises UnreadableFile.

    A sheet of more than 2,000 rows is shown by the lines with findings only.
    """
    grids = read_grids(path)
    reading = read_as_form(
        grids,
        form,
        file=path.name,
        places=workspace.pack.places(),
        lookups=lookups(workspace),
        sheet=intake.sheet,
        progress=progress,
    )
    examine(workspace, form, reading, path.name, intake)
    grid = next((g for g in grids if g.name == reading.sheet), None)
    header = reading.header
    first = 1 if header is None or grid is None else header.body + grid.first_line
    cells = cells_of(reading.findings, form, header, first)
    checked = Checked(reading, cells, first)
    sheets = tuple(str(g.name) for g in grids if g.name is not None and not g.hidden)
    if grid is None:
        return Uploaded(path.name, checked, [], None, sheets)
    typed = None if header is None else _typed(workspace, form, grid, header, reading)
    return Uploaded(path.name, checked, _shown(grid, checked), typed, sheets)


def hand_in_file(
    workspace: Workspace,
    form: Form,
    path: Path,
    sending: Sending,
    *,
    refuse: Callable[[Checked], None] = lambda checked: None,
    writer: GatheringWriter | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Hand in a file that was looked at, as ``entry.hand_in`` does what was typed; the file itself
    is the original, so that its key is not asked for.
    """
    intake = sending.intake
    checked = look_at(workspace, form, path, intake, progress).checked
    refuse(checked)
    refuse_unseen(checked.reading, sending.confirmed)
    meta = Meta(
        actor=sending.actor,
        place=intake.place or workspace.settings.region,
        file_name=path.name,
        file=path,
        sheet=checked.reading.sheet,
        demo=intake.demo,
        supersedes=intake.replaces,
        whole_list=intake.whole_list,
    )
    return take_in(workspace, form, checked.reading, meta, intake, writer=writer)


def reopened(workspace: Workspace, form: Form, submission: str) -> Typed:
    """The grid with which a submission is corrected: the cells of its original as they were handed
    in, or its rows as texts where the original cannot be typed.

    Raises WrongState for an unknown submission, NotAGrid for one with more rows than are typed.
    """
    record = known(workspace.ledger.current(), submission)
    original = path_of(workspace.ledger.folder, str(record.file_sha256))
    if record.file_sha256 and original.is_file():
        with TemporaryDirectory() as folder:
            copy = Path(folder) / safe_name(record.file_name or "original")
            shutil.copyfile(original, copy)
            with suppress(UnreadableFile):
                typed = look_at(workspace, form, copy, Intake(sheet=record.sheet)).typed
                if typed is not None:
                    return typed
    view = workspace.ledger.all_rows(form.id, schema=form.schema())
    rows = workspace.ledger.query(
        f'select * from memory.main."{view}" where _submission = ? order by _row', [submission]
    )
    words = Wording.of(workspace, form)
    return fresh(form).with_rows(in_order(form, map(words.row, rows)))


def safe_name(name: str) -> str:
    """The name of a file without folders and without signs that no system takes."""
    last = re.split(r"[\\/]", clean(name))[-1].replace(":", "").replace("\n", " ").strip(" .")
    name, dot, ending = last.rpartition(".")
    return f"{name[:LONGEST_NAME]}.{ending[:8]}" if dot else last[:LONGEST_NAME] or "file"


def _shown(grid: Grid, checked: Checked) -> list[tuple[int, list[str]]]:
    """The lines of a sheet with their numbers: all of them, or those with findings."""
    first = grid.first_line
    if grid.height <= MOST_ROWS + checked.first_line:
        return list(enumerate(grid.head(grid.height), start=first))
    head = list(enumerate(grid.head(checked.first_line - first), start=first))
    spoken = sorted({cell.finding.where.row or 0 for cell in checked.cells})
    lines = [n for n in spoken if checked.first_line <= n < first + grid.height]
    return [*head, *((n, _line_of(grid, n - first)) for n in lines[: MOST_ROWS - len(head)])]


def _line_of(grid: Grid, number: int) -> list[str]:
    return [column[number].as_py() for column in grid.columns]


def _typed(
    workspace: Workspace, form: Form, grid: Grid, header: Header, reading: Reading
) -> Typed | None:
    """The cells of a sheet as a grid; None unless the grid reads to the very rows of the sheet."""
    if grid.height > MOST_ROWS + header.body:
        return None
    lines = typed_lines(grid, header, form)
    first = header.body + grid.first_line - 1
    try:
        rows = tuple(numbered(lines[first:], len(lines[0])))
        typed = Typed(grid.name or FILL, tuple(map(tuple, lines[:first])), rows)
        again = read_typed(workspace, form, typed)
    except NotAGrid:
        return None
    return typed if again.table.equals(reading.table) else None


def typed_lines(grid: Grid, header: Header, form: Form) -> list[list[str]]:
    """Every line of a sheet from line 1 on, with the texts that a grid has in its cells."""
    lines = [list(map(clean, line)) for line in grid.head(grid.height)]
    _spread_merges(lines, grid, header, form)
    above = [[""] * len(lines[0]) for _ in range(grid.first_line - 1)]
    return above + lines


def _spread_merges(lines: list[list[str]], grid: Grid, header: Header, form: Form) -> None:
    """Write the text of a merged cell into each it covers, amounts apart, as the reader does."""
    amounts = {
        header.columns[f.id] for f in form.fields if f.type in AMOUNTS and f.id in header.columns
    }
    for top, left, bottom, right in grid.merges:
        is_head = bottom < header.body
        if not is_head and left in amounts:
            continue
        last = right if is_head else left
        for line in lines[top : bottom + 1]:
            for column in range(left, min(last + 1, len(line))):
                line[column] = line[column] or lines[top][left]


@dataclass(frozen=True)
class Owed:
    """What a filer owes of a form: the period as a person writes it, and for which place or
    enterprise (code as the ledger has it, and how it is typed).
    """

    period: str
    place: str | None = None
    entity: str | None = None
    entity_name: str | None = None

    @property
    def about(self) -> About:
        """The rows in force that are of it."""
        return About(
            None if self.place is None else frozenset((self.place,)),
            None if self.entity is None else frozenset((self.entity,)),
        )


def owed_grid(workspace: Workspace, form: Form, owed: Iterable[Owed], lang: str = "zh") -> Typed:
    """A grid with what is owed filled in: place, enterprise, period, and the products, indicators
    and units of the last period, in ``zh`` or ``en``.
    """
    rows: list[tuple[str, ...]] = []
    head = None
    for each in owed:
        known = _known(workspace, form, each, lang)
        grid = begin_with(workspace, form, each.period, each.about, known, lang)
        rows += [row.cells for row in grid.rows]
        head = grid
    if head is None:
        raise NotAGrid("没有要填报的内容", "nothing is owed")
    return head.with_rows(rows)


def write_owed_template(
    workspace: Workspace, form: Form, path: Path, owed: Iterable[Owed], lang: str = "zh"
) -> Path:
    """The Excel template of a form in ``zh`` or ``en``, filled like ``owed_grid``; whole or not at
    all.
    """
    grid = owed_grid(workspace, form, owed, lang)
    ids = [field.id for field in form.fields]
    rows = [
        {name: text for name, text in zip(ids, row.cells, strict=True) if text} for row in grid.rows
    ]
    places, listed = workspace.pack.places(), choices(workspace, lang)
    return write_template(form, path, places=places, lookups=listed, rows=rows, lang=lang)


def write_empty_template(workspace: Workspace, form: Form, path: Path, lang: str = "zh") -> Path:
    """The Excel template of a form in ``zh`` or ``en``, without rows; whole or not at all."""
    places, listed = workspace.pack.places(), choices(workspace, lang)
    return write_template(form, path, places=places, lookups=listed, lang=lang)


def _known(workspace: Workspace, form: Form, owed: Owed, lang: str) -> Texts:
    """What holds for the row of an obligation that was never reported."""
    places, ids = workspace.pack.places(), {field.id for field in form.fields}
    place = owed.place
    named = name_of_place(places[place], lang) if place and place in places else place
    known: Mapping[str, str | None] = {
        "place": named,
        "entity": owed.entity,
        "entity_name": owed.entity_name,
    }
    return {name: text for name, text in known.items() if text and name in ids}
