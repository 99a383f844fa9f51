"""Withdrawals of publications that an older version left without a seal: sealed at the start, and
noted in the audit trail.
"""

from __future__ import annotations

import logging
from pathlib import Path

from hengtan.basis.errors import HengtanError
from hengtan.basis.seal import SEAL
from hengtan.office import publishing
from hengtan.web import trail

log = logging.getLogger("hengtan.web")


def seal_withdrawals(folder: Path) -> None:
    """Seal them; a chain that is broken stays as it is, for ``hengtan verify`` to tell."""
    try:
        publications = publishing.seal_withdrawals(folder)
    except HengtanError as error:
        log.warning("withdrawals of publications were not sealed: %s", error)
        return
    for each in publications:
        trail.add("withdrawal_sealed", f"{each.id} {(each.withdrawn or {})[SEAL][:16]}")
