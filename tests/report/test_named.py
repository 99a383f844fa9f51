"""Departments and chapters that the packs name in Chinese have their English."""

from __future__ import annotations

from hengtan import packs
from hengtan.report.words import english_of

PACK = packs.load("wulong")
TABLES = ("measures", "targets", "registries", "milestones")


def named():
    """Every chapter and department of the packs."""
    for table in TABLES:
        for row in PACK.rows(table):
            departments = row.get("department_zh") or ()
            yield from (departments,) if isinstance(departments, str) else departments
            yield row.get("chapter_zh") or ""
    for kind in PACK.case_files().values():
        yield from kind["departments"]


def test_chapters_and_departments_have_their_english():
    assert sorted({zh for zh in named() if zh and not english_of(zh)}) == []
