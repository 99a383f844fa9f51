"""Where the story is played: the application on the days of the story, and who acts.

Days and the ledger's moments are those of the story; what the database dates by itself (notices,
answers, the audit trail) is of the moment the city is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.basis.days import BEIJING
from hengtan.basis.errors import HengtanError
from hengtan.demo.city import CITY_SETTINGS, Someone, Story
from hengtan.ledger.batch import Step
from hengtan.ledger.handing_in import Meta, Submission
from hengtan.ledger.submissions import Ledger
from hengtan.office.permission import Person, Thing
from hengtan.web.rooms.people import persons
from hengtan.workspace import Workspace

if TYPE_CHECKING:
    from hengtan.web.application import Application


@dataclass
class Clock:
    """The moment the story is at."""

    at: datetime

    @property
    def day(self) -> date:
        """Its day."""
        return self.at.date()

    def goes_to(self, day: date, hour: int, minute: int = 0) -> None:
        """Go on to a moment of a day."""
        self.at = datetime.combine(day, time(hour, minute), BEIJING)


@dataclass
class DatedWriter:
    """Writes to the ledger at the moment of the story (``GatheringWriter`` writes at that of the
    machine).
    """

    ledger: Ledger
    clock: Clock

    def submit(self, form: Any, table: pa.Table, meta: Meta, **how: Any) -> Submission:
        """Hand in."""
        return self.ledger.submit(form, table, meta, **{**how, "at": self.clock.at})

    def record(
        self, submission: str, state: str, actor: Actor, reason: str = "", **how: Any
    ) -> str:
        """Take a step."""
        return self.ledger.record(submission, state, actor, reason, **{**how, "at": self.clock.at})

    def record_many(self, steps: Sequence[Step]) -> list[str | Exception]:
        """Take steps."""
        return self.ledger.record_many([replace(step, at=self.clock.at) for step in steps])

    def close(self) -> None:
        """Nothing waits."""


@dataclass
class Asked:
    """What a rule of a room asks of a request: the application and who asks."""

    app: Application
    person: Person
    META: dict[str, str] = field(default_factory=dict)


@dataclass
class Stage:
    """The application with the story that is played on it."""

    app: Application
    story: Story
    clock: Clock

    @classmethod
    def of(cls, workspace: Workspace, story: Story) -> Stage:
        """A stage over an empty workspace of the city."""
        from hengtan.web.application import Application
        from hengtan.web.site import Site

        clock = Clock(datetime.combine(story.ended, time(9), BEIJING))
        app = Application(Site(workspace), writable=True, is_shared=True, today=lambda: clock.day)
        app.use_writer(DatedWriter(workspace.ledger, clock))
        return cls(app, story, clock)

    @property
    def workspace(self) -> Workspace:
        """The workspace that is played in."""
        return self.app.site.workspace

    def asked_by(self, someone: Someone) -> Asked:
        """A question of somebody."""
        return Asked(self.app, self.person(someone))

    def person(self, someone: Someone) -> Person:
        """Somebody with the grants he has."""
        return persons.person_of(persons.account_of(someone.name))

    def let(self, someone: Someone, action: str, thing: Thing) -> Person:
        """Somebody who may do this. Raises HengtanError where the rules do not let him."""
        person = self.person(someone)
        answer = self.app.permission.may(person, action, thing)
        if not answer:
            raise HengtanError(answer.say("zh"), answer.say("en"))
        return person


def empty_city(folder: Any) -> Workspace:
    """The workspace of the city, with nothing in it."""
    return Workspace.create(folder, CITY_SETTINGS)
