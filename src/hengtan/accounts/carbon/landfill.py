"""Kernel: methane of landfilled waste by first-order decay (IPCC 2006), beside the mass balance of the 2011 guide. The two are labelled and never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]
CH4_PER_C = 16 / 12


@dataclass(frozen=True)
class Decayed:
    """By year: methane generated and emitted [t CH4], carbon still in the ground at the end of the year [t DDOC].

    Arrays of shape (years,); of a mixture ``generated`` and ``stored`` are of shape (kinds, years).
    """

    generated: Array
    emitted: Array
    stored: Array


def first_order_decay(
    deposited: Array,
    doc: float,
    rate: float,
    *,
    docf: float,
    mcf: float | Array,
    methane_share: float,
    recovered: Array | None = None,
    oxidation: float | Array = 0.0,
    delay_months: int = 6,
) -> Decayed:
    r"""First-order decay of one kind of waste.

    .. math:: D_t = W_t\,DOC\,DOC_f\,MCF, \quad S_t = S_{t-1}e^{-k} + D_t e^{-k(13-M)/12}, \quad C_t = S_{t-1}(1-e^{-k}) + D_t(1-e^{-k(13-M)/12})

    .. math:: G_t = C_t\,F\,\tfrac{16}{12}, \qquad E_t = (G_t - R_t)(1 - OX_t)

    Parameters
    ----------
    deposited : array, shape (years,)
        Waste deposited in each year from the first year of the site on, wet weight. [t] A missing year is an error: earlier years are never invented (``back_cast`` only where one asks for it).
    doc, docf, methane_share : float
        Degradable organic carbon [tC/t wet], share that decomposes, share of methane in the gas. [1]
    mcf : float or array, shape (years,)
        Methane correction factor of the year of deposit. [1]
    rate : float
        Decay rate k. [1/a]
    recovered : array, shape (years,)
        Methane recovered. [t CH4]
    oxidation : float or array, shape (years,)
        Share oxidised in the cover. [1]
    delay_months : int
        Months before decay begins, M - 7 in the guidelines' count; 6 begins on 1 January of the next year (M = 13), as the IPCC spreadsheet. Waste comes in evenly, so on average in the middle of the year.

    Raises
    ------
    HengtanError
        For gaps, negative values, parameters out of their range, or more methane recovered than generated (names the year's place).

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.5 Ch.3, Eq. 3.1-3.6; delay time, section 3.2.3 and Annex 3A.1. Recalled, not yet read against the document; checked against the analytic solution.
    """
    waste = np.asarray(deposited, dtype=float)
    if waste.ndim != 1:
        raise HengtanError("填埋量应为逐年的一列", "deposits must be one column of years")
    made = decay_of_mixture(
        waste[None, :],
        [doc],
        [rate],
        docf=[docf],
        mcf=mcf,
        methane_share=methane_share,
        recovered=recovered,
        oxidation=oxidation,
        delay_months=delay_months,
    )
    return Decayed(made.generated[0], made.emitted, made.stored[0])


def decay_of_mixture(
    deposited: Array,
    doc: Sequence[float],
    rate: Sequence[float],
    *,
    docf: Sequence[float],
    mcf: float | Array,
    methane_share: float,
    recovered: Array | None = None,
    oxidation: float | Array = 0.0,
    delay_months: int = 6,
) -> Decayed:
    """First-order decay of several kinds of waste in one site, each at its own rate; recovery and oxidation go by the site as a whole (Eq. 3.1).

    ``deposited`` has shape (kinds, years) [t wet]; ``doc``, ``rate`` and ``docf`` have one value for each kind; the rest as ``first_order_decay``.
    """
    waste = np.asarray(deposited, dtype=float)
    k, content, share = (np.asarray(values, dtype=float) for values in (rate, doc, docf))
    if not np.isfinite(waste).all() or (waste < 0).any():
        raise HengtanError(
            "填埋量序列有缺失或负值",
            "the series of waste deposited has a gap or a negative value",
            todo="从填埋场启用年起逐年填报；不补推历史",
            todo_en="give every year from the opening of the site; history is not invented",
        )
    if not 0 <= delay_months <= 6:
        raise HengtanError("滞后月数应为 0 至 6", "the delay must be 0 to 6 months")
    if not {len(k), len(content), len(share)} == {len(waste)}:
        raise HengtanError(
            f"{len(waste)} 种废弃物，参数个数不符",
            f"{len(waste)} kinds of waste do not go with their parameters",
        )
    if not (k > 0).all():
        raise HengtanError("衰减速率应大于零", "a decay rate must be above zero")
    for name, name_en, value in (
        ("可降解有机碳含量", "DOC", content),
        ("可分解比例", "DOCf", share),
        ("甲烷修正因子", "MCF", mcf),
        ("甲烷比例", "F", methane_share),
        ("氧化因子", "OX", oxidation),
    ):
        if not ((np.asarray(value) >= 0) & (np.asarray(value) <= 1)).all():
            raise HengtanError(f"{name}应在 0 至 1 之间", f"{name_en} must lie between 0 and 1")
    years = waste.shape[1]
    taken = np.zeros(years) if recovered is None else np.asarray(recovered, dtype=float)
    if taken.shape != (years,) or not np.isfinite(taken).all() or (taken < 0).any():
        raise HengtanError(
            "甲烷回收量应逐年给出，不缺失、不为负",
            "methane recovered must be given for every year, none negative",
        )
    carbon = waste * (content * share)[:, None] * mcf
    decays, first = np.exp(-k), np.exp(-k * (6 - delay_months) / 12)
    stored, gone, held = np.zeros(waste.shape), np.zeros(waste.shape), np.zeros(len(waste))
    for year in range(years):
        new = carbon[:, year]
        gone[:, year] = held * -np.expm1(-k) + new * (1 - first)
        held = held * decays + new * first
        stored[:, year] = held
    generated = gone * methane_share * CH4_PER_C
    whole = generated.sum(axis=0)
    over = np.flatnonzero(taken > whole * (1 + 1e-12))
    if over.size:
        raise HengtanError(
            f"第 {over[0] + 1} 年甲烷回收量大于产生量",
            f"more methane recovered than generated in year {over[0] + 1} of the series",
            todo="核对回收量与填埋量",
            todo_en="check recovery and deposits",
        )
    return Decayed(generated, (whole - taken) * (1 - np.asarray(oxidation, dtype=float)), stored)


def back_cast(deposited: Array, years: int, growth: float) -> Array:
    r"""Deposits before the first one reported, by a growth rate that the user states: :math:`W_{t-n} = W_t (1 + g)^{-n}`. [t]

    Never called by the accounts: earlier years without figures are an assumption of whoever asks for it, and belong to a proposal.

    Parameters
    ----------
    deposited : array, shape (n,)
        Deposits reported, from the first year on. [t]
    years : int
        How many years to put in front, back to the opening of the site.
    growth : float
        Growth of deposits a year, as a share, above -1.

    Returns
    -------
    array, shape (years + n,)
    """
    waste = np.asarray(deposited, dtype=float)
    if not len(waste) or years < 0 or not growth > -1 or not np.isfinite(growth):
        raise HengtanError(
            "向前推算需要首年填埋量、不为负的年数和大于 -100% 的增长率",
            "casting back needs a first deposit, a number of years and a growth above -100 %",
        )
    return np.r_[waste[0] * (1 + growth) ** -np.arange(years, 0, -1.0), waste]


def mass_balance(
    deposited: float,
    doc: float,
    *,
    docf: float,
    mcf: float,
    methane_share: float,
    recovered: float = 0.0,
    oxidation: float = 0.0,
) -> float:
    r"""Methane by the mass balance of the 2011 guide: all the methane of a year's waste in that year. [t CH4]

    .. math:: E = (MSW_T\,MSW_F\,L_0 - R)(1 - OX), \qquad L_0 = MCF\,DOC\,DOC_f\,F\,16/12

    ``deposited`` is MSW_T times MSW_F: the waste that goes to landfill, wet. [t] ``recovered`` in t CH4, ``doc`` in tC/t, the others are shares. Raises HengtanError where more is recovered than comes of it.

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第五章; IPCC 1996 default method.
    """
    generated = deposited * mcf * doc * docf * methane_share * CH4_PER_C
    if recovered > generated * (1 + 1e-12):
        raise HengtanError(
            "甲烷回收量大于当年废弃物可产生的全部甲烷",
            "more methane recovered than the year's waste yields in all",
            todo="核对回收量；多年积累的填埋气请用一阶衰减法",
            todo_en="check recovery; gas of earlier years needs first-order decay",
        )
    return (generated - recovered) * (1 - oxidation)
