"""The audit trail: sign-ins, refusals, grants, exports and deeds, each entry sealed with the one
before, so that none can be changed or left out unseen.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

START = "0" * 64
FIELDS = ("number", "at", "by", "kind", "what", "why", "address", "before")
_turn = threading.Lock()


def note(request: Any, kind: str, what: str, why: str = "", *, by: str = "") -> None:
    """Add an entry: who (``by``, else the person of the request), what, and why where refused."""
    if request is not None:
        request.hengtan_noted = True
    person = getattr(request, "person", None)
    name = by or (person.name if person else "")
    address = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    add(kind, what, why, name, address)


def add(kind: str, what: str, why: str = "", by: str = "", address: str = "") -> str:
    """Add an entry; gives its seal."""
    return add_many([(kind, what, why)], by, address)


def add_many(
    deeds: Iterable[tuple[str, str, str]],
    by: str = "",
    address: str = "",
    also: Callable[[], object] = lambda: None,
) -> str:
    """Add an entry for each deed (kind, what, why) in one transaction; gives the last seal.

    ``also`` is called in that transaction: what it keeps stands with the entries, or neither does.
    """
    entries = apps.get_model("audit", "Entry")
    with _turn, transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("select pg_advisory_xact_lock(7217120018)")
        last = entries.objects.order_by("-number").values_list("number", "seal").first()
        last_number, before = last or (0, START)
        new = []
        for number, (kind, what, why) in enumerate(deeds, start=last_number + 1):
            entry = entries(
                number=number,
                at=timezone.now().isoformat(),
                by=by[:60],
                kind=kind[:40],
                what=what[:400],
                why=why[:400],
                address=address[:60],
                before=before,
            )
            entry.seal = before = seal_of(entry)
            new.append(entry)
        entries.objects.bulk_create(new)
        also()
        return before


def seal_of(entry: Any) -> str:
    """The digest of an entry with the seal before it. [SHA-256, hexadecimal]"""
    content = json.dumps([getattr(entry, field) for field in FIELDS], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def first_fault(noted: Mapping[int, str] | None = None) -> int | None:
    """The number of the first entry that does not follow from the one before; None where all do.

    ``noted``: heads that were written down elsewhere, number → seal. An entry that was noted has
    that seal, whatever was sealed anew since; entries before a noted one may have been pruned.
    """
    entries, heads = apps.get_model("audit", "Entry"), dict(noted or {})
    first = entries.objects.order_by("number").first()
    number, before = 0, START
    if first is not None and heads.get(first.number - 1) == first.before:
        number, before = first.number - 1, first.before
    heads = {n: seal for n, seal in heads.items() if n > number}
    for entry in entries.objects.order_by("number").iterator():
        number += 1
        is_noted = heads.pop(number, entry.seal) == entry.seal
        follows = entry.number == number and entry.before == before
        if not is_noted or not follows or entry.seal != seal_of(entry):
            return number
        before = entry.seal
    return min(heads, default=None)  # noted, and not there any more
