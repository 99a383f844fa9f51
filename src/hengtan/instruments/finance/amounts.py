"""Amounts of green finance, in the words of ``basis.numeric``: outputs by name."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, ratio


def attributed(project_cut: Numeric, loan: Numeric, investment: Numeric) -> dict[str, Numeric]:
    """CO2 cut attributed to a loan: the project's yearly cut × loan / investment, and per 10⁴ yuan
    of loan. [t CO2 a year, t per 10⁴ yuan]
    """
    cut = ratio(project_cut * loan, investment)
    return {"cut": cut, "per_10k": ratio(cut * 10000.0, loan)}


def relending(
    principal: Numeric, loan_rate: Numeric, funding_rate: Numeric, ratio_: Numeric, rate: Numeric
) -> dict[str, Numeric]:
    """Money of the carbon-reduction facility, its yearly cost and the bank's spread. [yuan, yuan a
    year, share]

    中国人民银行 2021-11-08.
    """
    return {
        "amount": principal * ratio_,
        "cost": principal * ratio_ * rate,
        "spread": loan_rate - ratio_ * rate - (1.0 - ratio_) * funding_rate,
    }


def green_share(
    green: Numeric, total: Numeric, green_before: Numeric, total_before: Numeric
) -> dict[str, Numeric]:
    """Share of green loans, their growth, and how much faster than all loans they grew. [share]"""
    growth = ratio(green, green_before) - 1.0
    return {
        "share": ratio(green, total),
        "growth": growth,
        "faster_by": growth - (ratio(total, total_before) - 1.0),
    }


def evaluation(
    total_share: Numeric,
    market_share: Numeric,
    growth: Numeric,
    risk: Numeric,
    policy: Numeric,
    institution: Numeric,
    support: Numeric,
    quantitative: Numeric,
    each: Numeric,
    qualitative: Numeric,
    w_policy: Numeric,
    w_institution: Numeric,
    w_support: Numeric,
) -> dict[str, Numeric]:
    """Score of a bank: quantitative × Σ each xᵢ + qualitative × (policy, institution, support by
    their weights). [points]

    银发〔2021〕142号.
    """
    return {
        "score": quantitative * each * (total_share + market_share + growth + risk)
        + qualitative * (w_policy * policy + w_institution * institution + w_support * support)
    }
