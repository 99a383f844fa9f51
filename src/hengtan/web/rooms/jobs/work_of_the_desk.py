"""Jobs of the desk: the bulletin as a document, a backup, heavy accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.web.rooms.jobs.kinds import Kind

if TYPE_CHECKING:
    from hengtan.web.rooms.jobs.running import Run


def _bulletin(run: Run) -> dict[str, Any]:
    from hengtan.desk.bulletin import make
    from hengtan.report.word.bulletin import write_bulletin_word

    period = str(run.arguments["period"])
    run.tell(0.05)
    bulletin = make(run.workspace, period)
    run.tell(0.8)
    name = f"通报_{bulletin['period']}.docx"
    write_bulletin_word(bulletin, run.place_for(name))
    return {"file": name}


def _backup(run: Run) -> dict[str, Any]:
    from hengtan.workspace.safekeeping import back_up

    run.tell(0.05)
    name = f"备份_{run.app.today():%Y%m%d}.zip"
    head = back_up(run.workspace, run.place_for(name))
    return {"file": name, "head": head}


def _accounts(run: Run) -> dict[str, Any]:
    """Work the heavy accounts out, so that pages that show them are ready."""
    from hengtan.desk.accounts import accounts_view
    from hengtan.desk.forecast import forecasts_view

    for number, question in enumerate((accounts_view, forecasts_view)):
        run.tell(number / 2)
        run.app.site.ask_once(question)
    return {}


KINDS = (
    Kind("bulletin", "bulletin.write", _bulletin),
    Kind("backup", "backup.make", _backup),
    Kind("accounts", "job.start", _accounts),
)
