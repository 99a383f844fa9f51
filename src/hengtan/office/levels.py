"""Approval upward by level: which levels a form goes through, whose turn it is, who may take it.

The approval of the last level is the ledger's; those before are noted beside it and count for the
rows as they were handed in then: what is handed in again begins at the lowest level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hengtan.basis.errors import HengtanError
from hengtan.basis.words import Words, coded
from hengtan.office.permission import Answer, Clause, Grant, Person, Thing

UPWARD = ("district", "city", "province", "country")
ANYONE = "anyone"
"""The one level of forms for which none are set: whoever may review it approves it."""
USUAL = (ANYONE,)
OF_ALL = ""
"""The form under which the levels of every other form stand."""
YES = Answer(True, "yes.level")


def words() -> Words:
    """The words of reviewing and publishing."""
    return Words.of("hengtan.office", "reviewing.yaml")


@dataclass(frozen=True)
class Taken:
    """A level at which a submission was approved."""

    level: str
    by: str


@dataclass(frozen=True)
class Levels:
    """The levels of forms, from the lowest up."""

    of_form: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, setting: Mapping[str, Sequence[str]]) -> Levels:
        """From a setting: form → levels, "" for all others. Raises HengtanError."""
        return cls({form: checked(chain) for form, chain in setting.items()})

    def chain(self, form: str) -> tuple[str, ...]:
        """The levels of a form."""
        return self.of_form.get(form) or self.of_form.get(OF_ALL) or USUAL


def checked(chain: Sequence[str]) -> tuple[str, ...]:
    """Levels from the lowest up. Raises HengtanError for an unknown one or a wrong order."""
    for level in chain:
        if level not in UPWARD:
            raise words().error(HengtanError, coded("level.unknown", level))
    ranks = [UPWARD.index(level) for level in chain]
    if not ranks or ranks != sorted(set(ranks)):
        raise words().error(HengtanError, coded("level.order", " → ".join(chain)))
    return tuple(chain)


def next_level(chain: Sequence[str], taken: Iterable[Taken]) -> str:
    """The level whose turn it is: the lowest that is not taken; the last one where all are."""
    done = {each.level for each in taken}
    return next((level for level in chain if level not in done), chain[-1])


def is_last(chain: Sequence[str], level: str) -> bool:
    """Whether the approval of a level puts the rows in force."""
    return level == chain[-1]


@dataclass(frozen=True)
class Turn:
    """Whose turn it is with a submission.

    ``kind_of``: the kind of a place (district, city …); ``clause_of``: what a grant reaches.
    """

    level: str
    taken: tuple[Taken, ...]
    thing: Thing

    def may(
        self,
        person: Person,
        reach: Iterable[tuple[Grant, Clause]],
        kind_of: Callable[[str], str],
    ) -> Answer:
        """Whether a person who may review it may do so at this level, and why not.

        A level is taken by a grant of that level or a higher one; nobody takes two.
        """
        if person.is_alone:
            return YES
        if any(each.by == person.name for each in self.taken):
            return Answer(False, "no.twice")
        needed = UPWARD.index(self.level) if self.level != ANYONE else 0
        for grant, clause in reach:
            if clause.reaches(self.thing) and rank(grant.place, kind_of) >= needed:
                return YES
        return Answer(False, coded("no.level", words().say(f"level.{self.level}")))


def rank(place: str | None, kind_of: Callable[[str], str]) -> int:
    """How high a grant stands: that of no place over all; a zone or park like a district."""
    if place is None:
        return len(UPWARD)
    kind = kind_of(place)
    return UPWARD.index(kind) if kind in UPWARD else 0
