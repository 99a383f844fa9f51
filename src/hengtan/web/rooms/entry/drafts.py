"""Drafts in the database: begun, saved with their version, commented, handed in once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from hengtan.basis.errors import HengtanError, WrongState
from hengtan.office import drafts as rules
from hengtan.office.drafts import Draft, Overtaken
from hengtan.office.permission import Person
from hengtan.office.typed import Typed
from hengtan.web.rooms.entry.models import CellNote, DraftRow, DraftVersion

VERSIONS_KEPT = 40
"""Versions behind the newest that an editor may have begun from."""
MOST_NOTES = 500


@dataclass(frozen=True)
class About:
    """What a draft is begun for."""

    form: str
    place: str
    entity: str = ""
    department: str = ""
    period: str = ""
    replaces: str = ""


def begin(about: About, typed: Typed, person: Person, *, key: str = "") -> DraftRow:
    """A new draft; ``key``: its own where it has one."""
    now = timezone.now()
    with transaction.atomic():
        row = DraftRow.objects.create(
            key=key or secrets.token_hex(8),
            form=about.form,
            place=about.place,
            entity=about.entity,
            department=about.department,
            period=about.period,
            replaces=about.replaces,
            begun_by=person.name,
            typed=typed.as_dict(),
            saved_by=person.name,
            saved_at=now,
        )
        _keep(row)
    return row


def open_one(about: About) -> DraftRow | None:
    """The newest open draft of the same form, period and body, so that those who report together
    work on one.
    """
    row: DraftRow | None = DraftRow.objects.filter(
        submission="",
        replaces=about.replaces,
        form=about.form,
        place=about.place,
        entity=about.entity,
        department=about.department,
        period=about.period,
    ).first()
    return row


def of_key(key: str) -> DraftRow | None:
    """A draft by its key."""
    row: DraftRow | None = DraftRow.objects.filter(key=key).first()
    return row


def save(key: str, typed: Typed, began_from: int, person: Person) -> Draft:
    """Save a grid that began from a version.

    Raises Overtaken where somebody saved meanwhile, WrongState for one that was handed in.
    """
    with transaction.atomic():
        row = DraftRow.objects.select_for_update().get(key=key)
        stored = row.draft()
        before = row.versions.filter(version=began_from).first()
        base = None if before is None else Typed.from_dict(before.typed)
        after = rules.saved(stored, base, typed, began_from, by=person.name, at=timezone.now())
        if after is not stored:
            row.version, row.typed = after.version, after.typed.as_dict()
            row.saved_by, row.saved_at = after.by, after.at
            row.save()
            _keep(row)
    return after


def _keep(row: DraftRow) -> None:
    DraftVersion.objects.create(
        draft=row, version=row.version, typed=row.typed, by=row.saved_by, at=row.saved_at
    )
    row.versions.filter(version__lte=row.version - VERSIONS_KEPT).delete()


def at_version(key: str, version: int) -> DraftRow:
    """The draft, if it stands at the version a person has before him.

    Raises Overtaken where somebody saved meanwhile.
    """
    row = DraftRow.objects.get(key=key)
    if row.version != version and not row.submission:
        raise Overtaken(row.draft(), None)
    return row


def became(row: DraftRow, submission: str) -> None:
    """Note what a draft became."""
    DraftRow.objects.filter(pk=row.pk).update(submission=submission)


def discard(row: DraftRow) -> bool:
    """Delete a draft; whether there was one that had not been handed in."""
    count, _ = DraftRow.objects.filter(pk=row.pk, submission="").delete()
    return bool(count)


def note(row: DraftRow, person: Person, *, at: tuple[str, int], text: str, follow: bool) -> None:
    """Write a comment on a cell, or a mark to follow it up. Raises HengtanError."""
    line, column = at
    typed = Typed.from_dict(row.typed)
    is_there = any(each.id == line for each in typed.rows) and 0 <= column < typed.width
    if not is_there or not text.strip():
        raise HengtanError(
            "这个单元格还没有保存，或批注是空的",
            "the cell is not saved yet, or the comment is blank",
            todo="保存后再写批注",
            todo_en="save first, then comment",
        )
    if row.notes.count() >= MOST_NOTES:
        raise WrongState(
            f"一份草稿最多 {MOST_NOTES} 条批注", f"a draft has at most {MOST_NOTES} comments"
        )
    CellNote.objects.create(
        draft=row,
        row=line,
        column=column,
        text=text.strip()[:500],
        is_follow_up=follow,
        by=person.name,
        at=timezone.now(),
    )


def close_note(row: DraftRow, number: int, person: Person) -> None:
    """Close a comment; it stays with who closed it."""
    row.notes.filter(pk=number, done_at=None).update(done_by=person.name, done_at=timezone.now())


def notes_of(row: DraftRow) -> list[dict[str, Any]]:
    """The comments of a draft as a page shows them."""
    return [
        {
            "id": each.pk,
            "row": each.row,
            "column": each.column,
            "text": each.text,
            "follow_up": each.is_follow_up,
            "by": each.by,
            "at": shown(each.at),
            "done": f"{each.done_by} {shown(each.done_at)}" if each.done_at else "",
        }
        for each in row.notes.all()
    ]


def notes_of_submission(submission: str) -> list[dict[str, Any]]:
    """The comments of the draft that became a submission, for whoever reviews it."""
    row = DraftRow.objects.filter(submission=submission).first()
    return [] if row is None else notes_of(row)


def shown(moment: Any) -> str:
    """A moment as people of this office read it."""
    return f"{timezone.localtime(moment):%m-%d %H:%M}"
