"""Kernel account: final use of the districts made to agree with the city's balance, with what moved
and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from hengtan.accounts.energy.adjusted import Array
from hengtan.accounts.energy.least_squares import least_squares
from hengtan.accounts.energy.reconcile import ras
from hengtan.accounts.kernel_rows import kernel_table
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, kernel
from hengtan.graph.codes import code_of, coded

LEAVES = ("F.1.agri", "F.2.ind", "F.2.cons", "F.3.trans", "F.3.trade", "F.3.other", "F.4")
SPREAD = 0.05
"""Standard deviation of a district's cell as a share of it; only ratios between cells matter. Ours:
a proposal until a survey says how sure each is."""
COLUMNS = ["place", "year", "method", "row", "product", "tce", "recalled_share"]


@dataclass
class _Use:
    """Final use of one product in one year: tce, and the part resting on recalled factors [1], by
    place and row."""

    tce: dict[tuple[str, str], float] = field(default_factory=dict)
    weak: dict[tuple[str, str], float] = field(default_factory=dict)

    def resting(self, city: str, line: Mapping[str, Any]) -> float | None:
        """The share of a line that rests on recalled factors: what was held counts by the
        district's, what moved by the city's."""
        parts = ((line["place"], abs(line["before"])), (city, abs(line["adjustment"])))
        whole = sum(size for _, size in parts)
        weak = sum(self.weak.get((place, line["row"]), 0.0) * size for place, size in parts)
        return weak / whole if whole else None


@kernel(
    key=("city", "place", "year", "method", "product", "row"),
    unit="tce",
    cites=("RAS: Stone 1961", "least_squares", "balance identity I12"),
    maps={"energy_balance": Same("year", "method", "product"), "places": "all"},
    limit=500_000,
)
def energy_reconciled(
    energy_balance: pa.Table, places: pa.Table, reconcile_method: str = "ras"
) -> pa.Table:
    """Final use by district, row and product, in tce (当量值), adjusted so that the districts add
    up to the city in every cell.

    ``reconcile_method``: ras (district totals kept in proportion), least_squares (each cell moves
    by its variance and none changes sign), or unallocated (nothing moves; the rest is 未分区). A
    cell no district reports cannot be spread: it stays as 未分区 and says so. Runs on the driver.
    ``recalled_share``: what was held counts by the district's factors, what moved by the city's.
    """
    parents = {row["place"]: row["parent"] for row in places.to_pylist()}
    uses: dict[tuple[int, str, str], _Use] = {}
    for row in energy_balance.select(COLUMNS).to_pylist():
        if row["row"] in LEAVES and row["tce"] is not None:
            use = uses.setdefault((row["year"], row["method"], row["product"]), _Use())
            use.tce[row["place"], row["row"]] = row["tce"]
            use.weak[row["place"], row["row"]] = row["recalled_share"] or 0.0
    rows: list[dict[str, Any]] = []
    for (year, method, product), use in sorted(uses.items()):
        reporting = {place for place, _ in use.tce}
        cities = {parents[place] for place in reporting if place in parents}
        for city in sorted(cities & reporting):
            table = _Districts.of(use, city, parents)
            owner = {
                "city": city,
                "year": year,
                "method": method,
                "product": product,
                "reconcile_method": reconcile_method,
            }
            for line in table.reconciled(reconcile_method):
                rows.append(owner | line | {"recalled_share": use.resting(city, line)})
    return kernel_table(
        rows,
        "city:text place:text year:whole method:text product:text row:text before after adjustment"
        " city_total districts_total reason:text reconcile_method:text recalled_share missing:text",
    )


@dataclass(frozen=True)
class _Districts:
    """What the districts of a city report, districts × rows, and the city's totals; NaN where the
    city reports none. [tce]"""

    city: str
    districts: list[str]
    rows: list[str]
    before: Array
    wanted: Array

    @classmethod
    def of(cls, use: _Use, city: str, parents: Mapping[str, str]) -> _Districts:
        """The cells of a city and its districts."""
        districts = sorted({place for place, _ in use.tce if parents.get(place) == city})
        places = (city, *districts)
        rows = [row for row in LEAVES if any((place, row) in use.tce for place in places)]
        before = [[use.tce.get((place, row), 0.0) for row in rows] for place in districts]
        wanted = [use.tce.get((city, row), np.nan) for row in rows]
        return cls(city, districts, rows, np.array(before), np.array(wanted))

    @property
    def spread(self) -> Array:
        """Whether the city has a total of a row and a district has something to spread it by."""
        return np.isfinite(self.wanted) & (np.abs(self.before).sum(axis=0) > 0)

    def reconciled(self, method: str) -> Iterator[dict[str, Any]]:
        """Lines of the districts, then of what could not be spread."""
        after, missing = self.before.copy(), None
        pulls: dict[tuple[int, int], list[tuple[str, float]]] = {}
        if method != "unallocated" and self.spread.any():
            try:
                after, pulls = self._adjusted(method)
            except HengtanError as error:
                missing = code_of(error)
        yield from (line | {"missing": missing} for line in self._of_districts(after, pulls))
        yield from (line | {"missing": missing} for line in self._unallocated(after))

    def _adjusted(
        self, method: str
    ) -> tuple[Array, dict[tuple[int, int], list[tuple[str, float]]]]:
        """The cells after adjustment, and what each total of RAS pulled them by."""
        after = self.before.copy()
        part, totals = self.before[:, self.spread], self.wanted[self.spread]
        columns = np.flatnonzero(self.spread)
        names = [self.rows[column] for column in columns]
        if method == "least_squares":
            after[:, self.spread] = _by_variance(part, totals, names)
            return after, {}
        shares = part.sum(axis=1)
        row_totals = shares * totals.sum() / shares.sum() if shares.sum() else shares
        scaled = ras(part, row_totals, totals, row_names=self.districts, column_names=names)
        after[:, self.spread] = scaled.after
        return after, {
            (district, int(column)): scaled.why(district, place)
            for district in range(len(self.districts))
            for place, column in enumerate(columns)
        }

    def _of_districts(
        self, after: Array, pulls: Mapping[tuple[int, int], list[tuple[str, float]]]
    ) -> Iterator[dict[str, Any]]:
        sums = self.before.sum(axis=0)
        for i, district in enumerate(self.districts):
            for j, row in enumerate(self.rows):
                before, now = self.before[i, j], after[i, j]
                if before == 0 and now == 0:
                    continue
                moved = self.spread[j] and abs(now - before) > 1e-9 * max(abs(before), 1)
                reason = [coded("unmoved")]
                if moved:
                    figures = (f"{self.wanted[j]:.6g}", f"{sums[j]:.6g}")
                    reason = [coded("city_and_districts", *figures)]
                    reason += [_pull(name, amount) for name, amount in pulls.get((i, j), [])]
                yield {
                    "place": district,
                    "row": row,
                    "before": before,
                    "after": now,
                    "adjustment": now - before,
                    "city_total": None if np.isnan(self.wanted[j]) else self.wanted[j],
                    "districts_total": sums[j],
                    "reason": "\n".join(reason),
                }

    def _unallocated(self, after: Array) -> Iterator[dict[str, Any]]:
        """What the districts leave of the city's totals."""
        for j, row in enumerate(self.rows):
            rest = self.wanted[j] - after[:, j].sum() if np.isfinite(self.wanted[j]) else 0.0
            if abs(rest) > 1e-7 * max(abs(self.wanted[j]), 1):
                yield {
                    "place": f"{self.city}-unallocated",
                    "row": row,
                    "before": 0.0,
                    "after": rest,
                    "adjustment": rest,
                    "city_total": self.wanted[j],
                    "districts_total": self.before[:, j].sum(),
                    "reason": coded("rest_unallocated" if self.spread[j] else "none_reported"),
                }


def _by_variance(part: Array, totals: Array, names: list[str]) -> Array:
    """Cells that add to totals by column, each moved by its variance, none changing its sign."""
    n, m = part.shape
    adjusted = least_squares(
        part.ravel(),
        (SPREAD * part.ravel()) ** 2,
        np.kron(np.ones((1, n)), np.eye(m)),
        totals,
        names=names,
        lower=np.where(part < 0, -np.inf, 0.0).ravel(),
        upper=np.where(part > 0, np.inf, 0.0).ravel(),
    )
    return adjusted.after.reshape(n, m)


def _pull(name: str, amount: float) -> str:
    """What a total (``row|A``, ``column|B``) pulled a cell by."""
    line, _, label = name.partition("|")
    return str(coded(f"{line}_pull", label, f"{amount:+.6g}"))
