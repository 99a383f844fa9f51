"""How people's store, its mail and its backups stand: for ``hengtan doctor``. Nothing is made or
changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.workspace.safekeeping import last_backup

if TYPE_CHECKING:
    from hengtan.workspace import Workspace


def of_workspace(workspace: Workspace) -> dict[str, Any]:
    """Lines by name: where people are kept and whether that is up to date, what waits to be taken
    in, accounts, mail, and how old the last backup is.
    """
    from hengtan.web.store import Store
    from hengtan.workspace.people_tables import WAITING

    store = Store.of(workspace)
    lines: dict[str, Any] = {"people": store.schema if store.address else str(store.file)}
    if (store.folder / WAITING).is_dir():
        lines["people_waiting"] = str(store.folder / WAITING)
    if store.address is None and not store.file.exists():
        lines["people"] = "—"
    else:
        lines |= _of_store(store)
    noted = last_backup(workspace)
    lines["last_backup"] = "—" if noted is None else f"{noted.at:%Y-%m-%d %H:%M}"
    if noted is not None:
        since = workspace.ledger.grown_since(noted.head)
        lines["entries_since_backup"] = "—" if since is None else since
    return lines


def _of_store(store: Any) -> dict[str, Any]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from hengtan.web.settings import configure
    from hengtan.web.store import point_to

    configure()
    point_to(store)
    try:
        executor = MigrationExecutor(connection)
        steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        lines: dict[str, Any] = {"people_steps_to_take": steps}
        return lines | (_of_people() if not steps else {})
    except DatabaseError as error:
        return {"people_unreadable": str(error).splitlines()[0]}
    finally:
        connection.close()


def _of_people() -> dict[str, Any]:
    from hengtan.web.rooms.notices import mail
    from hengtan.web.rooms.notices.models import GIVEN_UP, WAITING, Delivery
    from hengtan.web.rooms.people.models import Account

    server = mail.server()
    return {
        "accounts": Account.objects.filter(is_active=True).count(),
        "mail": f"{server.host}:{server.port}" if server else "—",
        "mail_waiting": Delivery.objects.filter(mail=WAITING).count(),
        "mail_given_up": Delivery.objects.filter(mail=GIVEN_UP).count(),
    }
