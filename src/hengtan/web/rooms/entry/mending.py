"""Mending the wrong rows of a large file in a draft of their own, which is joined with the rest of
the file when it is handed in: a file that is looked at and handed in like any other.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.desk.wrong_rows import put_back, wrong_rows
from hengtan.office.typed import Typed
from hengtan.report.words import both
from hengtan.web.rooms.entry import drafts
from hengtan.web.rooms.entry.models import CellNote, DraftRow, UploadRow
from hengtan.web.rooms.entry.shared import form_of
from hengtan.web.rooms.entry.work_uploads import file_of, look_later, looked_at_of
from hengtan.web.site import language

if TYPE_CHECKING:
    from django.http import HttpRequest

MARK = "u"
"""What the key of such a draft begins with; the key of its upload follows. Keys of others are
hexadecimal.
"""
MENDED = "-改正"
"""What the name of a file that was joined ends with."""
CHECKED_BY = "系统核对"
"""In whose name stands what was found of a row."""


def begin(request: HttpRequest, upload: UploadRow, path: Path, seen: dict[str, Any]) -> DraftRow:
    """The draft of the wrong rows of a file, begun where there is none yet, with what was found of
    each. Raises NotAGrid.
    """
    row = drafts.of_key(MARK + upload.key)
    if row is not None:
        return row
    about = drafts.About(upload.form, upload.place, upload.entity, upload.department)
    typed = wrong_rows(form_of(request, upload.form), path, seen)
    with transaction.atomic():
        row = drafts.begin(about, typed, request.person, key=MARK + upload.key)
        CellNote.objects.bulk_create(_remarks(request, row, typed, seen))
    return row


def _remarks(
    request: HttpRequest, row: DraftRow, typed: Typed, seen: dict[str, Any]
) -> list[CellNote]:
    """What was found of each row: the check of the draft does not see the rest of the file."""
    ids, english = {each.id for each in typed.rows}, language(request) == "en"
    remarks = []
    for finding in seen["findings"]:
        if finding["level"] != "error" or finding["at"] is None:
            continue
        line, text = f"L{seen['head'] + 1 + finding['at']}", finding["en" if english else "zh"]
        if line in ids:
            column = next(iter(finding["cells"]), 0)
            note = CellNote(draft=row, row=line, column=column, text=text[:500], by=CHECKED_BY)
            note.at = timezone.now()
            remarks.append(note)
    return remarks[: drafts.MOST_NOTES]


def is_of_upload(row: DraftRow) -> bool:
    """Whether a draft holds the wrong rows of a file."""
    return row.key.startswith(MARK)


def join(request: HttpRequest, row: DraftRow) -> UploadRow:
    """The file with the rows of a draft put back, asked to be looked at; draft and file give way to
    it. Raises HengtanError.
    """
    upload = UploadRow.objects.filter(key=row.key.removeprefix(MARK), submission="").first()
    seen = None if upload is None else looked_at_of(request.app, upload)
    if upload is None or seen is None:
        zh, en = both("entry.upload_gone")
        raise HengtanError(zh, en)
    form, typed = form_of(request, row.form), Typed.from_dict(row.typed)
    with file_of(upload) as path:
        content, ending = put_back(form, path, seen, typed, row.key)
    joined = UploadRow(
        key=secrets.token_hex(8),
        form=upload.form,
        place=upload.place,
        entity=upload.entity,
        department=upload.department,
        replaces=upload.replaces,
        begun_by=request.person.name,
        file_name=Path(upload.file_name).stem.removesuffix(MENDED) + MENDED + ending,
        partly=upload.partly,
        content=content,
    )
    with transaction.atomic():
        joined.save()
        upload.delete()
        drafts.discard(row)
    look_later(request, joined)
    return joined
