"""What a field is: the one concept behind a form's field, a rule's input, a pack's column and a
workbook's cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """A field: its name in code and for people, its type, and what a value of it may be.

    ``unit``: what a bare number is in; a number with another unit of the same kind is converted to
    it (with the unit %, 60% is 60; without a unit it is 0.6). ``also``: further spellings of a unit
    with their factor (吨 of waste water: {立方米: 1}). ``choices``: code → (Chinese, English); a
    text with choices takes other words too;
    ``choice_aliases``: further words of a choice → its code; ``by_beginning``: two signs or more
    that begin the words of one choice only name it too.
    ``minimum`` and ``maximum`` are allowed values themselves. ``measured``: a number is a result of
    measurement (``basis/measured.py``); below the detection limit it counts as this share of the
    limit, and what stands for no result is no value. ``never_nought``: nor is a nought.
    """

    id: str
    title_zh: str = ""
    title_en: str = ""
    type: str = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    choices: Mapping[str, tuple[str, str]] | None = None
    minimum: float | None = None
    maximum: float | None = None
    note_zh: str = ""
    note_en: str = ""
    also: Mapping[str, float] = field(default_factory=dict)
    by_beginning: bool = False
    choice_aliases: Mapping[str, str] = field(default_factory=dict)
    measured: float | None = None
    never_nought: bool = False
