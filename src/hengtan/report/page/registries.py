"""Pages of the registries: what each counts, and its entries."""

from __future__ import annotations

from typing import Any

from hengtan.report.page.families import Page
from hengtan.report.view import Row, StatusView


def registries(view: StatusView) -> dict[str, Any]:
    """Registries with the latest computed count and the latest reported one."""
    return {
        "latest": {
            registry["id"]: (_latest(registry["counts"]), _latest(registry["reported"]))
            for registry in view.registries
        }
    }


def registry(view: StatusView) -> dict[str, Any]:
    """What a registry's page needs besides the registry: the targets it may serve."""
    return {"target_of": {target["target_id"]: target for target in view.targets}}


def _latest(counts: list[Row]) -> Row | None:
    return max(
        counts, key=lambda count: str(count.get("date") or count.get("period") or ""), default=None
    )


PAGES = (
    Page("registries", registries, menu=40, offline=True),
    Page("registry", registry),
)
