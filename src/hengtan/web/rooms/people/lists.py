"""Accounts as the pages list them: found, paged, with what is to be known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest

from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.people.reach import accounts_of

A_PAGE = 50
STATES = ("open", "closed", "locked", "first")


@dataclass(frozen=True)
class Listed:
    """A page of a list with the question it answers."""

    page: Page[Any]
    asked: dict[str, str]

    def link(self, number: int) -> str:
        """The question for another page."""
        from urllib.parse import urlencode

        return "?" + urlencode({**self.asked, "page": number})


def paged(request: HttpRequest, rows: QuerySet[Any], asked: dict[str, str], of: int) -> Listed:
    """The page that is asked for; the nearest one where there is no such page."""
    return Listed(Paginator(rows, of).get_page(request.GET.get("page")), asked)


def accounts(request: HttpRequest) -> Listed:
    """The accounts within reach that are asked for (``q``, ``state``), by name."""
    asked = {"q": request.GET.get("q", "").strip()[:60], "state": request.GET.get("state", "")}
    rows = accounts_of(request, "person.read").order_by("username").prefetch_related("grants")
    if asked["q"]:
        named = Q(username__icontains=asked["q"]) | Q(title__icontains=asked["q"])
        rows = rows.filter(named | Q(department__icontains=asked["q"]))
    if asked["state"] in STATES:
        rows = rows.filter(_in_state(asked["state"]))
    return paged(request, rows.annotate(seen=Max("usersession__created_at")), asked, A_PAGE)


def _in_state(state: str) -> Q:
    if state == "locked":
        return Q(username__in=locked_names())
    return {
        "open": Q(is_active=True),
        "closed": Q(is_active=False),
        "first": Q(must_change_password=True),
    }[state]


def locked_names() -> set[str]:
    """Names that are locked after too many wrong passwords."""
    from datetime import timedelta

    from axes.models import AccessAttempt
    from django.conf import settings
    from django.utils import timezone

    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    rows = AccessAttempt.objects.filter(
        attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(rows.values_list("username", flat=True))


def grants_of(account: Account) -> Sequence[Any]:
    """The grants an account has, from what was fetched with it."""
    return [row for row in account.grants.all() if row.taken_at is None]
