"""The trail of a workspace, and what it or people's tables say is kept, checked from outside a
server: nothing is made or changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hengtan.basis.errors import Finding, HengtanError
from hengtan.report.words import error as refused

_PUBLISHED = re.compile(r"(?P<number>P\d{4,9}) .*\b(?P<digest>[0-9a-f]{16}) @[0-9a-f]{16}$")
_WITHDRAWN = re.compile(r"(?P<number>P\d{4,9})(?: (?P<digest>[0-9a-f]{16}))?$")
WITHDRAWALS = ("publication_withdrawn", "withdrawal_sealed")
"""Kinds of entries that note a withdrawal."""

if TYPE_CHECKING:
    from pathlib import Path

    from hengtan.workspace import Workspace


def check_trail(workspace: Workspace) -> list[Finding]:
    """Findings of the audit trail of a workspace and of the heads its ledger holds, of publications
    that it noted, and of files of evidence.
    """
    from hengtan.web.store import Store

    register, store = workspace.ledger.current(), Store.of(workspace)
    if store.address is None and not store.file.exists():
        return _gone() if _heads(register) else []
    from django.db import DatabaseError, connection

    from hengtan.web.settings import configure
    from hengtan.web.store import point_to

    configure()
    from hengtan.web.rooms.audit import heads
    from hengtan.web.rooms.tasks import evidence

    point_to(store)
    try:
        tables = connection.introspection.table_names()
        of_files = evidence.findings(workspace, register) if "tasks_evidence" in tables else []
        if "audit_entry" not in tables:
            return [*(_gone() if _heads(register) else []), *of_files]
        return [*heads.findings(register), *_publications(workspace.folder), *of_files]
    except DatabaseError as error:
        text = str(error).splitlines()[0]
        return [refused(HengtanError, f"audit.unreadable|{text}").as_finding()]
    finally:
        connection.close()


def _publications(folder: Path) -> list[Finding]:
    """Publications and withdrawals that the trail noted and that are not there as they were: also
    the last one, which no later one names.
    """
    from hengtan.office import publishing
    from hengtan.web.rooms.audit.models import Entry

    codes: dict[str, None] = {}
    for what in Entry.objects.filter(kind="published").values_list("what", flat=True):
        named = _PUBLISHED.match(what)
        if named and not publishing.is_as_noted(folder, named["number"], named["digest"]):
            codes[f"audit.publication|{named['number']}"] = None
    for what in Entry.objects.filter(kind__in=WITHDRAWALS).values_list("what", flat=True):
        named, is_noted = _WITHDRAWN.match(what), publishing.is_withdrawn_as_noted
        if named and not is_noted(folder, named["number"], named["digest"] or ""):
            codes[f"audit.withdrawal|{named['number']}"] = None
    return [refused(HengtanError, code).as_finding() for code in codes]


def _heads(register: object) -> bool:
    return bool(getattr(register, "by_form", {}).get("audit_heads"))


def _gone() -> list[Finding]:
    return [refused(HengtanError, "audit.gone").as_finding()]
