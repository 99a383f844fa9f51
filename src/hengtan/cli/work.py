"""The verb work: a process that does jobs and sends mails, beside those that serve."""

from __future__ import annotations

from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import WorkspaceOption, app, opened


@app.command()
def work(
    workspace: WorkspaceOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="做完现有作业就结束 end when no job is left")
    ] = False,
) -> None:
    """处理后台作业、发送邮件与自动催办（可与网页服务分开运行）。Do jobs, send mails and
    reminders.
    """
    from hengtan.web import Site
    from hengtan.web.application import Application

    application = Application(Site(opened(workspace)), writable=True)
    from hengtan.web.rooms.jobs.worker import Worker  # models need what the application sets up

    worker = Worker(application)
    try:
        if once:
            number = worker.do_all()
            show.say(f"已处理 {number} 项作业 | jobs done: {number}")
            return
        show.say(f"正在处理后台作业（Ctrl+C 结束）：{worker.name}")
        with worker:
            worker.wait()
    finally:
        application.close()
