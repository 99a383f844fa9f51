"""A worker in a process of its own, with kinds of jobs that tests can watch: ``python
worker_process.py WORKSPACE STORE LEASE``; STORE is a folder, or ``of-workspace``.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.store import Store
from hengtan.workspace import Workspace

STEPS = 20


def slow(run):
    """Twenty steps of a tenth of a second; each is written down; then the result."""
    log = Path(run.arguments["log"])
    for step in range(STEPS):
        with log.open("a") as file:
            file.write(f"{run.job.attempts} {step}\n")
        run.tell(step / STEPS)
        time.sleep(float(run.arguments.get("pause", 0.1)))
    run.place_for("result.txt").write_text("the result")
    return {"file": "result.txt"}


def work(folder, store, lease):
    """Do jobs until killed."""
    application = Application(Site(Workspace.open(Path(folder))))
    if store != "of-workspace":
        application.store = Store(Path(store))
    application.writable = True
    from hengtan.web.rooms.jobs import running
    from hengtan.web.rooms.jobs.kinds import Kind
    from hengtan.web.rooms.jobs.worker import Worker

    running.kinds = lambda: {"bulletin": Kind("bulletin", "bulletin.write", slow)}
    with Worker(application, timedelta(seconds=float(lease)), looks_every=0.1) as worker:
        worker.wait()


if __name__ == "__main__":
    work(*sys.argv[1:])
