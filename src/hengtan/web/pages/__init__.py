"""The page families, one module each with its ``router``; a module put here is served, no list
elsewhere names it.

A family asks the desk (``site.ask(question, …)``) and hands what it got to a template of its name;
it computes nothing itself.
"""

from __future__ import annotations

import importlib
import pkgutil

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """The routers of all families, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}").router for name in names]
