"""A file as an answer that a browser saves."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from hengtan.desk.downloads import Download


def sent(file: Download) -> HttpResponse:
    """A file as an answer that is saved."""
    named = f"attachment; filename*=UTF-8''{quote(file.name)}"
    headers = {"Content-Disposition": named}
    return HttpResponse(file.content, content_type=file.kind, headers=headers)
