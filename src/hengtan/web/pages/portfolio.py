"""Portfolios of a place: the cheapest measures that keep what is asked for, or what excludes what;
the answer as a paper and as a workbook.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.downloads import KINDS, Download
from hengtan.desk.outlook_papers import portfolio_file_of
from hengtan.desk.portfolio_ledger import Fair
from hengtan.desk.portfolio_page import Budget, Goal, portfolio_view
from hengtan.office.permission import Thing
from hengtan.report.page.portfolio import portfolio_context
from hengtan.web.advice import advice
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, page, site_of
from hengtan.web.things import of_place
from hengtan.web.wanted import LONGEST, MOST, amount_of, tonnes_of, wanted_of, year_of

router = Router(keeps=True)
READ = "account.read"
WAN = 1e4
FRONT, MOST_POINTS, MOST_LINES = 8, 20, 8
RISKS = (0.8, 0.9, 0.95)


@router.get("/portfolio", READ)
def portfolio(request: HttpRequest) -> HttpResponse:
    """The portfolio of ``?place=`` that keeps caps (``cap_year``, ``cap``) within money (``from``,
    ``to``, ``capital``, ``spending``).
    """
    goal = goal_of(request)
    view = site_of(request).apart.ask(portfolio_view, goal=goal)
    may = request.app.permission.may
    if not may(request.person, READ, Thing(place=view["place"])):
        return not_found(request, goal.wanted.place or request.path)
    lang = language(request)
    files = request.app.permission.anywhere(request.person, "record.file") and request.app.writable
    refused = view["refused"] or {"todo": "", "todo_en": ""}
    return page(
        request,
        "portfolio",
        portfolio_places=[
            r for r in view["places"] if may(request.person, READ, Thing(place=r[0]))
        ],
        portfolio_may_take=bool(may(request.person, "export.take", Thing(place=view["place"]))),
        portfolio_may_file=files,
        portfolio_todo=advice(refused["todo" if lang == "zh" else "todo_en"]),
        **portfolio_context(view, lang),
    )


@router.get("/download/portfolio/{place}/study.{end}", "export.take", of_place, keeps=False)
def portfolio_study(request: HttpRequest, place: str, end: str) -> HttpResponse:
    """The portfolio of the page as a paper (``docx``) or a workbook (``xlsx``)."""
    site = site_of(request)
    view = site.apart.wait_for(portfolio_view, goal=goal_of(request, place))
    content = site.readers.ask(portfolio_file_of, view, end, language(request))
    return sent(Download(content, KINDS[end], f"portfolio-{place}.{end}"))


def goal_of(request: HttpRequest, place: str = "") -> Goal:
    """What an address asks for; what cannot be asked is left out."""
    asked = request.GET
    risk = amount_of(asked.get("at_risk", ""))
    return Goal(
        wanted_of(request, place, caps=False),
        _caps(request),
        _budgets(request, "capital"),
        _budgets(request, "spending"),
        _fair(request),
        tuple(sorted({code[:LONGEST] for code in asked.getlist("whole")[:MOST] if code})),
        asked.get("only_caps") == "1",
        _points(asked.get("front", "")),
        risk if risk in RISKS else None,
        asked.get("indirect") == "1",
    )


def _caps(request: HttpRequest) -> tuple[tuple[int, float], ...]:
    """Caps by year; the last one of a year counts."""
    asked = request.GET
    pairs = zip(asked.getlist("cap_year"), asked.getlist("cap"), strict=False)
    caps = {year_of(year): tonnes_of(cap) for year, cap in list(pairs)[:MOST_LINES]}
    return tuple((year, cap) for year, cap in sorted(caps.items(), key=str) if year and cap)


def _budgets(request: HttpRequest, name: str) -> tuple[Budget, ...]:
    """Money of each of some years [10^4 yuan], asked in 10⁸ yuan; one year where no last is."""
    asked = request.GET
    lines = zip(asked.getlist("from"), asked.getlist("to"), asked.getlist(name), strict=False)
    budgets = []
    for begin, end, money in list(lines)[:MOST_LINES]:
        first, amount = year_of(begin), amount_of(money)
        last = year_of(end) or first
        if first and last and amount is not None:
            budgets.append((first, last, amount * WAN))
    return tuple(budgets)


def _fair(request: HttpRequest) -> Fair | None:
    asked = request.GET
    of = asked.get("fair", "")
    least, most = amount_of(asked.get("least", "")), amount_of(asked.get("most", ""))
    if of not in ("spending", "cut") or (least is None and most is None):
        return None
    fair = Fair(of, least or 0.0, float("inf") if most is None else most)
    return fair if fair.least <= fair.most else None


def _points(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) < 3
    return min(int(text), MOST_POINTS) if plain else FRONT
