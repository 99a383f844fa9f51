"""What an address is about, as permission sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hengtan.office.permission import Thing

if TYPE_CHECKING:
    from django.http import HttpRequest


def of_region(request: HttpRequest, **parts: str) -> Thing:
    """The whole region of the workspace."""
    return Thing(place=request.app.site.workspace.settings.region)


def of_place(request: HttpRequest, place: str, **parts: str) -> Thing:
    """A place."""
    return Thing(place=place)


def of_target(request: HttpRequest, target_id: str, **parts: str) -> Thing | None:
    """A target: of its place and of the departments that answer for it."""
    row = request.app.site.view().target(target_id)
    return thing_of(row) if row else None


def thing_of(target: Mapping[str, Any]) -> Thing:
    """A target's row of the view."""
    departments = tuple(target.get("department_zh") or ()) or None
    return Thing(place=target.get("region_code") or None, department=departments)
