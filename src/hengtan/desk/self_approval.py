"""Which figures rest on what its own submitter approved, so that nobody else has looked at it.

A reported figure is told by its own row. A computed one rests on many rows: it is marked where a
form it is computed from holds an approved submission that its submitter approved, wherever in the
form that is, so a mark says 'may rest on', and no mark says that nothing of the kind is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hengtan.basis.cite import is_self_approved
from hengtan.plan.columns_of_accounts import account_name
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = Mapping[str, Any]
REGISTRY_FORM = "registry_entries"


def self_approved_targets(
    workspace: Workspace,
    as_of: AsOf,
    targets: Iterable[Row],
    candidates: Mapping[str, Sequence[Row]],
) -> set[str]:
    """Ids of the targets whose latest value was approved by whoever handed it in, or is computed
    from a form that holds such submissions.

    ``targets`` are status rows, ``candidates`` their values with who handed in and who approved.
    """
    forms = _self_approved_forms(workspace, as_of)
    if not forms:
        return set()
    behind = _Behind(workspace, as_of)
    marked = set()
    for target in targets:
        if target["latest_origin"] == "computed":
            alone = bool(forms & behind.forms_of_indicator(target["indicator"]))
        else:
            alone = _is_latest_self_approved(target, candidates[target["target_id"]])
        if alone:
            marked.add(target["target_id"])
    return marked


def _self_approved_forms(workspace: Workspace, as_of: AsOf) -> set[str]:
    return {
        submission["form"]
        for submission in workspace.ledger.submissions(as_of.known_on)
        if submission["state"] == "approved"
        and not submission["demo"]
        and is_self_approved(submission["submitted_by"], submission["approved_by"])
    }


def _is_latest_self_approved(target: Row, values: Iterable[Row]) -> bool:
    return any(
        value["won"]
        and value["period"] == target["latest_period"]
        and not value["_demo"]
        and is_self_approved(value["_submitted_by"], value["_approved_by"])
        for value in values
    )


class _Behind:
    """The forms that computed indicators are made from."""

    def __init__(self, workspace: Workspace, as_of: AsOf) -> None:
        self._graph = workspace.graph(as_of)
        self._forms = set(workspace.forms)
        self._rows = {row["computed"]: row for row in workspace.pack.rows("computed_indicators")}
        self._reached: dict[str, Collection[str]] = {}

    def forms_of_indicator(self, indicator: str) -> set[str]:
        """The forms behind every way in which an indicator is computed."""
        ways = [row for row in self._rows.values() if row["indicator"] == indicator]
        return {form for row in ways for form in self._forms_of(row)}

    def _forms_of(self, row: Row) -> Collection[str]:
        if row["kind"] == "account":
            return self._forms_below(account_name(row["computed"]))
        if row["kind"].startswith("registry_"):
            return {REGISTRY_FORM}
        parts = (self._rows.get(row["numerator"]), self._rows.get(row["denominator"]))
        return {form for part in parts if part for form in self._forms_of(part)}

    def _forms_below(self, table: str) -> Collection[str]:
        if table in self._forms:
            return {table}
        if table not in self._reached:
            below = (self._forms_below(source) for source in self._graph.inputs_of(table))
            self._reached[table] = {form for forms in below for form in forms}
        return self._reached[table]
