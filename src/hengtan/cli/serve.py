"""The verb serve: the pages of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import WorkspaceOption, app, opened

if TYPE_CHECKING:
    from hengtan.workspace import Workspace


@app.command()
def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[str, typer.Option(help="本机地址（还没有登录）of this machine")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8420,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="规划核对也只读 no review of plans")
    ] = False,
) -> None:
    """打开网页（默认只在本机；除规划核对外只读）。Serve the pages."""
    from hengtan.web.app import check_address

    check_address(host, port)
    serve_workspace(opened(workspace), host, port, read_only)


def serve_workspace(workspace: Workspace, host: str, port: int, read_only: bool = False) -> None:
    """Serve until interrupted. Raises HengtanError for an address that cannot be had."""
    from hengtan.web import Site
    from hengtan.web.app import check_address, serve

    check_address(host, port)
    show.say(f"网页：http://{host}:{port}/ （Ctrl+C 结束）")
    show.say("正在准备页面；此后每次审核通过都会自动备好")

    def ready(seconds: float) -> None:
        show.say(f"页面已备好（{seconds:.1f} 秒）")

    serve(Site(workspace), host, port, read_only=read_only, tell=ready)
