"""Checking a foreign energy balance: what layout it has, which identities hold in each column, and which cell is off."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.energy.foreign import Balance, read_balance
from hengtan.accounts.energy.foreign_checks import check_identities
from hengtan.accounts.energy.foreign_coefficient import infer_electricity_coefficient
from hengtan.accounts.energy.foreign_results import Checked, said
from hengtan.basis.errors import Finding, HengtanError, ParameterNotEstablished, Where
from hengtan.graph.said import say_missing


@dataclass(frozen=True)
class BalanceReport:
    """One sheet: the layout recognised, results of the identities, findings. ``sound`` says that every identity holds within rounding."""

    file: str
    sheet: str | None
    balance: Balance
    checked: Checked
    findings: list[Finding] = field(default_factory=list)
    coefficient: str = ""

    @property
    def sound(self) -> bool:
        """No finding of error level."""
        return not any(f.level == "error" for f in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        layout = {
            "unit": self.balance.unit,
            "standard": self.balance.standard,
            "transposed": self.balance.transposed,
            "rows": self.balance.rows,
            "columns": self.balance.columns,
            "passed_over": self.balance.passed_over,
            "choices": self.checked.choices,
        }
        results = [
            {
                "identity": r.identity,
                "column": r.column,
                "state": r.state,
                "gap": r.gap,
                "tolerance": r.tolerance,
                "reason": r.reason,
            }
            for r in self.checked.results
        ]
        return {
            "file": self.file,
            "sheet": self.sheet,
            "sound": self.sound,
            "layout": layout,
            "identities": results,
            "electricity_coefficient": self.coefficient,
            "notes": self.checked.notes,
            "findings": [f.as_dict() for f in self.findings],
        }


def check_balance(
    path: Path, sheet: str | None = None, tolerance: float = 0.0, physical: Path | None = None
) -> BalanceReport:
    """Read and check the first sheet of a file that is an energy balance; ``physical`` is the physical table beside a standard one. Raises HengtanError where none is."""
    from hengtan.ledger.reading.tables import read_lines

    names = packs.load("cn").rows("balance_names")
    refusal: HengtanError | None = None
    for name, lines in read_lines(path):
        if sheet is not None and name != sheet:
            continue
        try:
            balance = read_balance(lines, names)
        except HengtanError as error:
            refusal = error
            continue
        checked = said(check_identities(balance, tolerance))
        return BalanceReport(
            path.name,
            name,
            balance,
            checked,
            _findings(path.name, name, balance, checked),
            _coefficient(balance, physical),
        )
    if refusal is None:
        raise HengtanError(
            "文件里没有可读的工作表" if sheet is None else f"没有工作表“{sheet}”",
            "no sheet to read",
            where=Where(path.name),
        )
    raise HengtanError(
        refusal.zh,
        refusal.en,
        where=Where(path.name, sheet),
        todo=refusal.todo,
        todo_en=refusal.todo_en,
    )


TO_TCE = {
    "万吨标准煤": 1e4,
    "万吨标煤": 1e4,
    "百万吨标准煤": 1e6,
    "Mtce": 1e6,
    "吨标准煤": 1.0,
    "tce": 1.0,
}
"""tce per unit of a standard table; a physical table prints electricity in 10^8 kWh."""


def _coefficient(balance: Balance, physical: Path | None) -> str:
    if not balance.standard:
        return ""
    try:
        other = check_balance(physical).balance if physical else None
        found = infer_electricity_coefficient(balance, other, to_tce=TO_TCE.get(balance.unit, 1e4))
    except ParameterNotEstablished as error:
        return error.zh
    return f"{found.value:.4f} kgce/kWh（{'当量值' if found.convention == 'calorific' else '等价值'}；{say_missing(found.method)}）"


def _findings(file: str, sheet: str | None, balance: Balance, checked: Checked) -> list[Finding]:
    found = [
        Finding(
            "error",
            f"“{text}”不是数字",
            f"'{text}' is no number",
            Where(file, sheet, line, column),
            "改为数字，空缺留空",
            "give a number or leave it blank",
            "unread",
        )
        for line, column, text in balance.unread
    ]
    for suspect in checked.suspects:
        broken = [
            r
            for r in checked.results
            if r.column == suspect.column
            and r.identity in suspect.identities
            and r.state == "broken"
        ]
        gap = "；".join(
            f"{r.identity} 差 {r.gap:+.6g}（舍入允许 {r.tolerance:.3g}）" for r in broken
        )
        title = balance.columns[suspect.column]
        if len(suspect.cells) == 1:
            ((row, cell),) = suspect.cells
            found.append(Finding(
                "error", f"“{balance.rows[row]}”印为 {cell.value:.{cell.decimals}f}，应为 {cell.value + suspect.change:.{cell.decimals}f}：{gap}", f"{row} is printed {cell.value:g}, {cell.value + suspect.change:g} would close ({', '.join(suspect.identities)})",
                _where(balance, file, sheet, cell, title, balance.rows[row]), "核对这一格", "check this cell", "identity",
            ))  # fmt: skip
        elif suspect.cells:
            words = "、".join(
                f"“{balance.rows[row]}”（第{cell.line}{'列' if balance.transposed else '行'}）"
                for row, cell in suspect.cells
            )
            found.append(Finding(
                "error", f"下列 {len(suspect.cells)} 格之一差 {suspect.change:+.6g}，恒等式不能再分：{words}：{gap}", f"one of {len(suspect.cells)} cells is off by {suspect.change:+g}; identities cannot tell which: {', '.join(row for row, _ in suspect.cells)}",
                _where(balance, file, sheet, suspect.cells[0][1], title, balance.rows[suspect.cells[0][0]]), "核对这几格", "check these cells", "identity",
            ))  # fmt: skip
        else:
            found.append(
                Finding(
                    "error",
                    f"该列不止一格有误：{gap}",
                    f"more than one cell of this column is off ({', '.join(suspect.identities)})",
                    Where(file, sheet, None, title),
                    "逐格核对",
                    "check the column",
                    "identity",
                )
            )
    known = {(s.column, i) for s in checked.suspects for i in s.identities}
    for r in checked.results:
        if r.state == "broken" and (r.column, r.identity) not in known:
            found.append(
                Finding(
                    "error",
                    f"{r.identity} 不成立，差 {r.gap:+.6g}（舍入允许 {r.tolerance:.3g}）",
                    f"{r.identity} is broken by {r.gap:+g}",
                    Where(file, sheet, None, balance.columns.get(r.column, r.column)),
                    "核对有关各格",
                    "check its cells",
                    "identity",
                )
            )
    found += [
        Finding(
            "warning",
            f"“{name}”不是认得的平衡表项目，未计入",
            f"'{name}' is no known row and was passed over",
            Where(file, sheet),
            code="passed-over",
        )
        for name in balance.passed_over
    ]
    return found


def _where(
    balance: Balance, file: str, sheet: str | None, cell: Any, column: str, row: str
) -> Where:
    return (
        Where(file, sheet, None, f"{column}·{row}")
        if balance.transposed
        else Where(file, sheet, cell.line, column)
    )
