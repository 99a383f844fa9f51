"""Review of plans read from documents: the list, the page of one with its document, and the
decisions that come back from it.

The only pages that write. They do so where the server was told it may (``writable``: on this
machine, ``hengtan serve``), for a request that carries the token of a page this server made, from
the same origin, and not too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk import plan_editions, plan_review, plan_withdrawing
from hengtan.plan.reader.confidence import SURE
from hengtan.plan.reader.draft import OPERATORS
from hengtan.report.page.assets import asset, digest
from hengtan.report.page.plan_review import page_context
from hengtan.report.words import word
from hengtan.web.advice import sentence
from hengtan.web.guard import MAX_BODY, allowed
from hengtan.web.routing import Router
from hengtan.web.site import Site, as_json, language, page, site_of
from hengtan.web.things import of_region

router = Router("/plans", keeps=True)
MAX_FIELDS = 5000
OF_ONE_TARGET = ("accept", "edit", "reject", "reopen")


@router.get("", "plan.read", of_region)
def plans(request: HttpRequest) -> HttpResponse:
    """Plans read from documents and how far their review is."""
    rows = site_of(request).ask(plan_review.progress)
    return page(request, "plans", reviews=[{**row, "total": row["targets"]} for row in rows])


@router.get("/{plan}", "plan.read", of_region)
def review(request: HttpRequest, plan: str) -> HttpResponse:
    """The document with its quotes marked, and the targets."""
    return _page(request, plan)


def _page(
    request: HttpRequest, plan: str, error: str = "", who: str = "", status: int = 200
) -> HttpResponse:
    view = site_of(request).ask(plan_review.shown, plan)
    return page(
        request,
        "plan_review",
        title=view["title"] or plan,
        here="plans",
        status=status,
        error=error,
        who=who,
        seen=[],
        **_context(request, view),
    )


def _context(request: HttpRequest, view: dict[str, Any]) -> dict[str, Any]:
    return {
        **page_context(view),
        "known": view["known"],
        "writable": request.app.writable,
        "is_shared": request.app.is_shared,
        "is_open": view["is_untouched"],
        "token": request.app.token,
        "operators": OPERATORS,
        "script_version": digest(asset("review.js")),
    }


@dataclass(frozen=True)
class Sent:
    """A form as it came back: ``do`` is a verb and a target, ``fields`` those of that target."""

    plan: str
    form: dict[str, str]

    @classmethod
    def read(cls, plan: str, body: bytes) -> Sent:
        """A form from its body; an unreadable one is empty."""
        try:
            pairs = parse_qsl(
                body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS
            )
        except (UnicodeDecodeError, ValueError):
            pairs = []
        return cls(plan, dict(pairs))

    def of(self, name: str) -> str:
        """A field of the form, "" where it is not there."""
        return self.form.get(name, "")

    @property
    def verb(self) -> str:
        """What is to be done."""
        return self.of("do").partition(" ")[0]

    @property
    def target(self) -> str:
        """The target it is done to."""
        return self.of("do").partition(" ")[2]

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the target, by their own names."""
        prefix = f"{self.target}."
        if not self.target:
            return {}
        return {
            name.removeprefix(prefix): text
            for name, text in self.form.items()
            if name.startswith(prefix)
        }

    def confirmed(self) -> plan_review.Confirmed | None:
        """Title and years that the reviewer confirmed; None where the box was not ticked. Raises
        HengtanError."""
        if not self.of("plan.confirmed"):
            return None
        years = (self.of("plan.first_year"), self.of("plan.last_year"))
        return plan_review.Confirmed.of(self.of("plan.title"), *years)

    def do(self, site: Site) -> None:
        """Carry it out. Raises HengtanError."""
        actor = Actor(self.of("by"), self.of("for") or None)
        if self.verb == "issue":
            site.ask(
                plan_editions.issue,
                self.plan,
                actor,
                note=self.of("note"),
                confirmed=self.confirmed(),
            )
        elif self.verb == "withdraw":
            site.ask(plan_withdrawing.withdraw, self.plan, actor)
        elif self.verb == "accept_sure":
            site.ask(plan_review.accept_all, self.plan, actor, least=SURE)
        else:
            site.ask(
                plan_review.decide,
                self.plan,
                self.target,
                self.verb,
                actor,
                fields=self.fields,
                note=self.of("note"),
                head=self.of("head"),
            )

    def address(self) -> str:
        """Where a plain form goes on: the target that was decided on, or the page; the list where
        the plan was taken back.
        """
        if self.verb == "withdraw":
            return "/plans"
        anchor = f"#t-{quote(self.target)}" if self.verb in OF_ONE_TARGET else ""
        return f"/plans/{quote(self.plan)}{anchor}"


@router.post("/{plan}/decide", "plan.review", of_region, takes_other_sites=True)
def decide(request: HttpRequest, plan: str) -> HttpResponse:
    """Record a decision.

    ``do`` is ``accept ID``, ``edit ID``, ``reject ID``, ``reopen ID``, ``add new``, ``accept_sure
    all`` or ``issue plan``. Answers a script with the card as it is now, a plain form with the page
    again.
    """
    body = request.body
    lang, by_script = language(request), "application/json" in request.headers.get("accept", "")
    if len(body) > MAX_BODY:
        return HttpResponse("413", status=413, content_type="text/plain")
    sent = Sent.read(plan, body)
    if request.app.is_shared:  # who signed in decides, whatever name was sent
        sent.form["by"] = request.person.name

    def refuse(text: str, status: int, who: str = "") -> HttpResponse:
        if by_script:
            return as_json({"text": text}, status=status)
        return _page(request, plan, text, who, status=status)

    refused = allowed(request, sent.of("token"))
    if refused:
        reason = "review.busy" if refused == 429 else "review.forged"
        return refuse(word(reason, lang), refused)
    try:
        sent.do(site_of(request))
    except HengtanError as error:
        return refuse(sentence(error, lang), 400, sent.of("by"))
    if not by_script:
        return HttpResponseRedirect(sent.address(), status=303)
    return _card(request, sent, lang)


def _card(request: HttpRequest, sent: Sent, lang: str) -> HttpResponse:
    """The card of the target or item as it is now, and the tally."""
    site = site_of(request)
    view = site.ask(plan_review.shown, sent.plan)
    context = _context(request, view)
    card = next(c for c in (*context["cards"], *view["items"]) if c["id"] == sent.target)
    template = "plan_item.html" if "kind" in card else "plan_card.html"
    env = site.pages(lang).env
    return as_json(
        {
            "head": view["head"],
            "state": card["state"],
            "card": env.get_template(template).render(c=card, **context),
            "tally": env.get_template("plan_tally.html").render(**context),
        }
    )
