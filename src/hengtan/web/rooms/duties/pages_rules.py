"""Setting the calendar up: who owes what how often and by when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hengtan.basis.dated import span
from hengtan.basis.errors import HengtanError
from hengtan.basis.place import KINDS
from hengtan.office.duties import ENTITY, FREQUENCIES, WORDS, DutyRule
from hengtan.office.permission import Thing
from hengtan.web.rooms.duties.asking import Calendar, item_names, may_be_owed
from hengtan.web.rooms.duties.pages import MANAGE, show, title_of, words
from hengtan.web.rooms.duties.typed import (
    NotSo,
    day,
    kept,
    label,
    may_manage,
    not_so,
    refusal,
    whole,
)
from hengtan.web.routing import Router
from hengtan.web.site import language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hengtan.web.rooms.duties.models import DutyRow

router = Router()
NEXT = 3
"""How many of the coming due days a rule shows."""
LOOK_AHEAD = timedelta(days=800)
WHOLE = ("due_number", "months_after", "opens", "expires")
DAYS = ("valid_from", "valid_until")
USUAL = {
    "frequency": "month",
    "owers_kind": "district",
    "due_kind": "day_of_month",
    "due_number": "10",
    "months_after": "1",
    "opens": "1",
    "shifts": "yes",
}
"""What the form of a new rule begins with."""


def region(request: HttpRequest) -> str:
    """The region of the workspace."""
    return str(request.app.site.workspace.settings.region or "")


def thing_of_rule(request: HttpRequest, rule: DutyRule) -> Thing:
    """A rule as permission sees it: of the place it is for, or of the whole region."""
    place = rule.owers.within or region(request)
    return Thing(place=place, form=rule.form, department=rule.department or None)


@router.get("/duties/rules", MANAGE)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules with their coming due days."""
    return rules_page(request)


def rules_page(request: HttpRequest, wrong: Sequence[str] = ()) -> HttpResponse:
    """The page of the rules, with what is wrong with a file of them."""
    calendar = Calendar.of(request)
    saved = request.GET.get("saved", "")
    return show(
        request,
        "rules",
        "rules.title",
        status=400 if wrong else 200,
        rows=[_shown(request, calendar, row) for row in visible(request)],
        wrong=wrong,
        saved=saved if saved.isdecimal() else "",
    )


def visible(request: HttpRequest) -> list[DutyRow]:
    """The rules that a person may manage."""
    from hengtan.web.rooms.duties.models import DutyRow

    rows = DutyRow.objects.order_by("department", "form", "code")
    return [row for row in rows if may_manage(request, thing_of_rule(request, row.rule()))]


def _shown(request: HttpRequest, calendar: Calendar, row: DutyRow) -> dict[str, Any]:
    rule, lang = row.rule(), language(request)
    coming = [
        (f"{period.zh()}：" if lang == "zh" else f"{period.text}: ")
        + f"{due.day}{'' if due.certain else ' ≈'}"
        for period in rule.periods(calendar.day - LOOK_AHEAD, calendar.day + LOOK_AHEAD)
        for due in [rule.due.of(period, calendar.days)]
        if due.day >= calendar.day
    ]
    names = item_names(request.app.site.workspace, rule.form) if rule.items else {}
    return {
        "code": rule.id,
        "title": title_of(request, rule.form),
        "items": [names.get(item, (item, item)) for item in rule.items],
        "gone": rule.form not in request.app.site.workspace.forms,
        "frequency": WORDS.say(f"frequency.{rule.frequency}", lang),
        "department": rule.department,
        "owers": _owers(request, calendar, rule),
        "bodies": len(calendar.bodies(rule.owers)),
        "due": rule.due.say(lang),
        "next": coming[:NEXT],
        "span": span(rule.valid_from, rule.valid_until),
    }


def _owers(request: HttpRequest, calendar: Calendar, rule: DutyRule) -> str:
    lang = language(request)
    if rule.owers.listed:
        return "、".join(b.name(lang) for b in calendar.bodies(rule.owers)[:5])
    kind = _kind(rule.owers.kind, lang)
    if not rule.owers.within or rule.owers.within not in calendar.places:
        return kind
    place = calendar.places[rule.owers.within]
    return f"{(place.name_en if lang == 'en' else '') or place.name_zh} · {kind}"


def _kind(kind: str, lang: str) -> str:
    code = f"rules.owers.{kind}"
    return words()[code][("zh", "en").index(lang)] if code in words() else kind


@router.get("/duties/rule", MANAGE)
def rule_form(request: HttpRequest) -> HttpResponse:
    """The form of a rule: a new one, or one to change."""
    from hengtan.web import answers
    from hengtan.web.rooms.duties.models import DutyRow

    code = request.GET.get("code", "")
    if not code:
        began = request.app.today().replace(month=1, day=1)
        usual = {**USUAL, "within": region(request), "valid_from": began.isoformat()}
        return _form(request, usual, "")
    row = DutyRow.objects.filter(code=code).first()
    if row is None or not may_manage(request, thing_of_rule(request, row.rule())):
        return answers.missing(request)
    return _form(request, typed_of(row), code)


def typed_of(row: DutyRow) -> dict[str, str]:
    """A row as the fields of its form."""
    names = ("code", "form", "frequency", "owers_kind", "within", "department", "due_kind")
    values: dict[str, Any] = {name: getattr(row, name) for name in (*names, *WHOLE, *DAYS)}
    values["listed"] = " ".join(row.listed)
    values["items"] = "、".join(row.items)
    values["left_out"] = " ".join(map(str, row.left_out))
    values["shifts"] = "yes" if row.shifts else ""
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _form(
    request: HttpRequest, typed: Mapping[str, str], old: str, error: str = ""
) -> HttpResponse:
    lang = language(request)
    workspace = request.app.site.workspace
    tree = workspace.pack.places()
    forms = [(i, title_of(request, i)) for i in may_be_owed(workspace)]
    fields = (*USUAL, *WHOLE, *DAYS, "code", "form", "department", "within", "listed", "left_out")
    fields += ("items",)
    return show(
        request,
        "rule",
        "rules.title",
        status=400 if error else 200,
        v={name: typed.get(name, "") for name in fields},
        old=old,
        error=error,
        forms=sorted(forms, key=lambda form: form[1]),
        frequencies=[(f, WORDS.say(f"frequency.{f}", lang)) for f in FREQUENCIES],
        departments=_departments(request),
        kinds=kinds_of(request, lang),
        places=[
            ("", "—"),
            *((p.code, (p.name_en if lang == "en" else "") or p.name_zh) for p in tree),
        ],
    )


def kinds_of(request: HttpRequest, lang: str) -> list[tuple[str, str]]:
    """Who a rule may be for: codes and words in a language; "" is for those listed."""
    place = ("zh", "en").index(lang)
    tree = request.app.site.workspace.pack.places()
    kinds = [kind for kind in KINDS if kind != ENTITY and any(p.kind == kind for p in tree)]
    return [
        ("", words()["rules.owers.listed"][place]),
        *((kind, _kind(kind, lang)) for kind in kinds),
        (ENTITY, _kind(ENTITY, lang)),
    ]


def _departments(request: HttpRequest) -> list[str]:
    """The departments that rules and measures name."""
    from hengtan.web.rooms.duties.models import DutyRow

    named = set(DutyRow.objects.values_list("department", flat=True))
    for registry in request.app.site.workspace.pack.rows("registries"):
        named.update(registry["department_zh"] or ())
    return sorted(named - {""})


@router.post("/duties/rule", MANAGE)
def save_rule(request: HttpRequest) -> HttpResponse:
    """Keep a rule that was typed, or say what is wrong with it."""
    from hengtan.web import answers, trail
    from hengtan.web.rooms.duties.changing import keep_rule
    from hengtan.web.rooms.duties.models import DutyRow

    typed = {name: text.strip() for name, text in request.POST.items()}
    old = typed.get("old", "")
    row = DutyRow.objects.filter(code=old).first() if old else DutyRow()
    if row is None or (old and not may_manage(request, thing_of_rule(request, row.rule()))):
        return answers.missing(request)
    try:
        fill(request, row, typed)
        row = keep_rule(row, request.app.today(), request.person.name)
    except HengtanError as error:
        return _form(request, typed, old, refusal(request, error))
    trail.note(request, "duty", f"{row.code} {row.form} {row.frequency}")
    return kept("/duties/rules")


def fill(request: HttpRequest, row: DutyRow, typed: Mapping[str, str]) -> None:
    """What was typed, into a row. Raises HengtanError with what is wrong."""
    from hengtan.web.rooms.duties.models import DutyRow

    if not row.pk:
        row.code, row.form = typed.get("code", "")[:60], typed.get("form", "")
        if DutyRow.objects.filter(code=row.code).exists():
            raise not_so("rules.taken", row.code)
        if row.form not in may_be_owed(request.app.site.workspace):
            raise not_so("rules.form.bad", row.form)
    for name in ("frequency", "owers_kind", "within", "due_kind"):
        setattr(row, name, typed.get(name, "")[:40])
    row.department = typed.get("department", "")[:60]
    row.listed = [] if row.owers_kind else typed.get("listed", "").replace(",", " ").split()
    for name in WHOLE:
        setattr(row, name, whole(name, typed.get(name, "")))
    row.months_after = 1 if row.months_after is None else row.months_after
    row.left_out = [whole("left_out", each) for each in typed.get("left_out", "").split()]
    row.items = _items(request, row.form, typed.get("items", ""))
    row.shifts = bool(typed.get("shifts"))
    for name in DAYS:
        setattr(row, name, day(name, typed.get(name, "")))
    if row.due_number is None or row.opens is None:
        raise not_so(
            "rules.number.bad", label("due_number" if row.opens is not None else "opens"), ""
        )
    if row.valid_from is None:
        raise not_so("rules.day.bad", label("valid_from"), "")
    rule = row.rule()
    if not may_manage(request, thing_of_rule(request, rule)):
        raise not_so("rules.not_yours")
    _refuse_nobody(request, rule)


def _items(request: HttpRequest, form_id: str, text: str) -> list[str]:
    """What of a form is owed, as ids; ids or names were typed. Raises HengtanError."""
    names = item_names(request.app.site.workspace, form_id)
    ids = {word: item for item, both in names.items() for word in (*both, item)}
    typed = list(filter(None, (part.strip() for part in re.split("[、；;\n]", text))))
    for word in typed:
        if word not in ids:
            raise not_so("rules.items.bad", word, form_id)
    return list(dict.fromkeys(ids[word] for word in typed))


def _refuse_nobody(request: HttpRequest, rule: DutyRule) -> None:
    """Codes that are nowhere, or a rule that is for nobody; enterprises may be listed later."""
    bodies = {body.code for body in Calendar.of(request).bodies(rule.owers)}
    unknown = [code for code in rule.owers.listed if code not in bodies]
    if unknown or (not bodies and rule.owers.kind != ENTITY):
        refused = not_so("rules.nobody")
        listed = " ".join(unknown) or "—"
        raise NotSo(refused.zh + listed, refused.en + listed)
