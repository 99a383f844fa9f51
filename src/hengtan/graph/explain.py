"""Explain a row: follow the declared key maps down to ledger rows (file, sheet, row) and pack rows (source, clause)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.basis.cite import CONFIDENCES, confidence_word, worst
from hengtan.basis.errors import NoSuchRow
from hengtan.graph.account import InForce, Same

if TYPE_CHECKING:
    from hengtan.graph.graph import Graph

SHOWN_ROWS = 12
TOLD_FIRST = (
    "clause_ref",
    "quote",
    "light",
    "reason_code",
    "state",
    "state_basis",
    "goal",
    "value",
    "value_notation",
    "unit",
    "amount",
    "canonical_unit",
    "comparable",
    "factor",
    "period",
    "deadline_year",
    "latest_value",
    "latest_unit",
    "latest_period",
    "needed_pace",
    "base_value",
    "base_period",
    "nature",
    "vintage",
    "won",
    "relation",
    "conversion",
    "name_zh",
    "level_rank",
    "edition",
    "reason_zh",
    "source_title",
    "source",
)
"""What a line of text tells of a row; the JSON form carries every column."""
COLLECTED = 100_000
FOLLOWED_UNSEEN = 50
PROVENANCE = (
    "_pack",
    "_file",
    "_row",
    "_sheet",
    "_source_row",
    "_submission",
    "_submitted_by",
    "_submitted_at",
    "_approved_by",
    "_approved_at",
    "_demo",
    "_state",
)


@dataclass(frozen=True)
class Explanation:
    """A row of a table and the rows it came from. ``kind`` is account, ledger, pack or table; ``options`` are what the account was run with.

    An account that a what-if replaced is a row as given: its maps lead nowhere.

    ``more`` counts rows not shown, ``unseen`` is the worst confidence among them and what they came from.
    """

    name: str
    kind: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]
    unit: str | None = None
    formula: str = ""
    cites: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Explanation, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    unseen: str | None = None

    @cached_property
    def confidence(self) -> str | None:
        """The worst confidence stated anywhere in the tree, rows not shown included."""
        return worst([_stated(self.values), self.unseen, *(i.confidence for i in self.inputs)])

    def leaves(self) -> Iterable[Explanation]:
        """The rows at the ends of the tree."""
        if not self.inputs:
            yield self
        for part in self.inputs:
            yield from part.leaves()

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "name": self.name,
            "kind": self.kind,
            "key": _plain(self.key),
            "values": _plain(self.values),
            "unit": self.unit,
            "formula": self.formula,
            "cites": list(self.cites),
            "origin": _plain(self.origin),
            "confidence": self.confidence,
            "options": _plain(self.options),
            "more": dict(self.more),
            "inputs": [i.as_dict() for i in self.inputs],
        }

    def text(self) -> str:
        """The tree as lines a person reads: values, formula and clause, then file, sheet and row."""
        return "\n".join(self._lines("", "", set()))

    def _lines(self, first: str, rest: str, printed: set[int]) -> Iterable[str]:
        key = "、".join(f"{k}={_short(v)}" for k, v in self.key.items())
        if id(self) in printed and (self.inputs or self.kind == "pack"):
            yield f"{first}{KIND_ZH[self.kind]} {self.name}（{key}）同上"
            return
        printed.add(id(self))
        yield f"{first}{KIND_ZH[self.kind]} {self.name}（{key}）" + (
            f" 可信度：{confidence_word(self.confidence)}" if self.confidence else ""
        )
        if self.formula and self.kind == "account":
            yield f"{rest}  算法：{self.formula.splitlines()[0]}"
        if self.cites:
            yield f"{rest}  依据：{'；'.join(self.cites)}"
        shown = {k: v for k, v in self.values.items() if v not in (None, "") and k not in self.key}
        if shown:
            named = [k for k in TOLD_FIRST if k in shown]
            told = (
                named if len(named) >= 3 else [*named, *(k for k in shown if k not in named)][:10]
            )
            rest_of = f"；另有 {len(shown) - len(told)} 项" if len(told) < len(shown) else ""
            yield f"{rest}  数值：{'；'.join(f'{k}={_short(shown[k])}' for k in told)}{rest_of}"
        if self.options:
            yield f"{rest}  选项：{'；'.join(f'{k}={_short(v)}' for k, v in self.options.items())}"
        if self.origin:
            yield f"{rest}  出处：{where(self.origin)}"
        for name, count in self.more.items():
            yield f"{rest}  另有 {count} 行 {name} 未列"
        for n, part in enumerate(self.inputs):
            last = n == len(self.inputs) - 1
            yield from part._lines(
                f"{rest}{'└─ ' if last else '├─ '}", f"{rest}{'   ' if last else '│  '}", printed
            )


KIND_ZH = {"account": "账户", "ledger": "台账", "pack": "数据包", "table": "数据表"}


def where(origin: Mapping[str, Any]) -> str:
    """The place a row stands in: file, sheet, line, who handed it in and who approved."""
    if origin.get("_submission"):
        parts = [f"文件 {origin.get('_file') or '—'}"]
        if origin.get("_sheet"):
            parts.append(f"工作表“{origin['_sheet']}”")
        parts.append(f"第{origin.get('_source_row') or origin.get('_row')}行")
        parts.append(
            f"提交 {origin['_submission']}（{origin.get('_submitted_by')} 填报，{origin.get('_approved_by') or '未'} 审核）"
        )
        return "，".join(parts)
    row = f"第{origin['_row']}行" if origin.get("_row") is not None else ""
    return f"数据包 {origin.get('_pack')}，文件 {origin.get('_file')}，{row}".rstrip("，")


def explain(
    graph: Graph, name: str, key: Mapping[str, Any], shown: int = SHOWN_ROWS
) -> Explanation:
    """The explanation of the row with this key (values as text or typed), at most ``shown`` rows of each input.

    Where a key in part fits several rows, the first in the order of the full key is explained and ``more`` counts the others under ``name``.
    Raises NoSuchRow, UnknownAccount.
    """
    row = row_of(graph, name, key)
    made = _explain_row(graph, name, row, {}, shown)
    others = (
        0
        if _is_full(graph, name, key)
        else int(_where(graph.table(name), key).count().to_pyarrow().as_py()) - 1
    )
    return replace(made, more={**made.more, name: others}) if others else made


def row_of(graph: Graph, name: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an account or a table with this key (values as text or typed), of several the first in the order of the full key.

    Raises NoSuchRow, UnknownAccount.
    """
    found, about = _where(graph.table(name), key), graph.accounts().get(name)
    if not _is_full(graph, name, key):
        order = [
            c
            for c in (about.key if about else ("_submission", "_file", "_row"))
            if c in found.columns
        ] or list(found.columns)
        found = found.order_by(order).limit(1)
    rows: list[dict[str, Any]] = found.to_pyarrow().to_pylist()
    if not rows:
        text = "、".join(f"{k}={v}" for k, v in key.items())
        raise NoSuchRow(
            f"“{name}”没有 {text} 的行",
            f"'{name}' has no row with {text}",
            todo="用 hengtan table 查看键",
            todo_en="see hengtan table",
        )
    return rows[0]


def _is_full(graph: Graph, name: str, key: Mapping[str, Any]) -> bool:
    """Whether the key of an account is given whole, so that one row has it."""
    return name in graph.accounts() and set(graph.accounts()[name].key) <= set(key)


def _explain_row(
    graph: Graph,
    name: str,
    row: Mapping[str, Any],
    seen: dict[tuple[str, str], Explanation],
    shown: int,
) -> Explanation:
    about = graph.accounts().get(name)
    origin = {c: row[c] for c in PROVENANCE if row.get(c) is not None}
    values = {c: v for c, v in row.items() if c not in PROVENANCE}
    if about is None or name in graph.replaced:
        known = (name, repr(row))
        if known in seen:
            return seen[known]
        kind = "ledger" if "_submission" in origin else "pack" if "_pack" in origin else "table"
        first = about.key if about else [c for c in values if values[c] is not None][:3]
        seen[known] = Explanation(
            name, kind, {c: row[c] for c in first if c in row}, values, origin=origin
        )
        return seen[known]
    key = {c: row[c] for c in about.key if c in row}
    known = (name, repr(sorted(key.items())))
    if known in seen:
        return seen[known]
    inputs: list[Explanation] = []
    more: dict[str, int] = {}
    unseen: list[str | None] = []
    for source, how in about.maps.items():
        if how == "all":
            if count := int(graph.table(source).count().to_pyarrow().as_py()):
                more[source] = count
                unseen.append(_worst_of_table(graph, source))
            continue
        its = graph.accounts().get(source)
        found = _nearest(mapped_rows(graph, name, source, row), row, its.key if its else ())
        inputs += [_explain_row(graph, source, r, seen, shown) for r in found[:shown]]
        if hidden := found[shown:]:
            more[source] = len(hidden)
            unseen.append(_worst_of_rows(graph, source, hidden, seen, shown))
    own = {c: v for c, v in values.items() if c not in key}
    options = {option: graph.plain_option(name, option) for option in about.options}
    made = Explanation(
        name,
        "account",
        key,
        own,
        about.unit,
        about.doc,
        about.cites,
        {},
        tuple(inputs),
        more,
        options,
        worst(unseen),
    )
    seen[known] = made
    return made


def _worst_of_rows(
    graph: Graph,
    source: str,
    hidden: list[dict[str, Any]],
    seen: dict[tuple[str, str], Explanation],
    shown: int,
) -> str | None:
    """The worst confidence of rows that are not shown; of very many, that of all their table rests on, which is never better."""
    if source not in graph.accounts():
        return worst(_stated(r) for r in hidden)
    if len(hidden) > FOLLOWED_UNSEEN:
        return _worst_of_table(graph, source)
    return worst(_explain_row(graph, source, r, seen, shown).confidence for r in hidden)


def _worst_of_table(graph: Graph, name: str) -> str | None:
    """The worst confidence stated in a table and in all the tables it is made from."""
    table = graph.table(name)
    own = (
        table.select("confidence").distinct().to_pyarrow()["confidence"].to_pylist()
        if "confidence" in table.columns
        else []
    )
    return worst(
        [
            *(c for c in own if c in CONFIDENCES),
            *(_worst_of_table(graph, source) for source in graph.inputs_of(name)),
        ]
    )


def _stated(row: Mapping[str, Any]) -> str | None:
    return row.get("confidence") if row.get("confidence") in CONFIDENCES else None


def _nearest(
    found: list[dict[str, Any]], row: Mapping[str, Any], key: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Input rows in a fixed order, the one the row is made of first: its ``evidence_submission`` and ``evidence_row``, else its own ledger row."""
    taken = (row.get("evidence_submission"), row.get("evidence_row"))
    if not taken[0]:
        taken = (row.get("_submission"), row.get("_row"))
    columns = (*key, "_submission", "_file", "_row")

    def place(candidate: Mapping[str, Any]) -> tuple[Any, ...]:
        values = [candidate.get(c) for c in columns]
        return not taken[0] or (candidate.get("_submission"), candidate.get("_row")) != taken, [
            (v if isinstance(v, (int, float)) else 0, str(v)) for v in values
        ]

    return sorted(found, key=place)


def mapped_rows(
    graph: Graph, name: str, source: str, row: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows of an input that a row of the account ``name`` leads to; missing pairs with missing."""
    how = graph.accounts()[name].maps[source]
    if not isinstance(how, Same):
        held = _collected(graph, source)
        return (
            list(held[()])
            if held is not None
            else list(graph.table(source).to_pyarrow().to_pylist())
        )
    wanted = {column: row.get(mine) for column, mine in how.pairs.items()}
    if isinstance(how, InForce):
        day = row[how.day] if how.day in row else graph.plain_option(name, how.day)
        return _in_force_rows(graph, source, wanted, _day(day))
    return _equal_rows(graph, source, wanted)


def _in_force_rows(
    graph: Graph, source: str, wanted: Mapping[str, Any], day: date | None
) -> list[dict[str, Any]]:
    """The rows ``in_force`` would join: of several in force on the day, those that began last."""
    if day is None or None in wanted.values():
        return []
    met = []
    for candidate in _equal_rows(graph, source, wanted):
        begins, ends = (
            _day(candidate["valid_from"]) or date.min,
            _day(candidate["valid_to"]) or date.max,
        )
        if begins <= day <= ends:
            met.append((begins, candidate))
    last = max((begins for begins, _ in met), default=None)
    return [candidate for begins, candidate in met if begins == last]


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime) else value


def _equal_rows(graph: Graph, source: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    held = _collected(graph, source)
    if held is None:
        return list(_where(graph.table(source), wanted, exact=True).to_pyarrow().to_pylist())
    index = held.setdefault(tuple(wanted), {})
    if not index:
        for candidate in held[()]:
            index.setdefault(tuple(candidate[c] for c in wanted), []).append(candidate)
    return list(index.get(tuple(wanted.values()), []))


def _collected(graph: Graph, source: str) -> dict[tuple[str, ...], Any] | None:
    """A table of at most ``COLLECTED`` rows, fetched once per graph: its rows under ``()``, indexes under column names."""
    if source not in graph.collected:
        table = graph.table(source)
        small = table.count().to_pyarrow().as_py() <= COLLECTED
        graph.collected[source] = {(): table.to_pyarrow().to_pylist()} if small else None
    return graph.collected[source]


def _where(table: Any, key: Mapping[str, Any], exact: bool = False) -> Any:
    """A table cut to the rows with a key."""
    found = table
    for column, value in key.items():
        if column not in table.columns:
            raise NoSuchRow(
                f"没有列“{column}”",
                f"no column '{column}'",
                todo=f"可用：{'、'.join(table.columns)}",
                todo_en="see the list",
            )
        if value is None:
            found = found.filter(found[column].isnull())
        elif exact or not isinstance(value, str):
            found = found.filter(found[column] == value)
        else:
            found = found.filter(found[column].cast("string") == value)
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _json(v) for k, v in values.items()}


def _json(value: Any) -> Any:
    """A value as JSON has it: days as ISO text; NaN and infinity, which JSON lacks, as null."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return _plain(value)
    return [_json(v) for v in value] if isinstance(value, (list, tuple)) else value


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
