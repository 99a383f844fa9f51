"""Formulas of a proposal, written as text in a pack: arithmetic on inputs and outputs of the rule
in force.

Nothing else can be reached from such a text. The pack table is ``rule_formulas``.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import HengtanError, Where
from hengtan.instruments.bounds import LONGEST_FORMULA, MOST_DIGITS
from hengtan.instruments.calc import Calc
from hengtan.instruments.rule import Output

WORDS = {"min": min, "max": max, "abs": abs, "floor": math.floor, "ceil": math.ceil, "round": round}
"""Functions of a formula, beside + − × ÷ ** %, comparisons, and/or/not and ``a if c else b``."""


def amend(
    calc: Calc, outputs: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Outputs of a case with the proposal's formulas in force for its rule and day, and their
    confidences.

    Formulas are taken in their order, each seeing what the earlier ones made. Names in them: inputs
    and outputs of the rule. Raises HengtanError for a formula that cannot be read or computed, or
    an output that the rule has not.
    """
    amended, confidences = dict(outputs), []
    inputs = {k: v for k, v in calc.inputs.items() if not isinstance(v, (list, dict))}
    for row in in_force_on((r for r in rows if r["rule"] == calc.rule.id), calc.day):
        output, before = _output(calc, row), amended.get(row["output"])
        amended[output.name] = _value(row["formula"], {**inputs, **amended})
        calc.used |= {name for name in inputs if name in row["formula"]}
        confidences.append(row["confidence"])
        was = f"；原为 {before:g}" if isinstance(before, (int, float)) else ""
        calc.step(
            f"{output.zh}（方案公式）",
            amended[output.name],
            unit=output.unit,
            how=f"{output.name} = {row['formula']}{was}",
            clause=row["law"],
        )
    return amended, confidences


def _output(calc: Calc, row: Mapping[str, Any]) -> Output:
    """The output of the rule that a formula is for. Raises HengtanError."""
    for output in calc.rule.outputs:
        if output.name == row["output"]:
            return output
    known = "、".join(output.name for output in calc.rule.outputs)
    raise _bad(
        f"规则“{calc.rule.id}”没有输出“{row['output']}”",
        f"rule '{calc.rule.id}' has no output '{row['output']}'",
        f"可用：{known}",
        "use an output of the rule",
    )


def _bad(zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
    where = Where("rule_formulas.csv", column="formula")
    return HengtanError(zh, en, where=where, todo=todo, todo_en=todo_en)


NOT_COMPUTED = (
    SyntaxError,
    TypeError,
    ValueError,
    OverflowError,
    MemoryError,
    RecursionError,
    AttributeError,
    IndexError,
    KeyError,
)
"""What reading or computing a text of a pack may raise beside the errors of the reader itself."""


ARITHMETIC = (
    *(ast.Expression, ast.Load, ast.Constant, ast.Name, ast.Call, ast.IfExp),
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop),
    *(ast.BoolOp, ast.boolop, ast.Compare, ast.cmpop),
)
"""What a formula is made of. Neither attributes nor indices, no f-strings, no assignments."""


def _refuse_more_than_arithmetic(text: str) -> None:
    """Raises ValueError for a formula that holds anything but arithmetic; texts may be compared,
    not reckoned with (``"%d" % x`` and ``"a" * 9`` make texts of any length).
    """
    if len(text) > LONGEST_FORMULA:
        raise ValueError("too long")
    tree = ast.parse(text.strip(), mode="eval")
    for node in ast.walk(tree):
        if not isinstance(node, ARITHMETIC):
            raise ValueError(type(node).__name__)
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float | str):
            raise ValueError(type(node.value).__name__)


def _arithmetic(names: dict[str, Any]) -> Any:
    """An evaluator whose operators take numbers of a float's size only."""
    from simpleeval import SimpleEval

    evaluator = SimpleEval(functions=WORDS, names=names)
    comparing = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.Not)
    for sign, operator in list(evaluator.operators.items()):
        if sign not in comparing:
            evaluator.operators[sign] = _of_numbers(operator)
    return evaluator


def _of_numbers(operator: Callable[..., Any]) -> Callable[..., Any]:
    def reckoned(*values: Any) -> Any:
        if not all(isinstance(value, int | float) for value in values):
            raise TypeError("not a number")
        result = operator(*values)
        if isinstance(result, int) and abs(result) >= 10**MOST_DIGITS:
            raise OverflowError
        return result

    return reckoned


def _value(text: str, names: dict[str, Any]) -> float:
    """The number a formula gives. Raises HengtanError."""
    from simpleeval import InvalidExpression, NameNotDefined

    try:
        _refuse_more_than_arithmetic(text)
        value = _arithmetic(names).eval(text)
    except NameNotDefined as error:
        raise _bad(
            f"公式“{text}”里的名称“{error.name}”不认识",
            f"unknown name '{error.name}' in '{text}'",
            f"可用：{'、'.join(names)}",
            f"known: {', '.join(names)}",
        ) from error
    except ZeroDivisionError as error:
        zh, en = f"公式“{text}”除数为零", f"'{text}' divides by zero"
        raise _bad(zh, en, "改写公式", "rewrite it") from error
    except (InvalidExpression, *NOT_COMPUTED) as error:
        raise _bad(
            f"公式“{text}”算不出（写法不对，或用到的输入没有给）",
            f"'{text}' cannot be computed",
            "只用加减乘除、比较、if else、min、max 和规则的输入输出名",
            "arithmetic on the rule's inputs and outputs",
        ) from error
    if not _is_figure(value):
        zh, en = f"公式“{text}”的结果不是数", f"'{text}' gives no number"
        raise _bad(zh, en, "改写公式", "rewrite it")
    return float(value)


def _is_figure(value: Any) -> bool:
    """Whether a result is a number that float can hold."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 10**MOST_DIGITS if isinstance(value, int) else math.isfinite(value)
