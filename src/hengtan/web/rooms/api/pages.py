"""``/api/v1``: all operations, their OpenAPI description, and the page of it.

The page stands without anything from outside; trying operations out is Swagger's, whose files come
with the installed library.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from django.http import HttpRequest, HttpResponse

from hengtan.office.roles import actions
from hengtan.report.page.assets import digest
from hengtan.report.words import word
from hengtan.web.rooms.api import (
    explaining,
    lists,
    publications,
    status,
    steps,
    submissions,
    tables,
)
from hengtan.web.rooms.api.operations import PREFIX, description
from hengtan.web.routing import OPEN, Router
from hengtan.web.site import as_json, language, not_found, room_page

router = Router(PREFIX, needs_no_store=True)
for subject in (status, tables, explaining, lists, submissions, steps, publications):
    subject.add(router)
SWAGGER = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
KEPT = "public, max-age=31536000, immutable"


@router.get("/health", OPEN)
def health(request: HttpRequest) -> HttpResponse:
    """That the server answers."""
    return as_json({"ok": True, "version": "1", "writable": request.app.writable})


@router.get("/openapi.json", "status.read")
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of all operations."""
    return as_json(description())


@router.get("/docs", "status.read")
def docs(request: HttpRequest) -> HttpResponse:
    """All operations, to be read."""
    title = word("api.title", language(request))
    subjects = _by_subject(language(request))
    address = f"{request.scheme}://{request.get_host()}"
    return room_page(
        request, "api/docs.html", title=title, here="api_page", subjects=subjects, address=address
    )


@router.get("/docs/try", "status.read")
def trying(request: HttpRequest) -> HttpResponse:
    """All operations, to be tried."""
    title = word("api.try", language(request))
    names = {name: digest(_of_wheel(name)) for name in SWAGGER}
    return room_page(
        request,
        "api/try.html",
        title=title,
        here="api_page",
        digests=names,
        address=f"{PREFIX}/openapi.json",
    )


@router.get("/docs/assets/{name}", OPEN)
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """A file of Swagger's, from the installed library."""
    if name not in SWAGGER:
        return not_found(request, name)
    return HttpResponse(
        _of_wheel(name), content_type=SWAGGER[name], headers={"Cache-Control": KEPT}
    )


@cache
def _of_wheel(name: str) -> str:
    return files("ninja").joinpath("static", "ninja", name).read_text(encoding="utf-8")


def _by_subject(lang: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations of each subject, in words."""
    subjects: dict[str, list[dict[str, Any]]] = {}
    which = 1 if lang == "en" else 0
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            row = {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "what": (operation["summary"], operation["description"])[which],
                "need": actions()[operation["x-need"]][which],
                "parameters": [_parameter(p, which) for p in operation.get("parameters", ())],
            }
            subjects.setdefault(operation["tags"][0], []).append(row)
    return [(word(f"api.of.{tag}", lang), rows) for tag, rows in subjects.items()]


def _parameter(parameter: dict[str, Any], which: int) -> tuple[str, str, str]:
    """Name, where it stands, and what it is."""
    said = parameter.get("description") or parameter["schema"].get("description", "")
    words = said.split(" · ")
    return parameter["name"], parameter["in"], words[min(which, len(words) - 1)]
