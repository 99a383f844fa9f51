"""Verbs about plan documents: read one, draft a pack, compare two versions, review and issue in a
workspace.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, WorkspaceOption, advised, app, day, opened, pairs
from hengtan.cli.options import Acting, grouped
from hengtan.cli.plan_tables import REVIEW_COLUMNS, review_rows, show_changes, show_draft

if TYPE_CHECKING:
    from hengtan.plan.reader.draft import Draft

plan_app = typer.Typer(help="规划文档 plan documents", no_args_is_help=True)
app.add_typer(plan_app, name="plan")

EXAMPLE_REGION = "500156"
"""A region that printed advice names where none was given."""
Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        help="文件的年份（印发年），文中没有写时给出 the document's year",
        min=1990,
        max=2100,
    ),
]


@dataclass(frozen=True)
class Passages:
    """Passages to read one by one instead of a document, and where the answers go."""

    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", help="一行一段 {id,text,year?} passages, one a line")
    ] = None
    out: Annotated[
        Path | None, typer.Option("--out", help="--jsonl 的结果文件 where the answers go")
    ] = None


@dataclass(frozen=True)
class Helper:
    """A language model that may propose beside the reader; none unless an address is stated."""

    assistant: Annotated[
        str,
        typer.Option(
            "--assistant",
            help="可选：OpenAI 兼容的地址，默认不用、不发送任何内容 "
            "an OpenAI-compatible address; off by default",
        ),
    ] = ""
    model: Annotated[str, typer.Option("--assistant-model", help="助手的模型名")] = ""


@plan_app.command("read")
@grouped
def plan_read(
    passages: Passages,
    helper: Helper,
    file: Annotated[Path | None, typer.Argument(help="规划文档 .docx .pdf .html .md .txt")] = None,
    json: JsonOption = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="写成规划数据包的草稿（文件夹） write a draft pack")
    ] = None,
    region: Annotated[
        str, typer.Option("--region", help="行政区划代码，--to 用 GB/T 2260 code, for --to")
    ] = "",
    year: Year = None,
) -> None:
    """读规划文档：章节条款、目标、里程碑、系统平台、责任部门，逐条引文。Read a plan document."""
    from hengtan.desk.plan_reading import read_passages

    if passages.jsonl is not None:
        if passages.out is None or file is not None:
            raise typer.BadParameter("--jsonl 要和 --out 一起用 | --jsonl needs --out")
        count = read_passages(passages.jsonl, passages.out)
        show.say(f"已写出 {passages.out}：{count} 段")
        return
    if file is None:
        raise typer.BadParameter("请给出规划文档 | give a document")
    draft = _draft(file, region, year, helper)
    if to is not None:
        from hengtan.desk.new import write_draft_pack

        write_draft_pack(draft, to, region)
    if json:
        show.say(show.as_json(draft.as_dict()))
        return
    show_draft(draft)
    if to is not None:
        show.say(f"已写出数据包草稿 {to}（{', '.join(sorted(p.name for p in to.iterdir()))}）")
    else:
        code = region or EXAMPLE_REGION
        show.say(f"下一步（{code} 换成本地的区划代码）；或用 --to 文件夹 写成数据包草稿：")
        show.say(f"  {advised('new', '工作区', '--region', code, '--plan', file)}")


def _draft(file: Path, region: str, year: int | None, helper: Helper) -> Draft:
    from hengtan import packs
    from hengtan.desk.new import base_of
    from hengtan.desk.plan_reading import read_plan, with_proposals

    pack = packs.load(base_of(region)[0])
    draft = read_plan(file, pack, region or "plan", year=year)
    if not helper.assistant:
        return draft

    def tell(text: str) -> None:
        show.say(text, error=True)

    return with_proposals(draft, pack, helper.assistant, helper.model, tell)


@plan_app.command("diff")
def plan_diff(
    first: Annotated[Path, typer.Argument(help="征求意见稿：文档、数据包文件夹或已发布版本 .json")],
    second: Annotated[Path, typer.Argument(help="正式稿")],
    json: JsonOption = False,
    everything: Annotated[
        bool, typer.Option("--all", help="未变的也列出 unchanged ones too")
    ] = False,
) -> None:
    """征求意见稿与正式稿逐条对照：不变、改动、删去、新增。Compare a draft and its issued
    version.
    """
    from hengtan.desk.plan_editions import target_rows
    from hengtan.plan.reader.diff import compare

    changes = compare(target_rows(first), target_rows(second))
    if json:
        show.say(show.as_json([change.as_dict() for change in changes]))
        return
    counts = Counter(change.kind for change in changes)
    show.say(
        f"不变 {counts['same']}  改动 {counts['changed']}  "
        f"删去 {counts['dropped']}  新增 {counts['new']}"
    )
    show_changes([change for change in changes if everything or change.kind != "same"])


@plan_app.command("sample")
def plan_sample(to: Annotated[Path, typer.Argument(help="样例.docx")]) -> None:
    """写出一份虚构的样例规划（Word），供试用。Write a made-up plan to try with."""
    from hengtan.report.word.sample_plan import write_sample

    if to.suffix.lower() != ".docx":
        raise HengtanError(
            f"样例是 Word 文档，不能写成“{to.suffix}”",
            "the sample is a Word document",
            todo="文件名用 .docx 结尾",
            todo_en="let the name end in .docx",
        )
    show.say(f"已写出 {write_sample(to)}（虚构样例）")


@plan_app.command("list")
def plan_list(
    plan: Annotated[str, typer.Argument(help="规划编号：列出它的每个待核对项 its items")] = "",
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """工作区里从文档读出的规划及核对进度。Plans read from documents and how far their review is."""
    from hengtan.desk.plan_review import load, progress

    columns = ["plan", "title", "targets", "open", "accepted", "rejected", "editions"]
    with opened(workspace) as desk:
        if plan:
            rows = review_rows(load(desk, plan))
            columns = list(REVIEW_COLUMNS)
        else:
            rows = [{column: row[column] for column in columns} for row in progress(desk)]
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, columns)


@plan_app.command("add")
def plan_add(file: Path, workspace: WorkspaceOption = None, year: Year = None) -> None:
    """在工作区里再读一份规划。Read a further plan into a workspace."""
    from hengtan.desk.plan_editions import add_plan

    with opened(workspace) as desk:
        draft = add_plan(desk, file, year=year)
    show_draft(draft)
    show.say(f"已加入工作区：{draft.plan}，{len(draft.targets)} 个目标待核对")


@plan_app.command("decide")
@grouped
def plan_decide(
    plan: str,
    target: Annotated[
        str, typer.Argument(help="目标、里程碑、任务或责任单位的编号，或 all（所有待核对的目标）")
    ],
    decision: Annotated[
        str,
        typer.Argument(
            help="accept 采纳 / edit 修改 / reject 不采纳 / reopen 重新核对 / "
            "add 补充漏读的目标（或 kind=milestone 里程碑）"
        ),
    ],
    acting: Acting,
    fields: Annotated[list[str] | None, typer.Argument(help="修改的内容 列=值")] = None,
    workspace: WorkspaceOption = None,
    note: Annotated[str, typer.Option("--note", help="理由")] = "",
    least: Annotated[
        float | None,
        typer.Option("--least", help="all 时只采纳把握不低于此值的，不写为 0.9", min=0, max=1),
    ] = None,
) -> None:
    """核对一个目标、里程碑、任务或责任单位。Decide on a target, a milestone, a task or an owner."""
    from hengtan.desk.plan_review import SURE, accept_all, decide

    if target == "all" and decision != "accept":
        raise HengtanError(
            "all 只能和 accept 一起用",
            "all goes with accept only",
            todo="逐条决定",
            todo_en="decide one by one",
        )
    with opened(workspace) as desk:
        if target == "all":
            bound = SURE if least is None else least
            review = accept_all(desk, plan, acting.actor(), least=bound)
        else:
            review = decide(
                desk, plan, target, decision, acting.actor(), fields=pairs(fields), note=note
            )
    counts = review.counts()
    show.say(
        f"{plan}：采纳 {counts['accepted']}，修改 {counts['edited']}，补充 {counts['added']}，"
        f"不采纳 {counts['rejected']}，待核对 {counts['open']}"
    )
    items = review.items()
    if items:
        done = sum(item.state != "open" for item in items)
        show.say(f"里程碑、任务、责任单位：已核对 {done}，共 {len(items)}")


def _two_years(said: str) -> tuple[str, str]:
    """2026-2028 as two texts; one year stands for both."""
    first, _, last = said.replace("—", "-").replace("~", "-").partition("-")
    return first, last or first


@plan_app.command("issue")
@grouped
def plan_issue(
    plan: str,
    acting: Acting,
    workspace: WorkspaceOption = None,
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
    title: Annotated[str, typer.Option("--title", help="确认过的规划标题")] = "",
    years: Annotated[str, typer.Option("--years", help="确认过的首年-末年，如 2026-2028")] = "",
) -> None:
    """发布核对后的规划为新的一版，写入工作区的数据包。Issue the reviewed plan as an edition."""
    from hengtan.desk.plan_editions import issue
    from hengtan.desk.plan_review import Confirmed

    with opened(workspace) as desk:
        confirmed = Confirmed.of(title, *_two_years(years)) if title or years else None
        number = issue(desk, plan, acting.actor(), note=note, confirmed=confirmed)
    show.say(f"{plan} 已发布第 {number} 版")


@plan_app.command("dispatch")
def plan_dispatch(
    department: Annotated[
        str, typer.Option("--department", help="只要一个单位的 one department only")
    ] = "",
    plan: Annotated[str | None, typer.Option("--plan", help="只要一份规划的")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help=".xlsx 调度表，或 .docx 每单位一页的调度单")
    ] = None,
    workspace: WorkspaceOption = None,
    known_on: KnownOn = None,
    json: JsonOption = False,
) -> None:
    """任务调度表：任务、牵头与配合单位、时限、进展、佐证。The dispatch sheet of tasks."""
    from hengtan.desk import dispatch
    from hengtan.workspace.asof import AsOf

    if to is not None:
        dispatch.check_suffix(to)
    with opened(workspace) as desk:
        as_of = AsOf.of(day(known_on))
        sheet = dispatch.dispatch_sheet(desk, as_of, plan=plan, department=department)
    if to is not None:
        dispatch.write_dispatch(sheet, to)
        show.say(f"已写出 {to}：{len(sheet.tasks)} 项任务")
    elif json:
        show.say(show.as_json(dispatch.rows_of(sheet)))
    else:
        rows = [row | {"lead": "、".join(row["lead"])} for row in dispatch.rows_of(sheet)]
        show.plain_table(rows, ["id", "title", "lead", "due", "state_zh"])
