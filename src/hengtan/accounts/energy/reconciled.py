"""Kernel account: final use of the districts made to agree with the city's balance, with what moved and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from hengtan.accounts.energy.reconcile import least_squares, ras
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, kernel

LEAVES = ("F.1.agri", "F.2.ind", "F.2.cons", "F.3.trans", "F.3.trade", "F.3.other", "F.4")
SPREAD = 0.05
"""Standard deviation of a district's cell as a share of it; only ratios between cells matter. Ours: a proposal until a survey says how sure each is."""
SCHEMA = pa.schema([
    ("city", pa.string()), ("place", pa.string()), ("year", pa.int64()), ("method", pa.string()), ("product", pa.string()), ("row", pa.string()), ("before", pa.float64()), ("after", pa.float64()), ("adjustment", pa.float64()),
    ("city_total", pa.float64()), ("districts_total", pa.float64()), ("reason", pa.string()), ("reconcile_method", pa.string()), ("recalled_share", pa.float64()), ("missing", pa.string()),
])  # fmt: skip


@kernel(
    key=("city", "place", "year", "method", "product", "row"),
    unit="tce",
    cites=(
        "RAS: Stone 1961",
        "最小二乘：Stone, Champernowne and Meade 1942",
        "balance identity I12",
    ),
    maps={"energy_balance": Same("year", "method", "product"), "places": "all"},
    limit=500_000,
)
def energy_reconciled(
    energy_balance: pa.Table, places: pa.Table, reconcile_method: str = "ras"
) -> pa.Table:
    """Final use by district, row and product, in tce (当量值), adjusted so that the districts add up to the city in every cell.

    ``reconcile_method``: ras (district totals kept in proportion), least_squares (each cell moves by its variance and none changes sign), or unallocated (nothing moves; the rest is 未分区).
    A cell no district reports cannot be spread: it stays as 未分区 and says so. Runs on the driver.
    ``recalled_share``: what was held counts by the district's factors, what moved by the city's.
    """
    parents = {r["place"]: r["parent"] for r in places.select(["place", "parent"]).to_pylist()}
    weak: dict[tuple[Any, ...], float] = {}
    cells: dict[tuple[Any, ...], dict[tuple[str, str], float]] = {}
    for r in energy_balance.select(
        ["place", "year", "method", "row", "product", "tce", "recalled_share"]
    ).to_pylist():
        if r["row"] in LEAVES and r["tce"] is not None:
            weak[r["year"], r["method"], r["product"], r["place"], r["row"]] = (
                r["recalled_share"] or 0.0
            )
            cells.setdefault((r["year"], r["method"], r["product"]), {})[r["place"], r["row"]] = r[
                "tce"
            ]
    made: list[dict[str, Any]] = []

    def resting(line: dict[str, Any]) -> float | None:
        own, moved = (
            (
                weak.get((line["year"], line["method"], line["product"], place, line["row"]), 0.0),
                size,
            )
            for place, size in (
                (line["place"], abs(line["before"])),
                (line["city"], abs(line["adjustment"])),
            )
        )
        return (
            (own[0] * own[1] + moved[0] * moved[1]) / (own[1] + moved[1])
            if own[1] + moved[1]
            else None
        )

    for (year, method, product), held in sorted(cells.items()):
        for city in sorted(
            {parents.get(place) for place, _ in held} & {place for place, _ in held} - {None},
            key=str,
        ):
            base = {
                "city": city,
                "year": year,
                "method": method,
                "product": product,
                "reconcile_method": reconcile_method,
            }
            made += [base | line for line in _one(held, str(city), parents, reconcile_method)]
    return pa.Table.from_pylist(
        [line | {"recalled_share": resting(line)} for line in made], schema=SCHEMA
    )


def _one(
    held: dict[tuple[str, str], float], city: str, parents: dict[str, str], method: str
) -> list[dict[str, Any]]:
    districts = sorted({p for p, _ in held if parents.get(p) == city})
    rows = [
        row for row in LEAVES if (city, row) in held or any((d, row) in held for d in districts)
    ]
    before = np.array([[held.get((d, row), 0.0) for row in rows] for d in districts])
    wanted = np.array([held.get((city, row), np.nan) for row in rows])
    sums = before.sum(axis=0)
    spread = np.isfinite(wanted) & (np.abs(before).sum(axis=0) > 0)
    after, missing, causes = before.copy(), None, {}
    if method != "unallocated" and spread.any():
        part, totals, columns = before[:, spread], wanted[spread], np.flatnonzero(spread)
        try:
            if method == "least_squares":
                n, m = part.shape
                constraints = np.kron(np.ones((1, n)), np.eye(m))
                low, high = (
                    np.where(part < 0, -np.inf, 0.0).ravel(),
                    np.where(part > 0, np.inf, 0.0).ravel(),
                )
                found = least_squares(
                    part.ravel(),
                    (SPREAD * part.ravel()) ** 2,
                    constraints,
                    totals,
                    names=[rows[i] for i in columns],
                    lower=low,
                    upper=high,
                )
                after[:, spread] = found.after.reshape(n, m)
            else:
                shares = part.sum(axis=1)
                found = ras(
                    part,
                    shares * totals.sum() / shares.sum() if shares.sum() else shares,
                    totals,
                    row_names=districts,
                    column_names=[rows[i] for i in columns],
                )
                after[:, spread] = found.after
                causes = {
                    (i, j): found.why(i, k)
                    for i in range(len(districts))
                    for k, j in enumerate(columns.tolist())
                }
        except HengtanError as error:
            missing = error.zh
    lines = []
    for i, district in enumerate(districts):
        for j, row in enumerate(rows):
            if before[i, j] == 0 and after[i, j] == 0:
                continue
            moved = after[i, j] - before[i, j]
            reason = (
                f"全市合计 {wanted[j]:.6g}，区县之和 {sums[j]:.6g}"
                if spread[j] and abs(moved) > 1e-9 * max(abs(before[i, j]), 1)
                else "未动"
            )
            if reason != "未动" and (pulls := causes.get((i, j))):
                reason += "；" + "，".join(f"{name} {amount:+.6g}" for name, amount in pulls)
            lines.append(
                {
                    "place": district,
                    "row": row,
                    "before": before[i, j],
                    "after": after[i, j],
                    "adjustment": moved,
                    "city_total": None if np.isnan(wanted[j]) else wanted[j],
                    "districts_total": sums[j],
                    "reason": reason,
                    "missing": missing,
                }
            )
    for j, row in enumerate(rows):
        rest = wanted[j] - after[:, j].sum() if np.isfinite(wanted[j]) else 0.0
        if abs(rest) > 1e-7 * max(abs(wanted[j]), 1):
            why = "没有区县报送，全部列为未分区" if not spread[j] else "与全市合计之差列为未分区"
            lines.append(
                {
                    "place": f"{city}-unallocated",
                    "row": row,
                    "before": 0.0,
                    "after": rest,
                    "adjustment": rest,
                    "city_total": wanted[j],
                    "districts_total": sums[j],
                    "reason": why,
                    "missing": missing,
                }
            )
    return lines
