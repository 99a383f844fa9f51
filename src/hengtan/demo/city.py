"""The story of the demonstration city (演示城市，虚构): who works in it, and how a month stands in
each district and enterprise. The plans and their public statistics are real; people, filings and
figures of districts are made up, and say so in their names and sources.

The same seed and day give the same story. It is played by ``web/demo_city``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, repeat

from hengtan.basis.place import PlaceTree
from hengtan.workspace.config import Settings

CITY, SEED = "500000", 38
MADE_UP = "演示数据（虚构，不是任何地区的统计）"
CITY_SETTINGS = Settings(
    title_zh="重庆市（演示城市，人员与填报均为虚构）",
    title_en="Chongqing (demonstration city, people and filings made up)",
    region=CITY,
    pack="wulong",
    demo=True,
    demo_city=True,
)
MONTHLY, ENTERPRISE = "monthly_figures", "enterprise_energy"
STATES = {
    "approved": 16,
    "late": 2,
    "at_city": 5,
    "at_district": 4,
    "returned": 3,
    "drafted": 3,
    "nothing": 4,
    "longer": 1,
}
"""How many districts stand where with the month: approved in time, approved but late, waiting for
the city's or the district's review, returned, drafted, not begun and overdue, given more time.
"""
OF_ENTERPRISES = ("approved", "approved", "waiting", "returned", "drafted", "nothing")
"""How the enterprises stand, in their order."""
INDUSTRIAL = ("500102", "500115")
"""The districts whose enterprises report."""
KINDS = (("水泥厂", "30"), ("钢铁厂", "31"), ("化工厂", "26"))
"""Enterprises of such a district: name and industry (GB/T 4754)."""
DEPARTMENTS = ("市发展改革委", "市生态环境局", "市经济信息委", "市商务委", "市住房城乡建委")
"""Departments with tasks."""
FIGURES = "市统计局"
"""The department that files the figures of the city itself."""
REVIEWED, DUE_BEFORE, ENTERPRISE_DUE, LONGER = 2, 3, 6, 7
"""Days: before today the city reviews; before today the month was due; until enterprises are due;
more time that one district was given."""
LEAST_DAYS = 10
"""A month is under way no sooner than so many days after it ended."""


@dataclass(frozen=True)
class Someone:
    """A person of the city: the name to sign in with, how he is called, his role and where it
    holds; ``group``: under which heading the page of signing in lists him.
    """

    name: str
    title: str
    role: str
    group: str
    place: str = ""
    department: str = ""
    entity: str = ""


@dataclass(frozen=True)
class Firm:
    """An enterprise of the city and how it stands with the month."""

    code: str
    name: str
    industry: str
    place: str
    state: str


@dataclass(frozen=True)
class Story:
    """The city on a day: its districts with how each stands, its enterprises and its people.

    ``ended``: the last day of the month under way.
    """

    day: date
    ended: date
    districts: tuple[tuple[str, str, str], ...]
    firms: tuple[Firm, ...]
    people: tuple[Someone, ...]

    @classmethod
    def on(cls, day: date, places: PlaceTree) -> Story:
        """The story that is under way on a day."""
        there = [p for p in places if p.kind == "district" and p.parent == CITY]
        states = list(chain.from_iterable(repeat(s, n) for s, n in STATES.items()))
        random.Random(SEED).shuffle(states)
        districts = tuple(
            (place.code, place.name_zh, state) for place, state in zip(there, states, strict=True)
        )
        firms = tuple(_firms({code: name for code, name, _ in districts}))
        people = (*_of_city(), *_of_districts(districts), *_of_firms(firms))
        return cls(day, month_under_way(day), districts, firms, people)

    @property
    def due(self) -> date:
        """The day by which districts were to file."""
        return self.day - timedelta(days=DUE_BEFORE)

    def named(self, role: str, place: str = CITY) -> Someone:
        """The first person with a role at a place."""
        return next(p for p in self.people if p.role == role and p.place in (place, ""))


def month_under_way(day: date) -> date:
    """The last day of the last month that ended ``LEAST_DAYS`` before a day."""
    return (day - timedelta(days=LEAST_DAYS - 1)).replace(day=1) - timedelta(days=1)


def _firms(names: dict[str, str]) -> list[Firm]:
    pairs = [(place, kind) for place in INDUSTRIAL for kind in KINDS]
    return [
        Firm(f"99YS{place}{n:08d}", f"演示{names[place]}{kind[0]}（虚构）", kind[1], place, state)
        for n, ((place, kind), state) in enumerate(zip(pairs, OF_ENTERPRISES, strict=True), 1)
    ]


def _of_city() -> list[Someone]:
    listed = [
        ("演示市领导", "市领导", "leader"),
        ("演示市调度", "市调度员", "coordinator"),
        ("演示市审核", "市审核员", "reviewer"),
        ("演示市复核", "市复核员", "reviewer"),
        ("演示市发布", "市发布员", "publisher"),
        ("演示市分析", "市分析员", "analyst"),
    ]
    city = [Someone(name, f"{title}（演示）", role, "city", CITY) for name, title, role in listed]
    administrators = [
        ("演示系统管理员", "系统管理员", "system_administrator"),
        ("演示安全管理员", "安全管理员", "security_administrator"),
        ("演示审计管理员", "审计管理员", "audit_administrator"),
    ]
    city += [
        Someone(name, f"{title}（演示）", role, "city") for name, title, role in administrators
    ]
    return (
        city
        + [
            Someone(f"演示{name}", f"{name}（演示）", "filer", "departments", CITY, name)
            for name in DEPARTMENTS
        ]
        + [Someone(f"演示{FIGURES}", f"{FIGURES}（演示）", "filer", "departments", CITY)]
    )


def _of_districts(districts: tuple[tuple[str, str, str], ...]) -> list[Someone]:
    work = (("填报", "filer"), ("审核", "reviewer"))
    return [
        Someone(f"演示{name}{does}", f"{name}{does}（演示）", role, "districts", code)
        for code, name, _ in districts
        for does, role in work
    ]


def _of_firms(firms: tuple[Firm, ...]) -> list[Someone]:
    return [
        Someone(
            firm.name.removesuffix("（虚构）"),
            firm.name,
            "filer",
            "enterprises",
            firm.place,
            entity=firm.code,
        )
        for firm in firms
    ]
