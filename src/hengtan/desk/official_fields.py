"""What an office adds to a bulletin, as it is typed into the fields of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.report.official import Official

FIELDS = (
    "recipients",
    "requirements",
    "signed_by",
    "signed_on",
    "issuer",
    "number",
    "copies_to",
    "printed_by",
    "printed_on",
)
"""Names of the fields in the order of a form."""
LONGEST = 6000
"""Characters of all fields together: they stand in an address."""
BETWEEN = re.compile(r"[\n、;；]+")


def official_of(fields: Mapping[str, str]) -> Official:
    """The parts that are filled in; blank fields are left out. Recipients and copies stand one a
    line or with 、 between, requirements one a line. Raises HengtanError.
    """
    said = {name: (fields.get(name) or "").replace("\r\n", "\n").strip() for name in FIELDS}
    length = sum(map(len, said.values()))
    if length > LONGEST:
        raise HengtanError(
            f"公文要件共 {length} 字，超过 {LONGEST} 字",
            f"{length} characters in the fields, at most {LONGEST}",
            todo="写短些，或用命令行 --require 给出",
            todo_en="write less, or use --require on the command line",
        )
    return Official(
        issuer=said["issuer"],
        number=said["number"],
        recipients=_names(said["recipients"]),
        requirements=tuple(filter(None, map(str.strip, said["requirements"].split("\n")))),
        signed_by=said["signed_by"],
        signed_on=_day(said["signed_on"]),
        copies_to=_names(said["copies_to"]),
        printed_by=said["printed_by"],
        printed_on=_day(said["printed_on"]),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in BETWEEN.split(text))))


def _day(text: str) -> date | None:
    if not text:
        return None
    period = Period.read(text)
    if period.kind != "day":
        raise HengtanError(
            f"“{text}”不是日期",
            f"'{text}' is no day",
            todo="写成 2026-11-25",
            todo_en="write 2026-11-25",
        )
    return period.end
