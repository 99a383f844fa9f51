"""What the pages ask a workspace for; the view is made anew only when the ledger, the packs or the day have changed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from hengtan.desk.status import status_view
from hengtan.workspace.asof import AsOf
from hengtan.workspace.workspace import Workspace


class Provider:
    """Serves one workspace to the pages. Safe for the threads of one server process: one question is answered at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._lock = threading.RLock()
        self._held: tuple[tuple[str, str, str], Any] | None = None

    def view(self) -> Any:
        """The ``StatusView`` of today, from memory while nothing has changed."""
        from hengtan.report.view import StatusView

        with self._lock:
            as_of = AsOf.of()
            key = (
                self.workspace.ledger.state_key(),
                self.workspace.pack.version,
                as_of.judged_on.isoformat(),
            )
            if self._held is None or self._held[0] != key:
                self._held = (key, StatusView.of(status_view(self.workspace, as_of)))
            return self._held[1]

    def explain(self, account: str, key: Mapping[str, Any]) -> Any:
        """The explanation tree of a row, as a dict. Raises UnknownAccount, NoSuchRow."""
        with self._lock:
            return self.workspace.explain(account, key).as_dict()

    def table(self, name: str, where: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Rows of an account, a form or a pack table; codes said, and kept beside."""
        from hengtan.graph.said import said_table

        with self._lock:
            return list(said_table(name, self.workspace.table(name, where)).to_pylist())

    def accounts(self, place: str | None) -> dict[str, Any]:
        """Energy and carbon of a place, or of the workspace's region."""
        from hengtan.desk.accounts import accounts_view

        with self._lock:
            return accounts_view(self.workspace, AsOf.of(), place)

    def forecasts(self) -> dict[str, Any]:
        """The forecast of every target."""
        from hengtan.desk.verdict_view import forecasts_view

        with self._lock:
            return forecasts_view(self.workspace, AsOf.of())

    def bulletin(self, period: str | None) -> dict[str, Any]:
        """The bulletin of a period, or of the latest."""
        from hengtan.desk.verdict_view import bulletin_view

        with self._lock:
            return bulletin_view(self.workspace, period, AsOf.of())

    def assessments(self) -> dict[str, Any]:
        """Assessment workbooks kept in the workspace."""
        from hengtan.desk.verdict_view import assess_view

        with self._lock:
            return assess_view(self.workspace)

    def calc(self, rule: str, form: Mapping[str, str]) -> Any:
        """A case from a form, computed. Raises HengtanError."""
        from hengtan.desk.rules import compute, from_form

        with self._lock:
            return compute(self.workspace.pack, from_form(self.workspace.pack, rule, form))

    def enterprises(self) -> list[dict[str, Any]]:
        """What the cases of each entity give and what it holds."""
        from hengtan.desk.rules import enterprises

        with self._lock:
            return enterprises(self.workspace)

    def graph_svg(self) -> str:
        """The graph of accounts as SVG."""
        with self._lock:
            return str(self.workspace.graph().svg())

    # review of plans

    def reviews(self) -> list[dict[str, Any]]:
        """Plans read from documents and how far their review is."""
        from hengtan.desk import plans as plan_review

        with self._lock:
            made = []
            for plan in plan_review.plans_of(self.workspace.folder):
                review = plan_review.load(self.workspace.folder, plan)
                states = [one.state for one in review.targets()]
                made.append(
                    {
                        "plan": plan,
                        "title": review.draft.title,
                        "file": review.draft.document.name,
                        "total": len(states),
                        "open": states.count("open"),
                        "editions": len(review.editions()),
                    }
                )
            return made

    def review(self, plan: str) -> dict[str, Any]:
        """A plan's review as its page shows it. Raises NoSuchRow."""
        from hengtan.desk import plans as plan_review

        with self._lock:
            return plan_review.shown(
                plan_review.load(self.workspace.folder, plan), self.workspace.pack
            )

    def decide(self, plan: str, target: str, decision: str, **given: Any) -> None:
        """Record a decision. Raises HengtanError."""
        from hengtan.desk import plans as plan_review

        with self._lock:
            plan_review.decide(
                self.workspace.folder,
                plan,
                target,
                decision,
                known=plan_review.indicators_of(self.workspace.pack, plan),
                **given,
            )

    def accept_sure(self, plan: str, *, by: str) -> None:
        """Accept every open target without doubts. Raises HengtanError."""
        from hengtan.desk import plans as plan_review

        with self._lock:
            plan_review.accept_all(
                self.workspace.folder,
                plan,
                by=by,
                least=plan_review.SURE,
                known=plan_review.indicators_of(self.workspace.pack, plan),
            )

    def issue_plan(self, plan: str, *, by: str, note: str = "") -> None:
        """Issue an edition; the workspace then rests on the new tables. Raises HengtanError."""
        from hengtan.desk import plan_editions

        with self._lock:
            plan_editions.issue(
                self.workspace.folder, self.workspace.settings, plan, by=by, note=note
            )
            self.workspace.reload()
