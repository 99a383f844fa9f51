"""Whatever the terminal can do, a page can do: ``commands.csv`` names the page of each command, or
why there can be none; and each page answers a person who has the right.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from page_client import PageClient

import hengtan.cli.main  # noqa: F401 (importing registers the verbs)
from hengtan.cli.app import app
from hengtan.desk.bulletin_issues import issues
from hengtan.desk.plan_folders import plans_of
from hengtan.office.permission import NOT_OF_ONES_OWN, Grant, Person
from hengtan.office.roles import roles
from hengtan.web import Site, who
from hengtan.web.application import Application
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.workings.models import WorkingRow
from hengtan.web.urls import Urls
from hengtan.workspace import Workspace

FILE = Path(__file__).with_name("commands.csv")
LEAST_REASON = 12
"""Letters of a reason that says something."""


def commands(group: Any, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_command_has_a_row_and_every_row_a_command():
    assert sorted(row["command"] for row in rows()) == sorted(commands(typer.main.get_command(app)))


def test_a_page_is_there_or_a_reason_is_given():
    known = Urls().routes
    wrong = [r for r in rows() if bool(r["page"]) == bool(r["reason"])]
    missing = [r for r in rows() if r["page"] and r["page"] not in known]
    assert wrong == [] and missing == []


def test_no_reason_puts_it_off():
    """What a page cannot do is said with its reason, never as something to come."""
    off = re.compile(r"not yet|later|to ?do|terminal only", re.IGNORECASE)
    reasons = [row["reason"] for row in rows() if row["reason"]]
    assert [text for text in reasons if off.search(text) or len(text) < LEAST_REASON] == []


PLAN = "到2030年，单位地区生产总值能耗下降15%，森林覆盖率达到60%。\n"
PARKS = "园区,年综合能耗（吨标准煤）,年二氧化碳排放（吨）\n甲园,300000,50000\n"
GOALS = "区县,类别,基年能源消费量,基年地区生产总值,期内经济增长倍数,目标\n甲,,9,5,1.3,14\n"
PAYERS = "组别,户数,污染物排放量.二氧化硫\n小户,10,1000\n"
BALANCE = "项目,原煤\n可供本地区消费的能源量,120\n一次能源生产量,120\n终端消费量,120\n"
INVENTORY = "City,I.1.1,II.1.1,III.1.1,TOTAL BASIC\nX,10,20,5,35\n"
FIGURES = "指标,地区,时期,数值,单位,资料来源\n森林覆盖率,武隆区,2025,68,%,年报\n"
REFORM = {"rule": "env_tax.air", "on": "2024-05-31", "change": "env_tax.air.rate=5"}
PLACE = "500156"
ISSUE = {
    "do": "issue plan",
    "plan.confirmed": "yes",
    "plan.title": "规划",
    "plan.first_year": "2026",
    "plan.last_year": "2030",
}
ENTRY = {"form": "indicator_values", "place": PLACE, "period": "2025"}
PARTS = {
    "rule_id": "env_tax.air",
    "account": "plan_progress",
    "name": "plan_progress",
    "end": "xlsx",
    "period": "2025-06",
    "kind": "discharge_permit",
}
"""Parts of addresses that are read."""
READ = {
    "assess template": "/workbooks/assess/blank?scheme=dual-carbon-2026",
    "budget template": "/workbooks/budget/blank?districts=yes",
    "decompose template": "/workbooks/goals/blank",
    "portfolio template": "/workbooks/portfolio/blank",
    "rule template": "/rules/tables/table/blank?rule=env_tax.air&end=.xlsx",
    "explain": "/explain/plan_progress?target_id={target}",
    "pathway book": f"/download/pathway/{PLACE}/study.xlsx?until=2026",
    "pathway paper": f"/download/pathway/{PLACE}/study.docx?until=2026",
    "dispatch book": f"/download/power/{PLACE}/study.xlsx?study=S1",
    "dispatch paper": f"/download/power/{PLACE}/study.docx?study=S1",
    "export gpc": f"/download/accounts/{PLACE}/gpc.xlsx",
    "export ipcc": f"/download/accounts/{PLACE}/ipcc.xlsx?year=2023",
}
"""Addresses that are read and want more than their parts."""
SENT = {
    "assess park": ("/workbooks/park", {}, {"file": ("园区.csv", PARKS)}),
    "assess run": ("/workbooks/assess", {}, {"file": "assess"}),
    "portfolio run": ("/workbooks/portfolio", {}, {"file": ("组合.csv", "x,y\n1,2\n")}),
    "budget run": ("/workbooks/budget", {}, {"file": ("预算.csv", "x,y\n1,2\n")}),
    "check balance": ("/workbooks/balance", {}, {"file": ("平衡表.csv", BALANCE)}),
    "check gpc": ("/workbooks/gpc", {}, {"file": ("清单.csv", INVENTORY)}),
    "decompose check": ("/workbooks/goals", {"goal": "14"}, {"file": ("目标.csv", GOALS)}),
    "decompose spread": ("/workbooks/spread", {"goal": "14"}, {"file": ("目标.csv", GOALS)}),
    "reform": ("/rules/tables/reform", REFORM, {"file": ("缴纳人.csv", PAYERS)}),
    "plan read": ("/plans/documents/read", {}, {"file": ("规划.md", PLAN)}),
    "plan diff": (
        "/plans/documents/diff",
        {},
        {"first": ("甲.md", PLAN), "second": ("乙.md", PLAN)},
    ),
    "plan add": ("/plans/documents/read/{key}/add", {}, {}),
    "plan decide": ("/plans/{plan}/decide", {"do": "accept_sure all", "by": "核对员"}, {}),
    "plan issue": ("/plans/{plan}/decide", ISSUE, {}),
    "label make": ("/labels/make", {"content": "企业=甲厂"}, {}),
    "form template": ("/entry/template", ENTRY, {}),
    "pathway measures": ("/entry/template", ENTRY | {"form": "measure_effects"}, {}),
    "registry template": ("/entry/template", ENTRY, {}),
    "import": ("/entry/upload", ENTRY, {"file": ("表.csv", FIGURES)}),
    "backup": ("/jobs/start/backup", {}, {}),
    "people oidc": ("/people/settings/oidc", {}, {}),
    "people renew": ("/people/{account}/renew", {}, {}),
}
"""Addresses that something is sent to."""
OWN_ROWS = ("approve", "return", "withdraw", "bulletin make")
"""Commands whose pages are tried below, after what they need."""


class Office:
    """People of an application, each with just the role that an address needs."""

    def __init__(self, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.person = application, Person()
        self.client = PageClient(application, follow=False)
        monkeypatch.setattr(who.Who, "_person", lambda *_: (self.person, ""))

    def page_of(self, command: str) -> str:
        return next(row["page"] for row in rows() if row["command"] == command)

    def comes(self, page: str, method: str) -> None:
        """Somebody with the right to a page asks from now on."""
        need = self.app.urls.routes[page][method].need
        able = [role for role in roles().values() if need in role.actions]
        grants = (Grant(max(able, key=lambda role: len(role.actions)).id),)
        name = need if need in NOT_OF_ONES_OWN else "经办人"
        self.person = Person(name, grants, id=1, title=name)

    def get(self, page: str, address: str) -> Any:
        self.comes(page, "GET")
        return self.client.get(address)

    def token(self) -> str:
        """What a form carries against forgery."""
        self.person = Person("filer", (Grant("filer"),), id=1, title="filer")
        text = self.client.get("/rules/tables/reform").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert token is not None
        return token[1]

    def post(self, page: str, address: str, data: dict[str, Any], files: Any = None) -> Any:
        form = data | {"csrfmiddlewaretoken": self.token(), "token": self.app.token}
        self.comes(page, "POST")
        return self.client.post(
            address, data=form, files=files or None, headers={"Origin": "http://localhost"}
        )


@pytest.fixture
def office(demo_copy, prepared_store, monkeypatch) -> Iterator[Office]:
    monkeypatch.setenv("HENGTAN_LABEL_KEY", "0123456789abcdef")
    site = Site(demo_copy)
    application = Application(site, is_shared=True, today=lambda: date(2026, 11, 29))
    prepared_store(application)
    yield Office(application, monkeypatch)
    application.close()


def with_bytes(files: dict[str, Any], office: Office) -> dict[str, tuple[str, bytes]]:
    """Files as they are sent; ``assess``: the template of a scheme."""
    blank = READ["assess template"] + "&units=甲"
    return {
        slot: ("考核.xlsx", office.get("/workbooks/{working}/blank", blank).content)
        if file == "assess"
        else (file[0], file[1].encode())
        for slot, file in files.items()
    }


COAL = {
    "place": PLACE,
    "period": "2023",
    "balance_row": "F.2.ind",
    "product": "raw_coal",
    "quantity_kind": "physical",
    "convention": "none",
    "value": 90.0,
    "unit": "万吨",
}
"""What an inventory can be made of."""
OTHER_USE = (
    ("F.3.other", "raw_coal"),
    ("F.3.trans", "gasoline"),
    ("F.3.trans", "electricity"),
    ("F.4", "gasoline"),
)
"""What measures of the demonstration ask of a balance beside it."""
DISPATCH = {
    "power_units": {
        "power_unit": "C1",
        "plant": "甲电厂",
        "technology": "coal",
        "status": "operating",
        "fuel": "raw_coal",
        "capacity": 60,
        "coal_rate": 300,
        "availability": 100,
        "carbon_factor": 90,
        "source_title": "测试",
    },
    "fuel_prices": {
        "product": "raw_coal",
        "period": "2025",
        "price": 900,
        "price_unit": "tce",
        "source_title": "测试",
    },
    "dispatch_studies": {
        "study": "S1",
        "title": "测试研究",
        "year": 2025,
        "fuel_period": "2025",
        "demand_energy": 1,
        "load_stand_in": "cq-load-2018",
        "wind_profile": "flat",
        "hydro_profile": "flat",
        "hydro_hours": 3000,
        "solar_profile": "flat",
        "solar_hours": 900,
        "wind_hours": 2000,
        "shortage_price": 5,
    },
}
"""A dispatch study of one plant."""


def test_each_page_answers_a_person_who_has_the_right(office, report):
    """Shown, or done and sent on: 200 or 303; what needs something to be there finds it."""
    workspace = office.app.site.workspace
    others = [COAL | {"balance_row": row, "product": product} for row, product in OTHER_USE]
    electric = {"unit": "万千瓦时"}
    others = [row | electric if row["product"] == "electricity" else row for row in others]
    report(workspace, "regional_balance", [COAL, *others])
    for form, row in DISPATCH.items():
        report(workspace, form, [{"place": PLACE} | row])
    persons.make_account("某人", "测试")
    account = persons.account_of("某人").pk
    target = office.app.site.view().targets[0]["target_id"]
    answers = {}
    order = [row for row in rows() if row["page"] and row["command"] not in OWN_ROWS]
    order.sort(key=lambda row: ORDER.index(row["command"]) if row["command"] in ORDER else -1)
    for row in order:
        command, page = row["command"], row["page"]
        last = WorkingRow.objects.order_by("-pk").first()
        plan = next(iter(plans_of(office.app.site.workspace)), "")
        parts = {"account": account, "key": last.key if last else "", "plan": plan}
        if command in SENT:
            address, form, files = SENT[command]
            answered = office.post(page, address.format(**parts), form, with_bytes(files, office))
        else:
            address = READ.get(command, page).format(**PARTS, target=target)
            answered = office.get(page, address)
        answers[command] = answered.status_code
        if answered.status_code not in (200, 303):
            answers[command] = (answered.status_code, said_in(answered.text))
    assert {c: a for c, a in answers.items() if a not in (200, 303)} == {}


ORDER = ("plan read", "plan add", "plan list", "plan decide", "plan issue", "plan diff")
"""What comes one after the other."""


def said_in(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))[:300]


def test_the_pages_of_deciding_answer(office, report):
    """What somebody else handed in is approved or returned, one's own is withdrawn."""
    workspace = office.app.site.workspace
    figure = {"place": PLACE, "indicator": "forest_cover", "unit": "%", "source_title": "年报"}
    for number, command in enumerate(("approve", "return")):
        row = figure | {"period": str(2020 + number), "value": 60 + number}
        submission = report(workspace, "indicator_values", [row], approve=False)
        page = office.page_of(command)
        office.comes(page, "POST")
        shown = office.client.get(f"/review/{submission}").text
        seq = re.search(r'name="seq" value="([^"]+)"', shown)[1]
        form = {"do": command, "reason": "请核对", "seq": seq}
        assert office.post(page, page.format(submission=submission), form).status_code == 303
        state = workspace.ledger.submission(submission)["state"]
        assert state == {"approve": "approved", "return": "returned"}[command]
    row = figure | {"period": "2023", "value": 63}
    submission = report(workspace, "indicator_values", [row], approve=False)
    page = office.page_of("withdraw")
    headers = {"Origin": "http://localhost", "X-CSRFToken": office.token()}
    office.comes(page, "POST")
    office.person = replace(office.person, name="tester")
    address = page.format(submission=submission)
    answered = office.client.post(address, json={"reason": "填错"}, headers=headers)
    assert answered.status_code == 200, answered.text
    assert workspace.ledger.submission(submission)["state"] == "withdrawn"


def test_the_page_of_the_bulletin_answers(bulletin_city, prepared_store, monkeypatch, tmp_path):
    """Drafted and submitted by the analyst, approved by the publisher."""
    shutil.copytree(bulletin_city[0].folder, tmp_path / "city")
    with Workspace.open(tmp_path / "city") as workspace:
        application = Application(Site(workspace), is_shared=True)
        prepared_store(application)
        office = Office(application, monkeypatch)
        page, drafts = office.page_of("bulletin make"), "/bulletins"
        assert office.post(drafts, drafts, {"period": "2025-06"}).status_code == 303
        submit = "/bulletins/{period}/submit"
        assert office.post(submit, submit.format(period="2025-06"), {}).status_code == 303
        assert office.post(page, page.format(period="2025-06"), {}).status_code == 303
        assert issues(workspace)[-1]["written_by"] == "经办人"
        application.close()
