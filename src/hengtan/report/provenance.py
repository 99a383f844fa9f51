"""Where the number of a target comes from in three lines: number ← file, row, who; rule; clause.

Arranged from a target's row and its explain tree; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.report.numerals import bounded, figure, with_unit
from hengtan.report.words import has, joined, word, word_or_code

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One of the three lines: its name and what it says."""

    name: str
    text: str


def three_lines(
    target: Row, plan: Row, tree: Row | None = None, lang: str = "zh"
) -> tuple[Line, Line, Line]:
    """Number, rule and clause of a target; ``tree``: its explanation, for the row of the number."""
    return (
        Line(word("provenance.number", lang), _number(target, tree, lang)),
        Line(word("provenance.rule", lang), _rule(target, tree, lang)),
        Line(word("provenance.clause", lang), _clause(target, plan, tree, lang)),
    )


def _number(target: Row, tree: Row | None, lang: str) -> str:
    if target["latest_value"] is None:
        return word("provenance.none", lang)
    amount = with_unit(figure(target["latest_value"]), target["latest_unit"] or target["unit"])
    shown = bounded(amount, target["latest_bound"], lang)
    sources = [_text(source, "title") for source in target["sources"]]
    place = _place_of_number(target, tree, lang)
    period = word("provenance.of", lang, figure=shown, period=target["latest_period"])
    arrow = word("provenance.arrow", lang)
    return arrow.join(filter(None, [period, place, *sources]))


def _text(source: Any, field: str) -> str:
    return str(source.get(field) or "") if isinstance(source, Mapping) else str(source)


def _place_of_number(target: Row, tree: Row | None, lang: str) -> str:
    """File, row and people of the row that counts; what it is computed from where it is."""
    if tree is None:
        return word("provenance.no_row", lang)
    taken = row_of_number(tree)
    said = origin_said(taken, lang) if taken else ""
    if target["latest_origin"] != "computed":
        return said
    computed = word("provenance.computed", lang)
    return f"{computed}{word('list.clause', lang)}{said}" if said else computed


def row_of_number(tree: Row) -> Row | None:
    """The ledger row a verdict rests on: the one its evidence names, else the first."""
    values = tree.get("values") or {}
    wanted = (values.get("evidence_submission"), values.get("evidence_row"))
    first = None
    for origin in _ledger_rows(tree):
        first = first or origin
        if (origin.get("_submission"), origin.get("_row")) == wanted:
            return origin
    return first


def _ledger_rows(tree: Row) -> Iterator[Row]:
    """Origins of the ledger rows of a tree, in its order."""
    for node in _nodes(tree):
        if node.get("kind") == "ledger":
            yield {**node, **(node.get("origin") or {})}


def origin_said(origin: Row, lang: str = "zh") -> str:
    """File, sheet, row, submission and people of a row, as far as they are known."""

    place = _place(origin, lang)
    parts = [place] if place else []
    for key, field, names in (
        ("submission", "submission", ("_submission", "submission")),
        ("submitted", "name", ("_submitted_by", "submitted_by")),
        ("approved", "name", ("_approved_by", "approved_by")),
    ):
        if (value := _known(origin, *names)) is not None:
            who = word_or_code("actor", value, lang) if field == "name" else value
            parts.append(word(f"provenance.{key}", lang, **{field: who}))
    return joined(parts, lang)


def _known(origin: Row, *names: str) -> Any:
    """The first of several fields that says something."""
    return next((origin[name] for name in names if origin.get(name) not in (None, "")), None)


def _place(origin: Row, lang: str) -> str:
    """File, sheet and row, empty where they are not known."""
    file, sheet = _known(origin, "_file", "file"), _known(origin, "_sheet", "sheet")
    row = _known(origin, "_source_row", "_row", "row")
    if not file or not row:
        return ""
    key = "provenance.sheet" if sheet else "provenance.row"
    return word(key, lang, file=file, sheet=sheet, row=row)


def _rule(target: Row, tree: Row | None, lang: str) -> str:
    """The reason of the light, the rule behind it, and what the rule cites."""
    end = "_en" if lang == "en" else ""
    reason = target[f"light_reason{end}"] or target[f"state_reason{end}"] or target["light_reason"]
    rule = word(f"rule.{target['light']}", lang)
    cites = [str(cite) for cite in (tree or {}).get("cites") or () if not _own(str(cite))]
    cited = word("provenance.cited", lang, cites=joined(cites, lang)) if cites else ""
    light = word(f"light.{target['light']}", lang)
    parts = [f"{light}{word('chart.separator', lang)}{rule}{cited}", reason]
    return word("list.clause", lang).join(part for part in parts if part)


def _own(cite: str) -> bool:
    """Whether a citation is a method of this product, not a document."""
    return cite.startswith("hengtan:")


def clause_name(reference: str, lang: str = "zh") -> str:
    """A clause as a reader would write it: 第2条, 总体要求（二）, 引言."""
    name = str(reference).split(":")[-1]
    if name.isdigit():
        return word("clause.numbered", lang, number=name)
    return word(f"clause.{name}", lang) if has(f"clause.{name}") else name


def _clause(target: Row, plan: Row, tree: Row | None, lang: str) -> str:
    title = plan["title_zh"] if lang == "zh" else plan["title_en"] or plan["title_zh"]
    end = "zh" if lang == "zh" else "en"
    name = target[f"clause_title_{end}"] or target["clause_title_zh"]
    said = [f"{title} {clause_name(target['clause'], lang)} {name}".strip()]
    if target["quote"]:
        said.append(f"“{target['quote']}”")
    if stands := _row_of_target(tree, lang):
        said.append(stands)
    return said[0] + "".join(f"{word('provenance.arrow', lang)}{part}" for part in said[1:])


def _row_of_target(tree: Row | None, lang: str) -> str:
    """Where the target stands in its pack."""
    for node in _nodes(tree or {}):
        if (node.get("name") or node.get("table")) == "targets":
            return _place({**node, **(node.get("origin") or {})}, lang)
    return ""


def _nodes(tree: Row) -> Iterator[Row]:
    """The parts of a tree, in its order; one that stands in it more than once comes once."""
    seen: set[int] = set()
    ahead = [tree]
    while ahead:
        node = ahead.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        ahead += reversed(node.get("inputs") or node.get("children") or [])
