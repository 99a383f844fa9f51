"""Permission, one idea in one place: ``may(person, action, thing)`` says yes or no and why.

A person acts by grants: role × place (with all within it) × form × department × entity × until. A
grant reaches a thing when the thing is of every part the grant names. Lists are filtered by the
very clauses that ``may`` asks (``clauses_of``): what is listed and what may be opened are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Protocol

from hengtan.basis.errors import HengtanError
from hengtan.basis.words import Words, coded
from hengtan.office.roles import actions, exclude_each_other, roles

NOT_OF_ONES_OWN = frozenset({"record.review", "record.publish", "bulletin.approve"})
"""What nobody does to his own work."""
PARTS = ("place", "form", "department", "entity")


class Places(Protocol):
    """The tree of places, as far as permission asks it."""

    def within(self, place: str) -> frozenset[str]:
        """A place and all places in it."""


@dataclass(frozen=True)
class Grant:
    """A role, and where it holds: None of a part is everywhere; ``until``: the last day."""

    role: str
    place: str | None = None
    form: str | None = None
    department: str | None = None
    entity: str | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it has not ended."""
        return self.until is None or day <= self.until


@dataclass(frozen=True)
class Person:
    """Who acts. ``name`` is the sign-in name, "" of one who is not signed in; ``is_alone``: the one
    person of a laptop, who may do all; ``only``: the actions of a token, None for all of its owner.
    """

    name: str = ""
    grants: tuple[Grant, ...] = ()
    is_alone: bool = False
    is_closed: bool = False
    only: frozenset[str] | None = None
    id: int | None = None
    title: str = ""

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles asks for a second factor."""
        return any(roles()[grant.role].needs_second_factor for grant in self.grants)


NOBODY = Person()


@dataclass(frozen=True)
class Thing:
    """What is acted on; None where a part does not apply. ``department``: one, or each of several
    that it concerns; ``by``: who made it.
    """

    place: str | None = None
    form: str | None = None
    department: str | tuple[str, ...] | None = None
    entity: str | None = None
    by: str | None = None


ANYTHING = Thing()
"""What is of no place, form, department or enterprise: only a grant without such parts reaches it.
"""


@dataclass(frozen=True)
class Clause:
    """One way in which things may be reached: each part is a set of values, None for any, and the
    thing was not made by ``not_by``.
    """

    place: frozenset[str] | None = None
    form: frozenset[str] | None = None
    department: frozenset[str] | None = None
    entity: frozenset[str] | None = None
    not_by: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether it names no part."""
        return all(getattr(self, part) is None for part in PARTS)

    def reaches(self, thing: Thing) -> bool:
        """Whether the thing is of every part that is named, and somebody else's where asked."""
        of_every_part = all(_is_of(getattr(self, part), getattr(thing, part)) for part in PARTS)
        return of_every_part and (self.not_by is None or thing.by != self.not_by)


def _is_of(allowed: frozenset[str] | None, value: str | tuple[str, ...] | None) -> bool:
    if allowed is None:
        return True
    return any(v in allowed for v in value) if isinstance(value, tuple) else value in allowed


@dataclass(frozen=True)
class Answer:
    """Yes or no, and why: a code of ``words.yaml`` with its arguments."""

    yes: bool
    why: str

    def __bool__(self) -> bool:
        return self.yes

    def say(self, language: str = "zh") -> str:
        """The reason in words."""
        return words().say(self.why, language)


def words() -> Words:
    """The words of this room."""
    return Words.of("hengtan.office")


class Permission:
    """The rule, over the places of a workspace and the day.

    ``today`` gives the day on which grants are asked for.
    """

    def __init__(self, places: Places, today: Callable[[], date] = date.today) -> None:
        self._places, self._today = places, today

    def may(self, person: Person, action: str, thing: Thing = ANYTHING) -> Answer:
        """Whether a person may do something to a thing. Raises KeyError for an unknown action."""
        actions()[action]
        if person.is_closed:
            return Answer(False, "no.closed")
        if person.only is not None and action not in person.only:
            return Answer(False, "no.token")
        if person.is_alone:
            return Answer(True, "yes.alone")
        if action in roles()["public"].actions:
            return Answer(True, "yes.public")
        for grant in self._grants_for(person, action):
            if self._clause(person, action, grant).reaches(thing):
                return Answer(True, coded("yes.grant", roles()[grant.role].title_zh, _reach(grant)))
        return Answer(False, self._why_not(person, action, thing))

    def clauses_of(self, person: Person, action: str) -> tuple[Clause, ...]:
        """The ways in which a person reaches things with an action; none where he reaches nothing.

        ``any(clause.reaches(thing) …)`` is ``may(person, action, thing)`` for every thing.
        """
        if person.is_closed or (person.only is not None and action not in person.only):
            return ()
        if person.is_alone or action in roles()["public"].actions:
            return (Clause(),)
        return tuple(
            self._clause(person, action, grant) for grant in self._grants_for(person, action)
        )

    def reach(self, person: Person, action: str) -> tuple[tuple[Grant, Clause], ...]:
        """Each grant that carries an action today, with what it reaches."""
        grants = self._grants_for(person, action)
        return tuple((grant, self._clause(person, action, grant)) for grant in grants)

    def within(self, place: str) -> frozenset[str]:
        """A place and all places in it."""
        return self._places.within(place)

    def anywhere(self, person: Person, action: str) -> bool:
        """Whether there is anything the person could do this to: what a menu asks."""
        actions()[action]
        return bool(self.clauses_of(person, action))

    def may_grant(self, giver: Person, receiver: str, theirs: Iterable[Grant], new: Grant) -> None:
        """Whether a grant may be given to a person who has others. Raises HengtanError.

        One grants only within the reach and the days of one's own grant, never to oneself, and
        roles that exclude each other never meet in one person.
        """
        error = words().error
        if new.role not in roles():
            raise error(HengtanError, coded("grant.unknown_role", new.role))
        if receiver == giver.name:
            raise error(HengtanError, "grant.to_oneself")
        if not giver.is_alone:
            self._refuse_beyond(giver, new)
        clash = exclude_each_other([new.role, *(g.role for g in theirs)])
        if clash:
            first, second = (roles()[name].title_zh for name in clash)
            raise error(HengtanError, coded("grant.excluded", first, second))

    def _refuse_beyond(self, giver: Person, new: Grant) -> None:
        own = self._grants_for(giver, "grant.give")
        if not own:
            why = self.may(giver, "grant.give").say()
            raise words().error(HengtanError, coded("grant.not_giver", why))
        if not any(self.is_within(new, grant) for grant in own):
            raise words().error(HengtanError, coded("grant.beyond", _reach(new)))

    def is_within(self, inner: Grant, outer: Grant) -> bool:
        """Whether all that one grant reaches, the other reaches too, and for as long."""
        if outer.until and (inner.until is None or inner.until > outer.until):
            return False
        for part in PARTS:
            allowed = self._values(outer, part)
            asked = self._values(inner, part)
            if allowed is not None and (asked is None or not asked <= allowed):
                return False
        return True

    def _grants_for(self, person: Person, action: str) -> list[Grant]:
        today = self._today()
        return [
            grant
            for grant in person.grants
            if grant.holds_on(today) and action in roles()[grant.role].actions
        ]

    def _clause(self, person: Person, action: str, grant: Grant) -> Clause:
        own = person.name if action in NOT_OF_ONES_OWN else None
        return Clause(**{part: self._values(grant, part) for part in PARTS}, not_by=own)

    def _values(self, grant: Grant, part: str) -> frozenset[str] | None:
        value = getattr(grant, part)
        if value is None:
            return None
        return self._places.within(value) if part == "place" else frozenset({value})

    def _why_not(self, person: Person, action: str, thing: Thing) -> str:
        if not person.name:
            return "no.signed_out"
        carrying = [g for g in person.grants if action in roles()[g.role].actions]
        if not carrying:
            return coded("no.role", *actions()[action])
        valid = self._grants_for(person, action)
        if not valid:
            ends = [grant.until for grant in carrying if grant.until]
            return coded("no.expired", max(ends))
        not_own = (replace(self._clause(person, action, g), not_by=None) for g in valid)
        if any(clause.reaches(thing) for clause in not_own):
            return "no.own"
        return coded("no.outside", roles()[valid[0].role].title_zh, _reach(valid[0]))


def _reach(grant: Grant) -> str:
    """The parts a grant names, in Chinese."""
    named = [f.name for f in fields(grant) if f.name in PARTS and getattr(grant, f.name)]
    parts = [words().say(coded(f"part.{name}", getattr(grant, name))) for name in named]
    return "，".join(parts) or words().say("everywhere")


def own_enterprises(person: Person, ways: Iterable[Clause]) -> list[str]:
    """The enterprises that a person reports for and nothing else; none for who also does for a
    place.
    """
    entities = [way.entity for way in ways]
    if person.is_alone or None in entities:
        return []
    return sorted({code for codes in entities if codes for code in codes})
