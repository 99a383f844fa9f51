"""Labels: whoever scanned one has it checked; who publishes makes and signs one."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError
from hengtan.desk.downloads import KINDS
from hengtan.desk.labels import KEY, checked, key_of, signed
from hengtan.desk.workings import Sent
from hengtan.report.qr import qr_bytes
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import missing
from hengtan.web.rooms.entry.shared import sentence
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page
from hengtan.web.things import of_region

router = Router(needs_no_store=True)
PICTURES = ("svg", "png")


@router.get("/labels", "publication.read")
def labels(request: HttpRequest) -> HttpResponse:
    """What a label says, if its signature holds; ``?label=`` is the text that was scanned."""
    return _page(request, request.GET.get("label", "").strip()[:2000])


def _page(
    request: HttpRequest, label: str, error: str = "", content: str = "", status: int = 200
) -> HttpResponse:
    says: dict[str, Any] = {}
    refused = picture = ""
    if label:
        try:
            says = checked(label, key_of(os.environ))
            picture = b64encode(qr_bytes(label, "svg")).decode("ascii")
        except HengtanError as refusal:
            refused = sentence(request, refusal)
    permission, region = request.app.permission, of_region(request)
    return room_page(
        request,
        "labels/labels.html",
        title=word("nav.labels", language(request)),
        here="labels",
        status=status,
        label=label,
        says=says,
        refused=refused,
        picture=picture,
        error=error,
        content=content,
        has_key=bool(os.environ.get(KEY)),
        may_make=bool(permission.may(request.person, "record.publish", region)),
        query=urlencode({"label": label}),
        pictures=PICTURES,
    )


@router.get("/labels/code.{end}", "publication.read")
def code(request: HttpRequest, end: str) -> HttpResponse:
    """The QR code of a label whose signature holds. Raises HengtanError for any other."""
    if end not in PICTURES:
        return missing(request)
    label = request.GET.get("label", "").strip()
    checked(label, key_of(os.environ))
    headers = {"Content-Disposition": f'attachment; filename="label.{end}"'}
    return HttpResponse(qr_bytes(label, end), content_type=KINDS[end], headers=headers)


@router.post("/labels/make", "record.publish", of_region)
def make(request: HttpRequest) -> HttpResponse:
    """Sign a label; the page of the label shows it."""
    content = request.POST.get("content", "")[:2000]
    try:
        pairs = Sent({}, {"content": content}).pairs("content")
        if not pairs:
            return _page(request, "", word("labels.nothing", language(request)), content, 400)
        label = signed(pairs, key_of(os.environ))
    except HengtanError as refusal:
        return _page(request, "", sentence(request, refusal), content, 400)
    if request.app.writable:
        trail.note(request, "label_made", label[:120])
    return HttpResponseRedirect(f"/labels?{urlencode({'label': label})}", status=303)
