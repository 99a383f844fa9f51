"""The pages of a workspace over HTTP: read-only, on this machine, nothing from outside."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hengtan.web.app import create_app
    from hengtan.web.site import Site

__all__ = ["Site", "create_app"]
_FROM = {"Site": "hengtan.web.site", "create_app": "hengtan.web.app"}


def __getattr__(name: str) -> Any:
    """Found when asked for: who needs the settings or the store alone loads no accounts."""
    if name not in _FROM:
        raise AttributeError(name)
    return getattr(import_module(_FROM[name]), name)
