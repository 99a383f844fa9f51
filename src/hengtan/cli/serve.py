"""The verb serve: the pages of a workspace, for one person or for many who sign in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import WorkspaceOption, app, opened

if TYPE_CHECKING:
    from hengtan.workspace import Workspace


@app.command()
def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[str, typer.Option(help="监听地址 address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8420,
    read_only: Annotated[bool, typer.Option("--read-only", help="只读 reading only")] = False,
    shared: Annotated[
        bool, typer.Option("--shared", help="多人使用，须登录 several people, who sign in")
    ] = False,
    names: Annotated[
        str, typer.Option("--names", help="访问用的域名，逗号分隔 names it is reached by")
    ] = "localhost,127.0.0.1",
    secure: Annotated[
        bool, typer.Option("--secure", help="经 HTTPS 访问（有反向代理） reached over TLS")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="进程数 processes")] = 1,
) -> None:
    """打开网页：单人在本机（不登录），或 --shared 多人登录使用。Serve the pages."""
    from hengtan.web.app import check_address

    if shared:
        serve_shared(opened(workspace), host, port, names, secure, workers)
        return
    check_address(host, port)
    serve_workspace(opened(workspace), host, port, read_only)


def serve_workspace(workspace: Workspace, host: str, port: int, read_only: bool = False) -> None:
    """Serve until interrupted. Raises HengtanError for an address that cannot be had."""
    from hengtan.web import Site
    from hengtan.web.app import check_address, serve

    check_address(host, port)
    show.say(f"网页：http://{host}:{port}/ （Ctrl+C 结束）")
    show.say("正在准备页面；此后每次审核通过都会自动备好")
    serve(Site(workspace), host, port, read_only=read_only, tell=_ready)


def serve_shared(
    workspace: Workspace, host: str, port: int, names: str, secure: bool, workers: int
) -> None:
    """Serve people who sign in, until interrupted; granian where it is installed, for several
    processes, else waitress.
    """
    from hengtan.web.app import check_port, run
    from hengtan.web.server import THREADS
    from hengtan.web.wsgi import shared

    check_port(host, port)
    hosts = tuple(filter(None, (name.strip() for name in names.split(","))))
    show.say(f"网页（须登录）：http://{host}:{port}/ 域名：{'、'.join(hosts)}")
    if workers == 1:
        run(shared(workspace, hosts, secure), host, port, _ready)
        return
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["HENGTAN_WORKSPACE"] = str(workspace.folder)
    os.environ["HENGTAN_HOSTS"], os.environ["HENGTAN_SECURE"] = ",".join(hosts), str(int(secure))
    workspace.close()
    Granian(
        "hengtan.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
    ).serve()


def _ready(seconds: float) -> None:
    show.say(f"页面已备好（{seconds:.1f} 秒）")
