"""Workings of rules: a table with a case a line, and what a reform changes by payer group."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan import packs
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.desk.cases import region_of
from hengtan.desk.own_pack import write_meta
from hengtan.desk.reform import GROUP, Group, Proposal, parameters_of, taken_of
from hengtan.desk.reform import reform as groups_of
from hengtan.desk.rule_notes import NotesOf
from hengtan.desk.rule_pieces import any_edition
from hengtan.desk.rule_rows import NOTES, REFUSED, TOTAL_ROW, Tally
from hengtan.desk.rule_tables import Computing, compute_pieces, read_pieces
from hengtan.desk.workings.working import (
    TABLES,
    Ask,
    Blank,
    Choice,
    Sent,
    Slot,
    Table,
    Worked,
    Working,
    columns,
    said,
    written,
)
from hengtan.instruments.registry import rules
from hengtan.report.rule_template import write_rule_template
from hengtan.report.table_files import write_pieces
from hengtan.report.words import error, word
from hengtan.workbooks.account import count

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

NATION = "000000"
SHOWN = 100
"""Cases that the page shows; the file has them all."""
GROUPS = columns("group", "payers", "before", "after", "change", "share_of_change", "more", "less")


def _rules(workspace: Workspace) -> list[Choice]:
    """Every rule once, by its id."""
    named = {rule.id: rule for rule in rules()}
    return [
        Choice(name, rule.title_zh, rule.title_en or rule.title_zh) for name, rule in named.items()
    ]


def _ends(workspace: Workspace) -> list[Choice]:
    return [Choice(end, end, end) for end in (".xlsx", ".csv", ".parquet")]


def _blank_ends(workspace: Workspace) -> list[Choice]:
    return [Choice(end, end, end) for end in (".xlsx", ".csv", ".yaml")]


RULE = Ask("rule", "choice", True, _rules)
DATE, REGION = Ask("date"), Ask("region")


class Watched:
    """Pieces of a table as they pass, with the first cases of them and the first refused ones."""

    def __init__(self, pieces: Iterator[Any], titles: tuple[str, ...]) -> None:
        self._pieces, self.titles = pieces, titles
        self.rows: list[list[Any]] = []
        self.refused: list[list[Any]] = []
        self._number = 0

    def __iter__(self) -> Iterator[Any]:
        for piece in self._pieces:
            if min(len(self.rows), len(self.refused)) < SHOWN:
                self._look_at(piece)
            self._number += piece.num_rows
            yield piece

    def _look_at(self, piece: Any) -> None:
        for number, row in enumerate(piece.to_pylist(), start=self._number + 1):
            if len(self.rows) < SHOWN:
                self.rows.append([_in_cell(row[title]) for title in self.titles])
            text = row[REFUSED]
            if text and text != TOTAL_ROW and len(self.refused) < SHOWN:
                self.refused.append([number, _in_two(text)])


def _in_cell(value: Any) -> Any:
    """A value as a cell, a line in two languages as a pair."""
    return _in_two(value) if isinstance(value, str) and " | " in value else value


def _in_two(text: str) -> list[str]:
    """A line in Chinese and English as a pair."""
    zh, _, en = text.partition(" | ")
    return [zh, en or zh]


def table(workspace: Workspace, sent: Sent) -> Worked:
    """A table of cases computed by a rule; a case that is refused says why. Raises HengtanError."""
    rule, end = sent.text("rule"), sent.text("end") or ".xlsx"
    pack = workspace.pack
    computing = compute_pieces(
        pack,
        rule,
        read_pieces(pack, sent.file, rule),
        day=sent.day("date"),
        region=sent.text("region") or NATION,
    )
    watched = Watched(computing.tables, computing.titles)
    name, notes = f"result{end}", {word("working.notes"): NotesOf(computing)}
    content = written(name, lambda p: write_pieces(p, computing.titles, iter(watched), notes))
    tally = computing.tally
    tables = [Table("working.table.cases", _titles(computing), watched.rows)]
    if watched.refused:
        refused = Table("working.table.refused", columns("case", "why"), watched.refused)
        tables.insert(0, refused)
    counts = (tally.rows, tally.computed, tally.refused, tally.totals)
    lines = [said("working.table.said", *counts)]
    return Worked(
        tables,
        lines,
        _findings(tally, Where(sent.file.name)),
        files={name: content},
        is_refused=not tally.computed,
    )


def _titles(computing: Computing) -> list[Any]:
    """The columns of the result, those of the rule in words."""
    words = {o.name: [o.zh, o.en] for o in computing.rule.outputs}
    named = {REFUSED: "working.column.refused", NOTES: "working.column.notes"}
    return [named.get(title) or words.get(title) or title for title in computing.titles]


def _findings(tally: Tally, where: Where) -> list[Finding]:
    """What has to be known beside the rows; nothing computed is an error."""
    level = "warning" if tally.computed else "error"
    findings = []
    for text, rows in tally.reasons.most_common():
        zh, en = _in_two(text)
        findings.append(
            Finding(level, f"{rows} 行未能计算：{zh}", f"{rows} rows refused: {en}", where)
        )
    for text, rows in tally.warnings.most_common():
        zh, en = _in_two(text)
        findings.append(Finding("warning", f"{zh}（{rows} 行）", f"{en} ({rows} rows)", where))
    for title in tally.unknown:
        zh, en = "不是这条规则的输入项，没有用到", "not an input of the rule, not used"
        findings.append(Finding("warning", zh, en, Where(where.file, column=title)))
    for sheet in tally.sheets:
        findings.append(
            Finding("warning", "这张工作表没有读", "not read", Where(where.file, sheet))
        )
    return findings


def blank_table(workspace: Workspace, sent: Sent, path: Path, lang: str) -> None:
    """The template of a rule: a table, or one case as YAML. Raises NoSuchRow, HengtanError."""
    write_rule_template(any_edition(sent.text("rule")).as_dict(), path, lang)


def reform(workspace: Workspace, sent: Sent) -> Worked:
    """What other parameters or formulas change, by payer group. Raises HengtanError."""
    rule, day = sent.text("rule"), sent.day("on") or date.today()
    place = region_of(workspace.pack, sent.text("region") or NATION)
    with TemporaryDirectory() as folder:
        proposal = _proposal(workspace, sent, Path(folder) / "proposal")
        groups, findings = groups_of(
            workspace.pack, rule, sent.file, day, place, proposal, output=sent.text("output")
        )
    taken = taken_of(workspace.pack, rule, sent.file, day, place)
    counting = count(sent.file, (GROUP,), taken, partly=sent.is_ticked("partly"))
    change = sum(group.change for group in groups)
    return Worked(
        [Table("working.reform.groups", GROUPS, [_group(group) for group in groups])],
        [said("working.reform.said", f"{change:+,.2f}")],
        [*findings, *counting.remarks, *counting.unread],
        counting.account,
    )


def _proposal(workspace: Workspace, sent: Sent, folder: Path) -> Proposal:
    """Parameters, and tables that lie over those in force. Raises HengtanError where there is
    neither.
    """
    parameters = parameters_of(sent.pairs("change"))
    tables = [name for name in OVERLAY if name in sent.files]
    if not parameters and not tables:
        raise error(HengtanError, "working.no_proposal")
    if not tables:
        return Proposal(parameters)
    settings = workspace.settings
    meta = {"title_zh": "方案", "title_en": "proposal", "edition": "1", "extends": settings.pack}
    folder.mkdir()
    write_meta(folder, {"id": folder.name, "region": settings.region, **meta})
    for name in tables:
        shutil.copyfile(sent.files[name], folder / f"{name}.csv")
    return Proposal(parameters, packs.load(folder.name, [*workspace.own_packs(), folder]))


def _group(group: Group) -> list[Any]:
    return [
        group.name,
        group.payers,
        round(group.before, 2),
        round(group.after, 2),
        round(group.change, 2),
        f"{group.change / group.before:+.2%}" if group.before else None,
        group.more,
        group.less,
    ]


OVERLAY = ("rule_parameters", "rule_formulas")
"""Tables of a proposal that lie over those in force."""
PARTLY, ON = Ask("partly", "flag"), Ask("on", is_needed=True)
WORKINGS = (
    Working(
        "table",
        table,
        slots=(Slot(ends=(*TABLES, ".parquet")),),
        asks=(RULE, DATE, REGION, Ask("end", "choice", True, _ends)),
        blank=Blank(blank_table, asks=(RULE, Ask("end", "choice", True, _blank_ends))),
        is_long=True,
    ),
    Working(
        "reform",
        reform,
        slots=(Slot(), *(Slot(name, (".csv",), is_needed=False) for name in OVERLAY)),
        asks=(
            RULE,
            ON,
            REGION,
            Ask("change", "lines"),
            Ask("output"),
            PARTLY,
        ),
    ),
)
