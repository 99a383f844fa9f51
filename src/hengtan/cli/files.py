"""The verb files: the kinds of case files, the list of one, one opened, its paper, its verdicts on
record.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.basis.words import LANGUAGES
from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, WorkspaceOption, app, day, opened
from hengtan.cli.options import Acting, grouped

if TYPE_CHECKING:
    from hengtan.desk.case_files import Opened
    from hengtan.workspace import Workspace
    from hengtan.workspace.asof import AsOf

DESCRIPTION = (
    "档案：不写类别列出各类；写类别列出各份；再写编号打开一份；--to 写成 Word，"
    "--record 存档。"
    "Case files: the kinds, the list of one kind, or one file."
)


@dataclass(frozen=True)
class Writing:
    """The Word file that a case file, or a document of it, is written to."""

    to: Annotated[Path | None, typer.Option("--to", help="写成 .docx")] = None
    document: Annotated[
        str | None, typer.Option("--document", help="写哪种文书，如 opinion；不写为整份档案")
    ] = None
    lang: Annotated[str, typer.Option("--lang", help="文件的语言 zh 或 en")] = "zh"

    def checked(self) -> Writing:
        """With a language there is. Raises BadParameter."""
        if self.lang not in LANGUAGES:
            raise typer.BadParameter("--lang 写 zh 或 en")
        return self


@app.command(help=DESCRIPTION)
@grouped
def files(
    acting: Acting,
    writing: Writing,
    kind: Annotated[str | None, typer.Argument(help="类别，如 discharge_permit")] = None,
    subject: Annotated[str | None, typer.Argument(help="编号")] = None,
    record: Annotated[bool, typer.Option("--record", help="把判定存入台账，走审核")] = False,
    known_on: KnownOn = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show the kinds, a list, or one case file."""
    with opened(workspace) as desk:
        as_of = desk.as_of(day(known_on))
        if kind is None:
            _kinds(desk, json)
        elif subject is None:
            _list(desk, kind, as_of, json)
        else:
            _one(desk, kind, subject, as_of, json, writing, acting if record else None)


def _kinds(desk: Workspace, json: bool) -> None:
    from hengtan.desk.case_files import heads_of, kinds_of

    rows = [
        {
            "kind": kind.id,
            "title": kind.title_zh,
            "files": len(heads_of(desk, kind.id)),
            "form": kind.form,
            "systems": "、".join(kind.systems),
        }
        for kind in kinds_of(desk).values()
    ]
    _show(rows, json)


def _list(desk: Workspace, kind: str, as_of: AsOf, json: bool) -> None:
    from hengtan.desk.case_files import kind_of, lines_of

    titles = {asked.id: asked.title_zh for asked in kind_of(desk, kind).asked}
    rows = [
        {
            "subject": line.subject,
            "name": line.name,
            "place": line.place,
            "says": "；".join(f"{titles[asked]}：{says}" for asked, says, _ in line.says),
            "lacking": line.lacking,
            "unreached": line.unreached,
            "overdue": line.overdue,
            "next_due": line.next_due,
        }
        for line in lines_of(desk, kind, as_of)
    ]
    _show(rows, json)
    if not json:
        _tell_lists(desk, kind, as_of)


def _tell_lists(desk: Workspace, kind: str, as_of: AsOf) -> None:
    """What stands in an official list or in the files only, by name."""
    from hengtan.desk.lists_of_files import lists_beside
    from hengtan.report.words import word

    for each in lists_beside(desk, kind, as_of):
        said = [word("files.lists.both").format(each.beside.both)]
        for part in ("list_only", "file_only"):
            names = getattr(each.beside, part)
            if names:
                said.append(word(f"files.lists.{part}").format(len(names), "、".join(names)))
        said.append(word(f"files.lists.fact.{each.fact or 'none'}"))
        show.say(f"{each.title[0]}：{'；'.join(said)}")


def _show(rows: list[dict[str, Any]], json: bool) -> None:
    if json:
        show.say(show.as_json(rows))
    elif rows:
        show.plain_table(rows, list(rows[0]))
    else:
        show.say("没有 | none")


def _one(
    desk: Workspace,
    kind: str,
    subject: str,
    as_of: AsOf,
    json: bool,
    writing: Writing,
    recorder: Acting | None,
) -> None:
    from hengtan.desk import case_files

    of_one = case_files.opened(desk, kind, subject, as_of)
    if recorder is not None:
        report = case_files.record(desk, of_one, recorder.actor())
        number = (report.submission or {}).get("submission")
        show.say(f"已存档 {number}，待审核" if number else "与已存档的相同，没有重复存")
    elif writing.to is not None:
        _write(desk, of_one, as_of, writing.to, writing.checked())
    elif json:
        show.say(show.as_json(case_files.as_dict(of_one)))
    else:
        _tell(of_one)


def _write(desk: Workspace, of_one: Opened, as_of: AsOf, to: Path, writing: Writing) -> None:
    from hengtan.basis.whole_files import write_whole
    from hengtan.desk.case_documents import document_bytes
    from hengtan.desk.case_file_shown import paper
    from hengtan.report.word.case_file import case_file_bytes

    judged_on, lang = as_of.judged_on, writing.lang
    if writing.document is None:
        content = case_file_bytes(paper(desk, of_one, judged_on, lang))
    else:
        content = document_bytes(desk, of_one, writing.document, judged_on, lang)
    write_whole(to, content)
    show.say(f"已写出 {to}")


def _tell(of_one: Opened) -> None:
    """One file for the eye."""
    from hengtan.desk.case_files import as_dict

    shown = as_dict(of_one)
    show.say(f"{shown['name']}（{shown['subject']}） {of_one.case_file.title_zh}")
    show.plain_table(shown["verdicts"], ["asked", "period", "state", "says", "confidence"])
    if shown["calendar"]:
        show.plain_table(shown["calendar"], ["title_zh", "label", "due", "done", "state"])
