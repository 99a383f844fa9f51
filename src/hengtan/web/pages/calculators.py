"""Calculators: the list of rules, one page a rule with its explanation, the notice as Word, enterprises with what they owe and hold. All by GET: nothing is written."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.instruments.registry import rules as all_rules
from hengtan.instruments.rule import Rule, in_force
from hengtan.report.rules import shown, write_notice
from hengtan.report.words import word
from hengtan.web.site import language, page, question, site_of

router = APIRouter()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def outputs_of(rule: Rule) -> dict[str, tuple[str, str]]:
    """Words and unit of each output."""
    return {o.name: (o.zh, o.unit) for o in rule.outputs}


def rule_of(rule_id: str, form: dict[str, str]) -> Rule:
    """The rule on the day of the form, today's or its latest where none is given. Raises NoSuchRow."""
    if form.get("date"):
        return in_force(all_rules(), rule_id, Period.read(form["date"]).end)
    try:
        return in_force(all_rules(), rule_id, date.today())
    except HengtanError:
        held = [r for r in all_rules() if r.id == rule_id]
        if not held:
            raise
        return held[-1]


@router.get("/rules")
def rules(request: Request) -> Response:
    """Every rule there is."""
    lang = language(request)
    return page(
        request,
        "rules",
        title=word("nav.rules", lang),
        rule_rows=[r.as_dict() for r in all_rules()],
    )


@router.get("/rules/{rule_id}")
def rule(request: Request, rule_id: str) -> Response:
    """A rule's calculator; with inputs in the address its result."""
    form = question(request)
    chosen = rule_of(rule_id, form)
    result: dict[str, Any] | None = None
    refused = ""
    if any(form.get(i.name) for i in chosen.inputs):
        try:
            result = shown(site_of(request).calc(rule_id, form).as_dict(), outputs_of(chosen))
        except HengtanError as error:
            refused = str(error).split(" | ")[0] if language(request) == "zh" else str(error)
    today = form.get("date") or (
        chosen.valid_to if chosen.valid_to and chosen.valid_to < date.today() else date.today()
    )
    return page(
        request,
        "rule",
        title=chosen.title_zh,
        here="rules",
        rule=chosen.as_dict(),
        form=form,
        result=result,
        refused=refused,
        today=str(today),
        region="500000",
        query=urlencode(form),
    )


@router.get("/rules/{rule_id}/notice.docx")
def notice(request: Request, rule_id: str) -> Response:
    """The notice of a case as a Word document."""
    form = question(request)
    chosen = rule_of(rule_id, form)
    result = site_of(request).calc(rule_id, form).as_dict()
    with tempfile.TemporaryDirectory() as scratch:
        content = write_notice(
            result, outputs_of(chosen), Path(scratch) / "notice.docx"
        ).read_bytes()
    return Response(
        content,
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{rule_id}.docx"'},
    )


@router.get("/enterprises")
def enterprises(request: Request) -> Response:
    """What each enterprise owes and holds."""
    lang = language(request)
    by_id = {r.id: outputs_of(r) for r in all_rules()}
    rows = [
        {
            **e,
            "cases": [
                {
                    **c,
                    "shown": shown(c["result"], by_id.get(c["rule"], {}))["shown"]
                    if c["result"]
                    else [],
                }
                for c in e["cases"]
            ],
        }
        for e in site_of(request).enterprises()
    ]
    return page(
        request,
        "enterprises",
        title=word("nav.enterprises", lang),
        here="rules",
        enterprise_rows=rows,
    )
