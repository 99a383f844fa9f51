"""Calculators: the list of rules, one page a rule with its explanation, the notice as Word,
enterprises with what they owe and hold.

All by GET: nothing is written.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from hengtan.basis.errors import HengtanError, UnknownPlace
from hengtan.desk.rules import calc, outputs_of, own_parameters, rule_of
from hengtan.instruments.registry import rules as all_rules
from hengtan.instruments.rule import Rule
from hengtan.report.results import shown
from hengtan.report.said_of_places import name_of_place, with_place_names
from hengtan.report.sheet.form_choices import LISTED_PLACES
from hengtan.report.word.notice import notice_bytes
from hengtan.web.advice import sentence
from hengtan.web.routing import Router
from hengtan.web.site import language, page, question, site_of

router = Router(keeps=True)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/rules", "rule.use")
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule there is."""
    return page(request, "rules", rule_rows=[rule.as_dict() for rule in all_rules()])


@router.get("/rules/{rule_id}", "rule.use")
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """A rule's calculator; with inputs in the address its result."""
    form, lang = question(request), language(request)
    chosen = rule_of(rule_id, form)
    result: dict[str, Any] | None = None
    refused = ""
    if any(form.get(entry.name) for entry in chosen.inputs):
        try:
            case = site_of(request).ask(calc, rule_id, form)
            result = shown(case, outputs_of(chosen), lang)
        except HengtanError as error:
            refused = _refused(request, error)
    return page(
        request,
        "rule",
        title=chosen.title_en if lang == "en" else chosen.title_zh,
        here="rules",
        rule=chosen.as_dict(),
        own=own_parameters(site_of(request).workspace.pack, chosen, form, lang),
        form=form,
        result=result,
        refused=refused,
        today=form.get("date") or str(_last_day(chosen)),
        region=_region(request, form.get("region", "")),
        places=_places(request),
        query=urlencode(form),
    )


def _region(request: HttpRequest, text: str) -> str:
    """What the region of a case is called, that of the workspace where none is given; a text that
    names no region as it is.
    """
    workspace, lang = site_of(request).workspace, language(request)
    places = workspace.pack.places()
    try:
        return name_of_place(places, places.find(text or workspace.settings.region).code, lang)
    except UnknownPlace:
        return text


def _places(request: HttpRequest) -> list[str]:
    """The cities and districts that there are, by name; those that share one by their codes."""
    places, lang = site_of(request).workspace.pack.places(), language(request)
    listed = [place.code for place in places if place.kind in LISTED_PLACES]
    names = {code: name_of_place(places, code, lang) for code in listed}
    counted = Counter(names.values())
    return [name if counted[name] == 1 else code for code, name in names.items()]


def _refused(request: HttpRequest, error: HengtanError) -> str:
    """Why there is no result, places by their names."""
    places, lang = site_of(request).workspace.pack.places(), language(request)
    return with_place_names(sentence(error, lang), places, lang)


def _last_day(rule: Rule) -> date:
    """Today, or the last day of a rule that is no more."""
    today = date.today()
    return rule.valid_to if rule.valid_to and rule.valid_to < today else today


@router.get("/rules/{rule_id}/notice.docx", "rule.use")
def notice(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The notice of a case as a Word document."""
    form = question(request)
    chosen = rule_of(rule_id, form)
    places, lang = site_of(request).workspace.pack.places(), language(request)
    content = notice_bytes(
        site_of(request).ask(calc, rule_id, form),
        outputs_of(chosen),
        place=lambda code: name_of_place(places, code, lang),
        lang=lang,
    )
    return HttpResponse(
        content,
        content_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{rule_id}.docx"'},
    )
