"""Kernel: methane of landfilled waste by first-order decay (IPCC 2006), beside the mass balance of
the 2011 guide. The two are labelled and never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.accounts.carbon.refusals import refusal

Array = np.ndarray[Any, np.dtype[np.float64]]
CH4_PER_C = 16 / 12


@dataclass(frozen=True)
class Decayed:
    """By year: methane generated and emitted [t CH4], carbon still in the ground at the end of the
    year [t DDOC].

    Arrays of shape (years,); of a mixture ``generated`` and ``stored`` are of shape (kinds, years).
    """

    generated: Array
    emitted: Array
    stored: Array


@dataclass(frozen=True)
class Waste:
    """A kind of waste: degradable organic carbon ``doc`` [tC/t wet], the share ``docf`` of it that
    decomposes [1], and its decay ``rate`` k [1/a]."""

    doc: float
    docf: float
    rate: float


@dataclass(frozen=True)
class Site:
    """A landfill and its gas.

    Parameters
    ----------
    mcf : float or array, shape (years,)
        Methane correction factor of the year of deposit. [1]
    methane_share : float
        Share of methane in the gas, F. [1]
    recovered : array, shape (years,)
        Methane recovered; None for none. [t CH4]
    oxidation : float or array, shape (years,)
        Share oxidised in the cover, OX. [1]
    delay_months : int
        Months before decay begins, M - 7 in the guidelines' count; 6 begins on 1 January of the
        next year (M = 13), as the IPCC spreadsheet. Waste comes in evenly, so on average in the
        middle of the year.
    """

    mcf: float | Array
    methane_share: float
    recovered: Array | None = None
    oxidation: float | Array = 0.0
    delay_months: int = 6


def first_order_decay(deposited: Array, waste: Waste, site: Site) -> Decayed:
    r"""First-order decay of one kind of waste.

    .. math:: D_t = W_t\,DOC\,DOC_f\,MCF, \quad S_t = S_{t-1}e^{-k} + D_t e^{-k(13-M)/12}

    .. math:: C_t = S_{t-1}(1-e^{-k}) + D_t(1-e^{-k(13-M)/12})

    .. math:: G_t = C_t\,F\,\tfrac{16}{12}, \qquad E_t = (G_t - R_t)(1 - OX_t)

    Parameters
    ----------
    deposited : array, shape (years,)
        Waste deposited in each year from the first year of the site on, wet weight. A missing year
        is an error: earlier years are never invented (``back_cast`` only where one asks for it).
        [t]
    waste : Waste
    site : Site

    Raises
    ------
    HengtanError
        For gaps, negative values, parameters out of their range, or more methane recovered than
        generated (names the year's place).

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.5 Ch.3, Eq. 3.1-3.6; delay time, section 3.2.3 and Annex 3A.1.
       Recalled, not yet read against the document; checked against the analytic solution.
    """
    amounts = np.asarray(deposited, dtype=float)
    if amounts.ndim != 1:
        raise refusal("deposits_one_column")
    mixture = decay_of_mixture(amounts[None, :], [waste], site)
    return Decayed(mixture.generated[0], mixture.emitted, mixture.stored[0])


def decay_of_mixture(deposited: Array, wastes: Sequence[Waste], site: Site) -> Decayed:
    """First-order decay of several kinds of waste in one site, each at its own rate; recovery and
    oxidation go by the site as a whole (Eq. 3.1).

    ``deposited`` has shape (kinds, years) [t wet]. Else as ``first_order_decay``.
    """
    amounts = np.asarray(deposited, dtype=float)
    _refuse_parameters(amounts, wastes, site)
    years = amounts.shape[1]
    recovered = np.zeros(years) if site.recovered is None else np.asarray(site.recovered, float)
    if recovered.shape != (years,) or not np.isfinite(recovered).all() or (recovered < 0).any():
        raise refusal("recovery_every_year")
    rate = np.array([waste.rate for waste in wastes])
    content = np.array([waste.doc * waste.docf for waste in wastes])
    carbon = amounts * content[:, None] * site.mcf
    kept, kept_first = np.exp(-rate), np.exp(-rate * (6 - site.delay_months) / 12)
    stored, gone = np.zeros(amounts.shape), np.zeros(amounts.shape)
    ground = np.zeros(len(amounts))
    for year in range(years):
        new = carbon[:, year]
        gone[:, year] = ground * -np.expm1(-rate) + new * (1 - kept_first)
        ground = ground * kept + new * kept_first
        stored[:, year] = ground
    generated = gone * site.methane_share * CH4_PER_C
    whole = generated.sum(axis=0)
    over = np.flatnonzero(recovered > whole * (1 + 1e-12))
    if over.size:
        raise refusal("recovered_too_much", over[0] + 1)
    emitted = (whole - recovered) * (1 - np.asarray(site.oxidation, dtype=float))
    return Decayed(generated, emitted, stored)


def _refuse_parameters(amounts: Array, wastes: Sequence[Waste], site: Site) -> None:
    """Raise HengtanError for what no landfill can have."""
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise refusal("deposits_incomplete")
    if not 0 <= site.delay_months <= 6:
        raise refusal("delay_months")
    if len(wastes) != len(amounts):
        raise refusal("waste_parameters", len(amounts))
    if not all(waste.rate > 0 for waste in wastes):
        raise refusal("decay_rate")
    shares = {
        "doc": [waste.doc for waste in wastes],
        "docf": [waste.docf for waste in wastes],
        "mcf": site.mcf,
        "methane_share": site.methane_share,
        "oxidation": site.oxidation,
    }
    for name, value in shares.items():
        if not ((np.asarray(value) >= 0) & (np.asarray(value) <= 1)).all():
            raise refusal(f"share_{name}")


def back_cast(deposited: Array, years: int, growth: float) -> Array:
    r"""Deposits before the first one reported, by a growth rate that the user states:
    :math:`W_{t-n} = W_t (1 + g)^{-n}`. [t]

    Never called by the accounts: earlier years without figures are an assumption of whoever asks
    for it, and belong to a proposal.

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
        raise refusal("back_cast")
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
    r"""Methane by the mass balance of the 2011 guide: all the methane of a year's waste in that
    year. [t CH4]

    .. math:: E = (MSW_T\,MSW_F\,L_0 - R)(1 - OX), \qquad L_0 = MCF\,DOC\,DOC_f\,F\,16/12

    ``deposited`` is MSW_T times MSW_F: the waste that goes to landfill, wet. [t] ``recovered`` in t
    CH4, ``doc`` in tC/t, the others are shares. Raises HengtanError where more is recovered than
    comes of it.

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第五章; IPCC 1996 default method.
    """
    generated = deposited * mcf * doc * docf * methane_share * CH4_PER_C
    if recovered > generated * (1 + 1e-12):
        raise refusal("recovered_more_than_waste")
    return (generated - recovered) * (1 - oxidation)
