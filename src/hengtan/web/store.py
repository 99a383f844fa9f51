"""Where people and their work are kept: ``work/app.sqlite`` of the workspace, or a schema of its
own in the PostgreSQL that holds the catalogue. Brought up to date at the start, under a lock.

Django knows one database a process; each application points it to its own before it answers.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from hengtan.basis.errors import HengtanError
from hengtan.web import turns
from hengtan.workspace.people_tables import schema_of

if TYPE_CHECKING:
    from hengtan.ledger import Ledger
    from hengtan.workspace import Workspace

FOLDER, FILE, SECRET, LOCK = "work", "app.sqlite", "secret", "migrating.lock"
ADVISORY = 7_217_120_017
"""The number of the lock that PostgreSQL holds while tables are brought up to date."""
WAIT_SECONDS = 20
MOST_CONNECTIONS = turns.AT_A_TIME + 4
"""Of a process to a server: one for each request that is worked on, and for its own threads, which
do jobs and duties and note who was there.
"""


@dataclass(frozen=True)
class Store:
    """The database of an application. ``address``: of PostgreSQL, None for a file in ``folder``."""

    folder: Path
    address: str | None = None
    schema: str = "hengtan_app"

    @classmethod
    def of(cls, workspace: Workspace) -> Store:
        """The store of a workspace."""
        address = workspace.settings.catalogue_address()
        schema = schema_of(workspace.ledger.about) if address else "hengtan_app"
        return cls(workspace.folder / FOLDER, address, schema)

    @property
    def file(self) -> Path:
        """The file where no server is used."""
        return self.folder / FILE

    def settings(self) -> dict[str, Any]:
        """The database as Django's settings name it."""
        common = {
            "ATOMIC_REQUESTS": False,
            "AUTOCOMMIT": True,
            "CONN_HEALTH_CHECKS": False,
            "TIME_ZONE": None,
            "USER": "",
            "PASSWORD": "",
            "HOST": "",
            "PORT": "",
            "TEST": {
                "CHARSET": None,
                "COLLATION": None,
                "MIGRATE": True,
                "MIRROR": None,
                "NAME": None,
            },
        }
        if self.address is None:
            pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            options = {
                "timeout": WAIT_SECONDS,
                "transaction_mode": "IMMEDIATE",
                "init_command": pragmas,
            }
            return common | {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(self.file),
                "CONN_MAX_AGE": None,
                "OPTIONS": options,
            }
        parts = urlsplit(self.address)
        return (
            common
            | {
                "ENGINE": "hengtan.web.pooled",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": parts.hostname or "",
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 0,  # at the end of a request back to the pool
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {
                    "options": f"-c search_path={self.schema}",
                    "application_name": self.schema[:63],
                    "pool": {"min_size": 1, "max_size": MOST_CONNECTIONS, "timeout": WAIT_SECONDS},
                },
            }
        )

    def secret(self) -> str:
        """The key that signs sessions, made at the first start; its owner alone can read it.

        Raises HengtanError where others can.
        """
        path = self.folder / SECRET
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            new = self.folder / f"{SECRET}.{secrets.token_hex(8)}"  # of this thread alone
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
            with suppress(FileExistsError):
                os.link(new, path)  # the first of several that start together wins
            new.unlink()
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise HengtanError(
                f"“{path}”可被他人读取",
                f"'{path}' can be read by others",
                todo="执行 chmod 600，并更换密钥（删除后重启，所有人须重新登录）",
                todo_en="chmod 600 and renew it: delete it and start again; all sign in anew",
            )
        return path.read_text()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The lock under which tables are changed: one process at a time."""
        with FileLock(self.folder / LOCK, timeout=300):
            if self.address is None:
                yield
                return
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_lock(%s)", [ADVISORY])
                try:
                    cursor.execute(f'create schema if not exists "{self.schema}"')
                    yield
                finally:
                    cursor.execute("select pg_advisory_unlock(%s)", [ADVISORY])


def point_to(store: Store) -> None:
    """Let this thread's connection be that of a store."""
    from django.db import connections

    wanted = store.settings()
    connection = connections["default"]
    if connection.settings_dict.get("NAME") == wanted["NAME"] and (
        connection.settings_dict.get("OPTIONS") == wanted["OPTIONS"]
    ):
        return
    connection.close()
    del connections["default"]
    connections.databases["default"] = wanted
    connections.settings["default"] = wanted


def gives_back(store: Store) -> bool:
    """Let other threads have this thread's connection to a server; whether it holds none then. In
    the middle of a transaction it keeps it.
    """
    if store.address is None:
        return True
    from django.db import connection

    if connection.in_atomic_block:
        return False
    connection.close()
    return True


def let_go(store: Store) -> None:
    """Close the connections of this process to a server."""
    if store.address is not None:
        from django.db import connection

        point_to(store)
        connection.close()
        connection.close_pool()


def bring_up_to_date(store: Store) -> list[str]:
    """Make and change the tables as the program needs them; the names of the steps taken.

    What waits to be taken in (``taking_in``) comes first. Before existing tables are changed a copy
    is put beside them (``app.sqlite.before-…``, of a server ``before-…``), which is the way back.
    Raises HengtanError where the database is of a newer program.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    from hengtan.web.taking_in import put_aside, take_in

    store.folder.mkdir(mode=0o700, exist_ok=True)
    point_to(store)
    with store.alone():
        loader = MigrationLoader(None)
        is_taken_in = take_in(store, partial(_refuse_newer, loader))
        executor = MigrationExecutor(connection)
        _refuse_newer(loader, executor.loader.applied_migrations)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            if executor.loader.applied_migrations and not is_taken_in:
                put_aside(store)
            executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
            call_command("createcachetable", verbosity=0)
        if store.address is None:
            store.file.chmod(0o600)
        return [str(migration) for migration, _ in plan]


def settle(home: Path, ledger: Ledger) -> None:
    """Take in the people of a backup that is being restored in a folder; what was made for the
    while is let go.
    """
    from hengtan.web.settings import configure

    configure()
    from django.db import connection

    address = ledger.lake.catalogue
    schema = schema_of(ledger.about) if address else "hengtan_app"
    store = Store(home / FOLDER, address, schema)
    try:
        bring_up_to_date(store)
    finally:
        connection.close()
    (store.folder / LOCK).unlink(missing_ok=True)


def _refuse_newer(loader: Any, applied: Iterable[tuple[str, str]]) -> None:
    known = set(loader.disk_migrations)
    apps = {app for app, _ in known}
    newer = sorted(key for key in applied if key[0] in apps and key not in known)
    if newer:
        raise HengtanError(
            f"工作数据库由更新的版本写过：{newer[0][0]}.{newer[0][1]}",
            f"the work database was written by a newer version: {newer[0][0]}.{newer[0][1]}",
            todo="升级程序，或恢复升级前的副本（work 文件夹中的 …before-…）",
            todo_en="upgrade the program, or restore the copy made before the upgrade",
        )


def copy_of(template: Path, store: Store) -> None:
    """Begin with a copy of a prepared empty file."""
    store.folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(template, store.file)
    store.file.chmod(0o600)
