"""Jobs of the desk: the bulletin as a document, a backup, heavy accounts, a large file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.ledger import originals
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.kinds import Application, Kind
from hengtan.web.rooms.jobs.models import Job

if TYPE_CHECKING:
    from hengtan.office.permission import Person, Thing
    from hengtan.web.rooms.jobs.running import Run

LARGE = 10_000
"""Rows from which a file is better taken in by a job."""
UPLOADS = "uploads"


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


def _import(run: Run) -> dict[str, Any]:
    """Take a file in; the ledger takes the same file once."""
    from hengtan.desk.evidence import Intake, import_file

    sent = run.arguments
    kept = originals.path_of(uploads(run.app), sent["sha256"])
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        path = Path(folder) / sent["name"]
        path.hardlink_to(kept)
        report = import_file(
            run.workspace,
            sent["form"],
            path,
            actor=Actor(sent["by"], sent.get("behalf") or None),
            intake=Intake(sheet=sent.get("sheet") or None, place=sent.get("place") or None),
            progress=lambda share, text: run.tell(0.9 * share, text),
        )
    done = report.submission or {}
    return {"rows": report.rows, "submission": done.get("id"), "unchanged": report.unchanged}


def uploads(app: Application) -> Path:
    """The folder of files that wait to be taken in."""
    return Path(app.store.folder) / UPLOADS


def import_later(
    app: Application, person: Person, thing: Thing, content: bytes, name: str, **how: str
) -> Job:
    """Ask that a file be taken in as ``thing.form``; ``how``: ``sheet`` and ``behalf``. The same
    file for the same form and place is one job. Raises HengtanError for a name that is none.
    """
    sha256 = originals.keep(uploads(app), content)
    arguments = {
        "form": thing.form,
        "sha256": sha256,
        "name": Path(name).name or "file",
        "by": person.name,
        "place": thing.place,
        **how,
    }
    parts = (thing.form, thing.place, thing.entity, how.get("sheet"), sha256)
    key = "import:" + ":".join(str(part or "") for part in parts)[-110:]
    return leases.queue("import", arguments, key=key, by=person.name, thing=thing)


KINDS = (
    Kind("bulletin", "bulletin.write", _bulletin),
    Kind("backup", "backup.make", _backup),
    Kind("accounts", "job.start", _accounts),
    Kind("import", "record.file", _import),
)
