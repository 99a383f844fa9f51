"""Password profiles. 等保 (GB/T 22239) installations are asked for composition, rotation and no
reuse; OWASP ASVS 5.0 advises against composition and rotation. The two contradict each other, so an
installation chooses one; the default is ASVS.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language

from hengtan.basis.errors import HengtanError
from hengtan.report.words import error as refused
from hengtan.report.words import word

if TYPE_CHECKING:
    from hengtan.web.rooms.people.models import Account

ASVS, DENGBAO = PROFILES = ("asvs", "dengbao")
ROTATED_AFTER = timedelta(days=90)
REMEMBERED = 5
KINDS_OF_SIGNS = 3


def profile() -> str:
    """The profile of this installation."""
    from hengtan.web.rooms.people.models import Setting

    row = Setting.objects.filter(name="password_profile").first()
    return str(row.value) if row else ASVS


def choose(name: str, by: str) -> None:
    """Choose the profile of this installation. Raises HengtanError."""
    from hengtan.web.rooms.people.models import Setting

    if name not in PROFILES:
        raise refused(HengtanError, "settings.bad_profile")
    defaults = {"value": name, "changed_by": by}
    Setting.objects.update_or_create(name="password_profile", defaults=defaults)


def is_to_be_renewed(account: Account) -> bool:
    """Whether the password is older than the profile lets it be."""
    changed = account.password_changed_at
    return profile() == DENGBAO and bool(changed) and timezone.now() - changed > ROTATED_AFTER


class Profile:
    """A password that the profile asks for more than length of."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError."""
        if profile() != DENGBAO:
            return
        kinds = (
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        )
        if sum(kinds) < KINDS_OF_SIGNS:
            raise ValidationError(word("password.kinds", _lang()))
        if user is not None and user.pk and _was_used(user, password):
            raise ValidationError(word("password.used", _lang()))

    def get_help_text(self) -> str:
        """What is asked for, in the language of the page."""
        asked = "password.kinds" if profile() == DENGBAO else "password.no_kinds"
        return word(asked, _lang())


def _lang() -> str:
    """The language that is spoken to whoever asks now."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _was_used(account: Account, password: str) -> bool:
    last = account.used_passwords.order_by("-id")[:REMEMBERED]
    return any(check_password(password, row.password) for row in last)
