"""Studies of pathways, of dispatch and of parks as papers in Word and as workbooks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.downloads import NoSuchDownload
from hengtan.desk.outlook_choices import Wanted
from hengtan.desk.pathway_page import pathway_view
from hengtan.desk.power_charts import week_of
from hengtan.desk.power_page import dispatch_view
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

WORD, BOOK = "docx", "xlsx"


def pathway_file(
    workspace: Workspace, wanted: Wanted, end: str, as_of: AsOf | None = None, lang: str = "zh"
) -> bytes:
    """A study of a pathway as ``docx`` or ``xlsx`` in a language. Raises NoSuchDownload, and
    HengtanError where there is no study.
    """
    _check(end)
    return pathway_file_of(workspace, pathway_view(workspace, wanted, as_of), end, lang)


def pathway_file_of(
    workspace: Workspace, view: dict[str, Any], end: str, lang: str = "zh"
) -> bytes:
    """The file of what ``pathway_view`` shows. Raises as ``pathway_file`` does."""
    from hengtan.report.sheet.pathway import write_pathway
    from hengtan.report.word.pathway import pathway_paper

    _check(end)
    study = view["study"]
    if study is None:
        raise _refused(view["refused"])
    if end == WORD:
        return pathway_paper(view, lang)
    with TemporaryDirectory() as folder:
        path = write_pathway(study, study["lines"]["all"], Path(folder) / "study.xlsx", lang)
        return path.read_bytes()


def portfolio_file_of(
    workspace: Workspace, view: dict[str, Any], end: str, lang: str = "zh"
) -> bytes:
    """The file of what ``portfolio_view`` shows. Raises NoSuchDownload, and HengtanError where
    there is no choice.
    """
    from hengtan.report.sheet.portfolio import write_portfolio
    from hengtan.report.word.portfolio import portfolio_paper

    _check(end)
    if view["answer"] is None:
        raise _refused(view["conflict"] or view["refused"])
    if end == WORD:
        return portfolio_paper(view, lang)
    with TemporaryDirectory() as folder:
        path = write_portfolio(view["answer"], Path(folder) / "portfolio.xlsx", lang)
        return path.read_bytes()


def dispatch_file(
    workspace: Workspace,
    place: str,
    study: str,
    end: str,
    as_of: AsOf | None = None,
    lang: str = "zh",
) -> bytes:
    """A dispatch study as ``docx`` or ``xlsx`` in a language. Raises NoSuchDownload, and
    HengtanError where there is no plan.
    """
    from hengtan.report.sheet.power import dispatch_book
    from hengtan.report.word.power import dispatch_paper

    _check(end)
    view = dispatch_view(workspace, place, study, as_of)
    if view["answer"] is None:
        raise _refused(view["conflict"] or view["refused"])
    week = week_of(view["hours"])
    make = dispatch_paper if end == WORD else dispatch_book
    return make(view, week, lang)


def park_file_of(workspace: Workspace, view: dict[str, Any], end: str, lang: str = "zh") -> bytes:
    """The file of what ``park_view`` shows. Raises NoSuchDownload, and HengtanError where there is
    no plan.
    """
    from hengtan.report.sheet.park import park_book
    from hengtan.report.word.park import park_paper

    _check(end)
    if view["answer"] is None:
        raise _refused(view["conflict"] or view["refused"])
    return (park_paper if end == WORD else park_book)(view, lang)


def _check(end: str) -> None:
    if end not in (WORD, BOOK):
        raise NoSuchDownload(
            f"没有“{end}”文件，有：{WORD}、{BOOK}", f"no '{end}' file; there are {WORD}, {BOOK}"
        )


def _refused(said: dict[str, str]) -> HengtanError:
    todo, todo_en = said.get("todo", ""), said.get("todo_en", "")
    return HengtanError(said["zh"], said["en"], todo=todo, todo_en=todo_en)
