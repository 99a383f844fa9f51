"""Asking for jobs, and taking them: a job belongs to whoever took it until his lease ends; each
step is one conditional update, so that two never hold the same job, on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hengtan.office.notices import pause_after
from hengtan.office.permission import Thing
from hengtan.report.words import word
from hengtan.web.rooms.jobs.models import (
    ACTIVE,
    CANCELLED,
    DONE,
    FAILED,
    RUNNING,
    WAITING,
    Job,
)

MOST_ATTEMPTS = 5
"""Beginnings after which a job that never ended is given up."""
LOOKED_AT = 20


def queue(
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    key: str = "",
    by: str = "",
    thing: Thing = Thing(),
) -> Job:
    """Ask for a job; gives the one that is there where the same ``key`` was asked for before. One
    that failed or was cancelled begins anew.
    """
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            key=(key or uuid.uuid4().hex)[:120],
            defaults={
                "kind": kind,
                "arguments": dict(arguments or {}),
                "by": by,
                "place": thing.place or "",
                "form": thing.form or "",
                "entity": thing.entity or "",
            },
        )
        if not is_new and job.state in (FAILED, CANCELLED):
            begin_anew(job)
    return job


def begin_anew(job: Job) -> None:
    """Let a job wait as if it had never begun."""
    Job.objects.filter(pk=job.pk).exclude(state__in=ACTIVE).update(
        state=WAITING,
        progress=0.0,
        message="",
        message_en="",
        attempts=0,
        not_before=None,
        is_cancel_asked=False,
        result={},
        ended_at=None,
    )
    job.refresh_from_db()


def take(owner: str, lease: timedelta, now: datetime | None = None) -> Job | None:
    """Take a job that waits, or whose owner let his lease end; None where there is none."""
    now = now or timezone.now()
    waiting = Q(state=WAITING) & (Q(not_before=None) | Q(not_before__lte=now))
    left = Q(state=RUNNING, lease_until__lt=now)
    for job in Job.objects.filter(waiting | left).order_by("pk")[:LOOKED_AT]:
        if job.is_cancel_asked:
            _end(job, CANCELLED, now)
        elif job.attempts >= MOST_ATTEMPTS:
            _end(job, FAILED, now, word("jobs.gone"), word("jobs.gone", "en"))
        elif _is_taken(job, owner, now, lease):
            taken: Job = Job.objects.get(pk=job.pk)
            return taken
    return None


def _is_taken(job: Job, owner: str, now: datetime, lease: timedelta) -> bool:
    number = _same(job).update(
        state=RUNNING,
        owner=owner,
        attempts=F("attempts") + 1,
        lease_until=now + lease,
        started_at=now,
        progress=0.0,
    )
    return bool(number)


def _end(job: Job, state: str, now: datetime, message: str = "", en: str = "") -> None:
    _same(job).update(state=state, ended_at=now, lease_until=None, message=message, message_en=en)


def _same(job: Job) -> Any:
    """The job as long as nobody took or ended it since it was read."""
    return Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)


def renew(job: Job, lease: timedelta, now: datetime | None = None) -> bool | None:
    """Hold a job for longer. True: go on; False: it is to be cancelled; None: it is somebody
    else's by now.
    """
    if not _same(job).update(lease_until=(now or timezone.now()) + lease):
        return None
    is_cancel_asked = _same(job).values_list("is_cancel_asked", flat=True).first()
    return None if is_cancel_asked is None else not is_cancel_asked


def note(job: Job, progress: float, message: str, message_en: str) -> None:
    """How far it is."""
    _same(job).update(
        progress=min(max(progress, 0.0), 1.0), message=message[:300], message_en=message_en[:300]
    )


def finish(
    job: Job,
    state: str,
    *,
    result: Mapping[str, Any] | None = None,
    message: str = "",
    en: str = "",
) -> bool:
    """End a job; False where it is somebody else's by now, and then nothing is changed."""
    changes: dict[str, Any] = {"message": message[:300], "message_en": (en or message)[:300]}
    if state == DONE:
        changes |= {"progress": 1.0, "result": dict(result or {})}
    number = _same(job).update(state=state, ended_at=timezone.now(), lease_until=None, **changes)
    return bool(number)


def put_back(job: Job, message: str, en: str) -> bool:
    """Let a job that could not be done now wait for a while; False where that happened too often,
    and it has failed.
    """
    pause = pause_after(job.attempts)
    if pause is None or job.attempts >= MOST_ATTEMPTS:
        return not finish(job, FAILED, message=message, en=en)
    _same(job).update(
        state=WAITING,
        not_before=timezone.now() + pause,
        lease_until=None,
        message=message[:300],
        message_en=en[:300],
    )
    return True


def cancel(job: Job) -> None:
    """Take a job away: at once where it waits, else when its owner hears of it."""
    Job.objects.filter(pk=job.pk, state__in=ACTIVE).update(is_cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=WAITING).update(state=CANCELLED, ended_at=timezone.now())
