"""Accounts of a place (energy, carbon, air, water, waste) as a file: an offline page or a
workbook, by the suffix of the path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.report.account_tables import View


def write_accounts(view: View, status: Any, path: Path, lang: str = "zh") -> Path:
    """Write the accounts whole or not at all; ``status``: the view of the page's frame."""
    if path.suffix.lower() == ".xlsx":
        from hengtan.report.sheet.accounts import accounts_bytes

        return write_whole(path, accounts_bytes(view, lang))
    from hengtan.report.page.accounts import write_accounts_page

    return write_accounts_page(view, status, path, lang)
