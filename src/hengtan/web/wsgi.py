"""The application of a shared installation as servers of WSGI ask for it: ``application``.

The environment says which workspace (``HENGTAN_WORKSPACE``), by which names it is reached
(``HENGTAN_HOSTS``, with commas) and whether over TLS (``HENGTAN_SECURE=1``).
"""

from __future__ import annotations

import os

from hengtan.web.application import Application
from hengtan.web.preparing import prepare_first
from hengtan.web.site import Site
from hengtan.workspace import Workspace

LOOKS_EVERY = 0.1


def shared(workspace: Workspace, hosts: tuple[str, ...], is_secure: bool) -> Application:
    """The application of a workspace that people sign in to."""
    return Application(
        Site(workspace),
        hosts,
        writable=True,
        is_shared=True,
        is_secure=is_secure,
        looks_every=LOOKS_EVERY,
        notes_heads=True,
    )


def _from_environment() -> Application:
    hosts = tuple(filter(None, os.environ.get("HENGTAN_HOSTS", "localhost,127.0.0.1").split(",")))
    workspace = Workspace.open(os.environ.get("HENGTAN_WORKSPACE"))
    app = shared(workspace, hosts, os.environ.get("HENGTAN_SECURE") == "1")
    app.site.work_apart()
    from hengtan.web.rooms.jobs.worker import Worker  # models need what the application sets up

    Worker(app).begin()
    prepare_first(app.site)
    return app


def __getattr__(name: str) -> Application:
    """``application``, made when a server first asks for it: of a process that was split off from
    one that knew this module before, its own.
    """
    if name != "application" or "HENGTAN_WORKSPACE" not in os.environ:
        raise AttributeError(name)
    app = globals()[name] = _from_environment()
    return app
