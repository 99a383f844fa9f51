"""Rules as a person asks for them: a case from the fields of a form, enterprises by their cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.basis.border import yaml_of
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.numbers import split_number
from hengtan.basis.period import Period
from hengtan.desk.cases import Case, case_of, compute, read_cases, shipped
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameter_titles import title_of, title_of_label
from hengtan.instruments.parameters import labelled
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Rule, in_force
from hengtan.packs import Pack

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

__all__ = [
    "Case",
    "calc",
    "compute",
    "enterprises",
    "from_form",
    "outputs_of",
    "own_parameters",
    "read_cases",
    "rule_of",
    "shipped",
]
STRUCTURED = ("amounts", "rows", "numbers")
"""Kinds of inputs that a form takes as text of several lines."""
OWN = "parameter."
"""What the name of a field begins with that gives a parameter; its id follows."""
LONGEST = 20_000
"""Characters that a field of a form may hold."""
HOLDINGS = """
    select registry, title, holder, granted, withdrawn, quantity, unit
    from memory.main."{view}" where holder is not null
"""


def rule_of(rule_id: str, form: Mapping[str, str]) -> Rule:
    """The rule on the day of the form, today's or its latest where none is stated.

    Raises NoSuchRow.
    """
    if form.get("date"):
        return in_force(rules(), rule_id, Period.read(form["date"]).end)
    try:
        return in_force(rules(), rule_id, date.today())
    except HengtanError:
        editions = [rule for rule in rules() if rule.id == rule_id]
        if not editions:
            raise
        return editions[-1]


def outputs_of(rule: Rule) -> dict[str, tuple[str, str]]:
    """Words and unit of each output of a rule."""
    return {output.name: (output.zh, output.unit) for output in rule.outputs}


def own_parameters(
    pack: Pack, rule: Rule, form: Mapping[str, str], lang: str = "zh"
) -> list[dict[str, str]]:
    """The parameters that a case of a rule may give itself: id, title, unit, and what the form
    gives.
    """
    units: dict[tuple[str, str], str] = {}
    wanted = {name: place for place, name in enumerate(rule.parameter_names)}
    for row in pack.rows("rule_parameters"):
        if row["parameter"] in wanted:
            units.setdefault((row["parameter"], row["key"] or ""), row["unit"] or "")
    listed = sorted(units.items(), key=lambda entry: wanted[entry[0][0]])
    return [
        {
            "id": labelled(name, key),
            "title": title_of(name, key)[1 if lang == "en" else 0],
            "unit": unit,
            "given": form.get(f"{OWN}{labelled(name, key)}", ""),
        }
        for (name, key), unit in listed
    ]


def calc(workspace: Workspace, rule_id: str, form: Mapping[str, str]) -> dict[str, Any]:
    """A case from the fields of a form, computed. Raises HengtanError."""
    pack = workspace.pack
    return dict(compute(pack, from_form(pack, rule_id, form)).as_dict())


def from_form(pack: Pack, rule_id: str, form: Mapping[str, str]) -> Case:
    """A case from the fields of a form; blank fields are left out.

    Fields: ``date``, ``region``, ``option.NAME``, ``parameter.ID``, ``parameters`` (YAML) and each
    input under its name. Rows are a table with a header, as pasted from a worksheet, or YAML;
    numbers stand between
    commas, blanks or lines. Raises HengtanError.
    """
    day = Period.read(form["date"]).end if form.get("date") else date.today()
    rule = in_force(rules(), rule_id, day)
    inputs = {}
    for item in rule.inputs:
        text = (form.get(item.name) or "").strip()
        value = _structured(item, text) if text and item.kind in STRUCTURED else text
        if value not in ("", []):
            inputs[item.name] = value
    own = (form.get("parameters") or "").strip()
    parameters = _yaml(own, "parameters") if own else {}
    if isinstance(parameters, dict):
        parameters = {**parameters, **_own_figures(form)}
    chosen = {name: value for name, value in form.items() if name.startswith("option.") and value}
    return case_of(
        {
            "rule": rule_id,
            "date": day,
            "region": form.get("region"),
            "inputs": inputs,
            "parameters": parameters,
            "options": {name.removeprefix("option."): value for name, value in chosen.items()},
        },
        Where("表单"),
    )


def _own_figures(form: Mapping[str, str]) -> dict[str, float]:
    """The parameters that a form gives in fields of their own. Raises HengtanError."""
    figures: dict[str, float] = {}
    for field, text in form.items():
        if not field.startswith(OWN) or not text.strip():
            continue
        name = field.removeprefix(OWN)
        written = split_number(text)
        if written is None or written.rest not in ("", "%"):
            called = title_of_label(name)
            raise HengtanError(
                f"参数“{called.zh}”应为数字，不是“{text.strip()}”",
                f"parameter '{called.en}' is a number, not '{text.strip()}'",
                todo="填数字，或清空",
                todo_en="give a number, or leave it empty",
            )
        figures[name] = written.value / 100 if written.rest else written.value
    return figures


def _structured(item: Input, text: str) -> Any:
    """The value of an input that is written on several lines, by its kind."""
    _check_length(item.zh, item.name, text)
    first = text.splitlines()[0]
    if item.kind == "numbers" and not text.startswith(("[", "-")):
        return [part for part in re.split(r"[\s,，、;；]+", text) if part]
    is_yaml = first.startswith(("-", "[", "{")) or ":" in first or "：" in first
    if item.kind == "rows" and not is_yaml:
        return _table(item, text)
    return _yaml(text, item.zh)


def _table(item: Input, text: str) -> list[dict[str, Any]]:
    """Rows from a table with a header; blank cells are left out.

    Each line is split at its tabs, else its full-width commas, else its commas.
    """
    header, *lines = [_cells(line) for line in text.splitlines() if line.strip()]
    kinds = {word: column.kind for column in item.fields for word in _own_names(column)}
    rows = []
    for number, cells in enumerate(lines, start=1):
        if len(cells) > len(header):
            raise HengtanError(
                f"“{item.zh}”第{number}行有{len(cells)}格，表头只有{len(header)}列",
                f"row {number} of '{item.name}' has more cells than the header",
                todo="对齐各列；数字里不要千分位逗号",
                todo_en="align the columns; no thousands separators",
            )
        row: dict[str, Any] = {}
        for name, cell in zip(header, cells, strict=False):
            if cell and kinds.get(name) in STRUCTURED:
                row[name] = _yaml(re.sub("[;；]", "\n", cell), name)
            elif cell:
                row[name] = cell
        if row:
            rows.append(row)
    return rows


def _own_names(item: Input) -> tuple[str, ...]:
    return (item.name, item.zh, item.en, *item.aliases)


def _cells(line: str) -> list[str]:
    mark = next((sign for sign in ("\t", "，", ",") if sign in line), "\t")
    return [cell.strip() for cell in line.split(mark)]


def _check_length(zh: str, en: str, text: str) -> None:
    if len(text) > LONGEST:
        raise HengtanError(
            f"“{zh}”太长",
            f"'{en}' is too long",
            todo="少于二万字",
            todo_en="below 20,000 characters",
        )


def _yaml(text: str, name: str) -> Any:
    _check_length(name, name, text)
    return yaml_of(text.replace("：", ": ").replace("，", ", "), Where(name))


def enterprises(workspace: Workspace) -> list[dict[str, Any]]:
    """Each entity with cases in the workspace's folder ``cases``, and what registries say it holds.

    A case that is refused says why.
    """
    by_entity: dict[str, dict[str, Any]] = {}

    def of(entity: str) -> dict[str, Any]:
        return by_entity.setdefault(entity, {"entity": entity, "cases": [], "holds": []})

    for path in sorted((workspace.folder / "cases").glob("*.yaml")):
        try:
            cases = read_cases(path)
        except HengtanError as error:
            of(path.name)["cases"].append(_row(path.name, None, str(error)))
            continue
        for case in cases:
            row = _row(path.name, case)
            try:
                row["result"] = compute(workspace.pack, case).as_dict()
            except HengtanError as error:
                row["refused"] = str(error)
            of(case.entity or path.stem)["cases"].append(row)
    view = workspace.ledger.effective(
        "registry_entries", schema=workspace.form("registry_entries").schema()
    )
    titles = {row["registry_id"]: row["title_zh"] for row in workspace.pack.rows("registries")}
    for entry in workspace.ledger.query(HOLDINGS.format(view=view)):
        if entry["holder"] in by_entity:
            title = titles.get(entry["registry"], entry["registry"])
            of(entry["holder"])["holds"].append({**entry, "registry_zh": title})
    return list(by_entity.values())


def _row(file: str, case: Case | None, refused: str = "") -> dict[str, Any]:
    """A case of a file, without its result; None where the file could not be read."""
    return {
        "file": file,
        "rule": case.rule if case else "",
        "title": case.title if case else "",
        "region": case.region if case else "",
        "refused": refused,
        "result": None,
    }
