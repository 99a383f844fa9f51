"""Words a file may use for things of the packs (lookups of reference fields), and the lists of
templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hengtan.ledger.reading.columns import ENGLISH_UNITS, SpelledWords
from hengtan.report.sheet.form_choices import common_units

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form
    from hengtan.packs import Pack
    from hengtan.workspace.workspace import Workspace


Words = dict[str, str | tuple[str, ...]]
_KNOWN: WeakKeyDictionary[Pack, dict[str, Words]] = WeakKeyDictionary()
"""The words of packs that were asked for, for as long as the packs are."""


NAMED = (
    ("series", "series", ("name_zh", "name_en")),
    ("indicators", "indicator", ("name_zh", "name_en")),
    ("milestones", "milestone", ("name_zh", "name_en")),
    ("measures", "clause_ref", ("title_zh", "title_en")),
    ("targets", "target_id", ("indicator_zh", "indicator_en")),
    ("registries", "registry_id", ("title_zh", "title_en")),
    ("publishers", "publisher", ("name_zh", "name_en")),
    ("energy_products", "product", ("name_zh", "name_en")),
    ("balance_rows", "row", ("name_zh", "name_en")),
    ("industries", "industry", ("name_zh", "name_en")),
    ("activity_items", "item", ("name_zh", "name_en")),
    ("inventory_categories", "category", ("name_zh", "name_en")),
    ("unit_items", "item", ("name_zh", "name_en")),
    ("grid_factor_kinds", "factor_kind", ("name_zh", "name_en")),
    ("gpc_references", "gpc", ("name_zh", "name_en")),
    ("waste_rates", "rate", ("name_zh", "name_en")),
    ("factor_sets", "factor_set", ("name_zh", "name_en")),
)
"""Pack tables that reference fields take, with the column of the id and those of the names."""


def name_of(workspace: Workspace, table: str, value: str, lang: str) -> str:
    """The name of what a reference field holds; the id where there is none."""
    for named, key, (zh, en) in NAMED:
        if named == table:
            rows = (row for row in workspace.pack.rows(table) if row[key] == value)
            row = next(rows, {})
            return str((lang == "en" and row.get(en)) or row.get(zh) or value)
    return value


def lookups(workspace: Workspace) -> dict[str, Words]:
    """What a reference field may hold, by pack table: every id and name → id, or the ids of rows
    that share the name.

    Indicators also take the names of series; where both have a name, it is the indicator's.
    """
    if workspace.pack not in _KNOWN:
        _KNOWN[workspace.pack] = _lookups(workspace.pack)
    return {**_KNOWN[workspace.pack], ENGLISH_UNITS: {en: zh for zh, en in common_units()}}


def _lookups(pack: Pack) -> dict[str, Words]:
    ids_by_table: dict[str, Words] = {"indicators": {}}
    for table, key, names in NAMED:
        named: dict[str, list[str]] = {}
        for row in pack.rows(table):
            titles = {row[name] for name in names if row[name]}
            for text in titles | set(row.get("aliases", ())) | _also_written(pack, table, row):
                named.setdefault(text, []).append(row[key])
        if table == "indicators":
            _own_names_first(named, pack.rows(table))
        words = ids_by_table.setdefault("indicators" if table == "series" else table, {})
        words |= {text: ids[0] if len(ids) == 1 else tuple(ids) for text, ids in named.items()}
        words |= {row[key]: row[key] for row in pack.rows(table)}
    for row in pack.rows("targets"):
        ids_by_table["indicators"].setdefault(row["indicator_zh"], row["indicator"])
    for table, spelled in balance_words(pack.rows("balance_names")).items():
        ids_by_table[table] = SpelledWords(ids_by_table[table], spelled)
    return ids_by_table


def balance_words(
    names: Sequence[Mapping[str, Any]],
) -> dict[str, Callable[[str], tuple[str, ...]]]:
    """How titles of balances name rows and products: the one list of spellings that checking a
    foreign balance uses too.
    """
    from hengtan.accounts.energy.foreign_names import Names

    known = Names.of(names)
    two = {"rec": ("S.rec", "T.rec")}

    def row(text: str) -> tuple[str, ...]:
        code = known.row(text)
        return two.get(code, (code,)) if code else ()

    def product(text: str) -> tuple[str, ...]:
        code = known.product(text)
        return (code,) if code else ()

    return {"balance_rows": row, "energy_products": product}


GDP_WORDS = ("地区生产总值", "国内生产总值", "生产总值")


def _also_written(pack: Pack, table: str, row: dict[str, Any]) -> set[str]:
    """Other ways in which people write the name of a row of a pack table."""
    if table == "balance_rows":
        return _bare_row(row)
    if table == "targets":
        return {_target_name(row), _target_name_en(pack, row)}
    return _bare_indicator(row["name_zh"]) if table == "indicators" else set()


def _target_name(row: Mapping[str, Any]) -> str:
    """A target's indicator with its region and year, since several plans may have the indicator."""
    return f"{row['indicator_zh']}（{row['region_zh']}{row['deadline_year']}年）"


def _target_name_en(pack: Pack, row: Mapping[str, Any]) -> str:
    """The same in English."""
    places = pack.places()
    region = places[row["region"]].name_en if row["region"] in places else row["region"]
    return f"{row['indicator_en'] or row['indicator_zh']} ({region} {row['deadline_year']})"


def _own_names_first(named: dict[str, list[str]], indicators: Sequence[Mapping[str, Any]]) -> None:
    """A name that is an indicator's own is no other indicator's name written in another way."""
    own: dict[str, list[str]] = {}
    for row in indicators:
        for title in filter(None, (row["name_zh"], row["name_en"])):
            own.setdefault(title, []).append(row["indicator"])
    named.update(own)


def _bare_indicator(name: str) -> set[str]:
    """An indicator's name without its brackets, with what stands in them behind it, with GDP in
    Chinese, and with the other word for a ratio: 单位GDP能耗（降低率） is 单位地区生产总值能耗 and
    单位GDP能耗降低率 too, 优良天数比例 is 优良天数比率.
    """
    bare = re.sub("（.*?）", "", name)
    joined = re.sub("[（）]", "", name)
    plain = {bare, joined, joined.removesuffix("率"), *_other_ratio(bare), *_other_ratio(name)}
    in_chinese = {text.replace("GDP", word) for text in plain for word in GDP_WORDS}
    return (plain | in_chinese) - {"", name}


def _other_ratio(name: str) -> Iterator[str]:
    for word, other in (("比例", "比率"), ("比率", "比例")):
        if word in name:
            yield name.replace(word, other)


def _bare_row(row: dict[str, Any]) -> set[str]:
    """A balance row's name as people write it: without its number, without 其中 and the sign in
    brackets.
    """
    name = re.sub(
        r"^(其中：|[一二三四五六七八九十]+、|（[一二三四五六七八九十]）)", "", row["name_zh"]
    )
    return {name, re.sub(r"（[-+]）", "", name)}


LISTED = tuple(table for table, _, _ in NAMED if table not in ("series", "gpc_references"))
"""Pack tables whose rows the lists of templates offer by name; ``gpc_references`` are by number."""


def choices(workspace: Workspace, lang: str = "zh") -> dict[str, dict[str, str]]:
    """For the lists of a template in ``zh`` or ``en``: by pack table, id → name; indicators only
    those of the plans, if there are any.
    """
    pack = workspace.pack
    listed = {
        table: {row[key]: _named(pack, table, row, names, lang) for row in pack.rows(table)}
        for table, key, names in NAMED
        if table in LISTED
    }
    wanted = {row["indicator"] for row in pack.rows("targets")}
    if wanted:
        listed["indicators"] = {
            indicator: name
            for indicator, name in listed["indicators"].items()
            if indicator in wanted
        }
    return listed | {"gpc_references": {r["gpc"]: r["gpc"] for r in pack.rows("gpc_references")}}


def _named(
    pack: Pack, table: str, row: Mapping[str, Any], names: tuple[str, str], lang: str
) -> str:
    """The name a row is listed under; in Chinese where it has no English one."""
    if table == "targets":
        return _target_name_en(pack, row) if lang == "en" else _target_name(row)
    zh, en = names
    return str((lang == "en" and row[en]) or row[zh])


def names_in_two(workspace: Workspace, form: Form) -> dict[str, tuple[str, str]]:
    """Code → name in Chinese and English (the Chinese where it has none), for what the place and
    reference fields of a form hold.
    """
    tables = {field.reference for field in form.fields}
    english = {
        row[key]: row[en]
        for table, key, (_, en) in NAMED
        if table in tables
        for row in workspace.pack.rows(table)
    }
    english |= {place.code: place.name_en for place in workspace.pack.places()}
    names = names_of_codes(workspace, form)
    return {code: (name, english.get(code) or name) for code, name in names.items()}


def names_of_codes(workspace: Workspace, form: Form) -> dict[str, str]:
    """Code → Chinese name, for what the place and reference fields of a form hold."""
    named = choices(workspace)
    names: dict[str, str] = {}
    for field in form.fields:
        names |= named.get(field.reference or "", {})
    return names | {place.code: place.name_zh for place in workspace.pack.places()}
