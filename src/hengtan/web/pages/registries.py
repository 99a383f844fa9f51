"""Registries (名录): computed counts beside reported ones."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.web.site import not_found, page, site_of

router = APIRouter()


@router.get("/registries")
def registries(request: Request) -> Response:
    """All registries."""
    return page(request, "registries")


@router.get("/registries/{registry_id}")
def registry(request: Request, registry_id: str) -> Response:
    """One registry with counts per place and date."""
    row = site_of(request).view().registry(registry_id)
    if row is None:
        return not_found(request, registry_id)
    return page(request, "registry", title=row["title_zh"], here="registries", registry=row)
