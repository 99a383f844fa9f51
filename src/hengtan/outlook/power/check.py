"""What must be true of a power system before anything is computed: one clear line where not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from hengtan.basis.errors import Finding, HengtanError
from hengtan.outlook.power.heat import hour_without_room
from hengtan.outlook.power.parts import Plant, System, Thermal

LENGTH_OF_YEAR = frozenset({8760, 8784})


class SystemRefused(HengtanError):
    """The description of a power system contradicts itself."""


def checked(system: System) -> System:
    """The system; raises ``SystemRefused`` with all that is wrong with it."""
    findings = [
        *_of_series(system),
        *_of_places(system),
        *_of_thermal(system),
        *_of_what_is_built(system),
    ]
    if findings:
        raise SystemRefused.of(findings)
    return system


def _finding(zh: str, en: str) -> Finding:
    return Finding("error", zh, en, code="SystemRefused")


def _of_series(system: System) -> Iterator[Finding]:
    count = system.steps.count
    if system.demand.shape != (len(system.nodes), count):
        yield _finding(
            f"负荷序列应为{len(system.nodes)}个节点×{count}个时段，实为{system.demand.shape}",
            f"demand must be {len(system.nodes)} nodes × {count} steps, not {system.demand.shape}",
        )
    if system.steps.year is not None and system.steps.length.sum() in LENGTH_OF_YEAR:
        yield from _of_leap(system.steps.year, float(system.steps.length.sum()))
    for part in _parts(system):
        for word in ("available", "inflow", "least", "up", "down", "power"):
            yield from _of_length(part, word, count)
        offset = getattr(part, "utc_offset", None)
        if offset is not None and offset != system.steps.utc_offset:
            yield _finding(
                f"“{part.name}”的序列为 UTC{offset:+g}，负荷为 UTC{system.steps.utc_offset:+g}，"
                "须先换算到同一时区",
                f"the series of {part.name} is UTC{offset:+g}, demand is"
                f" UTC{system.steps.utc_offset:+g}: shift one of them first",
            )


def _of_leap(year: int, hours: float) -> Iterator[Finding]:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    wanted = 8784 if leap else 8760
    if hours != wanted:
        yield _finding(
            f"{year}年应有{wanted}小时，序列为{hours:g}小时",
            f"{year} has {wanted} hours, the series have {hours:g}",
        )


def _of_length(part: Any, word: str, count: int) -> Iterator[Finding]:
    values = getattr(part, word, None)
    if values is None or np.ndim(values) == 0:
        return
    if np.shape(values) != (count,):
        yield _finding(
            f"“{part.name}”的序列（{word}）有{np.size(values)}个值，应为{count}个",
            f"{part.name} has {np.size(values)} values of {word}, {count} are wanted",
        )
    elif not np.isfinite(values).all():
        yield _finding(
            f"“{part.name}”的序列（{word}）含空值", f"{part.name} lacks values of {word}"
        )


def _parts(system: System) -> tuple[Any, ...]:
    return (*system.plants, *system.lines, *system.shiftable, *system.curtailable)


def _of_places(system: System) -> Iterator[Finding]:
    names = Counter(part.name for part in _parts(system))
    for name, count in names.items():
        if count > 1:
            yield _finding(f"名称“{name}”重复{count}次", f"the name {name} stands {count} times")
    for part in _parts(system):
        for word in ("node", "start", "end"):
            place = getattr(part, word, None)
            if place is not None and place not in system.nodes:
                yield _finding(
                    f"“{part.name}”所在节点“{place}”不存在",
                    f"{part.name} is at {place}, which is no node",
                )


def _of_thermal(system: System) -> Iterator[Finding]:
    fuels = {fuel.name for fuel in system.fuels}
    for part in system.thermal:
        if part.fuel and part.fuel not in fuels:
            yield _finding(
                f"“{part.name}”所用燃料“{part.fuel}”没有价格",
                f"the fuel {part.fuel} of {part.name} has no price",
            )
        yield from _of_units(part)
    for plant in system.plants:
        yield from _of_shares(plant)


def _of_units(part: Thermal) -> Iterator[Finding]:
    if part.commitment == "integer" and abs(part.count - round(part.count)) > 1e-9:
        yield _finding(
            f"“{part.name}”容量{part.capacity:g} MW不是单机{part.unit:g} MW的整数倍",
            f"{part.capacity:g} MW of {part.name} are no whole number of units of {part.unit:g}",
        )
    if part.gives_heat:
        yield from _of_heat(part)
    if part.ramp < 1.0 and part.commitment == "none" and part.build is not None:
        yield _finding(
            f"“{part.name}”可新建且有爬坡限制，须选择机组组合（commitment）",
            f"{part.name} may be built and has ramps: choose a commitment",
        )


def _of_heat(part: Thermal) -> Iterator[Finding]:
    if part.commitment != "none" or part.build is not None:
        yield _finding(
            f"热电联产“{part.name}”不能参加机组组合，也不能新建",
            f"{part.name} gives heat, so it can be neither committed nor built",
        )
    step = hour_without_room(part)
    if step is not None:
        yield _finding(
            f"热电联产“{part.name}”第{step + 1}时的供热超过机组能力，没有可行的发电出力",
            f"the heat of {part.name} in hour {step + 1} leaves it no power to run at",
        )


def _of_what_is_built(system: System) -> Iterator[Finding]:
    """What the engine has no law for is refused, never left out."""
    for line in system.lines:
        if line.susceptance is not None and line.build is not None:
            yield _finding(
                f"线路“{line.name}”按直流潮流计算，不能同时作为可新建线路",
                f"line {line.name} follows angles, so it cannot be built",
            )
    for store in system.storage:
        if store.build is not None and store.ratio is None and store.build_energy is None:
            yield _finding(
                f"储能“{store.name}”可新建功率，但没有小时数（ratio）或可新建电量",
                f"store {store.name} may build power, but neither hours nor energy",
            )
    for part in system.thermal:
        if part.flat and part.commitment != "none":
            yield _finding(
                f"“{part.name}”不能既恒定出力又参加机组组合",
                f"{part.name} cannot be flat and committed",
            )


def _of_shares(plant: Plant) -> Iterator[Finding]:
    if not 0.0 <= plant.own_use < 1.0:
        yield _finding(
            f"“{plant.name}”厂用电率{plant.own_use:g}应在0与1之间",
            f"own use {plant.own_use:g} of {plant.name} must be between 0 and 1",
        )
    if plant.capacity < 0:
        yield _finding(f"“{plant.name}”容量为负", f"the capacity of {plant.name} is negative")


def same_series(system: System) -> list[Finding]:
    """Warnings of series that stand under two names: a copy is no second measurement."""
    first: dict[bytes, str] = {}
    findings = []
    for part in _parts(system):
        for word in ("available", "inflow"):
            values = getattr(part, word, None)
            if not isinstance(values, np.ndarray) or np.ptp(values) == 0:
                continue
            shape = (values / values.max()).round(9).tobytes()
            other = first.setdefault(shape, part.name)
            if other != part.name:
                findings.append(
                    Finding(
                        "warning",
                        f"“{part.name}”与“{other}”的序列形状完全相同，请核对是否误用同一条曲线",
                        f"{part.name} and {other} have one and the same shape: is it a copy?",
                        code="SameSeries",
                    )
                )
    return findings
