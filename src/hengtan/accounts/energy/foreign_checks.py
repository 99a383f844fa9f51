"""Identities of a foreign balance, column by column, within its printed digits; the cell named that would repair what is broken."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hengtan.accounts.energy.foreign import AGAIN, TOTAL_COLUMNS, Balance, Printed
from hengtan.basis.errors import ParameterNotEstablished

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
WORDS = {
    "S": "可供本地区消费的能源量",
    "T": "加工转换",
    "F": "终端消费量",
    "D": "平衡差额",
    "C": "消费量合计",
}
CALORIFIC = 0.1229


@dataclass(frozen=True)
class Result:
    """One identity in one column: holds, broken or not_applicable (with the reason); what is left over, and what rounding allows."""

    identity: str
    column: str
    state: str
    gap: float = 0.0
    tolerance: float = 0.0
    reason: str = ""
    terms: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Suspect:
    """The cell, or the cells that identities cannot tell apart, whose change by ``change`` repairs every broken identity of a column."""

    column: str
    identities: tuple[str, ...]
    change: float
    cells: tuple[tuple[str, Printed], ...]


@dataclass
class Checked:
    """Results of all identities, the suspects, and the layout choices that the figures decided."""

    results: list[Result] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Terms = dict[str, float]


def check_identities(balance: Balance, least_tolerance: float = 0.0) -> Checked:
    """Check I1 to I12 of a balance; ``least_tolerance`` is a floor for what rounding allows, in the unit of the table."""
    made = Checked()
    columns = [c for c in balance.columns if any((r, c) in balance.cells for r in balance.rows)]
    signs = _signs(balance, columns, made)
    identities = _identities(balance, columns, signs, made)
    for column in columns:
        held: list[tuple[str, Terms, Result]] = []
        for name, terms in identities.items():
            result = _one(balance, column, name, terms, least_tolerance)
            made.results.append(result)
            if result.state != "not_applicable":
                held.append((name, terms, result))
        if gross := _gross(balance, column):
            result = _one(balance, column, "I5", gross, least_tolerance)
            made.results.append(result)
            held.append(("I5", gross, result))
        made.results += _of_which(balance, column)
        broken = [(n, t, r) for n, t, r in held if r.state == "broken"]
        if broken:
            made.suspects.append(_suspect(balance, column, held, broken))
    made.results += _reasons(balance)
    _total_columns(balance, columns, made)
    return made


def _signs(balance: Balance, columns: Sequence[str], made: Checked) -> dict[str, float]:
    """How each outward row enters supply: +1 where it is stored negative, -1 where it is stored positive; the choice that closes I1 in most columns."""
    rows = [r for r in OUTWARD if r in balance.rows]
    best: tuple[int, int, tuple[float, ...]] = (-1, 0, tuple(1.0 for _ in rows))
    for combo in itertools.product((1.0, -1.0), repeat=len(rows)):
        signs = dict(zip(rows, combo, strict=True))
        terms: Terms = {"S": 1.0, **{r: -signs.get(r, 1.0) for r in SUPPLY if r in balance.rows}}
        closed = sum(_one(balance, c, "I1", terms, 0.0).state == "holds" for c in columns)
        natural = sum(
            1
            for r, s in signs.items()
            for c in columns
            if (cell := balance.cells.get((r, c))) and cell.value * s < 0
        )
        if (closed, natural) > best[:2]:
            best = (closed, natural, combo)
    signs = dict(zip(rows, best[2], strict=True))
    for row, sign in signs.items():
        made.choices.append(f"“{balance.rows[row]}”以{'负数' if sign > 0 else '正数'}列示")
    return signs


def _identities(
    balance: Balance, columns: Sequence[str], signs: Mapping[str, float], made: Checked
) -> dict[str, Terms]:
    """Each identity as terms that add to zero."""
    rows = balance.rows
    found: dict[str, Terms] = {
        "I1": {"S": 1.0, **{r: -signs.get(r, 1.0) for r in SUPPLY if r in rows}}
    }
    if "S.stock" in rows:
        made.choices.append("库存列为增减一行")
    elif "S.open" in rows or "S.close" in rows:
        made.choices.append("库存列为年初、年末两行")
    made.choices += [
        f"回收能列在{'可供量' if r == 'S.rec' else '加工转换'}"
        for r in ("S.rec", "T.rec")
        if r in rows
    ]
    steps: Terms = {"T": 1.0, **{r: -1.0 for r in STEPS if r in rows}}
    again = [r for r in AGAIN if r in rows]
    if again:
        added = steps | dict.fromkeys(again, -1.0)
        counts = [
            sum(_one(balance, c, "I2", t, 0.0).state == "holds" for c in columns)
            for t in (steps, added)
        ]
        if counts[1] > counts[0]:
            steps = added
        made.choices.append(f"再投入行{'另加' if counts[1] > counts[0] else '已含在上行'}")
    found["I2"] = steps
    first = "F.1" if "F.1" in rows else "F.1.agri"
    second = ["F.2"] if "F.2" in rows else ["F.2.ind", "F.2.cons"]
    third = ["F.3"] if "F.3" in rows else ["F.3.trans", "F.3.trade", "F.3.other"]
    fourth = ["F.4"] if "F.4" in rows else ["F.4.urban", "F.4.rural"]
    found["I3"] = {"F": 1.0, **{r: -1.0 for r in (first, *second, *third, *fourth) if r in rows}}
    for name, parent, parts in (
        ("I3-F1", "F.1", ("F.1.agri",)),
        ("I3-F2", "F.2", ("F.2.ind", "F.2.cons")),
        ("I3-F3", "F.3", ("F.3.trans", "F.3.trade", "F.3.other")),
        ("I3-F4", "F.4", ("F.4.urban", "F.4.rural")),
    ):
        if parent in rows and any(p in rows for p in parts):
            found[name] = {parent: 1.0, **{p: -1.0 for p in parts if p in rows}}
    loss = 1.0
    if "L" in rows and sum(
        cell.value < 0 for (r, _), cell in balance.cells.items() if r == "L"
    ) > sum(cell.value > 0 for (r, _), cell in balance.cells.items() if r == "L"):
        loss = -1.0
        made.choices.append("损失量以负数列示")
    found["I4"] = {"S": 1.0, "T": 1.0, "L": -loss, "F": -1.0, "D": -1.0}
    return found


def _one(balance: Balance, column: str, name: str, terms: Terms, least: float) -> Result:
    held = [
        (row, sign, balance.cells[row, column])
        for row, sign in terms.items()
        if (row, column) in balance.cells
    ]
    total = next(iter(terms))
    if name == "I4":
        if total not in balance.rows or "F" not in balance.rows:
            return Result(name, column, "not_applicable", reason="没有可供量或终端消费量行")
        if not held:
            return Result(name, column, "not_applicable", reason="该列为空")
    elif total not in balance.rows or len(terms) < 2:
        return Result(
            name, column, "not_applicable", reason=f"没有“{WORDS.get(total, total)}”合计行或其各项"
        )
    elif not held:
        return Result(name, column, "not_applicable", reason="该列相关各项都为空")
    gap = sum(sign * cell.value for _, sign, cell in held)
    tolerance = max(sum(0.5 * 10.0**-cell.decimals for _, _, cell in held), least) + 1e-9 * max(
        abs(cell.value) for _, _, cell in held
    )
    return Result(
        name,
        column,
        "holds" if abs(gap) <= tolerance else "broken",
        gap,
        tolerance,
        terms=tuple((row, sign * cell.value) for row, sign, cell in held),
    )


def _gross(balance: Balance, column: str) -> Terms:
    """I5: 消费量合计 of a product is F + L + what was put into transformation; physical quantities only, so none for a standard table."""
    if ("C", column) not in balance.cells or column in TOTAL_COLUMNS or balance.standard:
        return {}
    inputs = [
        r
        for r in (*STEPS, *AGAIN)
        if (r, column) in balance.cells and balance.cells[r, column].value < 0
    ]
    return {"C": 1.0, "F": -1.0, "L": -1.0, **dict.fromkeys(inputs, 1.0)}


def _of_which(balance: Balance, column: str) -> list[Result]:
    """用作原料、材料 is at most industry; of the total column, total energy is F + L - T and the difference is supply less that (I6, I7)."""
    found = []
    part, whole = (
        balance.cells.get(("F.2.ind.nonenergy", column)),
        balance.cells.get(("F.2.ind", column)),
    )
    if part and whole:
        tolerance = 0.5 * 10.0**-part.decimals + 0.5 * 10.0**-whole.decimals
        found.append(
            Result(
                "I3-nonenergy",
                column,
                "holds" if part.value <= whole.value + tolerance else "broken",
                part.value - whole.value,
                tolerance,
            )
        )
    total = balance.cells.get(("C", column))
    if total and column == "total_energy":
        cells = {
            r: balance.cells[r, column]
            for r in ("F", "L", "T", "S", "D")
            if (r, column) in balance.cells
        }
        value = {r: c.value for r, c in cells.items()}
        tolerance = sum(0.5 * 10.0**-c.decimals for c in (total, *cells.values())) + 0.0005 * abs(
            total.value
        )
        gap = total.value - (value.get("F", 0.0) + abs(value.get("L", 0.0)) - value.get("T", 0.0))
        found.append(
            Result("I6", column, "holds" if abs(gap) <= tolerance else "broken", gap, tolerance)
        )
        if "S" in value and "D" in value:
            gap = value["D"] - (value["S"] - total.value)
            found.append(
                Result("I7", column, "holds" if abs(gap) <= tolerance else "broken", gap, tolerance)
            )
    return found


def _reasons(balance: Balance) -> list[Result]:
    """The identities this one table cannot show, each with the reason."""
    has_total = ("C", "total_energy") in balance.cells
    found = []
    if not any(r == "C" for r, _ in balance.cells) or balance.standard:
        found.append(Result("I5", "", "not_applicable", reason="只用于实物量表的“消费量合计”行"))
    if not has_total:
        found += [
            Result(i, "", "not_applicable", reason="没有能源合计列的“消费量合计”")
            for i in ("I6", "I7")
        ]
    found.append(Result("I8", "", "not_applicable", reason="须同时有实物量表与标准量表"))
    power = [
        (c, cell.value)
        for (r, c), cell in balance.cells.items()
        if r == "T.power" and c not in TOTAL_COLUMNS
    ]
    if not balance.standard or not power:
        found.append(Result("I9", "", "not_applicable", reason="只用于等价值标准量表"))
    else:
        total, spent = sum(v for _, v in power), -sum(v for _, v in power if v < 0)
        closes = bool(spent) and abs(total) <= 0.005 * spent
        found.append(
            Result("I9", "", "holds", total, 0.005 * spent)
            if closes
            else Result(
                "I9",
                "",
                "not_applicable",
                total,
                0.005 * spent,
                "火力发电投入产出不相抵：本表按当量值折算",
            )
        )
    found.append(
        Result(
            "I10",
            "",
            "holds" if balance.unit else "not_applicable",
            reason="" if balance.unit else "没有写明计量单位",
        )
    )
    found += [
        Result("I11", "", "not_applicable", reason="须有能源消费总量的构成"),
        Result("I12", "", "not_applicable", reason="须同时有区县表与全市表"),
    ]
    return found


def _suspect(
    balance: Balance,
    column: str,
    held: Sequence[tuple[str, Terms, Result]],
    broken: Sequence[tuple[str, Terms, Result]],
) -> Suspect:
    """Cells whose change by one amount repairs all broken identities of the column and breaks none that holds."""
    rows = {row for _, terms, _ in broken for row in terms if (row, column) in balance.cells}
    found: list[tuple[str, Printed, float]] = []
    for row in rows:
        linear = [
            (terms, r) for name, terms, r in broken if not (name == "I5" and row.startswith("T."))
        ] or [(terms, r) for _, terms, r in broken]
        wanted = [-r.gap / terms[row] for terms, r in linear if row in terms]
        if len(wanted) < len(linear):
            continue
        change = sum(wanted) / len(wanted)
        after = [
            (_gap_after(balance, column, name, terms, r.gap, row, change), r.tolerance)
            for name, terms, r in held
        ]
        if all(abs(gap) <= tolerance * 2 for gap, tolerance in after):
            found.append((row, balance.cells[row, column], change))
    plausible = [f for f in found if not _turns_sign(f[0], f[1].value, f[2])] or found
    plausible.sort(key=lambda f: (not _named_by_totals(balance, f[0], column, f[2]), f[0]))
    certain = [f for f in plausible if _named_by_totals(balance, f[0], column, f[2])]
    chosen = certain if len(certain) == 1 else plausible
    change = chosen[0][2] if chosen else -broken[0][2].gap
    return Suspect(
        column,
        tuple(n for n, _, _ in broken),
        change,
        tuple((row, cell) for row, cell, _ in chosen),
    )


def _gap_after(
    balance: Balance, column: str, name: str, terms: Terms, gap: float, row: str, change: float
) -> float:
    """What an identity leaves over once a cell is changed; in I5 an input counts only while it is negative."""
    if name != "I5" or not row.startswith("T."):
        return gap + change * terms.get(row, 0.0)
    before = balance.cells[row, column].value
    return gap + min(before + change, 0.0) - min(before, 0.0)


def _turns_sign(row: str, value: float, change: float) -> bool:
    """Whether a use, a supply or a stock would change its sign: such a cell is not the one that is off."""
    return (
        not row.startswith("T")
        and row not in ("S.stock", "D", "S")
        and value * (value + change) < 0
    )


def _named_by_totals(balance: Balance, row: str, column: str, change: float) -> bool:
    """Whether the printed total of all products shows the same gap in this row, where it is the sum of the columns in most other rows."""
    products = [c for c in balance.columns if c not in TOTAL_COLUMNS]
    if "total_energy" not in balance.columns or column in TOTAL_COLUMNS:
        return False
    gaps: dict[str, float] = {}
    for r in balance.rows:
        total = balance.cells.get((r, "total_energy"))
        parts = [balance.cells[r, c] for c in products if (r, c) in balance.cells]
        if total and parts:
            tolerance = sum(0.5 * 10.0**-c.decimals for c in (total, *parts)) * 1.01
            gaps[r] = total.value - sum(c.value for c in parts)
            if abs(gaps[r]) <= tolerance:
                gaps[r] = 0.0
    closed = sum(g == 0 for g in gaps.values())
    return (
        closed >= 0.7 * len(gaps)
        and abs(gaps.get(row, 0.0) - change) <= max(1e-6, 0.02 * abs(change))
        and gaps.get(row, 0.0) != 0
    )


def _total_columns(balance: Balance, columns: Sequence[str], made: Checked) -> None:
    """Printed totals need not be the sums of the columns shown: the difference is a note, never an error."""
    products = [c for c in columns if c not in TOTAL_COLUMNS]
    for row in ("S", "F"):
        total = balance.cells.get((row, "total_energy"))
        parts = [balance.cells[row, c] for c in products if (row, c) in balance.cells]
        if total and parts and balance.standard:
            gap = sum(c.value for c in parts) - total.value
            if abs(gap) > sum(0.5 * 10.0**-c.decimals for c in (total, *parts)):
                made.notes.append(
                    f"“{balance.rows[row]}”各列之和与印出的合计差 {gap:+.4g}（合计列不一定是所列各列之和，只作说明）"
                )


@dataclass(frozen=True)
class Coefficient:
    """The electricity coefficient of a table [kgce/kWh], its convention, how far rows differ, the method, and how sure it is."""

    value: float
    convention: str
    spread: float
    method: str
    sure: bool


def infer_electricity_coefficient(
    standard: Balance, physical: Balance | None = None, *, to_tce: float = 1e4, to_kwh: float = 1e8
) -> Coefficient:
    """The coefficient by which electricity was converted in a standard-quantity table.

    With the physical table beside it: the ratio of every row (one k for all rows, I8), ``to_tce`` and ``to_kwh`` being the units of the two tables. Without it: whether thermal power nets to nothing
    over all products (I9) tells 等价值 from 当量值, but not the value.

    Raises
    ------
    ParameterNotEstablished
        Where rows disagree, or the value cannot be told from one table.
    """
    if physical is not None:
        ratios = []
        for (row, column), cell in standard.cells.items():
            other = physical.cells.get((row, column))
            if (
                column == "electricity"
                and other
                and other.value
                and abs(other.value) > 20 * 10.0**-other.decimals
            ):
                ratios.append(
                    (cell.value * to_tce / (other.value * to_kwh) * 1000, abs(other.value))
                )
        if ratios:
            weight = sum(w for _, w in ratios)
            mean = sum(k * w for k, w in ratios) / weight
            spread = max(abs(k - mean) for k, _ in ratios) / mean
            if spread > 0.02:
                raise ParameterNotEstablished(
                    f"电力各行折算系数不一致（{min(k for k, _ in ratios):.4f} 至 {max(k for k, _ in ratios):.4f} kgce/kWh）",
                    "rows of the electricity column were converted with different coefficients",
                    todo="须查该表的折算说明",
                    todo_en="the notes of the table must settle it",
                )
            return Coefficient(
                mean,
                "calorific" if abs(mean - CALORIFIC) < 0.002 else "equivalent",
                spread,
                "I8：实物量与标准量逐行之比",
                True,
            )
    power = [
        cell.value
        for (r, c), cell in standard.cells.items()
        if r == "T.power" and c not in TOTAL_COLUMNS
    ]
    if standard.standard and power and any(v < 0 for v in power):
        spent = -sum(v for v in power if v < 0)
        if abs(sum(power)) > 0.2 * spent:
            return Coefficient(
                CALORIFIC,
                "calorific",
                0.0,
                "I9：火力发电有转换损失，按当量值折算（0.1229，GB/T 2589-2020）",
                False,
            )
        raise ParameterNotEstablished(
            "火力发电投入产出相抵，按等价值折算，但系数须有当年发电煤耗或实物量表才能得出",
            "thermal power nets to nothing: converted by the coal rate, whose value needs the physical table or the year's coal rate",
            todo="提供实物量表，或当年供电（发电）标准煤耗",
            todo_en="give the physical table or the coal rate of the year",
        )
    raise ParameterNotEstablished(
        "本表无法得出电力折算系数",
        "the electricity coefficient cannot be told from this table",
        todo="提供实物量表与标准量表",
        todo_en="give both the physical and the standard table",
    )
