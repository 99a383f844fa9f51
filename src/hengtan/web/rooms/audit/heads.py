"""Heads of the audit trail as the ledger keeps them: a day, the number of the last entry, its seal.

Who changes an entry and seals all that follow anew still has the heads of the ledger against him,
whose chain is another one.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.db import OperationalError

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.ledger.forms import Form
from hengtan.ledger.handing_in import Meta
from hengtan.report.words import error as refused
from hengtan.web import trail

if TYPE_CHECKING:
    from hengtan.ledger.chain import Register

log = logging.getLogger("hengtan.web")
FORM, PROGRAM = "audit_heads", Actor("hengtan")
KEPT_DAYS = 180
AGAIN_SECONDS = 300.0


@dataclass(frozen=True)
class Head:
    """The last entry of the trail on a day."""

    day: str
    number: int
    seal: str


@cache
def form() -> Form:
    """The form of heads; it belongs to the program, so no pack names it."""
    text = {"type": "text", "required": True}
    return Form.from_dict(
        {
            "id": FORM,
            "title_zh": "审计记录链首",
            "title_en": "Heads of the audit trail",
            "key": ["day"],
            "fields": [
                {"id": "day", "title_zh": "日期", "title_en": "Day", **text},
                {"id": "number", "title_zh": "序号", "title_en": "Number", **text},
                {"id": "seal", "title_zh": "校验值", "title_en": "Seal", **text},
            ],
            "_file": FORM,
        }
    )


def noted(register: Register) -> list[Head]:
    """The heads that a ledger holds, in order; each record is covered by the ledger's chain."""
    listed = []
    for record in register.by_form.get(FORM, []):
        day, number, seal = str(record.note).split(" ")
        if record.actor == PROGRAM.name:
            listed.append(Head(day, int(number), seal))
    return listed


def seals(register: Register) -> dict[int, str]:
    """The noted heads by number."""
    return {head.number: head.seal for head in noted(register)}


def note(app: Any) -> Head | None:
    """Note the head of today, once; None where it is noted, or nothing was added since."""
    from django.core.cache import cache as shared

    from hengtan.web.rooms.audit.models import Entry

    day, known = app.today().isoformat(), noted(app.site.workspace.ledger.current())
    last = Entry.objects.order_by("-number").first()
    is_known = any(h.day == day or (last and h.number == last.number) for h in known)
    if last is None or is_known or not shared.add(f"audit-head-{day}", 1, timeout=60):
        return None
    head = Head(day, last.number, last.seal)
    rows = pa.table({"day": [day], "number": [str(head.number)], "seal": [head.seal]})
    meta = Meta(PROGRAM, channel="program", note=f"{head.day} {head.number} {head.seal}")
    submission = app.writer.submit(form(), rows, meta)
    app.writer.record(submission.id, "approved", PROGRAM)
    return head


class Daily:
    """Has the head noted at the first request of each day."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._again_at = 0.0

    def look(self, app: Any) -> None:
        """Note the head if this day's is not noted; a ledger that is busy is asked again later."""
        day = app.today()
        if day == self._day or time.monotonic() < self._again_at:
            return
        self._again_at = time.monotonic() + AGAIN_SECONDS
        try:
            note(app)
        except (HengtanError, OperationalError) as error:
            log.warning("the head of the audit trail was not noted: %s", error)
            return
        self._day, self._again_at = day, 0.0


def prune(register: Register, now: datetime, days: int = KEPT_DAYS) -> int:
    """Delete entries older than so many days, up to a head that the ledger holds; how many.

    Raises HengtanError for fewer than 180 days, and where the trail is not sound.
    """
    from hengtan.web.rooms.audit.models import Entry

    if days < KEPT_DAYS:
        raise refused(HengtanError, f"audit.too_short|{KEPT_DAYS}")
    heads = seals(register)
    fault = trail.first_fault(heads)
    if fault is not None:
        raise refused(HengtanError, f"audit.not_sound|{fault}")
    before = (now - timedelta(days=days)).isoformat()
    kept = Entry.objects.filter(at__gte=before).order_by("number").first()
    last_old = kept.number - 1 if kept else 0
    anchor = max((number for number in heads if number <= last_old), default=0)
    deleted, _ = Entry.objects.filter(number__lte=anchor).delete()
    return int(deleted)


def findings(register: Register) -> list[Any]:
    """What is wrong with the trail, held against the ledger's heads; none where it is sound."""
    fault = trail.first_fault(seals(register))
    if fault is None:
        return []
    return [refused(HengtanError, f"audit.not_sound|{fault}").as_finding()]
