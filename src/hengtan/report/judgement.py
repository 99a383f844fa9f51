"""The judgement at the top of the overview, from the figures of a view alone: counts of what is on
track, behind or lacking figures, what presses most, and one sentence of both.

Nothing is judged here: lights and days overdue stand in the view.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period
from hengtan.report.view import StatusView
from hengtan.report.words import joined, named_in, word

STANDINGS: Mapping[str, tuple[str, ...]] = {
    "on_track": ("green", "met"),
    "behind": ("red", "orange", "missed"),
    "lacking": ("due_not_reported", "grey"),
}
"""达标、滞后、缺数: each light is of one of them."""
PRESSING: Mapping[str, int] = {"due_not_reported": 0, "missed": 1, "red": 3, "orange": 4}
"""Lights that press, with their order; what is overdue of milestones and measures stands at 2."""
OVERDUE = 2
MOST = 3
STANDING_OF = {light: name for name, lights in STANDINGS.items() for light in lights}
FAR = date.max


@dataclass(frozen=True)
class Alarm:
    """What presses: ``kind`` target, milestone or measure; ``why`` a light or ``overdue``;
    ``day``: the day it is due, None where it has none; ``days``: how many it is over, less than 0
    while there is time.
    """

    kind: str
    id: str
    zh: str
    en: str
    why: str
    order: int
    departments: tuple[str, ...]
    day: date | None
    days: int | None
    own: bool
    place_zh: str = ""
    place_en: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.days is not None and self.days > 0

    @property
    def rank(self) -> tuple[bool, bool, date, int]:
        """The plans of the region itself first; what is overdue first, for longest first; of one
        day the not reported, the missed, milestones and measures, then red before orange.
        """
        passed = self.is_overdue
        return (
            not self.own,
            not passed,
            (self.day or FAR) if passed else date.min,
            self.order,
        )


def counted(lights: Iterable[str]) -> dict[str, int]:
    """How many lights are of each standing."""
    standings = Counter(STANDING_OF[light] for light in lights)
    return {name: standings[name] for name in STANDINGS}


def day_of(deadline: object) -> date | None:
    """The last day of a deadline (a year, a month or a day); None where it names none."""
    try:
        return Period.parse(str(deadline)).end
    except BadPeriod:
        return None


def alarms(view: StatusView) -> list[Alarm]:
    """Everything that presses, the most pressing first (``Alarm.rank``, then the day, then the
    order of the view).
    """
    own = {plan["id"] for plan in view.plans if plan["own"]}
    judged_on = day_of(view.meta["judged_on"])
    listed = [*_of_targets(view, own, judged_on), *_of_overdue(view, own, judged_on)]
    return sorted(listed, key=lambda alarm: (*alarm.rank, alarm.day or FAR))


def _days(day: date | None, judged_on: date | None) -> int | None:
    return (judged_on - day).days if day and judged_on else None


def _of_targets(view: StatusView, own: set[str], judged_on: date | None) -> Iterable[Alarm]:
    asked = {gap["target_id"]: tuple(gap["department_zh"]) for gap in view.gaps}
    for target in view.targets:
        if target["light"] not in PRESSING:
            continue
        day = day_of(target["deadline"])
        departments = tuple(target["department_zh"]) or asked.get(target["target_id"], ())
        yield Alarm(
            "target",
            target["target_id"],
            target["indicator_zh"],
            target["indicator_en"],
            target["light"],
            PRESSING[target["light"]],
            departments,
            day,
            _days(day, judged_on),
            target["plan"] in own,
            target["region"],
            target["region_en"],
        )


def _of_overdue(view: StatusView, own: set[str], judged_on: date | None) -> Iterable[Alarm]:
    of_clause = {row["clause_ref"]: tuple(row["department_zh"]) for row in view.measures}
    for late in view.overdue:
        day = day_of(late["deadline"])
        yield Alarm(
            late["kind"],
            late["id"],
            late["zh"],
            late["en"],
            "overdue",
            OVERDUE,
            tuple(late["department_zh"]) or of_clause.get(late["clause"], ()),
            day,
            _days(day, judged_on),
            str(late["clause"]).split(":")[0] in own,
        )


@dataclass(frozen=True)
class Judgement:
    """The figures at the top of the overview."""

    targets: int
    judged: int
    unreported: int
    standings: Mapping[str, int]
    alarms: tuple[Alarm, ...]
    pressing: int

    @classmethod
    def of(cls, view: StatusView) -> Judgement:
        """Counted from a view."""
        pressing = alarms(view)
        return cls(
            len(view.targets),
            sum(target["state"] == "actual" for target in view.targets),
            sum(target["light"] == "due_not_reported" for target in view.targets),
            counted(target["light"] for target in view.targets),
            tuple(pressing[:MOST]),
            len(pressing),
        )

    def sentence(self, lang: str = "zh") -> str:
        """One sentence of them."""
        figures = {"targets": self.targets, "judged": self.judged, **self.standings}
        unreported = word(
            "judgement.unreported" if self.unreported else "judgement.all_reported",
            lang,
            n=self.unreported,
        )
        parts = [word("judgement.counts", lang, **figures), unreported]
        if self.alarms:
            parts.append(word("judgement.first", lang, what=said_of(self.alarms[0], lang)))
        return "".join(parts) + word("judgement.end", lang)


def said_of(alarm: Alarm, lang: str = "zh") -> str:
    """An alarm in words: what, who, when."""
    who = joined(named_in(alarm.departments, lang), lang) or word("judgement.nobody", lang)
    name = alarm.zh if lang == "zh" else alarm.en or alarm.zh
    place = alarm.place_zh if lang == "zh" else alarm.place_en or alarm.place_zh
    if place:
        name = word("judgement.of_place", lang, name=name, place=place)
    return word("judgement.alarm", lang, name=name, who=who, when=when_of(alarm, lang))


def when_of(alarm: Alarm, lang: str = "zh") -> str:
    """The day of an alarm, and the days over or left."""
    if alarm.day is None:
        return word("judgement.no_day", lang)
    key = "judgement.over" if alarm.is_overdue else "judgement.left"
    return word(key, lang, day=alarm.day.isoformat(), days=abs(alarm.days or 0))
