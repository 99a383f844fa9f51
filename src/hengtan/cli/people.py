"""Verbs about people: the first administrators of an installation, accounts, the audit trail.

Whatever these can do an administrator does on the pages; here stands what has to be done before
anybody can sign in, and what is left when nobody can.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened

if TYPE_CHECKING:
    from hengtan.web.store import Store

people_app = typer.Typer(help="账号与权限 people", no_args_is_help=True)
app.add_typer(people_app, name="people")


@contextmanager
def _store(workspace: Path | None) -> Iterator[Store]:
    """The store of people of a workspace, brought up to date. Models can be imported within."""
    from hengtan.web.settings import configure
    from hengtan.web.store import Store, bring_up_to_date

    with opened(workspace) as office:
        configure()
        store = Store.of(office)
        bring_up_to_date(store)
        yield store


@people_app.command("first")
def first(
    workspace: WorkspaceOption = None,
    system: Annotated[str, typer.Option(help="系统管理员账号 system administrator")] = "sysadmin",
    security: Annotated[
        str, typer.Option(help="安全管理员账号 security administrator")
    ] = "secadmin",
    audit: Annotated[str, typer.Option(help="审计管理员账号 audit administrator")] = "auditor",
) -> None:
    """建立首批三个管理员（三员分立），显示只能用一次的首次密码。The first three administrators."""
    names = {
        "system_administrator": system,
        "security_administrator": security,
        "audit_administrator": audit,
    }
    with _store(workspace):
        from hengtan.web import trail
        from hengtan.web.rooms.people import persons

        passwords = persons.first_three(names, by=getpass.getuser())
        trail.add("first_administrators", "、".join(names.values()), by=getpass.getuser())
    show.say("首次密码只显示这一次，登录后须立即修改。First passwords, shown this once:")
    for name, password in passwords.items():
        show.say(f"  {name}  {password}")


@people_app.command("list")
def listed(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """账号及其授权。Accounts and what they were granted."""
    with _store(workspace):
        from hengtan.web.rooms.people import persons
        from hengtan.web.rooms.people.models import Account

        rows = [
            {
                "account": account.username,
                "title": account.title,
                "open": account.is_active,
                "roles": ";".join(g.role for g in persons.person_of(account).grants),
            }
            for account in Account.objects.order_by("username")
        ]
    if json:
        show.say(show.as_json(rows))
    else:
        show.plain_table(rows, ["account", "title", "open", "roles"])


@people_app.command("renew")
def renew(account: str, workspace: WorkspaceOption = None) -> None:
    """换发首次密码（忘记密码时），并解除锁定。A new first password; the lock is lifted."""
    with _store(workspace):
        from axes.utils import reset

        from hengtan.web import trail
        from hengtan.web.rooms.people import persons

        password = persons.renew_password(persons.account_of(account))
        reset(username=account)
        trail.add("password_renewed", account, by=getpass.getuser())
    show.say(f"{account}  {password}")
