"""The verb find: what a workspace holds under some words."""

from __future__ import annotations

from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened

COLUMNS = ("kind", "title", "note", "id", "address")


@app.command()
def find(
    words: Annotated[
        list[str], typer.Argument(help="汉字、英文、编号、全拼或首字母 slfgl；几个词都要符合")
    ],
    workspace: WorkspaceOption = None,
    most: Annotated[int, typer.Option("--most", help="最多列几项", min=1, max=500)] = 20,
    json: JsonOption = False,
) -> None:
    """查找目标、条款、任务、单位、企业、规则、名录、地区。Find what a workspace holds."""
    from hengtan.desk.search import index_of
    from hengtan.report.words import word

    with opened(workspace) as desk:
        hits = index_of(desk).find(" ".join(words), most=most)
    if json:
        show.say(show.as_json([hit.as_dict() for hit in hits]))
    elif hits:
        rows = [
            {
                "kind": word(f"search.kind.{hit.entry.kind}"),
                "title": hit.entry.title_zh,
                "note": hit.entry.note_zh,
                "id": hit.entry.id,
                "address": hit.entry.address,
            }
            for hit in hits
        ]
        show.plain_table(rows, list(COLUMNS))
    else:
        show.say(word("search.none").format(" ".join(words)))
