"""Review of plans read from documents: the list, the page of one with its document, and the decisions that come back from it.

The only pages that write. They do so where the server was told it may (``writable``: on this machine, ``hengtan serve``), for a request that
carries the token of a page this server made, from the same origin, and not too often.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hengtan.basis.errors import HengtanError
from hengtan.plan.reader.draft import OPERATORS
from hengtan.report.html import asset, digest
from hengtan.report.plan_review import page_context
from hengtan.report.words import word
from hengtan.web.guard import MAX_BODY, allowed
from hengtan.web.site import as_json, language, page, site_of

router = APIRouter(prefix="/plans")


@router.get("")
def plans(request: Request) -> Response:
    """Plans read from documents and how far their review is."""
    return page(
        request,
        "plans",
        title=word("nav.plans", language(request)),
        reviews=site_of(request).reviews(),
    )


@router.get("/{plan}")
def review(request: Request, plan: str) -> Response:
    """The document with its quotes marked, and the targets."""
    return _page(request, plan)


def _page(
    request: Request, plan: str, error: str = "", who: str = "", status: int = 200
) -> Response:
    found = site_of(request).review(plan)
    return page(
        request,
        "plan_review",
        title=found["title"] or plan,
        here="plans",
        status=status,
        error=error,
        who=who,
        seen=[],
        **_given(request, found),
    )


def _given(request: Request, found: dict) -> dict:
    return {
        **page_context(found),
        "known": found["known"],
        "writable": request.app.state.writable,
        "token": request.app.state.token,
        "operators": OPERATORS,
        "script_version": digest(asset("review.js")),
    }


@router.post("/{plan}/decide")
async def decide(request: Request, plan: str) -> Response:
    """Record a decision (``do``: ``accept ID``, ``edit ID``, ``reject ID``, ``reopen ID``, ``add new``, ``accept_sure all``, ``issue plan``).

    Answers a script with the card as it is now, a plain form with the page again.
    """
    from starlette.concurrency import run_in_threadpool

    body = await request.body()
    return await run_in_threadpool(_decide, request, plan, body)


def _decide(request: Request, plan: str, body: bytes) -> Response:
    lang, by_script = language(request), "application/json" in request.headers.get("accept", "")
    if len(body) > MAX_BODY:
        return Response("413", status_code=413, media_type="text/plain")
    try:
        held = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=5000))
    except (UnicodeDecodeError, ValueError):
        held = {}
    refused = allowed(request, held.get("token", ""))
    if refused:
        text = word("review.busy" if refused == 429 else "review.forged", lang)
        return (
            as_json({"text": text}, status=refused)
            if by_script
            else _page(request, plan, text, status=refused)
        )
    verb, _, target = held.get("do", "").partition(" ")
    fields = {
        k.partition(".")[2]: v
        for k, v in (
            (k.removeprefix(target), v)
            for k, v in held.items()
            if target and k.startswith(f"{target}.")
        )
    }
    site, by = site_of(request), held.get("by", "")
    try:
        if verb == "issue":
            site.issue_plan(plan, by=by, note=held.get("note", ""))
        elif verb == "accept_sure":
            site.accept_sure(plan, by=by)
        else:
            site.decide(
                plan,
                target,
                verb,
                by=by,
                fields=fields,
                note=held.get("note", ""),
                head=held.get("head", ""),
            )
    except HengtanError as error:
        text = " ".join(
            filter(None, [error.en, error.todo_en] if lang == "en" else [error.zh, error.todo])
        )
        return (
            as_json({"text": text}, status=400)
            if by_script
            else _page(request, plan, text, by, status=400)
        )
    if not by_script:
        return RedirectResponse(
            f"/plans/{quote(plan)}"
            + (f"#t-{quote(target)}" if verb in ("accept", "edit", "reject", "reopen") else ""),
            status_code=303,
        )
    found = site.review(plan)
    given = _given(request, found)
    card = next(c for c in given["cards"] if c["id"] == target)
    env = site.pages(lang).env
    return as_json(
        {
            "head": found["head"],
            "state": card["state"],
            "card": env.get_template("plan_card.html").render(c=card, **given),
            "tally": env.get_template("plan_tally.html").render(**given),
        }
    )
