"""A job under way: what its kind is handed, and what becomes of it."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import Error, connections

from hengtan.basis.errors import HengtanError, LedgerBusy, Where
from hengtan.office.notices import Notice
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.advice import advice
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.kinds import Application, Kind, kinds
from hengtan.web.rooms.jobs.models import CANCELLED, DONE, FAILED, Job
from hengtan.web.rooms.notices.sending import notify
from hengtan.web.store import point_to

if TYPE_CHECKING:
    from hengtan.workspace import Workspace

log = logging.getLogger("hengtan.web")
TOLD_EVERY = 0.5
"""Seconds between two notes of how far a job is."""
FOLDER = "jobs"


class Stopped(Exception):
    """A job that is to be cancelled, or is somebody else's by now."""


class Run:
    """A job as its kind sees it: its arguments, a workspace of its own, a place for its result."""

    def __init__(self, app: Application, job: Job, lease: timedelta) -> None:
        self.app, self.job = app, job
        self.arguments: dict[str, Any] = dict(job.arguments)
        self._lease = lease
        self._ended = threading.Event()
        self._held: bool | None = True
        self._noted = 0.0
        self._workspace: Workspace | None = None
        self._heart = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> Run:
        self._heart.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._heart.join()
        if self._workspace is not None:
            self._workspace.close()

    @property
    def workspace(self) -> Workspace:
        """The workspace, with an engine that no page waits for."""
        if self._workspace is None:
            self._workspace = self.app.site.workspace.another()
        return self._workspace

    def tell(self, share: float, zh: str = "", en: str = "") -> None:
        """Say how far it is (0 to 1). Raises Stopped where it is not to go on."""
        self.go_on()
        now = time.monotonic()
        if now - self._noted >= TOLD_EVERY:
            self._noted = now
            leases.note(self.job, share, zh, en or zh)

    def go_on(self) -> None:
        """Raises Stopped where the job was cancelled, or another took it."""
        if not self._held:
            raise Stopped

    @property
    def is_lost(self) -> bool:
        """Whether another has taken the job."""
        return self._held is None

    def place_for(self, name: str) -> Path:
        """Where a file of the result goes; the same for each beginning of the job."""
        folder = result_folder(self.app, self.job)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / name

    def _beat(self) -> None:
        point_to(self.app.store)
        try:
            while not self._ended.wait(self._lease.total_seconds() / 4):
                try:
                    self._held = leases.renew(self.job, self._lease)
                except Error as error:  # a busy database is asked again before the lease ends
                    log.warning("job %s: %s", self.job.pk, error)
                if not self._held:
                    return
        finally:
            connections.close_all()


def result_folder(app: Application, job: Job) -> Path:
    """Where the files of a job lie."""
    return Path(app.store.folder) / FOLDER / str(job.pk)


def do(app: Application, job: Job, lease: timedelta) -> None:
    """Do a job that was taken, and note how it ended."""
    kind = kinds().get(job.kind)
    if kind is None:
        text = (word("jobs.unknown_kind"), word("jobs.unknown_kind", "en"))
        leases.finish(job, FAILED, message=text[0], en=text[1])
        return
    with Run(app, job, lease) as run:
        _do(run, kind)


def _do(run: Run, kind: Kind) -> None:
    job = run.job
    try:
        result = kind.run(run)
        run.go_on()
    except Stopped:
        if not run.is_lost and leases.finish(job, CANCELLED):
            trail.add("job_cancelled", _named(job), by=job.by)
    except (LedgerBusy, OSError) as error:
        # of the machine, not of the job: it may go well later
        text = " ".join(str(error).split())
        if not leases.put_back(job, text, text):
            _tell_end(job, FAILED)
    except HengtanError as error:
        zh, en = (" ".join(filter(None, pair)) for pair in _said(error))
        if leases.finish(job, FAILED, message=zh, en=en):
            _tell_end(job, FAILED)
    except Exception as error:
        log.exception("job %s", job.pk)
        if leases.finish(job, FAILED, message=f"{word('failed')} {type(error).__name__}"):
            _tell_end(job, FAILED)
    else:
        if leases.finish(job, DONE, result=result):
            _tell_end(job, DONE)


def _said(error: HengtanError) -> tuple[tuple[str, ...], tuple[str, ...]]:
    place = error.where or Where()
    zh, en = advice(error.todo or ""), advice(error.todo_en or "")
    return (place.said("zh"), error.zh, zh), (place.said("en"), error.en, en)


def _named(job: Job) -> str:
    return f"{job.kind} {job.pk}"


def _tell_end(job: Job, state: str) -> None:
    trail.add(f"job_{state}", _named(job), by=job.by)
    if not job.by:
        return
    job.refresh_from_db()
    zh, en = (
        word("jobs.ended", lang).format(
            word(f"jobs.kind.{job.kind}", lang), word(f"jobs.state.{state}", lang)
        )
        for lang in ("zh", "en")
    )
    kind = kinds().get(job.kind)
    address = kind.page_of(job.pk, job.arguments) if kind else f"/jobs/{job.pk}"
    notify(Notice((job.by,), zh, en, job.message, job.message_en, address))
