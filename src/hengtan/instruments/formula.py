"""Formulas of a proposal, written as text in a pack: arithmetic on the inputs and outputs of the rule in force; nothing else can be reached."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hengtan.basis.dated import ALWAYS, NO_END
from hengtan.basis.errors import HengtanError, Where

if TYPE_CHECKING:
    from hengtan.instruments.rule import Calc

WORDS = {"min": min, "max": max, "abs": abs, "floor": math.floor, "ceil": math.ceil, "round": round}
"""Functions of a formula, beside + − × ÷ ** %, comparisons, and/or/not and ``a if c else b``."""


def amend(
    calc: Calc, outputs: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Outputs of a case with those formulas of the pack table ``rule_formulas`` that are in force for its rule and day, in their order, each seeing what the earlier ones made; and the confidences of the formulas.

    Names: inputs and outputs of the rule. Raises HengtanError for a formula that cannot be read or computed, or an output that the rule has not.
    """
    made, confidences = dict(outputs), []
    for row in rows:
        if row["rule"] != calc.rule.id or not (row["valid_from"] or ALWAYS) <= calc.day <= (
            row["valid_to"] or NO_END
        ):
            continue
        name, text = row["output"], row["formula"]
        output = next((o for o in calc.rule.outputs if o.name == name), None)
        if output is None:
            raise _bad(
                row,
                f"规则“{calc.rule.id}”没有输出“{name}”",
                f"rule '{calc.rule.id}' has no output '{name}'",
                f"可用：{'、'.join(o.name for o in calc.rule.outputs)}",
                "use an output of the rule",
            )
        before = made.get(name)
        made[name] = _value(
            row,
            text,
            {**{k: v for k, v in calc.given.items() if not isinstance(v, (list, dict))}, **made},
        )
        confidences.append(row["confidence"])
        calc.step(
            f"{output.zh}（方案公式）",
            made[name],
            output.unit,
            f"{name} = {text}" + (f"；原为 {before:g}" if isinstance(before, (int, float)) else ""),
            row["law"],
        )
    return made, confidences


def _bad(row: Mapping[str, Any], zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
    return HengtanError(
        zh, en, where=Where("rule_formulas.csv", column="formula"), todo=todo, todo_en=todo_en
    )


def _value(row: Mapping[str, Any], text: str, names: dict[str, Any]) -> float:
    from simpleeval import InvalidExpression, NameNotDefined, SimpleEval

    try:
        value = SimpleEval(functions=WORDS, names=names).eval(text)
    except NameNotDefined as error:
        raise _bad(
            row,
            f"公式“{text}”里的名称“{error.name}”不认识",
            f"unknown name '{error.name}' in '{text}'",
            f"可用：{'、'.join(names)}",
            f"known: {', '.join(names)}",
        ) from error
    except ZeroDivisionError as error:
        raise _bad(
            row, f"公式“{text}”除数为零", f"'{text}' divides by zero", "改写公式", "rewrite it"
        ) from error
    except (
        InvalidExpression,
        SyntaxError,
        TypeError,
        ValueError,
        OverflowError,
        MemoryError,
        RecursionError,
        AttributeError,
        IndexError,
        KeyError,
    ) as error:
        raise _bad(
            row,
            f"公式“{text}”算不出（写法不对，或用到的输入没有给）",
            f"'{text}' cannot be computed",
            "只用加减乘除、比较、if else、min、max 和规则的输入输出名",
            "arithmetic on the rule's inputs and outputs",
        ) from error
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _bad(
            row, f"公式“{text}”的结果不是数", f"'{text}' gives no number", "改写公式", "rewrite it"
        )
    return float(value)
