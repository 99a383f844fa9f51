"""The people of the city: accounts by its system administrator, grants by its security
administrator, the calendar by its coordinator.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from hengtan.demo.city import CITY, ENTERPRISE, ENTERPRISE_DUE, MONTHLY, Someone
from hengtan.office.permission import Grant, Person
from hengtan.office.roles import roles
from hengtan.web import trail
from hengtan.web.demo_city.stage import Stage
from hengtan.web.rooms.duties.models import DutyRow, EntityRow, ExceptionRow
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account, GrantRow, Setting
from hengtan.web.rooms.people.trying import PASSWORD
from hengtan.web.rooms.review import asking

LEVELS = {MONTHLY: ["district", "city"]}
"""Through which levels the figures of districts are approved."""


def make_people(stage: Stage) -> None:
    """Everybody, with a password that all know and a second factor where the role asks for one."""
    story, password = stage.story, make_password(PASSWORD)
    by = story.named("system_administrator").name
    now = timezone.now()
    Account.objects.bulk_create(
        Account(
            username=each.name,
            title=each.title[:60],
            department=each.department,
            password=password,
            must_change_password=False,
            password_changed_at=now,
            made_by=by,
            is_test=True,
        )
        for each in story.people
    )
    trail.add("accounts_imported", f"{len(story.people)}：演示城市", by=by)
    accounts = {account.username: account for account in Account.objects.filter(is_test=True)}
    _first_administrators(stage, accounts)
    giver = stage.person(story.named("security_administrator"))
    for each in story.people:
        account = accounts[each.name]
        if roles()[each.role].family == "work":
            _grant(stage, giver, account, each)
        if roles()[each.role].needs_second_factor:
            _give_second_factor(account)
    Setting.objects.create(name=asking.LEVELS, value=LEVELS, changed_by=by)
    trail.add("setting", asking.LEVELS, "district → city", by=by)


def _first_administrators(stage: Stage, accounts: dict[str, Account]) -> None:
    """The three, as ``hengtan people first`` makes them."""
    for each in stage.story.people:
        if roles()[each.role].family != "work":
            account = accounts[each.name]
            GrantRow.objects.create(account=account, role=each.role, given_by="hengtan demo")


def _grant(stage: Stage, giver: Person, account: Account, each: Someone) -> None:
    grant = Grant(
        each.role,
        place=each.place or None,
        department=each.department or None,
        entity=each.entity or None,
    )
    persons.give(stage.app.permission, giver, account, grant)
    title = roles()[each.role].title_zh
    trail.add("granted", f"{account.username} {title} {each.place}".strip(), by=giver.name)


def _give_second_factor(account: Account) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(account, generate_totp_secret())


def make_calendar(stage: Stage) -> None:
    """The enterprises that owe, two duties and one exception."""
    story = stage.story
    by = story.named("coordinator").name
    EntityRow.objects.bulk_create(
        EntityRow(code=firm.code, name_zh=firm.name, place=firm.place) for firm in story.firms
    )
    trail.add("duty.entities", str(len(story.firms)), by=by)
    first = story.ended.replace(day=1)
    common = {"valid_from": first, "changed_by": by, "due_kind": "days_after", "within": CITY}
    rows = (
        DutyRow(
            code="演示-区县月报",
            form=MONTHLY,
            frequency="cumulative",
            owers_kind="district",
            department="市统计局",
            due_number=(story.due - story.ended).days,
            **common,
        ),
        DutyRow(
            code="演示-企业月报",
            form=ENTERPRISE,
            frequency="month",
            owers_kind="entity",
            department="市经济信息委",
            due_number=(story.day - story.ended).days + ENTERPRISE_DUE,
            expires=60,
            **common,
        ),
    )
    for row in rows:
        row.rule()
        row.save()
        trail.add("duty", f"{row.code} {row.form} {row.frequency}", by=by)


def give_longer(stage: Stage, body: str, days: int) -> None:
    """Give a district more time for the month."""
    from hengtan.basis.period import Period
    from hengtan.demo.city_figures import period_zh
    from hengtan.office.duties import obligation_id

    story, by = stage.story, stage.story.named("coordinator").name
    period = Period.read(period_zh(story.ended.year, story.ended.month)).text
    row = ExceptionRow(
        obligation=obligation_id("演示-区县月报", period, body),
        due=story.day + timedelta(days=days),
        reason="演示：统计系统换版，申请延期",
        by=by,
    )
    row.exception()
    row.save()
    trail.add("duty.exception", row.obligation, row.reason, by=by)


def remind(stage: Stage) -> None:
    """The coordinator reminds the districts that are late (催报)."""
    from hengtan.office.reminders import reminders
    from hengtan.web.rooms.duties.asking import Calendar
    from hengtan.web.rooms.duties.sending import remind as handed_over

    story, app = stage.story, stage.app
    by = stage.person(story.named("coordinator")).name
    calendar = Calendar.of_app(app)
    owed = [o for o in calendar.owed(story.ended, story.ended) if o.form == MONTHLY]
    form = stage.workspace.form(MONTHLY)
    late = [s for s in calendar.standings(owed) if s.is_overdue]
    messages = reminders(late, {MONTHLY: (form.title_zh, form.title_en)})
    reached, _, _ = handed_over(messages, by, calendar.day)
    trail.add("remind", f"{MONTHLY} {reached}", by=by)
