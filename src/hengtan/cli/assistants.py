"""``hengtan mcp``: reading tools for assistants over standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.cli.app import WorkspaceOption, app, opened
from hengtan.cli.assistant_protocol import MOST_TREES, Assistants
from hengtan.version import __version__

if TYPE_CHECKING:
    from hengtan.client import Client
    from hengtan.workspace.workspace import Workspace

Values = Mapping[str, Any]


@app.command("mcp")
def mcp(
    workspace: WorkspaceOption = None,
    address: Annotated[
        str | None,
        typer.Option("--address", help="远端服务地址（令牌取自 HENGTAN_TOKEN）a server instead"),
    ] = None,
) -> None:
    """供智能助手只读查询：状态、数据表、来历（MCP，标准输入输出）。

    Read-only tools for assistants by the Model Context Protocol.
    """
    from hengtan.client import Client

    # a line of the protocol is UTF-8 wherever it runs
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    if address:
        client = Client(address, os.environ.get("HENGTAN_TOKEN"))
        Assistants(OfServer(client), __version__).run(sys.stdin, sys.stdout)
        return
    with opened(workspace) as office:
        Assistants(OfWorkspace(office), __version__).run(sys.stdin, sys.stdout)


@dataclass(frozen=True)
class OfWorkspace:
    """Questions to a workspace of this machine."""

    workspace: Workspace

    def status(self, where: Values, known_on: date | None, period: str | None) -> list[Any]:
        """The status row of each target."""
        rows = self.workspace.status(None, known_on, period)
        return [r for r in rows if all(str(r.get(k)) == v for k, v in where.items())]

    def table(
        self, name: str, where: Values, known_on: date | None, period: str | None
    ) -> list[Any]:
        """Rows of a table, codes said."""
        from hengtan.graph.said import said_table

        rows = self.workspace.table(name, where, known_on, period)
        return list(said_table(name, rows).to_pylist())

    def explain(
        self, account: str, key: Values, known_on: date | None, period: str | None
    ) -> Values:
        """How a row came about."""
        from hengtan.graph.explanation import told_once

        return told_once(self.workspace.explain(account, key, known_on, period).as_dict())

    def explanations(
        self, table: str, where: Values, known_on: date | None, period: str | None
    ) -> list[Any]:
        """How the first rows of a table came about."""
        from hengtan.desk.explanations import explanations

        rows = self.workspace.table(table, where, known_on, period).slice(0, MOST_TREES)
        explained = explanations(self.workspace, table, rows.to_pylist(), known_on, period)
        return [each.as_dict() for each in explained]

    def steps(self, after: int, which: Values) -> list[Any]:
        """Who took which step, and when."""
        from hengtan.office.decisions import Steps, step

        register = self.workspace.ledger.current()
        asked = Steps.on_days(after=after, **which)
        return [step(register, event) for event in asked.of(register, lambda _: True)]

    def publications(self) -> list[Any]:
        """What was published."""
        from hengtan.office.publishing import about, listed

        return [about(each) for each in listed(self.workspace.folder)]

    def publication(self, publication: str) -> Values:
        """A publication with its targets."""
        from hengtan.office.publishing import about, still_shown
        from hengtan.office.publishing import publication as publication_of

        its = publication_of(self.workspace.folder, publication)
        return about(its) | still_shown(its)


@dataclass(frozen=True)
class OfServer:
    """Questions to a server, with a token."""

    client: Client

    def status(self, where: Values, known_on: date | None, period: str | None) -> list[Any]:
        """The status row of each target."""
        return self.client.status(where, known_on=known_on, period=period).rows

    def table(
        self, name: str, where: Values, known_on: date | None, period: str | None
    ) -> list[Any]:
        """Rows of a table."""
        return self.client.table(name, where, known_on=known_on, period=period).rows

    def explain(
        self, account: str, key: Values, known_on: date | None, period: str | None
    ) -> Values:
        """How a row came about."""
        return self.client.explain(account, key, known_on=known_on, period=period)

    def explanations(
        self, table: str, where: Values, known_on: date | None, period: str | None
    ) -> list[Any]:
        """How the first rows of a table came about, as far as the token may read."""
        return self.client.explanations(
            table, where, known_on=known_on, period=period, most=MOST_TREES
        )

    def steps(self, after: int, which: Values) -> list[Any]:
        """Who took which step, and when."""
        return self.client.steps(after, **which)

    def publications(self) -> list[Any]:
        """What was published."""
        return self.client.publications()

    def publication(self, publication: str) -> Values:
        """A publication with its targets."""
        return self.client.publication(publication)
