"""Whose accounts an administrator sees: those whose grants all lie within his own; an account that
was never granted anything is nobody's yet, and any administrator may take it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from hengtan.office.permission import PARTS, Clause, Grant, Thing
from hengtan.web.lists import as_q
from hengtan.web.rooms.people.models import Account, GrantRow

if TYPE_CHECKING:
    from django.http import HttpRequest


def accounts_of(request: HttpRequest, action: str) -> QuerySet[Any]:
    """The accounts to which the person of a request may do something."""
    clauses = request.app.permission.clauses_of(request.person, action)
    return Account.objects.filter(within_q(clauses))


def within_q(clauses: Iterable[Clause]) -> Q:
    """The condition that an account lies within one of the clauses: its grants, or where it has
    none now those it had.
    """
    ways = tuple(clauses)
    if any(way.is_everything for way in ways):
        return Q()
    inside = as_q(ways, **{part: part for part in PARTS})
    now, past = Q(taken_at=None), ~Q(taken_at=None)
    outside_now = GrantRow.objects.filter(now).exclude(inside).values("account")
    outside_past = GrantRow.objects.filter(past).exclude(inside).values("account")
    has_now = GrantRow.objects.filter(now).values("account")
    was_within = Q(pk__in=has_now) | ~Q(pk__in=outside_past)
    return ~Q(pk__in=outside_now) & was_within


def lies_within(clauses: Iterable[Clause], now: Iterable[Grant], past: Iterable[Grant]) -> bool:
    """The same for one account, of its grants now and those taken back."""
    ways, counted = tuple(clauses), tuple(now) or tuple(past)
    things = [Thing(g.place, g.form, g.department, g.entity) for g in counted]
    return all(any(way.reaches(thing) for way in ways) for thing in things)
