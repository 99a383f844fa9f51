"""What ``ledger.json`` says of a ledger folder: its format, its id, and where its catalogue is.

The address of a PostgreSQL catalogue, which holds a password, is never written there.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.ledger.catalogue_server import is_postgres

FORMAT = 1
ABOUT = "ledger.json"
CATALOGUE_VARIABLE = "HENGTAN_CATALOGUE"


def schema_name() -> str:
    """A new name for the schema of a ledger on a server."""
    return f"hengtan_{uuid.uuid4().hex[:12]}"


def new_about(
    folder: Path, catalogue: str | None, ledger_id: str | None, schema: str | None = None
) -> dict[str, Any]:
    """What the ``ledger.json`` of a new ledger is to say; nothing is written. ``schema``: its name
    on a server, a new one where None.

    Raises ``HengtanError`` where the folder has a ledger already.
    """
    if (folder / ABOUT).exists():
        raise HengtanError(
            f"{folder} 已有台账",
            f"there is a ledger in {folder} already",
            todo="请另选文件夹",
            todo_en="choose another folder",
        )
    on_server = is_postgres(catalogue)
    return {
        "format": FORMAT,
        "id": ledger_id or uuid.uuid4().hex,
        "catalogue": "postgres" if on_server else "sqlite",
        "schema": (schema or schema_name()) if on_server else "main",
    }


def read_about(folder: Path) -> dict[str, Any]:
    """The ledger's ``ledger.json``: format, id, kind of catalogue, its schema."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        known = {"format", "id", "catalogue", "schema"} <= set(about)
    except (OSError, ValueError):
        known = False
    if not known:
        raise HengtanError(
            f"{folder} 不是台账文件夹",
            f"{folder} holds no ledger",
            todo="请检查路径，或先创建台账",
            todo_en="check the path, or create a ledger first",
        )
    if about["format"] > FORMAT:
        raise HengtanError(
            f"{folder} 的台账由更新版本的衡碳写成",
            f"the ledger in {folder} was written by a newer hengtan",
            todo="请升级衡碳",
            todo_en="upgrade hengtan",
        )
    return dict(about)


def address_for(about: dict[str, Any], catalogue: str | None) -> str | None:
    """The catalogue's address to open a ledger with; None for SQLite."""
    if about["catalogue"] == "sqlite":
        return None
    address = catalogue or os.environ.get(CATALOGUE_VARIABLE)
    if not address:
        raise HengtanError(
            "该台账的目录在 PostgreSQL 上，未给出地址",
            "this ledger's catalogue is on PostgreSQL and no address is given",
            todo=f"请设置环境变量 {CATALOGUE_VARIABLE}",
            todo_en=f"set the variable {CATALOGUE_VARIABLE}",
        )
    return address
