"""Trying the roles of a demonstration city: on this machine only, its sign-in page names the people
that were made up with it, their common password, and the code of the second factor that is asked.

Nothing is let through: who tries signs in like anybody, with password and code. Elsewhere the
made-up people cannot sign in at all, since everybody knows their password.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from hengtan.office.roles import roles
from hengtan.web.guard import LOCAL_HOSTS

PASSWORD = "hengtan-demo-2026"
"""Of all made-up people: it is no secret."""
LOOPBACK = ("127.0.0.1", "::1")
GROUPS = {
    "city": ("市级", "The city"),
    "departments": ("市级部门", "Departments"),
    "enterprises": ("企业", "Enterprises"),
    "districts": ("区县", "Districts"),
}


def is_open(request: HttpRequest) -> bool:
    """Whether made-up people may be tried: a demonstration city, served under the names of this
    machine only, to a browser on it, without a proxy between.
    """
    app = request.app
    return (
        app.site.workspace.settings.demo_city
        and not app.is_secure
        and set(app.hosts) <= set(LOCAL_HOSTS)
        and request.META.get("REMOTE_ADDR") in LOOPBACK
        and not any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    )


def is_refused(request: HttpRequest | None, account: Any) -> bool:
    """Whether an account is a made-up person's where those are not tried."""
    return bool(account.is_test) and (request is None or not is_open(request))


def context(request: HttpRequest) -> dict[str, Any]:
    """What the pages of signing in show where made-up people may be tried; nothing elsewhere."""
    if not request.path.startswith("/account/") or not is_open(request):
        return {}
    return {"trying": {"groups": _groups(), "password": PASSWORD, "code": code(request)}}


def _groups() -> list[dict[str, Any]]:
    """The made-up people by heading, in the order they were made."""
    from hengtan.web.rooms.people.models import GrantRow

    grants = GrantRow.objects.filter(account__is_test=True, account__is_active=True, taken_at=None)
    by_group: dict[str, list[dict[str, str]]] = {name: [] for name in GROUPS}
    for row in grants.select_related("account").order_by("account_id"):
        role = roles()[row.role]
        by_group[_group_of(row)].append(
            {
                "name": row.account.username,
                "title": row.account.title.removesuffix("（演示）"),
                "role_zh": role.title_zh,
                "role_en": role.title_en,
            }
        )
    return [
        {"name": name, "zh": zh, "en": en, "people": by_group[name]}
        for name, (zh, en) in GROUPS.items()
        if by_group[name]
    ]


def _group_of(row: Any) -> str:
    if row.entity:
        return "enterprises"
    if row.department or (row.role == "filer" and row.place.endswith("0000")):
        return "departments"
    return "city" if not row.place or row.place.endswith("0000") else "districts"


def code(request: HttpRequest) -> str:
    """The code that is asked of a made-up person now; one that was used already serves no more."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth
    from allauth.mfa.utils import decrypt
    from django.core.cache import cache

    account = _signing_in(request)
    kept = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
    if not is_open(request) or kept is None or not account.is_test:
        return ""
    secret, totp = decrypt(kept.data["secret"]), kept.wrap()
    before, now, after = auth.yield_hotp_counters_from_time()
    codes = [auth.format_hotp_value(auth.hotp_value(secret, n)) for n in (now, after, before)]
    unused = (each for each in codes if cache.get(totp._get_used_cache_key(each)) is None)
    return next(unused, "")


def _signing_in(request: HttpRequest) -> Any:
    """Who is signed in, or is between password and code; None for nobody."""
    from allauth.account.internal.stagekit import get_pending_stage

    if request.user.is_authenticated:
        return request.user
    stage = get_pending_stage(request)
    return stage.login.user if stage else None
