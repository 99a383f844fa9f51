"""The same status for machines: JSON under ``/api``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk import accounts
from hengtan.graph.explanation import told_once
from hengtan.graph.unestablished import refuse_without
from hengtan.report.view import Row
from hengtan.web.routing import OPEN, Router
from hengtan.web.site import as_json, question, site_of
from hengtan.web.things import of_region, of_target

router = Router("/api", keeps=True)
PAGE_ONLY = ("series", "path", "definition", "explain")


def status_row(target: Row) -> Row:
    """The status row of a target, without what only its page shows."""
    return {k: v for k, v in target.items() if k not in PAGE_ONLY}


@router.get("/status", "status.read")
def status(request: HttpRequest) -> HttpResponse:
    """``{"meta", "targets"}``; the query filters on fields of the row (``?plan=…&light=grey``)."""
    view = site_of(request).view_for(request)
    wanted = question(request)
    rows = [t for t in view.targets if all(str(t.get(k)) == v for k, v in wanted.items())]
    return as_json({"meta": view.meta, "targets": [status_row(t) for t in rows]})


@router.get("/targets/{target_id}", "status.read", of_target)
def target(request: HttpRequest, target_id: str) -> HttpResponse:
    """Everything the page of a target shows."""
    row = site_of(request).view().target(target_id)
    if row is not None:
        return as_json(row)
    refusal = {
        "level": "error",
        "code": "NoSuchRow",
        "zh": f"没有目标“{target_id}”",
        "en": f"no target {target_id!r}",
    }
    return as_json(refusal, status=404)


@router.get("/tables/{name}", "account.read", of_region)
def table(request: HttpRequest, name: str) -> HttpResponse:
    """Rows of an account, form or pack table; the query is the condition."""
    return as_json(site_of(request).ask(accounts.table_rows, name, question(request)))


@router.get("/explain/{account}", "account.read", of_region)
def explain(request: HttpRequest, account: str) -> HttpResponse:
    """An explain tree; a refusal where the row lacks a parameter that was not read."""
    tree = site_of(request).readers.ask(accounts.explain, account, question(request))
    refuse_without(tree["values"])
    return as_json(told_once(tree))


@router.get("/health", OPEN, keeps=False)
def health(request: HttpRequest) -> HttpResponse:
    """That the server answers, and of what the last view is: nothing is built or waited for."""
    view = site_of(request).last_view
    if view is None:
        return as_json({"ok": True, "targets": None, "judged_on": None, "ledger_head": None})
    return as_json(
        {
            "ok": True,
            "targets": len(view.targets),
            "judged_on": view.meta["judged_on"],
            "ledger_head": view.meta["ledger_head"],
        }
    )
