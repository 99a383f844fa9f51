"""Unit processes of a product system: what each makes, takes and emits, with allocation,
data-quality marks and confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hengtan.accounts.carbon.refusals import refusal

Need = str | tuple[str, str]
"""A product, or a product and the process that provides it, where it has several makers."""

STAGES = ("raw_material", "production", "distribution", "use", "end_of_life")
KINDS = ("fossil", "biogenic", "land_use")
"""Fossil and process gases make the total; biogenic carbon and land-use change stand beside it."""


@dataclass(frozen=True)
class Emission:
    """What a process emits of one flow [kg CO2e]; ``marks``, ``primary`` and ``confidence`` are the
    process's own where they are None.
    """

    amount: float
    kind: str = "fossil"
    gas: str = ""
    marks: Mapping[str, int] | None = None
    primary: bool | None = None
    confidence: str | None = None


@dataclass(frozen=True)
class Process:
    """A unit process: what it makes [unit], what it takes from other processes, what it emits [kg
    CO2e, by flow; a bare number is fossil].

    ``outputs`` with more than one product are joint: ``allocation`` gives each its share,
    ``substitutes`` names what a product displaces and how much of it one unit displaces,
    ``cut_off`` products leave and needs enter without burden. ``weak`` are needs whose amount is
    recalled. ``marks``: five data-quality marks, 1 best to 5.
    """

    name: str
    outputs: Mapping[str, float]
    inputs: Mapping[Need, float] = field(default_factory=dict)
    emissions: Mapping[str, Emission | float] = field(default_factory=dict)
    allocation: Mapping[str, float] = field(default_factory=dict)
    stage: str = "production"
    marks: Mapping[str, int] = field(default_factory=dict)
    primary: bool = False
    confidence: str = "read"
    substitutes: Mapping[str, tuple[Need, float]] = field(default_factory=dict)
    cut_off: frozenset[Need] = frozenset()
    weak: frozenset[Need] = frozenset()
    origin: str = ""

    def emitted(self) -> dict[str, Emission]:
        """Emissions by flow, each with its marks, whether it is primary, and its confidence."""
        return {flow: self._emission(flow, stated) for flow, stated in self.emissions.items()}

    def fossil(self) -> float:
        """Emissions of a run that count in the total. [kg CO2e]"""
        return sum(part.amount for part in self.emitted().values() if part.kind == "fossil")

    def _emission(self, flow: str, stated: Emission | float) -> Emission:
        own = stated if isinstance(stated, Emission) else Emission(stated)
        if own.kind not in KINDS:
            kinds = ("、".join(KINDS), ", ".join(KINDS))
            raise refusal("emission_kind", self.name, flow, own.kind, *kinds)
        return replace(
            own,
            marks=self.marks if own.marks is None else own.marks,
            primary=self.primary if own.primary is None else own.primary,
            confidence=own.confidence or self.confidence,
        )
