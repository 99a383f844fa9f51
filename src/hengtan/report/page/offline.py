"""The offline report: all pages of a view in one file with hash navigation, both languages, no
outside address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.report.page.render import Pages, static_link
from hengtan.report.view import StatusView

Explain = Callable[[str], Mapping[str, Any] | None]


def report_html(view: StatusView | Mapping[str, Any], explain: Explain | None = None) -> str:
    """The offline report as text.

    ``explain`` gives the explain tree (the dict of an ``Explanation``) of a target id where the
    view
    does not carry it.
    """
    whole = StatusView.of(view)
    if explain is not None:
        targets = [
            target if target["explain"] else {**target, "explain": explain(target["target_id"])}
            for target in whole.targets
        ]
        whole = replace(whole, targets=targets)
    return Pages(whole, lang="both", link=static_link).offline()


def write_report(
    view: StatusView | Mapping[str, Any], path: str | Path, explain: Explain | None = None
) -> Path:
    """Write ``report.html`` whole or not at all; returns its path. ``explain`` as in
    ``report_html``.
    """
    return write_whole(Path(path), report_html(view, explain).encode("utf-8"))
