"""Accounts made from a table: all its rows, or none where one is wrong."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.ledger.reading import read_sheets
from hengtan.report.words import error as refused
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account

COLUMNS = {
    "username": ("账号", "account", "username"),
    "title": ("姓名", "name"),
    "department": ("部门", "单位", "department"),
    "email": ("邮箱", "电子邮箱", "mail", "email"),
    "phone": ("电话", "手机", "phone", "telephone"),
}
TITLES = tuple(names[0] for names in COLUMNS.values())
KINDS = (".csv", ".xlsx", ".xls", ".ods")
MOST = 5000
"""Accounts of one table."""
LONGEST = {"title": 60, "department": 60, "email": 254, "phone": 30}


@dataclass
class Read:
    """Rows of a table as fields of accounts, and what is wrong with them."""

    rows: list[dict[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(file: Any) -> Read:
    """The accounts of an uploaded table. Raises HengtanError for a file that is none."""
    name = Path(file.name).name if file else ""
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS:
        raise refused(HengtanError, "people.no_table")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"people{suffix}"
        path.write_bytes(file.read())
        lines = next(iter(read_sheets(path, COLUMNS["username"]).values()), [])
    return _checked([(line, _fields(row)) for line, row in lines], name)


def _fields(row: dict[str, str]) -> dict[str, str]:
    by_title = {title.strip().lower(): text.strip() for title, text in row.items()}
    known = {
        column: next((by_title[name] for name in names if name in by_title), None)
        for column, names in COLUMNS.items()
    }
    if known["username"] is None:
        raise refused(HengtanError, "people.no_column")
    return {column: text or "" for column, text in known.items()}


def _checked(lines: list[tuple[int, dict[str, str]]], name: str) -> Read:
    lines = [(line, row) for line, row in lines if any(row.values())]
    if not lines:
        raise refused(HengtanError, "people.no_rows")
    if len(lines) > MOST:
        raise refused(HengtanError, "people.too_many")
    result, seen = Read(), dict[str, int]()
    names = [row["username"] for _, row in lines]
    there = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
    for line, row in lines:
        try:
            _check_name(row["username"], seen, there)
            check_fields(row)
        except HengtanError as error:
            error.where = Where(name, row=line)
            result.findings.append(error.as_finding())
        seen.setdefault(row["username"], line)
        result.rows.append(row)
    return result


def _check_name(name: str, seen: dict[str, int], there: set[str]) -> None:
    if name in seen:
        raise refused(HengtanError, "people.twice")
    persons.check_name(name, name in there)


def check_fields(fields: dict[str, str]) -> None:
    """Raises HengtanError for a field that is too long or no address of mail."""
    for name, most in LONGEST.items():
        text = fields.get(name, "")
        if len(text) > most or any(ord(c) < 32 for c in text):
            raise refused(HengtanError, f"people.bad_{name}")
    if fields.get("email"):
        try:
            validate_email(fields["email"])
        except ValidationError as error:
            raise refused(HengtanError, "people.bad_email") from error


def make_all(table: Read, by: str) -> list[tuple[Account, str]]:
    """Make them, each with its first password; all or none. Raises HengtanError."""
    with transaction.atomic():
        return [
            persons.make_account(
                row["username"],
                by,
                **{name: row[name] for name in LONGEST},
            )
            for row in table.rows
        ]
