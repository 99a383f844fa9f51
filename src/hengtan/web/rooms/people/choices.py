"""What a grant can name: places as a tree, forms, departments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from hengtan.report.words import named_in

if TYPE_CHECKING:
    from hengtan.web.rooms.people.models import GrantRow
    from hengtan.workspace import Workspace

INDENT = "\u3000"


class Choices:
    """The parts that a form for granting offers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def places(self) -> list[tuple[str, str]]:
        """The region of the workspace with all within it: code, and its name set in by level."""
        inside: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for row in self._workspace.pack.rows("places"):
            code = str(row["place"])
            names[code] = str(row["name_zh"])
            inside.setdefault(str(row.get("parent") or ""), []).append(code)
        return list(_tree(self._workspace.settings.region, names, inside, 0))

    def forms(self) -> list[tuple[str, str, str]]:
        """The forms: id, title in Chinese and in English."""
        listed = self._workspace.forms.values()
        return [(form.id, form.title_zh, form.title_en or form.id) for form in listed]

    def named(self, part: str, value: str, lang: str) -> str:
        """A part of a grant as people know it: the name of a place, the title of a form."""
        known = self._names[part].get(value)
        return known[lang == "en"] if known else value

    @cached_property
    def _names(self) -> dict[str, dict[str, tuple[str, str]]]:
        places = {
            str(row["place"]): (str(row["name_zh"]), str(row["name_en"] or row["name_zh"]))
            for row in self._workspace.pack.rows("places")
        }
        return {"place": places, "form": {form: (zh, en) for form, zh, en in self.forms()}}

    def reach(self, grant: GrantRow, lang: str) -> str:
        """The parts a grant names, in words."""
        parts = [
            self.named("place", grant.place, lang) if grant.place else "",
            self.named("form", grant.form, lang) if grant.form else "",
            *named_in([grant.department], lang),
            grant.entity,
        ]
        return " · ".join(filter(None, parts))

    def departments(self) -> list[str]:
        """The departments that targets and accounts name."""
        from hengtan.web.rooms.people.models import Account, GrantRow

        names = set(Account.objects.exclude(department="").values_list("department", flat=True))
        names |= set(GrantRow.objects.exclude(department="").values_list("department", flat=True))
        return sorted(names)


def _tree(
    code: str, names: dict[str, str], inside: dict[str, list[str]], level: int
) -> Iterator[tuple[str, str]]:
    yield code, f"{INDENT * level}{names.get(code, code)}（{code}）"
    for below in inside.get(code, []):
        if level < 6:
            yield from _tree(below, names, inside, level + 1)
