"""Every page of the city that somebody can open: addresses from the routes themselves, with what
the city holds in their parts, each with a person who may open it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import yaml

from hengtan.demo.city_permits import KEPT
from hengtan.web.rooms.bulletins.models import DraftRow as Bulletin
from hengtan.web.rooms.entry.models import DraftRow
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.tasks.models import Task
from hengtan.web.rooms.workings.groups import GROUPS
from hengtan.web.routing import asked
from hengtan.web.store import point_to

FIRST_PAGES = (
    ("/", "演示市领导"),
    ("/tasks", "演示市住房城乡建委"),
    ("/entry", "演示市统计局"),
    ("/duties", "演示涪陵区填报"),
    ("/review", "演示涪陵区审核"),
    ("/portal", "演示涪陵区水泥厂"),
    ("/bulletins/2026-10", "演示市分析"),
)
"""Where others begin, whose pages look otherwise than those of the people below."""
PEOPLE = (
    "演示市调度",
    "演示市发布",
    "演示市审核",
    "演示铜梁区填报",
    "演示系统管理员",
    "演示审计管理员",
    "演示安全管理员",
)
"""Whoever comes first of those who may open a page opens it."""
NO_PAGES = re.compile(
    r"^/(api/(?!v1/docs)|api/v1/docs/assets|static/|download/|favicon|overview/change|find/sugg"
    r"|completeness/of)|\.|/(original|version|findings|blank)$|(?<=\})/(files|evidence)/|/result$"
)
"""Addresses that answer with data, files or pieces of a page."""
NEEDS_A_DEED = (
    "/jobs/{job}",
    "/review/many/{job}",
    "/plans/{plan}",
    "/workbooks/{working}/{key}",
    "/rules/tables/{working}/{key}",
    "/plans/documents/{working}/{key}",
)
"""What is there once somebody has sent a file or begun a job, which nobody of the city has."""
NEEDED = {
    "/explain/{account}": "target_id=cq-forest-cover-2027",
    "/duties/exception": "obligation=演示-区县月报:2026-01..10:500105",
    "/find": "q=森林",
    "/enterprises/{enterprise}/origin/{account}": "place=500102&year=2026",
}
"""Questions without which an address answers nothing."""
QUESTIONS = (
    ("/", "wall=1"),
    ("/targets", "light=grey"),
    ("/completeness", "period=2026-10"),
    ("/review", "state=returned"),
    ("/tasks", "late=1"),
)
"""Pages that look otherwise with a question."""


def parts_of(city):
    """What stands in the parts of addresses, by their names."""
    register = city.site.workspace.ledger.current()
    waiting = next(n for n, state in register.states.items() if state == "submitted")
    draft = DraftRow.objects.filter(submission="", form="monthly_figures").order_by("id").last()
    return {
        "account": str(Account.objects.get(username="演示铜梁区填报").pk),
        "enterprise": "99YS50010200000003",
        "key": draft.key,
        "kind": "discharge_permit",
        "name": "places",
        "number": "P0001",
        "period": Bulletin.objects.get(state="submitted").period,
        "place": "500102",
        "registry_id": city.site.view().registries[0]["registry_id"],
        "rule_id": "env_tax.air",
        "subject": KEPT,
        "submission": waiting,
        "target_id": "cq-forest-cover-2027",
        "task": str(Task.objects.get(state="answered").pk),
    }


def examples_of(route, parts):
    """What stands in the parts of a route, once for each page of it that is looked at."""
    if route.startswith("/explain"):
        return [{"account": "plan_progress"}]
    if route.endswith("/origin/{account}"):
        return [parts | {"account": "carbon_enterprise"}]
    if route == "/tasks/{task}/edit":
        return [{"task": str(Task.objects.get(state="draft").pk)}]
    if route.endswith("/{working}"):
        (group,) = (g for g in GROUPS if route == f"{g.prefix}/{{working}}")
        return [{"working": working.name} for working in group.workings]
    return [parts]


def addresses(city) -> Iterator[tuple[str, str]]:
    """Each route that answers a page, with its address."""
    parts = parts_of(city)
    for route, methods in sorted(city.urls.routes.items()):
        if "GET" not in methods or NO_PAGES.search(route) or route in NEEDS_A_DEED:
            continue
        for here in examples_of(route, parts):
            address = re.sub(r"\{(\w+)\}", lambda m, here=here: here[m[1]], route)
            yield route, address + (f"?{NEEDED[route]}" if route in NEEDED else "")
    for address, question in QUESTIONS:
        yield f"{address}?{question}", f"{address}?{question}"


def who_may(city, route, address):
    """The first of the people who may open an address; None where none of them may."""
    from django.test import RequestFactory

    request = RequestFactory().get(address)
    request.app = city
    names = re.findall(r"\{(\w+)\}", route.path)
    parts = dict(
        zip(names, re.fullmatch(_pattern(route.path), address.split("?")[0]).groups(), strict=True)
    )
    for name in PEOPLE:
        request.person = persons.person_of(persons.account_of(name))
        if asked(request, route, parts):
            return name
    return None


def _pattern(path):
    return re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path))


def pages(city) -> list[tuple[str, str]]:
    """Address and the person who opens it, of every page."""
    point_to(city.store)
    listed = []
    for path, address in addresses(city):
        route = city.urls.routes[path.split("?")[0]]["GET"]
        name = who_may(city, route, address)
        if name is not None:
            listed.append((address, name))
    of_accounts = ["/account/2fa/", "/account/password/change/", "/account/sessions/"]
    of_one = [(address, "演示市审核") for address in of_accounts]
    return [*listed, *FIRST_PAGES, *of_one, ("/account/login/", "")]


def menu_pages(city) -> list[tuple[str, str]]:
    """The pages of the menu, and that of signing in."""
    text = files("hengtan.web").joinpath("menu.yaml").read_text(encoding="utf-8")
    menu = {a for section in yaml.safe_load(text).values() for a in section.values()}
    return [
        (address, name) for address, name in pages(city) if address in {*menu, "/account/login/"}
    ]
