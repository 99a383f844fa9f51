"""Identities of a foreign balance, column by column, within its printed digits; the cell named that
would repair what is broken."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from hengtan.accounts.energy.foreign_results import (
    Checked,
    Held,
    Result,
    Terms,
    gap_of,
    judged,
    rounding_of,
)
from hengtan.accounts.energy.foreign_suspects import suspect
from hengtan.accounts.energy.foreign_tables import AGAIN, TOTAL_COLUMNS, Balance
from hengtan.graph.codes import coded

SUPPLY = (
    "S.open",
    "S.prod",
    "S.rec",
    "S.in",
    "S.imp",
    "S.bunk_in",
    "S.out",
    "S.exp",
    "S.bunk_out",
    "S.close",
    "S.stock",
)
STEPS = ("T.power", "T.heat", "T.wash", "T.coke", "T.refine", "T.gas", "T.lng", "T.briq", "T.rec")
OUTWARD = ("S.out", "S.exp", "S.bunk_out", "S.close")
PARTS = {
    "F.1": ("F.1.agri",),
    "F.2": ("F.2.ind", "F.2.cons"),
    "F.3": ("F.3.trans", "F.3.trade", "F.3.other"),
    "F.4": ("F.4.urban", "F.4.rural"),
}
"""Rows of final use and what they are made of."""
USES = ("F", "T.loss", "C.mid", "C.wash", "L")
"""What consumption as a whole is made of by use."""
PRINTED_TOTAL = 0.0005
"""Of a printed total, how far its parts may be converted apart from it. [share]"""
NETS_TO_NOTHING = 0.005
"""Of what power plants put in, how much may be left over where power is converted by 等价值."""


def check_identities(balance: Balance, least_tolerance: float = 0.0) -> Checked:
    """Check I1 to I12 of a balance; ``least_tolerance`` is a floor for what rounding allows, in the
    unit of the table."""
    checked = Checked()
    cells = balance.cells
    columns = [c for c in balance.columns if any((row, c) in cells for row in balance.rows)]
    signs = _signs(balance, columns, checked)
    identities = _identities(balance, columns, signs, checked)
    for column in columns:
        named = dict(identities)
        if gross := _gross(balance, column):
            named["I5"] = gross
        applied = [
            Held(name, terms, gap_of(balance, column, name, terms, least_tolerance))
            for name, terms in named.items()
        ]
        checked.results += [*(identity.result for identity in applied), *_of_which(balance, column)]
        applied = [identity for identity in applied if identity.result.state in ("holds", "broken")]
        if any(identity.result.state == "broken" for identity in applied):
            checked.suspects.append(suspect(balance, column, applied))
    checked.results += _not_shown(balance)
    checked.notes += _total_columns(balance, columns)
    return checked


def _signs(balance: Balance, columns: Sequence[str], checked: Checked) -> dict[str, float]:
    """How each outward row enters supply: +1 where it is stored negative, -1 where it is stored
    positive; the choice that closes I1 in most columns, then the one that stores most cells as it
    says."""
    rows = [row for row in OUTWARD if row in balance.rows]
    choices = [
        dict(zip(rows, signs, strict=True))
        for signs in itertools.product((1.0, -1.0), repeat=len(rows))
    ]

    def fit(signs: Mapping[str, float]) -> tuple[int, int]:
        closed = _closed(balance, columns, "I1", _supply(balance, signs))
        cells = [(row, balance.cells.get((row, c))) for row in signs for c in columns]
        natural = sum(cell is not None and cell.value * signs[row] < 0 for row, cell in cells)
        return closed, natural

    best = max(choices, key=fit)
    for row, sign in best.items():
        code = "listed_negative" if sign > 0 else "listed_positive"
        checked.choices.append(coded(code, balance.rows[row]))
    return best


def _supply(balance: Balance, signs: Mapping[str, float]) -> Terms:
    """I1: supply is the sum of its parts."""
    parts = {row: -signs.get(row, 1.0) for row in SUPPLY if row in balance.rows}
    return {"S": 1.0, **parts}


def _closed(balance: Balance, columns: Sequence[str], name: str, terms: Terms) -> int:
    """In how many columns an identity holds."""
    results = (gap_of(balance, column, name, terms, 0.0) for column in columns)
    return sum(result.state == "holds" for result in results)


def _identities(
    balance: Balance, columns: Sequence[str], signs: Mapping[str, float], checked: Checked
) -> dict[str, Terms]:
    """Each identity as terms that add to zero; layout choices are noted."""
    if "S.stock" in balance.rows:
        checked.choices.append(coded("stock_one_row"))
    elif "S.open" in balance.rows or "S.close" in balance.rows:
        checked.choices.append(coded("stock_two_rows"))
    for row, code in (("S.rec", "recovered_in_supply"), ("T.rec", "recovered_in_transformation")):
        if row in balance.rows:
            checked.choices.append(coded(code))
    if balance.by_use:
        checked.choices.append(coded("by_use"))
        return {"I1": _supply(balance, signs), **_by_use(balance, columns)}
    identities = {
        "I1": _supply(balance, signs),
        "I2": _transformation(balance, columns, checked),
        **_final_use(balance),
    }
    losses = [cell.value for (row, _), cell in balance.cells.items() if row == "L"]
    loss = 1.0
    if sum(value < 0 for value in losses) > sum(value > 0 for value in losses):
        loss = -1.0
        checked.choices.append(coded("losses_negative"))
    identities["I4"] = {"S": 1.0, "T": 1.0, "L": -loss, "F": -1.0, "D": -1.0}
    if "T.loss" in balance.rows and "T" not in balance.rows:
        spent = [cell.value for (row, _), cell in balance.cells.items() if row == "T.loss"]
        identities["I4"]["T.loss"] = 1.0 if sum(spent) < 0 else -1.0
    return identities


def _by_use(balance: Balance, columns: Sequence[str]) -> dict[str, Terms]:
    """Of a table that shows consumption as a whole: it is the sum of its sectors (I3-C), the sum of
    its uses (I5-C), and supply less the difference (I4) where that is printed. Losses of refining
    stand within intermediate consumption in some years and beside it in others.
    """
    leaves = [row for row in _final_use(balance)["I3"] if row != "F"]
    sectors = {"C": 1.0, **dict.fromkeys(leaves, -1.0)}
    uses = {"C": 1.0, **{row: -1.0 for row in USES if row in balance.rows}}
    if "L" not in balance.rows and "L.trans" in balance.rows:
        uses["L.trans"] = -1.0
    if "C.refine" in balance.rows:
        beside = {**uses, "C.refine": -1.0}
        if _closed(balance, columns, "I5-C", beside) > _closed(balance, columns, "I5-C", uses):
            uses = beside
    identities = {"I3-C": sectors} if leaves else {}
    if "F" in balance.rows:
        identities["I5-C"] = uses
    if "D" in balance.rows:
        identities["I4"] = {"S": 1.0, "C": -1.0, "D": -1.0}
    return identities


def _transformation(balance: Balance, columns: Sequence[str], checked: Checked) -> Terms:
    """I2: transformation is the sum of its steps; what is put in again is added where that closes
    more columns."""
    steps: Terms = {"T": 1.0, **{row: -1.0 for row in STEPS if row in balance.rows}}
    again = [row for row in AGAIN if row in balance.rows]
    if not again:
        return steps
    added = steps | dict.fromkeys(again, -1.0)
    apart = _closed(balance, columns, "I2", added) > _closed(balance, columns, "I2", steps)
    checked.choices.append(coded("put_in_again_apart" if apart else "put_in_again_within"))
    return added if apart else steps


def _final_use(balance: Balance) -> dict[str, Terms]:
    """I3: final use is the sum of its rows, and each row that of its parts."""
    leaves: list[str] = []
    within: dict[str, Terms] = {}
    for row, parts in PARTS.items():
        known = [part for part in parts if part in balance.rows]
        leaves += [row] if row in balance.rows else known
        if row in balance.rows and known:
            within[f"I3-{row.replace('.', '')}"] = {row: 1.0, **dict.fromkeys(known, -1.0)}
    return {"I3": {"F": 1.0, **dict.fromkeys(leaves, -1.0)}, **within}


def _gross(balance: Balance, column: str) -> Terms:
    """I5: 消费量合计 of a product is F + L + what was put into transformation; physical quantities
    only, so none for a standard table."""
    shown = ("C", column) in balance.cells and not balance.by_use
    if not shown or column in TOTAL_COLUMNS or balance.standard:
        return {}
    steps = [row for row in (*STEPS, *AGAIN) if (row, column) in balance.cells]
    inputs = [row for row in steps if balance.cells[row, column].value < 0]
    return {"C": 1.0, "F": -1.0, "L": -1.0, **dict.fromkeys(inputs, 1.0)}


def _of_which(balance: Balance, column: str) -> Iterator[Result]:
    """用作原料、材料 is at most industry; of the total column, total energy is F + L - T and the
    difference is supply less that (I6, I7)."""
    part = balance.cells.get(("F.2.ind.nonenergy", column))
    whole = balance.cells.get(("F.2.ind", column))
    if part and whole:
        excess, rounding = part.value - whole.value, rounding_of(part, whole)
        state = "holds" if excess <= rounding else "broken"
        yield Result("I3-nonenergy", column, state, excess, rounding)
    total = balance.cells.get(("C", column))
    if total is None or column != "total_energy" or balance.by_use:
        return
    hidden = {row for row, product in balance.hidden if product == column}
    if hidden & {"C", "F", "L", "T", "S", "D"}:
        return
    cells = {row: balance.cells.get((row, column)) for row in ("F", "L", "T", "S", "D")}
    printed = {row: cell for row, cell in cells.items() if cell is not None}
    value = {row: cell.value for row, cell in printed.items()}
    tolerance = rounding_of(total, *printed.values()) + PRINTED_TOTAL * abs(total.value)
    use = value.get("F", 0.0) + abs(value.get("L", 0.0)) - value.get("T", 0.0)
    yield judged("I6", column, total.value - use, tolerance)
    if "S" in value and "D" in value:
        yield judged("I7", column, value["D"] - (value["S"] - total.value), tolerance)


def _not_shown(balance: Balance) -> Iterator[Result]:
    """The identities this one table cannot show, each with the reason."""

    def lacking(identity: str, code: str) -> Result:
        return Result(identity, "", "not_applicable", reason=coded(code))

    if not any(row == "C" for row, _ in balance.cells) or balance.standard:
        yield lacking("I5", "only_physical_total")
    if ("C", "total_energy") not in balance.cells:
        yield lacking("I6", "no_total_column")
        yield lacking("I7", "no_total_column")
    yield lacking("I8", "needs_both_tables")
    yield _power(balance)
    yield Result("I10", "", "holds") if balance.unit else lacking("I10", "no_unit")
    yield lacking("I11", "needs_composition")
    yield lacking("I12", "needs_districts")


def _power(balance: Balance) -> Result:
    """I9: by 等价值 thermal power nets to nothing over all products."""
    values = [
        cell.value
        for (row, column), cell in balance.cells.items()
        if row == "T.power" and column not in TOTAL_COLUMNS
    ]
    shows_power = ("T.power", "electricity") in balance.cells
    if not balance.standard or not values or not shows_power:
        return Result("I9", "", "not_applicable", reason=coded("only_coal_rate_table"))
    total, spent = sum(values), -sum(value for value in values if value < 0)
    tolerance = NETS_TO_NOTHING * spent
    if spent and abs(total) <= tolerance:
        return Result("I9", "", "holds", total, tolerance)
    reason = coded("power_does_not_net")
    return Result("I9", "", "not_applicable", total, tolerance, reason)


def _total_columns(balance: Balance, columns: Sequence[str]) -> Iterator[str]:
    """Printed totals need not be the sums of the columns shown: the difference is a note, never an
    error."""
    products = [column for column in columns if column not in TOTAL_COLUMNS]
    for row in ("S", "F"):
        total = balance.cells.get((row, "total_energy"))
        parts = [balance.cells[row, c] for c in products if (row, c) in balance.cells]
        if total and parts and balance.standard:
            gap = sum(cell.value for cell in parts) - total.value
            if abs(gap) > rounding_of(total, *parts):
                yield coded("columns_and_total", balance.rows[row], f"{gap:+.4g}")
