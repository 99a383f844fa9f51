"""What a rule is: its inputs with units, its outputs, its law and dates, and the function that computes it; and one case of it, checked and explained."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from hengtan.basis.cite import worst
from hengtan.basis.dated import ALWAYS, NO_END
from hengtan.basis.errors import HengtanError, NoSuchRow, UnknownUnit
from hengtan.basis.numeric import round_half_up
from hengtan.basis.units import conversion_factor, read_unit
from hengtan.instruments.formula import amend
from hengtan.instruments.parameters import Parameters
from hengtan.instruments.synonyms import SYNONYMS

KINDS = ("number", "whole", "text", "choice", "flag", "amounts", "rows", "numbers")
YES, NO = (
    frozenset(("是", "有", "yes", "true", "1", "y", "√")),
    frozenset(("否", "无", "no", "false", "0", "n", "")),
)
MYRIADS = {"万": 1e4, "亿": 1e8}


@dataclass(frozen=True)
class Input:
    """An input. ``kind``: number, whole, text, choice (``choices``: code → Chinese), flag, amounts (a mapping of names to numbers), numbers (a list), rows (a list of mappings with ``fields``).

    ``unit``: what a bare number is in; a text with another unit of the same kind is converted. ``default`` None: it must be given.
    ``also``: further units with their factor (立方米 of waste water as 吨). ``lone``: the name that a single number gets where amounts are asked for.
    ``takes_rest``: amounts whose names may also stand beside the inputs (化学需氧量: 100). ``implies``: a name of the input that settles an option (年用电量 → cycle: year).
    """

    name: str
    zh: str
    unit: str = ""
    kind: str = "number"
    default: Any = None
    optional: bool = False
    least: float | None = 0.0
    most: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Input, ...] = ()
    aliases: tuple[str, ...] = ()
    note: str = ""
    also: Mapping[str, float] = field(default_factory=dict)
    lone: str = ""
    takes_rest: bool = False
    implies: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every name that it goes by, as written and with full-width signs made plain."""
        words = (self.name, self.zh, *self.aliases, *self.implies, *SYNONYMS.get(self.zh, ()))
        return tuple(dict.fromkeys((*words, *(_plain(w) for w in words))))

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        made: dict[str, Any] = {
            "name": self.name,
            "zh": self.zh,
            "unit": self.unit,
            "kind": self.kind,
            "required": self.default is None and not self.optional,
        }
        for key, value in (
            ("default", self.default),
            ("choices", dict(self.choices)),
            ("aliases", [a for a in self.spellings if a not in (self.name, self.zh)]),
            ("note", self.note),
            ("fields", [f.as_dict() for f in self.fields]),
        ):
            if value not in (None, {}, [], ""):
                made[key] = value
        return made


@dataclass(frozen=True)
class Output:
    """An output: its name in a case's ``expect``, words, unit."""

    name: str
    zh: str
    unit: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule in force between two days (both inclusive, None: open). Where the law changes the formula, two rules share the id and stand side by side.

    ``compute`` takes a Calc and gives the outputs by name. ``formula``, where there is one, is the same arithmetic on numbers, arrays or columns, and ``parameters`` says which of its arguments are parameters:
    argument → (parameter, input that is its key; "=word" for a key that is always the same; "" for none).
    """

    id: str
    title_zh: str
    title_en: str
    law: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    compute: Callable[[Calc], Mapping[str, Any]]
    valid_from: date | None = None
    valid_to: date | None = None
    needs: tuple[str, ...] = ()
    formula: Callable[..., Mapping[str, Any]] | None = None
    parameters: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: str = "read"
    note_zh: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What ``calc --list --json`` tells."""
        return {
            "rule": self.id,
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "law": self.law,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "inputs": [i.as_dict() for i in self.inputs],
            "outputs": [vars(o) for o in self.outputs],
            "parameters": list(self.needs or (p for p, _ in self.parameters.values())),
            "options": {k: list(v) for k, v in self.options.items()},
            "confidence": self.confidence,
            "on_tables": self.formula is not None,
            "note_zh": self.note_zh,
        }


@dataclass(frozen=True)
class Step:
    """A step of an explanation: words, value, unit, how, and by which clause."""

    zh: str
    value: Any
    unit: str = ""
    how: str = ""
    clause: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {k: v for k, v in vars(self).items() if v not in ("", None)}


@dataclass
class Calc:
    """One case under way: checked inputs, parameters, options; ``step`` and ``warn`` make the explanation."""

    rule: Rule
    day: date
    region: str
    given: Mapping[str, Any]
    parameters: Parameters
    options: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.given[name]

    def param(self, name: str, key: str = "", *, region: str | None = None) -> float:
        """A parameter on the day of the case. Raises ParameterNotEstablished."""
        return self.parameters.value(name, key, region=region, rule=self.rule.id)

    def step(self, zh: str, value: Any, unit: str = "", how: str = "", clause: str = "") -> Any:
        """Tell a step; gives the value back."""
        self.steps.append(Step(zh, value, unit, how, clause))
        return value

    def warn(self, zh: str) -> None:
        """Tell what has to be known of the result."""
        if zh not in self.parameters.warnings:
            self.parameters.warnings.append(zh)

    def rounded(self, value: float, digits: int = 2) -> float:
        """Halves away from zero."""
        return float(round_half_up(value, digits))

    def refuse(
        self, zh: str, en: str, todo: str = "改正输入", todo_en: str = "correct the input"
    ) -> HengtanError:
        """An error about the inputs of the case."""
        return HengtanError(zh, en, todo=todo, todo_en=todo_en)


@dataclass(frozen=True)
class Result:
    """A case computed: outputs, the steps to them, parameters used, warnings, the least sure confidence."""

    rule: Rule
    day: date
    region: str
    outputs: Mapping[str, Any]
    steps: tuple[Step, ...]
    used: tuple[Any, ...]
    warnings: tuple[str, ...]
    confidence: str

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "rule": self.rule.id,
            "title_zh": self.rule.title_zh,
            "law": self.rule.law,
            "date": self.day,
            "region": self.region,
            "outputs": dict(self.outputs),
            "units": {o.name: o.unit for o in self.rule.outputs if o.name in self.outputs},
            "steps": [s.as_dict() for s in self.steps],
            "parameters": [u.as_dict() for u in self.used],
            "warnings": list(self.warnings),
            "confidence": self.confidence,
        }


def run(
    rules: Sequence[Rule],
    rule_id: str,
    day: date,
    region: str,
    inputs: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    *,
    overrides: Mapping[str, float] | None = None,
    options: Mapping[str, str] | None = None,
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    formulas: Iterable[Mapping[str, Any]] = (),
) -> Result:
    """Compute a case; ``formulas``: rows of ``rule_formulas``, what a proposal writes over outputs. Raises NoSuchRow for an unknown rule, HengtanError for inputs, units, options or a date outside the rule, ParameterNotEstablished for a parameter."""
    rule = in_force(rules, rule_id, day)
    chosen = {}
    for name, value in (options or {}).items():
        allowed = rule.options.get(name)
        if allowed is None:
            raise HengtanError(
                f"规则“{rule_id}”没有选项“{name}”",
                f"no option '{name}'",
                todo=f"可用：{'、'.join(rule.options) or '（无）'}",
                todo_en=f"known: {', '.join(rule.options) or 'none'}",
            )
        if str(value) not in allowed:
            raise HengtanError(
                f"选项“{name}”不能是“{value}”",
                f"option '{name}' cannot be '{value}'",
                todo=f"可用：{'、'.join(allowed)}",
                todo_en=f"one of {', '.join(allowed)}",
            )
        chosen[name] = str(value)
    for one in rule.inputs:
        for key in inputs or {}:
            option, value = one.implies.get(str(key), ("", ""))
            if option and chosen.setdefault(option, value) != value:
                raise HengtanError(
                    f"输入项“{key}”与选项“{option}: {chosen[option]}”不一致",
                    f"input '{key}' does not agree with option '{option}: {chosen[option]}'",
                    todo="改正其一",
                    todo_en="correct one of them",
                )
    calc = Calc(
        rule,
        day,
        region,
        read_inputs(rule.inputs, inputs),
        Parameters.of(rows, day, region, overrides),
        {**{k: v[0] for k, v in rule.options.items()}, **chosen},
        tables or {},
    )
    amended, proposed = amend(calc, rule.compute(calc), formulas)
    outputs = {
        k: (float(v) if isinstance(v, (int, float)) and not isinstance(v, bool) else v)
        for k, v in amended.items()
    }
    for name, got in outputs.items():
        if isinstance(got, float) and not math.isfinite(got):
            raise HengtanError(
                f"“{name}”算不出：输入不全或除数为零",
                f"'{name}' cannot be computed",
                todo="补齐输入",
                todo_en="complete the inputs",
            )
    used = tuple(calc.parameters.used)
    return Result(
        rule,
        day,
        region,
        outputs,
        tuple(calc.steps),
        used,
        tuple(calc.parameters.warnings),
        worst([rule.confidence, *proposed, *(u.confidence for u in used)]) or "read",
    )


def in_force(rules: Sequence[Rule], rule_id: str, day: date) -> Rule:
    """The rule of an id in force on a day. Raises NoSuchRow for an unknown id, HengtanError for a day outside."""
    held = [r for r in rules if r.id == rule_id]
    if not held:
        known = sorted({r.id for r in rules})
        near = [k for k in known if k.split(".")[0] == rule_id.split(".")[0]] or known
        raise NoSuchRow(
            f"没有规则“{rule_id}”",
            f"no rule '{rule_id}'",
            todo=f"可用：{'、'.join(near)}",
            todo_en="see hengtan calc --list",
        )
    for rule in held:
        if (rule.valid_from or ALWAYS) <= day <= (rule.valid_to or NO_END):
            return rule
    spans = "、".join(f"{r.valid_from or '…'}—{r.valid_to or '…'}" for r in held)
    raise HengtanError(
        f"规则“{rule_id}”在{day}不适用",
        f"rule '{rule_id}' is not in force on {day}",
        todo=f"适用期：{spans}",
        todo_en=f"in force: {spans}",
    )


def read_inputs(
    declared: Sequence[Input], given: Mapping[str, Any], where: str = ""
) -> dict[str, Any]:
    """The inputs of a case, checked and in their units. Raises HengtanError for one that is unknown, missing, of a wrong unit, negative or out of bounds."""
    names = {spelling: i for i in reversed(declared) for spelling in i.spellings}
    names |= {spelling: i for i in declared for spelling in (i.name, i.zh, *i.aliases)}
    given = _spread(names, given or {})
    rest = next((i for i in declared if i.takes_rest), None)
    loose: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for key, value in given.items():
        found = names.get(str(key)) or names.get(_plain(key))
        if (
            found is None
            and rest is not None
            and isinstance(value, (int, float, str))
            and not isinstance(value, bool)
        ):
            loose[_plain(key)] = value
            continue
        if found is None:
            raise HengtanError(
                f"没有输入项“{where}{key}”",
                f"no input '{where}{key}'",
                todo=f"可用：{'、'.join(f'{i.zh}（{i.name}）' for i in declared)}",
                todo_en=f"known: {', '.join(i.name for i in declared)}",
            )
        if found.name in made:
            raise HengtanError(
                f"输入项“{where}{found.zh}”给了两次",
                f"input '{where}{found.name}' is given twice",
                todo="只留一个",
                todo_en="keep one",
            )
        made[found.name] = _read(found, value, where)
    if rest is not None and loose:
        if rest.name in made:
            raise HengtanError(
                f"没有输入项“{where}{next(iter(loose))}”（“{rest.zh}”已经给了）",
                f"no input '{where}{next(iter(loose))}'",
                todo=f"写进“{rest.zh}”，或改正名称：{'、'.join(i.zh for i in declared)}",
                todo_en=f"put it into {rest.name}",
            )
        made[rest.name] = _read(rest, loose, where)
    for one in declared:
        if one.name not in made:
            if one.default is None and not one.optional:
                raise HengtanError(
                    f"缺输入项“{where}{one.zh}”（{one.name}）",
                    f"input '{where}{one.name}' is missing",
                    todo=f"补上{'，单位' + one.unit if one.unit else ''}",
                    todo_en=f"give it{' in ' + one.unit if one.unit else ''}",
                )
            made[one.name] = one.default
    return made


def _spread(names: Mapping[str, Input], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Amounts written as rows with further columns that are amounts too are parted: [{污染物: 二氧化硫, 排放量: 95, 浓度: 35, 标准限值: 50}]."""
    made = dict(given)
    for key, value in given.items():
        one = names.get(str(key)) or names.get(_plain(key))
        if (
            one is None
            or one.kind != "amounts"
            or not isinstance(value, Sequence)
            or isinstance(value, str)
            or not all(isinstance(r, Mapping) for r in value)
        ):
            continue
        rows = []
        for row in value:
            name = next((row[c] for c in row if _plain(c).lower() in NAME_WORDS), None)
            if name is None:
                rows.append(row)
                continue
            others = {
                c: i
                for c in row
                if (i := names.get(str(c)) or names.get(_plain(c))) is not None
                and i.kind == "amounts"
                and i is not one
                and _plain(c).lower() not in NAME_WORDS
            }
            for column, other in others.items():
                held = next(
                    (k for k in made if (names.get(str(k)) or names.get(_plain(k))) is other),
                    other.name,
                )
                if row[column] not in (None, "") and isinstance(made.setdefault(held, {}), Mapping):
                    made[held] = {**made[held], str(name): row[column]}
            rest = {c: v for c, v in row.items() if c not in others}
            if not others or any(_plain(c).lower() in AMOUNT_WORDS for c in rest):
                rows.append(rest)
        made[key] = rows
    return made


def _plain(text: Any) -> str:
    return unicodedata.normalize("NFKC", str(text)).strip()


def _bad(one: Input, where: str, zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
    return HengtanError(
        f"输入项“{where}{one.zh}”{zh}",
        f"input '{where}{one.name}' {en}",
        todo=todo,
        todo_en=todo_en,
    )


def _read(one: Input, value: Any, where: str) -> Any:
    if value is None or (isinstance(value, str) and not _plain(value)):
        if one.default is None and not one.optional:
            raise _bad(one, where, "是空的", "is empty", "补上", "fill it")
        return one.default
    if one.kind in ("number", "whole"):
        return _number(one, value, where)
    if one.kind == "flag":
        said = _plain(value).lower()
        if isinstance(value, bool) or said in YES or said in NO:
            return value if isinstance(value, bool) else said in YES
        raise _bad(
            one,
            where,
            f"应为是或否，不是“{value}”",
            f"is yes or no, not '{value}'",
            "填是或否",
            "yes or no",
        )
    if one.kind == "choice":
        word = _plain(value)
        for code, zh in one.choices.items():
            if word in (code, zh) or word in (_plain(zh), *zh.split("、")):
                return code
        near = [
            code
            for code, zh in one.choices.items()
            if len(word) > 1
            and any(part.startswith(word) for part in (_plain(zh), *_plain(zh).split("、")))
        ]
        if len(near) == 1:
            return near[0]
        raise _bad(
            one,
            where,
            f"不能是“{value}”",
            f"cannot be '{value}'",
            f"可用：{'、'.join(f'{zh}（{code}）' for code, zh in one.choices.items())}",
            f"one of {', '.join(one.choices)}",
        )
    if one.kind == "amounts":
        if isinstance(value, Sequence) and not isinstance(value, str):
            value = _listed(one, value, where)
        if one.lone and isinstance(value, (int, float, str)) and not isinstance(value, bool):
            value = {one.lone: value}
        if not isinstance(value, Mapping):
            raise _bad(
                one,
                where,
                "应为 名称: 数量",
                "is a mapping of names to amounts",
                "逐项写成 名称: 数量",
                "write name: amount",
            )
        return {
            _plain(name): _number(one, amount, f"{where}{name} ") for name, amount in value.items()
        }
    if one.kind == "numbers":
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise _bad(
                one,
                where,
                "应为一列数",
                "is a list of numbers",
                "写成 [1, 2, 3]",
                "write [1, 2, 3]",
            )
        return [_number(one, x, where) for x in value]
    if one.kind == "rows":
        if (
            not isinstance(value, Sequence)
            or isinstance(value, str)
            or not all(isinstance(x, Mapping) for x in value)
        ):
            raise _bad(
                one,
                where,
                "应为若干行",
                "is a list of rows",
                "每行写成一组 名称: 值",
                "each row a mapping",
            )
        return [
            read_inputs(one.fields, row, f"{where}{one.zh}第{n}行 ")
            for n, row in enumerate(value, start=1)
        ]
    return _plain(value)


NAME_WORDS = ("name", "pollutant", "item", "名称", "污染物", "项目")
AMOUNT_WORDS = ("amount", "quantity", "value", "emission", "数量", "排放量", "数值")
UNIT_WORDS = ("unit", "单位", "计量单位")


def _listed(one: Input, rows: Sequence[Any], where: str) -> dict[str, Any]:
    """Rows of name, amount and perhaps unit as a mapping: [{名称: 二氧化硫, 数量: 100, 单位: 千克}]."""
    made: dict[str, Any] = {}
    for n, row in enumerate(rows, start=1):
        found = {_plain(k).lower(): v for k, v in row.items()} if isinstance(row, Mapping) else {}
        name, amount, unit = (
            next((found[w] for w in words if w in found), None)
            for words in (NAME_WORDS, AMOUNT_WORDS, UNIT_WORDS)
        )
        if name is None or amount is None or len(found) != 2 + (unit is not None):
            raise _bad(
                one,
                f"{where}第{n}行 ",
                "应写成 名称、数量、单位",
                "is a row of name, amount, unit",
                "例如 {名称: 二氧化硫, 数量: 100, 单位: 千克}",
                "e.g. {name: SO2, amount: 100, unit: kg}",
            )
        if _plain(name) in made:
            raise _bad(
                one,
                f"{where}第{n}行 ",
                f"“{name}”写了两次",
                f"'{name}' occurs twice",
                "合并",
                "merge them",
            )
        made[_plain(name)] = f"{amount}{unit}" if unit is not None else amount
    return made


def _number(one: Input, value: Any, where: str) -> float | int:
    number = _converted(one, value, where)
    if not math.isfinite(number):
        raise _bad(
            one, where, f"“{value}”不是数", f"'{value}' is no number", "填数字", "fill a number"
        )
    if one.least is not None and number < one.least:
        zh, en = (
            ("不能为负", "cannot be negative")
            if one.least == 0
            else (f"不能小于{one.least:g}{one.unit}", f"cannot be below {one.least:g}")
        )
        raise _bad(one, where, f"{zh}（{value}）", f"{en} ({value})", "改正数值", "correct it")
    if one.most is not None and number > one.most:
        raise _bad(
            one,
            where,
            f"不能大于{one.most:g}{one.unit}（{value}）",
            f"cannot exceed {one.most:g} ({value})",
            "改正数值",
            "correct it",
        )
    if one.kind == "whole" and number != int(number):
        raise _bad(
            one,
            where,
            f"应为整数（{value}）",
            f"is a whole number ({value})",
            "填整数",
            "fill a whole number",
        )
    return int(number) if one.kind == "whole" else number


def _converted(one: Input, value: Any, where: str) -> float:
    """A number, or a text of a number with a unit, in the unit of the input."""
    if isinstance(value, bool):
        raise _bad(
            one, where, f"“{value}”不是数", f"'{value}' is no number", "填数字", "fill a number"
        )
    if isinstance(value, (int, float)):
        return float(value)
    text = _plain(value).replace(",", "").replace(" ", "")
    cut = next((n for n, c in enumerate(text) if c not in "0123456789.+-eE"), len(text))
    if cut < len(text) and text[:cut] and text[cut - 1] in "eE":
        cut -= 1
    head, tail = text[:cut], text[cut:]
    try:
        number = float(head)
    except ValueError:
        raise _bad(
            one,
            where,
            f"“{value}”不是数",
            f"'{value}' is no number",
            "填数字，或数字加单位",
            "a number, or a number with its unit",
        ) from None
    if not tail or tail == one.unit:
        return number
    if tail in MYRIADS:
        return number * MYRIADS[tail]
    if tail in one.also:
        return number * one.also[tail]
    if tail == "%" and one.unit in ("", "1"):
        return number / 100
    try:
        if not one.unit or read_unit(tail).canonical != read_unit(one.unit).canonical:
            raise UnknownUnit("", "")
        return number * conversion_factor(tail, one.unit)
    except UnknownUnit:
        raise _bad(
            one,
            where,
            f"的单位“{tail}”不对",
            f"has a wrong unit '{tail}'",
            f"用{one.unit or '纯数'}",
            f"use {one.unit or 'a plain number'}",
        ) from None


def formula_rule(
    rule_id: str,
    title_zh: str,
    title_en: str,
    law: str,
    inputs: Sequence[Input],
    outputs: Sequence[Output],
    formula: Callable[..., Mapping[str, Any]],
    parameters: Mapping[str, tuple[str, str]] | None = None,
    *,
    how: str = "",
    **more: Any,
) -> Rule:
    """A rule that is one formula of inputs and parameters: the same function computes a case and a table of a million rows.

    ``formula`` uses the words of ``basis.numeric`` and takes the inputs and parameters by name. ``how``: the equation, shown with the result.
    """
    held = dict(parameters or {})

    def compute(calc: Calc) -> Mapping[str, Any]:
        found = {
            argument: calc.param(
                name, key[1:] if key.startswith("=") else str(calc[key]) if key else ""
            )
            for argument, (name, key) in held.items()
        }
        made = formula(**{i.name: calc[i.name] for i in inputs}, **found)
        for i in inputs:
            if calc[i.name] is not None:
                calc.step(i.zh, calc[i.name], i.unit)
        for argument, used in zip(
            found, calc.parameters.used[-len(found) :] if found else [], strict=True
        ):
            calc.step(f"参数 {held[argument][0]}", used.value, used.unit, clause=used.source)
        for o in outputs:
            if o.name in made:
                calc.step(o.zh, made[o.name], o.unit, how=how, clause=law)
        return made

    return Rule(
        rule_id,
        title_zh,
        title_en,
        law,
        tuple(inputs),
        tuple(outputs),
        compute,
        formula=formula,
        parameters=held,
        **more,
    )
