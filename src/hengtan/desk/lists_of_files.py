"""Case files of a kind beside the official lists (名录) that their subjects may stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hengtan.desk.case_files import kind_of
from hengtan.instruments.case_files.lists import Beside, beside_lists
from hengtan.instruments.case_files.subjects import Row, Subject, subjects_of
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

ENTRIES, TERMS = "registry_entries", "plan_registry_terms"


@dataclass(frozen=True)
class ListBeside:
    """A list beside the files of a kind, with its title in both languages; ``fact``: which of the
    two the targets count (``list``, ``files``), empty where no target does.
    """

    title: tuple[str, str]
    fact: str
    beside: Beside


def lists_beside(
    workspace: Workspace,
    kind: str,
    as_of: AsOf | None = None,
    *,
    sees_file: Callable[[Subject], bool] = lambda subject: True,
    sees_entry: Callable[[Row], bool] = lambda entry: True,
) -> list[ListBeside]:
    """The lists of a kind beside its files on the day judged, those that have an entry or a file
    which says it is listed. Raises NoSuchRow for no kind.
    """
    case_file, as_of = kind_of(workspace, kind), as_of or AsOf.of()
    if not case_file.lists:
        return []
    heads = workspace.execute(case_file.form, as_of).to_pylist()
    named = {listed.of for listed in case_file.lists if listed.of}
    rows = {table: workspace.execute(table, as_of).to_pylist() for table in named}
    tables = dict.fromkeys(case_file.feeds, ()) | {case_file.form: heads} | rows
    subjects = [each for each in subjects_of(case_file, tables) if sees_file(each)]
    entries = [row for row in _in_force(workspace, as_of) if sees_entry(row)]
    registries = workspace.pack.rows("registries")
    titles = {row["registry_id"]: (row["title_zh"], row["title_en"]) for row in registries}
    answers = workspace.pack.rows("computed_indicators")
    facts = {row["account"]: row["fact"] or "" for row in answers}
    return [
        ListBeside(titles[each.registry], facts.get(each.registry, ""), each)
        for each in beside_lists(case_file, subjects, entries, as_of.judged_on)
        if each.registry in titles and (each.both or each.list_only or each.file_only)
    ]


def _in_force(workspace: Workspace, as_of: AsOf) -> list[Row]:
    """The entries whose term holds on the day judged."""
    day = as_of.judged_on
    terms = {
        (row["_submission"], row["_row"])
        for row in workspace.execute(TERMS, as_of).to_pylist()
        if (row["granted"] is None or row["granted"] <= day)
        and (row["ends"] is None or row["ends"] > day)
    }
    entries = workspace.execute(ENTRIES, as_of).to_pylist()
    return [row for row in entries if (row["_submission"], row["_row"]) in terms]
