"""What a study rests on, in a line: how many rows of which forms it reads, how many of them are
assumed, and how many assumptions it makes beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Titles = Mapping[str, tuple[str, str]]
ASSUMED = "assumed"


@dataclass(frozen=True)
class StudyInputs:
    """Rows that a study reads by form, those among them that are assumed, whether any is of a
    demonstration, and the number of assumptions; ``titles`` of the forms in both languages.
    """

    rows: Mapping[str, int]
    assumed: int
    demo: bool
    assumptions: int
    titles: Titles

    @classmethod
    def of(cls, rows: Mapping[str, Sequence[Row]], assumptions: int, titles: Titles) -> StudyInputs:
        """From the rows themselves; forms without any are left out."""
        counted = {form: len(listed) for form, listed in rows.items() if listed}
        every = [row for listed in rows.values() for row in listed]
        assumed = sum(is_assumed(row) for row in every)
        demo = any(row.get("_demo") for row in every)
        return cls(counted, assumed, demo, assumptions, titles)

    @property
    def zh(self) -> str:
        """The line in Chinese."""
        parts = "、".join(f"{self.titles[form][0]}{count}" for form, count in self.rows.items())
        demo = "演示数据，结果只作示范。" if self.demo else ""
        return (
            f"{demo}输入{sum(self.rows.values())}行（{parts}），其中{self.assumed}行为假设；"
            f"另有计算假设{self.assumptions}条"
        )

    @property
    def en(self) -> str:
        """The line in English."""
        parts = ", ".join(f"{self.titles[form][1]} {count}" for form, count in self.rows.items())
        demo = "demonstration, not for use. " if self.demo else ""
        return (
            f"{demo}{sum(self.rows.values())} rows of input ({parts}), {self.assumed} of them "
            f"assumed; {self.assumptions} assumptions beside"
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "rows": dict(self.rows),
            "assumed": self.assumed,
            "demo": self.demo,
            "assumptions": self.assumptions,
            "zh": self.zh,
            "en": self.en,
        }


def is_assumed(row: Row) -> bool:
    """Whether a row says that a number of it is assumed: by a mark, its nature or confidence; a
    dispatch study, which lists what is established, where it lists nothing.
    """
    marks = [value for name, value in row.items() if name == "mark" or name.endswith("_mark")]
    lists_nothing = "established" in row and not row["established"]
    return (
        ASSUMED in marks
        or row.get("nature") == ASSUMED
        or row.get("confidence") == "proposal"
        or lists_nothing
    )


def titles_of(workspace: Any, forms: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Titles of forms of a workspace in both languages."""
    listed = {form: workspace.form(form) for form in forms}
    return {name: (form.title_zh, form.title_en) for name, form in listed.items()}
