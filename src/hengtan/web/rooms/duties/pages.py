"""What a person owes and what has come: my duties, completeness, reminders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from hengtan.basis.period import Period
from hengtan.basis.words import Words
from hengtan.office.completeness import (
    Completeness,
    by_due,
    completeness,
    of_department,
    of_district,
)
from hengtan.office.reminders import Reminder, reminders
from hengtan.office.standings import Standing
from hengtan.report.sheet.lists import ListSheet, lists_bytes
from hengtan.web.rooms.duties.asking import (
    FILE,
    Calendar,
    item_names,
    lock_of,
    own_bodies,
    reached,
    span_of,
    thing_of,
)
from hengtan.web.rooms.duties.sending import remind
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hengtan.workspace.workspace import Workspace

router = Router()
SOON, AHEAD, A_YEAR = 7, 31, 366
"""Days: what is due soon, how far ahead duties are shown, how far back."""
SHOWN = 500
"""Lines of a list on a page; the workbook has all."""
READ, REMIND, MANAGE = "duty.read", "duty.remind", "duty.manage"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def words() -> Words:
    """The words of this room."""
    return Words.of("hengtan.web.rooms.duties")


def sayer(request: HttpRequest) -> Callable[..., str]:
    """Gives the words of a code in the reader's language, filled with what people wrote."""
    place = ("zh", "en").index(language(request))

    def say(code: str, *arguments: object) -> str:
        return words()[code][place].format(*arguments)

    return say


def show(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A page of this room."""
    say = sayer(request)
    here = context.pop("here", "duties")
    status = context.pop("status", 200)
    return room_page(
        request,
        f"duties/{template}.html",
        title=say(title),
        here=here,
        status=status,
        w=say,
        **context,
    )


@router.get("/duties", READ)
def mine(request: HttpRequest) -> HttpResponse:
    """What the person owes, what is due first at the top."""
    calendar = Calendar.of(request)
    span = (calendar.day - timedelta(days=A_YEAR), calendar.day + timedelta(days=AHEAD))
    owed = reached(request, calendar.owed(*span), FILE)
    names = own_bodies(request.person)
    own = [o for o in owed if o.body.code in names]
    who = request.GET.get("who") or ("own" if own else "all")
    everything = calendar.standings(own if who == "own" else owed)
    shows_all = request.GET.get("show") == "all"
    listed = by_due(everything if shows_all else [s for s in everything if is_to_do(s)])
    expired = [s for s in listed if s.state == "expired"]
    missing = [s for s in everything if s.is_missing and s.state not in ("not_open", "expired")]
    if not shows_all:
        listed = (*(s for s in listed if s.state != "expired"), *expired)
    return show(
        request,
        "mine",
        "mine.title",
        rows=[line(request, s) for s in listed[:SHOWN]],
        expired=len(expired),
        more=max(len(listed) - SHOWN, 0),
        open=len(missing),
        late=sum(s.is_overdue for s in missing),
        soon=sum(0 <= s.days_left <= SOON for s in missing),
        soon_days=SOON,
        who=who,
        has_own=bool(own) and len(own) < len(owed),
        shows_all=shows_all,
        has_rules=bool(calendar.rules),
    )


def is_to_do(stands: Standing) -> bool:
    """Whether there is something to be done about it now or soon."""
    opens_soon = stands.days_left <= AHEAD
    return stands.is_missing and (stands.state != "not_open" or opens_soon)


def line(request: HttpRequest, stands: Standing) -> dict[str, Any]:
    """An obligation as its line shows it."""
    say, lang, owed = sayer(request), language(request), stands.obligation
    lock = lock_of(request, stands)
    return {
        "id": owed.id,
        "form": owed.form,
        "title": title_of(request, owed.form, owed.item),
        "period": owed.period.zh() if lang == "zh" else owed.period.text,
        "written": owed.period.text,
        "body": owed.body.name(lang),
        "code": owed.body.code,
        "place": owed.body.lies_in,
        "entity": owed.body.code if owed.body.is_entity else "",
        "department": owed.department,
        "due": owed.due,
        "certain": owed.certain,
        "state": stands.state,
        "said": stands.say(lang),
        "when": when(stands, say),
        "is_late": stands.is_overdue,
        "reason": stands.reason,
        "submission": stands.filing.submission if stands.filing else "",
        "correction": stands.correction.submission if stands.correction else "",
        "exception": owed.exception,
        "lock": lock.say(lang) if lock else "",
        "may_file": lock is None,
        "may_correct": lock is not None and lock.code == "approved",
        "may_manage": bool(request.app.permission.may(request.person, MANAGE, thing_of(owed))),
    }


def when(stands: Standing, say: Callable[..., str]) -> str:
    """How many days are left or over, or how it came."""
    owed, left = stands.obligation, stands.days_left
    if stands.is_filed:
        if stands.is_on_time or stands.filed_on is None:
            return say("in_time")
        return say("came_late", stands.filed_on, (stands.filed_on - owed.due).days)
    if stands.state == "waived":
        return ""
    if stands.state == "not_open":
        return say("opens", owed.opens)
    return say("late", -left) if left < 0 else say("left", left) if left else say("today")


def title_of(request: HttpRequest, form_id: str, item: str = "") -> str:
    """The title of a form in the reader's language, its id where there is none, and of what of it
    is owed.
    """
    zh, en = titles_of(request.app.site.workspace, form_id, item)
    return zh if language(request) == "zh" else en


def titles_of(workspace: Workspace, form_id: str, item: str = "") -> tuple[str, str]:
    """The Chinese and English title of a form, and of what of it is owed."""
    known = workspace.forms.get(form_id)
    zh, en = (known.title_zh, known.title_en) if known else (form_id, form_id)
    if not item:
        return zh, en
    names = item_names(workspace, form_id).get(item, (item, item))
    return f"{zh}·{names[0]}", f"{en}: {names[1]}"


class Asked:
    """What the page of completeness was asked for, and what the person may see of it."""

    def __init__(self, request: HttpRequest, asked: Mapping[str, str], action: str = READ) -> None:
        self.calendar = Calendar.of(request)
        day = self.calendar.day
        self.span, self.first, self.last = span_of(asked.get("span", ""), day)
        self.department, self.district = asked.get("department"), asked.get("district")
        self.district_of = of_district(self.calendar.places)
        owed = self.calendar.owed(self.first, self.last)
        self.everything = self.calendar.standings(reached(request, owed, action))

    def named(self, lang: str) -> str:
        """The time asked for, as a reader of a language writes it."""
        return Period.parse(self.span).zh() if lang == "zh" else self.span

    @property
    def chosen(self) -> list[Standing]:
        """What is of the department and the district asked for."""
        return [
            stands
            for stands in self.everything
            if self.department in (None, "*", of_department(stands))
            and self.district in (None, "*", self.district_of(stands))
        ]

    def query(self, **changes: str) -> str:
        """The address of the page with other things asked for."""
        asked = {"span": self.span, "department": self.department, "district": self.district}
        named = {k: v for k, v in {**asked, **changes}.items() if v is not None and v != "*"}
        return urlencode(named)


@router.get("/completeness", READ)
def complete(request: HttpRequest) -> HttpResponse:
    """What came of what was owed, by district and department, and the names of what is missing."""
    asked = Asked(request, request.GET)
    chosen = completeness(asked.chosen)[()]
    missing = chosen.missing
    return show(
        request,
        "complete",
        "complete.title",
        here="completeness",
        asked=asked,
        whole=completeness(asked.everything)[()],
        chosen=chosen,
        share=share(chosen),
        departments=departments_of(asked.everything),
        by_department=completeness(asked.everything, of_department),
        cells=completeness(asked.everything, asked.district_of, of_department),
        districts=districts_of(request, asked),
        by_district=completeness(asked.everything, asked.district_of),
        share_of=share,
        tone=tone,
        rows=[line(request, stands) for stands in missing[:SHOWN]],
        more=max(len(missing) - SHOWN, 0),
        months=months_before(asked.calendar.day),
        may_remind=request.app.permission.anywhere(request.person, REMIND),
        may_export=request.app.permission.anywhere(request.person, "export.take"),
    )


def departments_of(everything: Iterable[Standing]) -> list[str]:
    """The departments in charge, in order; the one that is not named last."""
    return sorted({of_department(s) for s in everything}, key=lambda name: (not name, name))


def districts_of(request: HttpRequest, asked: Asked) -> list[tuple[str, str]]:
    """The districts that something is owed in, in the order of the tree: code and name."""
    places, lang = asked.calendar.places, language(request)
    there = {asked.district_of(stands) for stands in asked.everything}
    known = [p for p in places if p.code in there]
    named = [(p.code, (p.name_en if lang == "en" else "") or p.name_zh) for p in known]
    return named + [(code, code) for code in sorted(there - {p.code for p in known})]


def share(cell: Completeness) -> str:
    """Filed of owed in per cent; what is not complete is never 100 %."""
    if cell.share is None:
        return "—"
    rounded = round(100 * cell.share, 1)
    return f"{min(rounded, 99.9) if cell.filed < cell.owed else rounded:g}%"


def tone(cell: Completeness) -> str:
    """The light of a cell: all there, something past due, or something still to come."""
    if not cell.owed:
        return "grey"
    return "red" if cell.overdue else "orange" if cell.missing else "green"


def months_before(day: date) -> list[str]:
    """The last twelve months and this year, as they are asked for."""
    months = [day.year * 12 + day.month - 1 - back for back in range(13)]
    return [f"{m // 12}-{m % 12 + 1:02d}" for m in months] + [str(day.year), str(day.year - 1)]


@router.get("/completeness.xlsx", "export.take")
def download(request: HttpRequest) -> HttpResponse:
    """Completeness and the list of what is missing as a workbook."""
    from django.http import HttpResponse

    asked, say = Asked(request, request.GET), sayer(request)
    names = dict(districts_of(request, asked))
    counted = completeness(asked.chosen, asked.district_of, of_department)
    heads = ("owed", "filed", "approved", "on_time", "late_filed", "missing", "overdue")
    rows = [
        [names[str(district)], department, *counts_of(cell), share(cell)]
        for (district, department), cell in counted.items()
    ]
    rows.append([say("total"), "", *counts_of(completeness(asked.chosen)[()]), ""])
    rows[-1][-1] = share(completeness(asked.chosen)[()])
    lists = [
        ListSheet(
            say("complete.title"),
            [say(h) for h in ("district", "department", *heads, "waived_count", "share")],
            rows,
        ),
        ListSheet(say("missing"), missing_heads(say), missing_rows(request, asked)),
    ]
    content = lists_bytes(say("complete.title"), lists)
    name = quote(f"{say('complete.title')}-{asked.span}.xlsx")
    disposition = f"attachment; filename=\"completeness.xlsx\"; filename*=UTF-8''{name}"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def counts_of(cell: Completeness) -> list[int]:
    """The counts of a line of the workbook, in the order of its headings."""
    counts = cell.counts()
    order = ("owed", "filed", "approved", "on_time", "late", "missing", "overdue", "waived")
    return [counts[name] for name in order]


def missing_heads(say: Callable[..., str]) -> list[str]:
    """The headings of the list of what is missing."""
    heads = ("district", "body", "form", "period", "department", "due", "state", "overdue")
    return [say(head) for head in (*heads, "reason")]


def missing_rows(request: HttpRequest, asked: Asked) -> list[list[Any]]:
    """The list of what is missing, all of it."""
    names = dict(districts_of(request, asked))
    return [
        [
            names[asked.district_of(stands)],
            line_["body"],
            line_["title"],
            line_["period"],
            line_["department"],
            line_["due"].isoformat(),
            line_["said"],
            line_["when"] if stands.is_overdue else "",
            line_["reason"],
        ]
        for stands in completeness(asked.chosen)[()].missing
        for line_ in [line(request, stands)]
    ]


@router.get("/duties/reminders", REMIND)
def preview(request: HttpRequest) -> HttpResponse:
    """What would be sent to whom, or how many were sent."""
    numbers = [request.GET.get(name, "") for name in ("sent", "had", "nobody")]
    outcome = ""
    if all(number.isdecimal() for number in numbers):
        outcome = sayer(request)("remind.sent", *numbers)
    return reminding(request, Asked(request, request.GET, REMIND), outcome)


@router.post("/duties/reminders", REMIND)
def send(request: HttpRequest) -> HttpResponse:
    """Hand the messages over, one a body and day."""
    from django.http import HttpResponseRedirect

    from hengtan.web import trail

    asked = Asked(request, request.POST, REMIND)
    numbers = remind(messages_of(request, asked), request.person.name, asked.calendar.day)
    trail.note(request, "remind", f"{asked.query()} {numbers[0]}")
    counted = dict(zip(("sent", "had", "nobody"), map(str, numbers), strict=True))
    address = f"/duties/reminders?{asked.query(**counted)}"
    return HttpResponseRedirect(address, status=303)


def messages_of(request: HttpRequest, asked: Asked) -> list[Reminder]:
    """One message for each body that misses something of what was chosen, with all that it owes
    and is open.
    """
    calendar, workspace = asked.calendar, request.app.site.workspace
    bodies = {
        stands.obligation.body.code
        for stands in asked.chosen
        if stands.is_missing and stands.state not in ("not_open", "expired")
    }
    owed = calendar.owed(calendar.day - timedelta(days=A_YEAR), max(calendar.day, asked.last))
    theirs = [o for o in reached(request, owed, REMIND) if o.body.code in bodies]
    titles = {
        f"{form}:{item}" if item else form: titles_of(workspace, form, item)
        for form, item in {(o.form, o.item) for o in theirs}
    }
    return reminders(calendar.standings(theirs), titles)


def reminding(request: HttpRequest, asked: Asked, told_: str, status: int = 200) -> HttpResponse:
    """The page of the messages."""
    return show(
        request,
        "reminders",
        "remind.title",
        here="completeness",
        asked=asked,
        messages=messages_of(request, asked),
        outcome=told_,
        status=status,
        zh=language(request) == "zh",
    )
