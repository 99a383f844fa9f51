"""Who a job acts for: the person who asked for it, with the rights he has when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.office.permission import Person
from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.people.persons import person_of

if TYPE_CHECKING:
    from hengtan.web.rooms.jobs.kinds import Application
    from hengtan.web.rooms.jobs.models import Job

ALONE = "is_alone"
"""The argument of a job that the one person of a laptop asked for."""


class OnBehalf:
    """Stands where a request does for what asks only who acts in which application."""

    def __init__(self, app: Application, person: Person) -> None:
        self.app, self.person = app, person
        self.META: dict[str, Any] = {}


def asked_by(person: Person) -> dict[str, Any]:
    """What a job's arguments keep of who asked, beside his name."""
    return {ALONE: True} if person.is_alone else {}


def person_now(job: Job) -> Person:
    """Who asked for a job, with the grants of this moment; nobody where his account is gone."""
    if job.arguments.get(ALONE):
        return Person(job.by, is_alone=True)
    account = Account.objects.filter(username=job.by).first()
    return Person(is_closed=True) if account is None else person_of(account)
