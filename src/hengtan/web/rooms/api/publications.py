"""Publications as they were frozen, for everybody: which there are, each with its targets, and its
files with what they digest to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema

from hengtan.basis.seal import sha256_of
from hengtan.office import publishing
from hengtan.office.publishing import Publication
from hengtan.web.rooms.api.asking import Paging, site
from hengtan.web.rooms.api.formats import CSV, JSON
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.rooms.review.pages_public import READ, of_publication
from hengtan.web.routing import Router
from hengtan.web.site import as_json


class File(Schema):
    """A file of a publication; ``sha256``: the digest of its bytes."""

    name: str
    type: str
    bytes: int
    sha256: str


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "publications")

    @operations.get("/publications", READ, ("发布，新的在前", "Publications, the newest first"))
    def publications(request: HttpRequest, asked: Query[Paging]) -> Any:
        listed = publishing.listed(site(request).workspace.folder)
        state = [(each.id, each.withdrawn is None) for each in listed]
        page = asked.cut(listed, "publications", state)
        shown = [publishing.about(each) for each in page["rows"]]
        return as_json({"publications": shown, "next": page["next"]})

    @operations.get(
        "/publications/{number}",
        READ,
        ("一次发布：目标、封印与文件", "A publication: targets, seal and files"),
        of_publication,
    )
    def publication(request: HttpRequest, number: str) -> Any:
        its = _of(request, number)
        said = publishing.about(its) | publishing.still_shown(its)
        return as_json(said | {"files": [file.dict() for file in _files(request, its)]})

    @operations.get(
        "/publications/{number}/files/{name}",
        READ,
        ("一次发布的一个文件", "A file of a publication"),
        of_publication,
    )
    def publication_file(request: HttpRequest, number: str, name: str) -> Any:
        its = _of(request, number)
        known = FILES.get(name)
        content = known[1](request, its) if known else None
        if known is None or content is None:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{number}-{name}"'}
        return HttpResponse(content, content_type=known[0], headers=headers)


def _of(request: HttpRequest, number: str) -> Publication:
    return publishing.publication(site(request).workspace.folder, number)


def _files(request: HttpRequest, its: Publication) -> list[File]:
    """The files there are; of one that was taken back only those that say so."""
    known = {name: (kind, make(request, its)) for name, (kind, make) in FILES.items()}
    return [
        File(name=name, type=kind, bytes=len(content), sha256=sha256_of(content))
        for name, (kind, content) in known.items()
        if content is not None
    ]


def _csv(request: HttpRequest, its: Publication) -> bytes:
    return publishing.as_csv(its)


def _json(request: HttpRequest, its: Publication) -> bytes:
    said = publishing.about(its) | publishing.still_shown(its)
    return bytes(as_json(said).content)


def _sealed(request: HttpRequest, its: Publication) -> bytes | None:
    """The frozen file itself, whose digest anybody can work out again."""
    if its.withdrawn is not None:
        return None
    return publishing.file_of(site(request).workspace.folder, its.id).read_bytes()


Make = Callable[[HttpRequest, Publication], "bytes | None"]
FILES: dict[str, tuple[str, Make]] = {
    "status.csv": (CSV, _csv),
    "status.json": (JSON, _json),
    "sealed.json": (JSON, _sealed),
}
"""The files of a publication: type, and what makes its bytes."""
