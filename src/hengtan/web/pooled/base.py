"""The database as Django asks a backend for it (``ENGINE``: the package this module is in).

Django keeps a pool by the name of a database, which is ``default`` for every application of a
process. Here it is kept by what is connected to, so that two applications never get connections of
each other.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

_POOLS: dict[tuple[str, ...], dict[str, Any]] = {}
_ADDRESS = ("HOST", "PORT", "NAME", "USER")


class DatabaseWrapper(base.DatabaseWrapper):
    """A thread's connection, taken from the pool of its store."""

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        session = str(settings_dict["OPTIONS"].get("options", ""))
        address = (*(str(settings_dict[part]) for part in _ADDRESS), session)
        self._connection_pools = _POOLS.setdefault(address, {})
