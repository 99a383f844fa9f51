"""What is kept of people: accounts, grants, tokens, passwords that were used before."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from hengtan.office.permission import Grant


class Accounts(BaseUserManager):
    """Accounts by their name to sign in with."""

    def get_by_natural_key(self, username: str) -> Account:
        """The account of a name. Raises DoesNotExist."""
        account: Account = self.get(username=username)
        return account


class Account(AbstractBaseUser):
    """A person who may sign in; made by an administrator.

    ``must_change_password``: the password was given by an administrator; it serves once.
    """

    username = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    department = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    first_password_used = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    is_test = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Accounts()

    def __str__(self) -> str:
        return self.username


class GrantRow(models.Model):
    """A grant of an account; one that was taken back stays, with who took it and when."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    form = models.CharField(max_length=80, blank=True)
    department = models.CharField(max_length=60, blank=True)
    entity = models.CharField(max_length=40, blank=True)
    until = models.DateField(null=True)
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)

    def grant(self) -> Grant:
        """The grant as permission knows it."""
        return Grant(
            self.role,
            self.place or None,
            self.form or None,
            self.department or None,
            self.entity or None,
            self.until,
        )


class Token(models.Model):
    """An access token of a program: its digest, never itself; ``actions``: what it may."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    actions = models.JSONField(default=list)
    until = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)


class UsedPassword(models.Model):
    """A password that was used before, as its hash."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(auto_now_add=True)


class Setting(models.Model):
    """A setting of the installation that an administrator may change."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()
    changed_by = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField(auto_now=True)


class Counted(models.Model):
    """How often somebody wrote in a minute, over all processes."""

    who = models.CharField(max_length=60)
    minute = models.BigIntegerField(db_index=True)
    number = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["who", "minute"], name="counted_once")
        ]
