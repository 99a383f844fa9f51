"""A catalogue on a PostgreSQL server: its address, the driver, and errors without the password.

The driver is imported only where a ledger has its catalogue there.
"""

from __future__ import annotations

import importlib
from typing import Any

from hengtan.basis.errors import HengtanError


def is_postgres(catalogue: str | None) -> bool:
    """Whether an address names a PostgreSQL server."""
    return bool(catalogue) and str(catalogue).startswith(("postgresql://", "postgres://"))


def psycopg() -> Any:
    """The driver. Raises ``HengtanError`` that says what to install where it is missing."""
    try:
        return importlib.import_module("psycopg")
    except ModuleNotFoundError:
        raise HengtanError(
            "使用 PostgreSQL 目录需要程序包 psycopg",
            "a PostgreSQL catalogue needs the package psycopg",
            todo="请运行 pip install 'hengtan[postgres]'",
            todo_en="run pip install 'hengtan[postgres]'",
        ) from None


def conninfo(address: str) -> str:
    """The address as key=value words, which the storage library takes."""
    psycopg()
    addresses = importlib.import_module("psycopg.conninfo")
    return str(addresses.make_conninfo(**addresses.conninfo_to_dict(address)))


def without_password(text: str, address: str | None) -> str:
    """An error text that shows neither the address nor its password."""
    first = text.splitlines()[0]
    if is_postgres(address):
        words = importlib.import_module("psycopg.conninfo").conninfo_to_dict(address)
        if words.get("password"):
            first = first.replace(str(words["password"]), "***")
    return first
