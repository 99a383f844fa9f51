"""Formulas of green finance, in the words of ``basis.numeric``."""

from __future__ import annotations

from hengtan.basis.numeric import ratio


def attributed(project_cut, loan, investment):
    """CO2 cut attributed to a loan: the project's yearly cut × loan / investment, and per 10⁴ yuan of loan. [t CO2 a year, t per 10⁴ yuan]"""
    cut = ratio(project_cut * loan, investment)
    return {"cut": cut, "per_10k": ratio(cut * 10000.0, loan)}


def relending(principal, loan_rate, funding_rate, ratio_, rate):
    """Money of the carbon-reduction facility, its yearly cost and the bank's spread. [yuan, yuan a year, share] 中国人民银行 2021-11-08."""
    return {"amount": principal * ratio_, "cost": principal * ratio_ * rate, "spread": loan_rate - ratio_ * rate - (1.0 - ratio_) * funding_rate}


def green_share(green, total, green_before, total_before):
    """Share of green loans, their growth, and how much faster than all loans they grew. [share]"""
    growth = ratio(green, green_before) - 1.0
    return {"share": ratio(green, total), "growth": growth, "faster_by": growth - (ratio(total, total_before) - 1.0)}


def evaluation(total_share, market_share, growth, risk, policy, institution, support, quantitative, each, qualitative, w_policy, w_institution, w_support):
    """Score of a bank: quantitative × Σ each xᵢ + qualitative × (policy, institution, support by their weights). [points] 银发〔2021〕142号."""
    return {"score": quantitative * each * (total_share + market_share + growth + risk) + qualitative * (w_policy * policy + w_institution * institution + w_support * support)}
