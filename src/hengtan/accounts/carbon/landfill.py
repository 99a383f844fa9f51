"""Kernel: methane of landfilled waste by first-order decay (IPCC 2006), beside the mass balance of the 2011 guide. The two are labelled and never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]
CH4_PER_C = 16 / 12


@dataclass(frozen=True)
class Decayed:
    """By year, of shape (years,): methane generated and emitted [t CH4], carbon still in the ground at the end of the year [t DDOC]."""

    generated: Array
    emitted: Array
    stored: Array


def first_order_decay(deposited: Array, doc: float, rate: float, *, docf: float, mcf: float, methane_share: float, recovered: Array | None = None, oxidation: float = 0.0, delay_months: int = 6) -> Decayed:
    r"""First-order decay of one kind of waste.

    .. math:: D_t = W_t\,DOC\,DOC_f\,MCF, \quad S_t = S_{t-1}e^{-k} + D_t e^{-k(13-M)/12}, \quad C_t = S_{t-1}(1-e^{-k}) + D_t(1-e^{-k(13-M)/12})

    Parameters
    ----------
    deposited : array, shape (years,)
        Waste deposited in each year from the first year of the site on, wet weight. [t] A missing year is an error: earlier years are never invented.
    doc, docf, mcf, methane_share : float
        Degradable organic carbon [tC/t wet], share that decomposes, methane correction, share of methane in the gas. [1]
    rate : float
        Decay rate k. [1/a]
    recovered : array, shape (years,)
        Methane recovered. [t CH4]
    oxidation : float
        Share oxidised in the cover. [1]
    delay_months : int
        Months before decay begins, M - 7 in the guidelines' count; 6 begins on 1 January of the next year, as the IPCC spreadsheet.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.5 Ch.3, Eq. 3.1-3.6; delay time, section 3.2.3 and Annex 3A.1.
    """
    waste = np.asarray(deposited, dtype=float)
    if not np.isfinite(waste).all() or (waste < 0).any():
        raise HengtanError("填埋量序列有缺失或负值", "the series of waste deposited has a gap or a negative value", todo="从填埋场启用年起逐年填报；不补推历史", todo_en="give every year from the opening of the site; history is not invented")
    if not 0 <= delay_months <= 6:
        raise HengtanError("滞后月数应为 0 至 6", "the delay must be 0 to 6 months")
    taken = np.zeros(len(waste)) if recovered is None else np.asarray(recovered, dtype=float)
    carbon = waste * doc * docf * mcf
    decays = np.exp(-rate)
    # waste comes in evenly, on average in the middle of the year: (6 - delay) months of it decay in the first year
    first = np.exp(-rate * (6 - delay_months) / 12)
    stored, gone, held = np.zeros(len(waste)), np.zeros(len(waste)), 0.0
    for year, new in enumerate(carbon):
        gone[year] = held * (1 - decays) + new * (1 - first)
        held = held * decays + new * first
        stored[year] = held
    generated = gone * methane_share * CH4_PER_C
    if (taken > generated * (1 + 1e-12)).any():
        raise HengtanError("甲烷回收量大于产生量", "more methane recovered than generated", todo="核对回收量与填埋量", todo_en="check recovery and deposits")
    return Decayed(generated, (generated - taken) * (1 - oxidation), stored)


def mass_balance(deposited: float, doc: float, *, docf: float, mcf: float, methane_share: float, recovered: float = 0.0, oxidation: float = 0.0) -> float:
    r"""Methane by the mass balance of the 2011 guide: all the methane of a year's waste in that year. [t CH4]

    .. math:: E = (W\,L_0 - R)(1 - OX), \qquad L_0 = MCF\,DOC\,DOC_f\,F\,16/12

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第五章; IPCC 1996 default method.
    """
    return (deposited * mcf * doc * docf * methane_share * CH4_PER_C - recovered) * (1 - oxidation)
