"""The trail of a workspace checked from outside a server: nothing is made or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hengtan.basis.errors import Finding, HengtanError
from hengtan.report.words import error as refused

if TYPE_CHECKING:
    from hengtan.workspace import Workspace


def check_trail(workspace: Workspace) -> list[Finding]:
    """Findings of the audit trail of a workspace and of the heads its ledger holds."""
    from hengtan.web.store import Store

    register, store = workspace.ledger.current(), Store.of(workspace)
    if store.address is None and not store.file.exists():
        return _gone() if _heads(register) else []
    from django.db import DatabaseError, connection

    from hengtan.web.settings import configure
    from hengtan.web.store import point_to

    configure()
    from hengtan.web.rooms.audit import heads

    point_to(store)
    try:
        if "audit_entry" not in connection.introspection.table_names():
            return _gone() if _heads(register) else []
        return heads.findings(register)
    except DatabaseError as error:
        text = str(error).splitlines()[0]
        return [refused(HengtanError, f"audit.unreadable|{text}").as_finding()]
    finally:
        connection.close()


def _heads(register: object) -> bool:
    return bool(getattr(register, "by_form", {}).get("audit_heads"))


def _gone() -> list[Finding]:
    return [refused(HengtanError, "audit.gone").as_finding()]
