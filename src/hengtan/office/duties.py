"""Who owes which form for which period, and by when: rules, and the obligations they come to.

An obligation is form × period × body (a place or an entity), with the day it opens, the day it is
due and the day it expires. It belongs to the day its period ends, so that the obligations of a span
of days are those of its parts together.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from hengtan.basis.dated import holds
from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period, month_end
from hengtan.basis.place import PlaceTree
from hengtan.basis.problem import Problem
from hengtan.basis.words import Words
from hengtan.basis.working_days import DueOn, WorkingDays

FREQUENCIES: Mapping[str, tuple[int, str]] = {
    "month": (1, "{year}-{month:02d}"),
    "cumulative": (1, "{year}-01..{month:02d}"),
    "quarter": (3, "{year}-Q{number}"),
    "half": (6, "{year}-H{number}"),
    "year": (12, "{year}"),
}
"""How many months a period ends after the one before it, and how it is written."""

ENTITY = "entity"
"""The kind of owers that are all entities known, rather than places of a kind."""

DUE_KINDS = ("day_of_month", "days_after", "working_day")
CHECKED_YEARS = range(2023, 2027)
"""Four years in a row, one of them a leap year: what is true of their days is true of all."""

WORDS = Words.of("hengtan.office", "duties.yaml")


class WrongDuty(HengtanError):
    """A duty rule or an exception that cannot be: the message names what is wrong with it."""


def wrong(code: str, *arguments: object) -> HengtanError:
    """A refusal in the words of this room."""
    return Problem.worded(WORDS, code, *arguments).error(WrongDuty)


@dataclass(frozen=True)
class Body:
    """Who owes: a place, or an entity (an enterprise, a unit) in its place.

    ``since`` and ``until``: the days it is on its list; it owes periods that end between them.
    """

    code: str
    name_zh: str
    name_en: str = ""
    place: str = ""
    is_entity: bool = False
    since: date | None = None
    until: date | None = None

    def name(self, language: str = "zh") -> str:
        """Its name, in Chinese where it has no English one."""
        return self.name_zh if language == "zh" else self.name_en or self.name_zh

    @property
    def lies_in(self) -> str:
        """The code of the place it is, or lies in."""
        return self.place if self.is_entity else self.code


@dataclass(frozen=True)
class Owers:
    """Who a rule is for: every place (or ``entity``) of a ``kind`` within ``within``, or those
    ``listed`` by code (places or entities).
    """

    kind: str = ""
    within: str = ""
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Due:
    """The day something is due.

    ``day_of_month``: the ``number``-th of the month ``months_after`` the period's last one (the
    last day where a month is shorter; 0 months after is the period's own last month);
    ``days_after``: so many days after the period ends, before it where negative; ``working_day``:
    the ``number``-th working day after it. With ``shifts`` a day that is not worked gives way to
    the next that is.
    """

    kind: str
    number: int
    months_after: int = 1
    shifts: bool = False

    def __post_init__(self) -> None:
        if self.kind not in DUE_KINDS:
            raise wrong("due-kind", self.kind)
        if self.kind == "day_of_month" and not (1 <= self.number <= 31 and self.months_after >= 0):
            raise wrong("due-day", self.number, self.months_after)
        if self.kind == "working_day" and not 1 <= self.number <= 250:
            raise wrong("due-working-day", self.number)

    def of(self, period: Period, days: WorkingDays) -> DueOn:
        """The day for a period."""
        if self.kind == "working_day":
            return days.nth_after(period.end, self.number)
        day = self.plain(period)
        return days.shifted(day) if self.shifts else DueOn(day)

    def say(self, language: str = "zh") -> str:
        """The day in words."""
        code = f"due.{self.kind}"
        if self.kind == "day_of_month" and self.months_after < 2:
            code += ".next" if self.months_after else ".same"
        words = WORDS.say(f"{code}|{self.number}|{self.months_after}", language)
        if not self.shifts or self.kind == "working_day":
            return words
        return f"{words}{'，' if language == 'zh' else ', '}{WORDS.say('due.shifts', language)}"

    def plain(self, period: Period) -> date:
        """The day for a period before it gives way to one that is worked."""
        if self.kind != "day_of_month":
            return period.end + timedelta(days=self.number)
        months = period.end.year * 12 + period.end.month - 1 + self.months_after
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.number, last))


@dataclass(frozen=True)
class DutyRule:
    """Who owes what how often, and by when.

    ``left_out``: numbers of periods within a year that are not owed (1 of the months is January);
    ``items``: what of the form is owed (ids of the column that says what a row is of: an indicator,
    a product), each an obligation of its own; nothing for the form as such;
    ``opens``: days after the period ends on which filing opens, negative before it ends;
    ``expires``: days after the due day up to which a late filing is still taken, None without an
    end. It holds for periods that end from ``valid_from`` to ``valid_until``, both inclusive.
    """

    id: str
    form: str
    frequency: str
    owers: Owers
    due: Due
    valid_from: date
    valid_until: date | None = None
    department: str = ""
    opens: int = 1
    expires: int | None = None
    left_out: frozenset[int] = frozenset()
    items: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or ":" in self.id:
            raise wrong("rule-id", self.id)
        if self.frequency not in FREQUENCIES:
            raise wrong("frequency", self.frequency)
        if self.expires is not None and self.expires < 0:
            raise wrong("expires-before-due", self.expires)
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise wrong("valid-backward", self.valid_from, self.valid_until)
        a_year = 12 // FREQUENCIES[self.frequency][0]
        if not self.left_out <= set(range(1, a_year + 1)) or len(self.left_out) == a_year:
            raise wrong("left-out", "、".join(map(str, sorted(self.left_out))), a_year)
        if any(":" in item or not item for item in self.items):
            raise wrong("item", "、".join(self.items))
        self._refuse_due_before_open()

    def _refuse_due_before_open(self) -> None:
        """A form must be open on the day it is due, in every period that is owed."""
        for year in CHECKED_YEARS:
            for period in periods_ending(self.frequency, date(year, 1, 1), date(year, 12, 31)):
                opens, due = self.opens_on(period), self.due.of(period, WorkingDays()).day
                if due < opens and self.number_of(period) not in self.left_out:
                    raise wrong("due-before-open", period.text, opens, due)

    def number_of(self, period: Period) -> int:
        """The number of a period within its year."""
        return period.end.month // FREQUENCIES[self.frequency][0]

    def opens_on(self, period: Period) -> date:
        """The day from which a period may be filed."""
        return period.end + timedelta(days=self.opens)

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """The periods owed that end from the first day to the last."""
        for period in periods_ending(self.frequency, first, last):
            owed = self.number_of(period) not in self.left_out
            if owed and holds(self.valid_from, self.valid_until, period.end):
                yield period


@dataclass(frozen=True)
class DutyException:
    """One obligation that is waived, or moved to another due day, expiry or opening.

    Where ``due`` moves and ``expires`` is not said, it expires as long after it is due as the rule
    says.
    """

    obligation: str
    by: str
    reason: str
    waived: bool = False
    due: date | None = None
    expires: date | None = None
    opens: date | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.by.strip():
            raise wrong("exception-reason", self.obligation)
        moves = any(day is not None for day in (self.due, self.expires, self.opens))
        if self.waived == moves:
            raise wrong("exception-what", self.obligation)
        if self.due and self.expires and self.expires < self.due:
            raise wrong("exception-expiry", self.due, self.expires)


@dataclass(frozen=True)
class Obligation:
    """What a body owes for a period, and by when.

    ``certain`` is False where the due day rests on a year whose holidays are not announced.
    """

    rule: str
    form: str
    period: Period
    body: Body
    department: str
    opens: date
    due: date
    expires: date | None = None
    certain: bool = True
    exception: DutyException | None = None
    item: str = ""

    @property
    def id(self) -> str:
        """rule:period:body, and :item where it is of one; the same whenever it is worked out."""
        return obligation_id(self.rule, self.period.text, self.body.code, self.item)

    @property
    def is_waived(self) -> bool:
        """Whether it need not be filed."""
        return self.exception is not None and self.exception.waived


Bodies = Callable[[Owers], Sequence[Body]]
"""The bodies that a rule is for."""


def obligation_id(rule: str, period: str, body: str, item: str = "") -> str:
    """The id of an obligation."""
    return ":".join((rule, period, body, item) if item else (rule, period, body))


def bodies_of(
    owers: Owers, places: PlaceTree, entities: Mapping[str, Body] | None = None
) -> list[Body]:
    """The bodies a rule is for, in the order of the tree or of the list.

    Raises UnknownPlace for a code that is neither a place nor one of the entities.
    """
    if owers.listed:
        known = entities or {}
        return [known[code] if code in known else of_place(places, code) for code in owers.listed]
    outer = owers.within
    if owers.kind == ENTITY:
        return [
            body
            for body in (entities or {}).values()
            if not outer or (body.place in places and places.within(body.place, outer))
        ]
    return [
        of_place(places, place.code)
        for place in places
        if place.kind == owers.kind and (not outer or places.within(place.code, outer))
    ]


def of_place(places: PlaceTree, code: str) -> Body:
    """A place as a body that owes. Raises UnknownPlace."""
    place = places[code]
    return Body(place.code, place.name_zh, place.name_en, place.code)


def periods_ending(frequency: str, first: date, last: date) -> Iterator[Period]:
    """The periods of a frequency that end from the first day to the last, in order."""
    months, _ = FREQUENCIES[frequency]
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = divmod(number, 12)
        if (month + 1) % months == 0 and first <= month_end(year, month + 1) <= last:
            yield _period(frequency, year, month + 1)


@lru_cache(maxsize=2000)
def _period(frequency: str, year: int, month: int) -> Period:
    months, form = FREQUENCIES[frequency]
    return Period.parse(form.format(year=year, month=month, number=month // months))


def obligations(
    rules: Iterable[DutyRule],
    bodies: Bodies,
    first: date,
    last: date,
    exceptions: Iterable[DutyException] = (),
    days: WorkingDays = WorkingDays(),
) -> Iterator[Obligation]:
    """The obligations of the periods that end from the first day to the last, by rule, period and
    body.

    Of several exceptions of an obligation the last holds.
    """
    by_id = {exception.obligation: exception for exception in exceptions}
    for rule in rules:
        owing = bodies(rule.owers)
        for period in rule.periods(first, last):
            due = rule.due.of(period, days)
            for body in owing:
                if not holds(body.since, body.until, period.end):
                    continue
                for item in rule.items or ("",):
                    its_id = obligation_id(rule.id, period.text, body.code, item)
                    owed = _obligation(rule, period, body, due, by_id.get(its_id))
                    yield replace(owed, item=item) if item else owed


def _obligation(
    rule: DutyRule, period: Period, body: Body, due: DueOn, exception: DutyException | None
) -> Obligation:
    due_day, opens, expires = due.day, rule.opens_on(period), None
    if exception is not None:
        due_day = exception.due or due_day
        opens = exception.opens or min(opens, due_day)
    if rule.expires is not None:
        expires = due_day + timedelta(days=rule.expires)
    if exception is not None and exception.expires is not None:
        expires = exception.expires
    return Obligation(
        rule=rule.id,
        form=rule.form,
        period=period,
        body=body,
        department=rule.department,
        opens=opens,
        due=due_day,
        expires=expires,
        certain=due.certain or (exception is not None and exception.due is not None),
        exception=exception,
    )
