"""Does a plan agree with itself: the same target with two values, a base without a year, 2025 and
2030 the wrong way round, parts beyond the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from hengtan.basis.errors import Finding, Where
from hengtan.plan.reader.amounts import plain
from hengtan.plan.reader.contradictions import contradictions
from hengtan.plan.reader.linking import key
from hengtan.plan.reader.messages import finding, say
from hengtan.plan.reader.names import less_is_better
from hengtan.plan.reader.stated import StatedTarget


@dataclass(frozen=True)
class Placed:
    """A target with the clause that it stands in, its words and the file, to say where."""

    target: StatedTarget
    clause: str
    quote: str
    file: str

    @property
    def where(self) -> Where:
        """The place a person can open."""
        return Where(self.file, clause=self.clause)

    @property
    def amount(self) -> tuple[Decimal, str]:
        """The value without magnitude words, and its unit."""
        return plain(self.target.value, self.target.unit)

    @property
    def figure(self) -> str:
        """Value and unit as printed."""
        return f"{self.target.value}{self.target.unit}"

    @property
    def asked(self) -> str:
        """What the target asks, in words: ≥57%（2025年）."""
        target = self.target
        upper = f"—{target.value2}" if target.value2 else ""
        sign = say(f"asks.{target.operator}")
        return say("asked", sign, target.value, upper, target.unit, target.deadline)


def check_targets(
    targets: Sequence[StatedTarget], clauses: Sequence[str], quotes: Sequence[str], file: str
) -> list[Finding]:
    """Findings on the targets of one plan. ``clauses``, ``quotes``: for each target the clause that
    it stands in, to say where, and its words."""
    placed = [
        Placed(target, clause, quote, file)
        for target, clause, quote in zip(targets, clauses, quotes, strict=True)
    ]
    findings = _contradicted(placed)
    for alike in _of_one_indicator(placed):
        findings += _wrong_way(alike)
    findings += [
        finding("warning", "base_year_missing", at.target.indicator, at.asked, where=at.where)
        for at in placed
        if at.target.is_change and at.target.base_year is None and Decimal(at.target.value) != 0
    ]
    return findings + _parts(placed)


def _of_one_indicator(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Targets of one indicator, region and unit together, changes apart from levels."""
    groups: dict[tuple[str, str, str, str], list[Placed]] = defaultdict(list)
    for at in placed:
        target = at.target
        kind = f"{target.is_change} {target.yearly}"
        groups[(key(target.indicator), target.region, at.amount[1], kind)].append(at)
    return list(groups.values())


def _contradicted(placed: Sequence[Placed]) -> list[Finding]:
    """One finding for each target that says otherwise than another, with the words of both."""
    findings = []
    for pair in contradictions([at.target for at in placed]):
        first, second = placed[pair.first], placed[pair.second]
        both = (first.asked, first.quote, second.asked, second.quote, second.clause)
        level = "error" if pair.code == "two_values" else "warning"
        name = first.target.indicator
        findings.append(finding(level, pair.code, name, *both, where=first.where))
    return findings


def _wrong_way(alike: Iterable[Placed]) -> list[Finding]:
    """A later target of the same kind that asks less than the one before it."""
    findings = []
    for earlier, later in pairwise(sorted(alike, key=lambda at: at.target.deadline)):
        if not _goes_back(earlier, later):
            continue
        before, after = earlier.target, later.target
        figures = (after.deadline, later.figure, before.deadline, earlier.figure)
        findings.append(
            finding("warning", "wrong_way", before.indicator, *figures, where=later.where)
        )
    return findings


def _goes_back(earlier: Placed, later: Placed) -> bool:
    before, after = earlier.target, later.target
    comparable = (
        before.deadline != after.deadline
        and before.operator == after.operator != "range"
        and before.base_year == after.base_year
    )
    if not comparable or (before.is_change and before.base_year is None):
        return False
    either_way = before.operator in ("==", "approx")
    less = before.operator == "<=" or (either_way and less_is_better(before.indicator))
    first, second = earlier.amount[0], later.amount[0]
    return second > first if less else second < first


def _parts(placed: Sequence[Placed]) -> list[Finding]:
    """Parts after 其中 that add up to more than their total; shares and parts in other units are
    not added."""
    wholes: dict[tuple[str, int, str], list[Placed]] = defaultdict(list)
    for at in placed:
        target = at.target
        if target.part_of:
            wholes[(target.part_of, target.deadline, target.region)].append(at)
    findings = []
    for (name, year, region), parts in wholes.items():
        whole = _whole(placed, name, year, region)
        if whole is None:
            continue
        total, unit = whole.amount
        amounts = [part.amount for part in parts if not part.target.is_change]
        if unit == "%" or not amounts or any(other != unit for _, other in amounts):
            continue
        summed = sum((value for value, _ in amounts), Decimal(0))
        if summed > total:
            figures = (f"{summed.normalize():f}", f"{total.normalize():f}", unit)
            findings.append(
                finding("error", "parts_exceed_whole", name, year, *figures, where=parts[0].where)
            )
    return findings


def _whole(placed: Iterable[Placed], name: str, year: int, region: str) -> Placed | None:
    """The total that parts belong to."""
    for at in placed:
        target = at.target
        is_it = (target.indicator, target.deadline, target.region) == (name, year, region)
        if is_it and not target.part_of:
            return at
    return None
