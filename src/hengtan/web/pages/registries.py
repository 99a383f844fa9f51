"""Registries (名录): computed counts beside reported ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, page, site_of
from hengtan.web.things import of_region

router = Router(keeps=True)


@router.get("/registries", "status.read", of_region)
def registries(request: HttpRequest) -> HttpResponse:
    """All registries."""
    return page(request, "registries")


@router.get("/registries/{registry_id}", "status.read", of_region)
def registry(request: HttpRequest, registry_id: str) -> HttpResponse:
    """One registry with counts per place and date."""
    row = site_of(request).view().registry(registry_id)
    if row is None:
        return not_found(request, registry_id)
    english = row["title_en"] if language(request) == "en" else ""
    return page(
        request,
        "registry",
        title=english or row["title_zh"],
        here="registries",
        registry=row,
    )
