"""Verbs about plan documents: read one, draft a pack, compare two versions, review and issue in a workspace."""

from __future__ import annotations

import getpass
import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError, Where
from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened

plan_app = typer.Typer(help="规划文档 plan documents", no_args_is_help=True)
app.add_typer(plan_app, name="plan")

Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        help="文件的年份（印发年），文中没有写时给出 the document's year",
        min=1990,
        max=2100,
    ),
]
By = Annotated[str | None, typer.Option("--by", help="核对人，默认为本机用户名")]


@plan_app.command("read")
def plan_read(
    file: Annotated[Path | None, typer.Argument(help="规划文档 .docx .pdf .html .md .txt")] = None,
    json: JsonOption = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="写成规划数据包的草稿（文件夹） write a draft pack")
    ] = None,
    region: Annotated[
        str, typer.Option("--region", help="行政区划代码，--to 用 GB/T 2260 code, for --to")
    ] = "",
    year: Year = None,
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", help="一行一段 {id,text,year?} passages, one a line")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="--jsonl 的结果文件 where the answers go")
    ] = None,
    assistant: Annotated[
        str,
        typer.Option(
            "--assistant",
            help="可选：OpenAI 兼容的地址，默认不用、不发送任何内容 an OpenAI-compatible address; off by default",
        ),
    ] = "",
    model: Annotated[str, typer.Option("--assistant-model", help="助手的模型名")] = "",
) -> None:
    """读规划文档：章节条款、目标、里程碑、系统平台、责任部门，逐条引文。Read a plan document."""
    if jsonl is not None:
        if out is None or file is not None:
            raise typer.BadParameter("--jsonl 要和 --out 一起用 | --jsonl needs --out")
        count = _passages(jsonl, out)
        show.say(f"已写出 {out}：{count} 段")
        return
    if file is None:
        raise typer.BadParameter("请给出规划文档 | give a document")
    from hengtan import packs
    from hengtan.desk import plans as plan_review
    from hengtan.plan.reader.assistant import Assistant, propose

    pack_id, place = _base(region)
    draft = plan_review.read_plan(file, packs.load(pack_id), region or "plan", year=year)
    if assistant:
        draft = propose(
            draft,
            Assistant.of(assistant, model),
            plan_review.indicators_of(packs.load(pack_id)),
            tell=lambda text: show.say(text, error=True),
        )
    if to is not None:
        _write_pack(draft, to, region, pack_id, place)
    if json:
        show.say(show.as_json(draft.as_dict()))
        return
    _show(draft)
    if to is not None:
        show.say(f"已写出数据包草稿 {to}（{', '.join(sorted(p.name for p in to.iterdir()))}）")
    else:
        show.say(
            f"下一步：hengtan new 工作区 --region 区划代码 --plan {file}；或 --to 文件夹 写成数据包草稿"
        )


def _base(region: str) -> tuple[str, str]:
    """The pack that a region's plan rests on, and the region's name where it is known. Raises HengtanError for a bad code."""
    from hengtan import packs
    from hengtan.basis.errors import UnknownPlace
    from hengtan.desk.new import shipped_parent

    if not region:
        return "cn", ""
    if not (region.isdigit() and len(region) == 6):
        raise HengtanError(
            f"行政区划代码“{region}”应为6位数字",
            f"region '{region}' is not a six-digit code",
            todo="例如 500156",
            todo_en="e.g. 500156",
        )
    parent = shipped_parent(region)
    try:
        return parent, packs.load(parent).places().find(region).name_zh
    except UnknownPlace:
        return parent, ""


def _write_pack(draft: Any, to: Path, region: str, parent: str, name: str) -> None:
    from hengtan.desk.new import write_pack
    from hengtan.desk.plan_editions import plan_tables

    if not region:
        raise HengtanError(
            "写数据包要有行政区划代码",
            "a pack needs a region",
            todo="加上 --region，例如 --region 500156",
            todo_en="add --region, e.g. --region 500156",
        )
    from hengtan import packs

    own = (
        []
        if name
        else [
            {
                "place": region,
                "name_zh": draft.title[:20] or region,
                "name_en": region,
                "kind": "city" if region.endswith("00") else "district",
                "parent": "000000",
            }
        ]
    )
    tables = plan_tables(draft, packs.load(parent), region, name or region, own=own)
    write_pack(
        to,
        {
            "id": draft.plan,
            "title_zh": draft.title or draft.plan,
            "title_en": draft.plan,
            "extends": parent,
            "region": region,
            "edition": "draft",
        },
        {**tables, "places": [*own, *tables["places"]]},
    )


OPERATORS = {
    ">=": "≥",
    "<=": "≤",
    "==": "＝",
    "approx": "约",
    "range": "",
    "increase_by": "提高 ",
    "decrease_by": "下降 ",
}


def requirement(target: Any) -> str:
    """How a target asks, in signs: ``≥36个``, ``下降 14%（比2020年）``, ``力争``."""
    upper = f"—{target.value2}" if target.value2 else ""
    sign = (
        {">=": "＞", "<=": "＜"}.get(target.operator, "")
        if target.strict
        else OPERATORS[target.operator]
    )
    base = f"（比{target.base_year}年）" if target.base_year else ""
    more = {"approx": "左右", "at_least": "以上", "at_most": "以内"}.get(target.modifier, "")
    return f"{'力争 ' if target.modifier == 'stretch' else ''}{sign or OPERATORS[target.operator]}{target.value}{upper}{target.unit}{more}{base}"


def _show(draft: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if show.sys.stdout.isatty() else 180)
    console.print(
        f"[bold]{draft.title or draft.document.name}[/]  {draft.document.name} · {len(draft.document.text)}字 · 文件年份 {draft.year or '未写'}"
    )
    console.print(
        f"条款 {len(draft.clauses)}  目标 {len(draft.targets)}  里程碑 {len(draft.milestones)}  系统平台机制 {len(draft.systems)}  责任部门 {len(draft.departments)}"
    )
    table = Table(header_style="bold")
    for title, right in (
        ("#", True),
        ("条款", False),
        ("指标", False),
        ("要求", False),
        ("期限", True),
        ("地区", False),
        ("属性", False),
        ("对应指标", False),
        ("把握", True),
        ("待核对", False),
    ):
        table.add_column(title, overflow="fold", justify="right" if right else "left")
    for n, target in enumerate(draft.targets, start=1):
        link = target.link
        linked = {
            "same": link.name_zh,
            "close": f"近似：{link.name_zh}",
            "new": f"新；{link.differs}" if link.differs else "新",
        }[link.relation]
        table.add_row(
            str(n),
            target.clause.partition(":")[2],
            target.indicator_zh,
            requirement(target),
            str(target.deadline),
            target.region or "—",
            target.binding or "—",
            linked,
            f"{target.confidence:.2f}",
            "、".join(target.doubts_zh()),
        )
    console.print(table)
    show.findings(draft.findings)


def _passages(source: Path, out: Path) -> int:
    """Read every passage of a JSONL file; nothing is written where a line does not hold."""
    from hengtan.basis.whole_files import write_whole
    from hengtan.plan.reader.draft import as_guide

    if not source.is_file():
        raise HengtanError(
            "没有这个文件",
            "no such file",
            where=Where(source.name),
            todo="检查路径",
            todo_en="check the path",
        )
    made = []
    for number, line in enumerate(
        source.read_text(encoding="utf-8-sig", errors="strict").splitlines(), start=1
    ):
        if not line.strip():
            continue
        try:
            held = json_text.loads(line)
            text, name, year = held["text"], held["id"], held.get("year")
            if not isinstance(text, str):
                raise TypeError("text")
            year = int(year) if year not in (None, "") else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise HengtanError(
                "这一行不是 {id,text,year?}",
                f"the line is not {{id,text,year?}}: {error}",
                where=Where(source.name, row=number),
                todo="改正这一行",
                todo_en="correct it",
            ) from error
        made.append(json_text.dumps(as_guide(str(name), text, year), ensure_ascii=False))
    write_whole(out, "\n".join(made) + "\n")
    return len(made)


@plan_app.command("diff")
def plan_diff(
    first: Annotated[Path, typer.Argument(help="征求意见稿：文档、数据包文件夹或已发布版本 .json")],
    second: Annotated[Path, typer.Argument(help="正式稿")],
    json: JsonOption = False,
    everything: Annotated[
        bool, typer.Option("--all", help="未变的也列出 unchanged ones too")
    ] = False,
) -> None:
    """征求意见稿与正式稿逐条对照：不变、改动、删去、新增。Compare a draft and its issued version."""
    from collections import Counter

    from rich.console import Console
    from rich.table import Table

    from hengtan.desk.plan_editions import target_rows
    from hengtan.plan.reader.diff import FIELDS_ZH, compare

    found = compare(target_rows(first), target_rows(second))
    if json:
        show.say(show.as_json([change.as_dict() for change in found]))
        return
    counts = Counter(change.kind for change in found)
    show.say(
        f"不变 {counts['same']}  改动 {counts['changed']}  删去 {counts['dropped']}  新增 {counts['new']}"
    )
    table = Table(header_style="bold")
    for title in ("", "指标", "原", "现", "改动"):
        table.add_column(title, overflow="fold")
    words = {"same": "不变", "changed": "改动", "dropped": "删去", "new": "新增"}
    for change in found:
        if change.kind == "same" and not everything:
            continue
        shown = [
            f"{OPERATORS[r['operator']]}{r['value']}{r['unit']}（{r['deadline_year']}）"
            if r
            else "—"
            for r in (change.first, change.second)
        ]
        row = change.second or change.first or {}
        table.add_row(
            words[change.kind],
            str(row["indicator_zh"]),
            *shown,
            "；".join(f"{FIELDS_ZH[k]}：{a}→{b}" for k, (a, b) in change.fields.items()),
        )
    Console(width=None if show.sys.stdout.isatty() else 180).print(table)


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
def plan_list(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """工作区里从文档读出的规划及核对进度。Plans read from documents and how far their review is."""
    from collections import Counter

    from hengtan.desk import plans as plan_review

    rows = []
    with opened(workspace) as found:
        for plan in plan_review.plans_of(found.folder):
            review = plan_review.load(found.folder, plan)
            counts = Counter(one.state for one in review.targets())
            rows.append(
                {
                    "plan": plan,
                    "title": review.draft.title,
                    "targets": counts.total(),
                    "open": counts["open"],
                    "accepted": counts["accepted"] + counts["edited"] + counts["added"],
                    "rejected": counts["rejected"],
                    "editions": len(review.editions()),
                }
            )
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(
            rows, ["plan", "title", "targets", "open", "accepted", "rejected", "editions"]
        )


@plan_app.command("add")
def plan_add(file: Path, workspace: WorkspaceOption = None, year: Year = None) -> None:
    """在工作区里再读一份规划。Read a further plan into a workspace."""
    from hengtan.desk import plan_editions
    from hengtan.desk import plans as plan_review

    with opened(workspace) as found:
        draft = plan_review.read_plan(file, found.pack, found.settings.region, year=year)
        rows = plan_editions.plan_tables(
            draft, found.pack, found.settings.region, found.settings.title_zh
        )
        plan_editions.write_tables(
            found.folder, found.settings, rows, draft.plan, edition=f"{draft.plan}.0"
        )
        plan_review.keep(found.folder, draft, file)
    _show(draft)
    show.say(f"已加入工作区：{draft.plan}，{len(draft.targets)} 个目标待核对")


@plan_app.command("decide")
def plan_decide(
    plan: str,
    target: Annotated[str, typer.Argument(help="目标编号，或 all（所有待核对的）")],
    decision: Annotated[
        str, typer.Argument(help="accept 采纳 / edit 修改 / reject 不采纳 / reopen 重新核对")
    ],
    fields: Annotated[list[str] | None, typer.Argument(help="修改的内容 列=值")] = None,
    workspace: WorkspaceOption = None,
    by: By = None,
    note: Annotated[str, typer.Option("--note", help="理由")] = "",
    least: Annotated[
        float, typer.Option("--least", help="all 时只采纳把握不低于此值的", min=0, max=1)
    ] = 0.0,
) -> None:
    """核对一个目标。Decide on a target."""
    from collections import Counter

    from hengtan.cli.app import pairs
    from hengtan.desk import plans as plan_review

    with opened(workspace) as found:
        known = plan_review.indicators_of(found.pack, plan)
        if target == "all":
            if decision != "accept":
                raise HengtanError(
                    "all 只能和 accept 一起用",
                    "all goes with accept only",
                    todo="逐条决定",
                    todo_en="decide one by one",
                )
            review = plan_review.accept_all(
                found.folder, plan, by=by or getpass.getuser(), least=least, known=known
            )
        else:
            review = plan_review.decide(
                found.folder,
                plan,
                target,
                decision,
                by=by or getpass.getuser(),
                fields=pairs(fields),
                note=note,
                known=known,
            )
    counts = Counter(one.state for one in review.targets())
    show.say(
        f"{plan}：采纳 {counts['accepted']}，修改 {counts['edited']}，补充 {counts['added']}，不采纳 {counts['rejected']}，待核对 {counts['open']}"
    )


@plan_app.command("issue")
def plan_issue(
    plan: str,
    workspace: WorkspaceOption = None,
    by: By = None,
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
) -> None:
    """发布核对后的规划为新的一版，写入工作区的数据包。Issue the reviewed plan as an edition."""
    from hengtan.desk import plan_editions

    with opened(workspace) as found:
        number = plan_editions.issue(
            found.folder, found.settings, plan, by=by or getpass.getuser(), note=note
        )
    show.say(f"{plan} 已发布第 {number} 版")
