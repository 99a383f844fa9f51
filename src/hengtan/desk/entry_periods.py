"""The last period beside the one that is typed: rows in force as the texts a person would type,
what was reported for the same keys before, and rows to begin with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hengtan.basis.period import Period
from hengtan.desk.entry import Checked, fresh
from hengtan.desk.lookups import choices
from hengtan.office.typed import MOST_ROWS, Typed
from hengtan.report.sheet.form_choices import common_units, names_of

if TYPE_CHECKING:
    from hengtan.ledger.forms import Field, Form
    from hengtan.workspace.workspace import Workspace

Texts = dict[str, str]
"""A row by field id, as a person types it."""
STAYS = ("unit", "reference")
"""Types of fields that are the same from period to period, beside the key and names."""


@dataclass(frozen=True)
class About:
    """What rows are asked for: places and reporting entities, all of them where None."""

    places: frozenset[str] | None = None
    entities: frozenset[str] | None = None


def rows_in_force(workspace: Workspace, form: Form, about: About = About()) -> list[dict[str, Any]]:
    """The rows that count today, as stored, each with its ``_submission``."""
    view = workspace.ledger.effective(form.id, schema=form.schema())
    asked = {"place": about.places, "entity": about.entities}
    chosen = {
        name: sorted(values)
        for name, values in asked.items()
        if values is not None and name in form.columns()
    }
    where = " and ".join(["true", *(f"list_contains(?, {name})" for name in chosen)])
    return workspace.ledger.query(
        f'select * from memory.main."{view}" where {where} order by _submission, _row',
        list(chosen.values()),
    )


def last_period(
    workspace: Workspace, form: Form, period: str, about: About = About(), lang: str = "zh"
) -> list[Texts]:
    """For each key the newest row in force that ends before a period and is of its kind, as texts.

    ``period``: as a person writes it; ``lang``: what the texts are in. A form without periods has
    none before. Raises BadPeriod.
    """
    name = period_field(form)
    if name is None:
        return []
    now = Period.read(period)
    by_key: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows_in_force(workspace, form, about):
        by_key.setdefault(key_of(form, row), []).append(row)
    words = Wording.of(workspace, form, lang)
    newest = [_last(rows, name, now) for rows in by_key.values()]
    return [words.row(row) for row in newest if row is not None]


def _before(period: Period) -> date:
    """The day from which on nothing is of a period before: the last day of a cumulative, which
    begins when those before it do, else the first.
    """
    return period.end if period.kind == "cumulative" else period.start


def period_field(form: Form) -> str | None:
    """The field that says which period a row is of."""
    return next((field.id for field in form.fields if field.type == "period"), None)


def key_of(form: Form, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The key of a row but for its period; what was left blank is alike."""
    name = period_field(form)
    return tuple(row.get(part) or None for part in form.key if part != name)


def begin_with(
    workspace: Workspace,
    form: Form,
    period: str,
    about: About = About(),
    known: Texts | None = None,
    lang: str = "zh",
) -> Typed:
    """A grid that begins with the keys of the last period: what stays from period to period is
    filled, the period is the new one, amounts are blank.

    ``known``: what holds for each row (place, entity); it makes the one row where there was none.
    ``lang``: the language of the texts.
    """
    before = last_period(workspace, form, period, about, lang)
    name = period_field(form)
    stays = staying(form)
    stated = {} if name is None else {name: period_text(Period.read(period), lang)}
    rows = [{f: text for f, text in row.items() if f in stays} | stated for row in before]
    rows = rows[:MOST_ROWS] or [(known or {}) | stated]
    return fresh(form, lang).with_rows(in_order(form, rows))


def staying(form: Form) -> frozenset[str]:
    """The fields that are filled beforehand: the key, units, references and names."""
    return frozenset(
        field.id
        for field in form.fields
        if field.id in form.key or field.type in (*STAYS, "place") or field.id.endswith("_name")
    )


def in_order(form: Form, rows: Iterable[Mapping[str, str]]) -> list[list[str]]:
    """Rows by field id as cells in the order of the form."""
    return [[row.get(field.id, "") for field in form.fields] for row in rows]


@dataclass(frozen=True)
class Wording:
    """How stored values of a form are typed: the codes of places, choices and references by name.

    Read again, a text gives the value it stands for.
    """

    form: Form
    names: Mapping[str, Mapping[str, str]]
    lang: str = "zh"

    @classmethod
    def of(cls, workspace: Workspace, form: Form, lang: str = "zh") -> Wording:
        """The names of a workspace in ``zh`` or ``en``."""
        places, listed = workspace.pack.places(), choices(workspace, lang)
        named = {field.id: names_of(field, places, listed, lang) for field in form.fields}
        return cls(form, named, lang)

    def row(self, stored: Mapping[str, Any]) -> Texts:
        """A stored row as texts by field id; blanks are left out."""
        texts = {field.id: self.text(field, stored) for field in self.form.fields}
        return {name: text for name, text in texts.items() if text}

    def text(self, field: Field, stored: Mapping[str, Any]) -> str:
        """One value of a stored row as a text."""
        value = stored.get(field.id)
        if value is None:
            return stored.get(f"{field.id}_notation") or ""
        shown: dict[str, Callable[[Any], str]] = {
            "period": lambda text: period_text(Period.parse(text), self.lang),
            "boolean": lambda truth: self.names[field.id].get(str(truth), str(truth)),
        }
        if field.type in shown:
            return shown[field.type](value)
        if isinstance(value, float):
            return number_text(value)
        if field.type == "unit" and self.lang == "en":
            return dict(common_units()).get(value, value)
        return self.names[field.id].get(str(value), str(value))


def period_text(period: Period, lang: str) -> str:
    """A period as a person types it: 2024年3月, 2024-03."""
    return period.zh() if lang == "zh" else str(period)


def number_text(value: float) -> str:
    """A number with all its digits and no more: 1234.5, 0.0001, 1200.

    >>> number_text(1200.0), number_text(1e-7)
    ('1200', '0.0000001')
    """
    text = f"{value:.15g}"
    text = text if float(text) == value else repr(value)
    if "e" not in text:
        return text
    return f"{Decimal(text):f}"


def beside(workspace: Workspace, form: Form, checked: Checked) -> dict[int, Texts]:
    """For each row of a grid (from 0) what was reported for its key in the period before, as
    texts; rows that cannot be told by their key yet have none.
    """
    name = period_field(form)
    if name is None or not checked.reading.table.num_rows:
        return {}
    about = About(_asked(form, checked, "place"), _asked(form, checked, "entity"))
    before: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows_in_force(workspace, form, about):
        before.setdefault(key_of(form, row), []).append(row)
    words = Wording.of(workspace, form)
    answers = {}
    for typed in checked.reading.table.to_pylist():
        if typed[name] is None:
            continue
        last = _last(before.get(key_of(form, typed), ()), name, Period.parse(typed[name]))
        if last is not None:
            answers[typed["_source_row"] - checked.first_line] = words.row(last)
    return answers


def _asked(form: Form, checked: Checked, field: str) -> frozenset[str] | None:
    """What the typed rows hold of a field of the key; None where it is no part of the key."""
    return frozenset(checked.named(field)) if field in form.key else None


def _last(rows: Iterable[Mapping[str, Any]], name: str, now: Period) -> Mapping[str, Any] | None:
    """The newest of some rows that ends before a period and is of its kind."""
    earlier = [row for row in rows if _is_before(row, name, now)]
    return max(earlier, key=lambda row: row[f"{name}_end"], default=None)


def _is_before(row: Mapping[str, Any], name: str, now: Period) -> bool:
    end = row[f"{name}_end"]
    return end is not None and end < _before(now) and row[f"{name}_kind"] == now.kind
