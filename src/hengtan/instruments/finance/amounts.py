"""Amounts of green finance, in the words of ``basis.numeric``: outputs by name."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, ratio

TEN_THOUSAND = 10_000


def attributed(project_cut: Numeric, loan: Numeric, investment: Numeric) -> dict[str, Numeric]:
    """CO2 cut attributed to a loan by its share of the investment. [t CO2/a, t CO2/a]

    Parameters
    ----------
    project_cut : numeric
        Yearly cut of the project. [t CO2/a]
    loan, investment : numeric
        Loan and whole investment. [yuan]

    Returns
    -------
    dict
        ``cut`` of the loan [t CO2/a], ``per_10k`` by 10⁴ yuan of it [t CO2/a].

    References
    ----------
    .. [1] Practice of banks' disclosure of carbon cuts (recalled).
    """
    cut = ratio(project_cut * loan, investment)
    return {"cut": cut, "per_10k": ratio(cut * TEN_THOUSAND, loan)}


def relending(
    principal: Numeric, loan_rate: Numeric, funding_rate: Numeric, ratio_: Numeric, rate: Numeric
) -> dict[str, Numeric]:
    """Money of the carbon-reduction facility, its yearly cost and the bank's spread. [yuan, yuan/a,
    1]

    Parameters
    ----------
    principal : numeric
        Principal of eligible loans. [yuan]
    loan_rate, funding_rate : numeric
        Yearly rate of the loans, and of the bank's own funds. [1]
    ratio_, rate : numeric
        Share of the principal that the facility lends, and its yearly rate. [1]

    Returns
    -------
    dict
        ``amount`` [yuan], ``cost`` [yuan/a], ``spread`` [1].

    References
    ----------
    .. [1] 中国人民银行 2021-11-08 碳减排支持工具.
    """
    return {
        "amount": principal * ratio_,
        "cost": principal * ratio_ * rate,
        "spread": loan_rate - ratio_ * rate - (1.0 - ratio_) * funding_rate,
    }


def green_share(
    green: Numeric, total: Numeric, green_before: Numeric, total_before: Numeric
) -> dict[str, Numeric]:
    """Share of green loans, their growth, and how much faster than all loans they grew. [1]

    Parameters
    ----------
    green, total : numeric
        Balances of green and of all loans. [yuan]
    green_before, total_before : numeric
        The same a year before. [yuan]

    Returns
    -------
    dict
        ``share``, ``growth``, ``faster_by``. [1]

    References
    ----------
    .. [1] 绿色贷款专项统计制度.
    """
    growth = ratio(green, green_before) - 1.0
    return {
        "share": ratio(green, total),
        "growth": growth,
        "faster_by": growth - (ratio(total, total_before) - 1.0),
    }


def evaluation(
    quantitative: Numeric, each: Numeric, qualitative: Numeric, **marks_and_weights: Numeric
) -> dict[str, Numeric]:
    r"""Score of a bank's green finance: :math:`q w \sum x_i + l (w_p p + w_n n + w_s s)`. [points]

    Parameters
    ----------
    quantitative, qualitative : numeric
        Weights q and l of the two parts. [1]
    each : numeric
        Weight w of each of the four quantitative marks. [1]
    **marks_and_weights : numeric
        ``total_share``, ``market_share``, ``growth``, ``risk``: the quantitative marks. [points]
        ``policy``, ``institution``, ``support``: the qualitative marks [points]; ``w_policy``,
        ``w_institution``, ``w_support``: their weights [1].

    Returns
    -------
    dict
        ``score``. [points]

    References
    ----------
    .. [1] 银发〔2021〕142号 银行业金融机构绿色金融评价方案.
    """
    of = marks_and_weights
    measured = of["total_share"] + of["market_share"] + of["growth"] + of["risk"]
    judged = (
        of["w_policy"] * of["policy"]
        + of["w_institution"] * of["institution"]
        + of["w_support"] * of["support"]
    )
    return {"score": quantitative * each * measured + qualitative * judged}


def business_measures(
    green: Numeric, bonds: Numeric, total: Numeric, market: Numeric, before: Numeric, bad: Numeric
) -> dict[str, Numeric]:
    """The four measures of a bank's green business: its share of the bank's loans and bonds, of all
    banks' green business, its growth, and its bad part. [1]

    Parameters
    ----------
    green, bonds : numeric
        Green loans, and green bonds that the bank holds. [yuan]
    total : numeric
        All loans of the bank. [yuan]
    market : numeric
        Green loans and bonds of all banks compared. [yuan]
    before : numeric
        Green loans and bonds of the bank a year before. [yuan]
    bad : numeric
        Non-performing green loans. [yuan]

    Returns
    -------
    dict
        ``share``, ``market_share``, ``growth``, ``bad_share``. [1]

    References
    ----------
    .. [1] 银发〔2021〕142号, names of the four measures; what the share is taken of is our reading.
    """
    business = green + bonds
    return {
        "share": ratio(business, total + bonds),
        "market_share": ratio(business, market),
        "growth": ratio(business, before) - 1.0,
        "bad_share": ratio(bad, business),
    }
