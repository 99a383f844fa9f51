"""Formulas of licences for hazardous waste."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, maximum, ratio


def use_of_capacity(received: Numeric, licensed: Numeric) -> Numeric:
    r"""Received beside the licensed scale. [1]

    .. math:: u = R / L

    Parameters
    ----------
    received : numeric
        Received in the year. [t]
    licensed : numeric
        Scale of the licence. [t/a]

    Returns
    -------
    numeric
        Use of capacity. [1]

    References
    ----------
    .. [1] 危险废物经营许可证管理办法 第十二条 (四): 超过原批准年经营规模 20% 以上的重新申领.
    """
    return ratio(received, licensed)


def stock_over_a_year(stock: Numeric, received: Numeric) -> Numeric:
    r"""What of the stock at the end of a year must have been there a year before. [t]

    .. math:: O = \max(0, S - R)

    Parameters
    ----------
    stock : numeric
        Stock at the end of the year. [t]
    received : numeric
        Received in the year. [t]

    Returns
    -------
    numeric
        Stored for more than a year, at least. [t]

    References
    ----------
    .. [1] 生态环境法典 第五百三十五条: 贮存危险废物不得超过一年.
    """
    return maximum(0.0, stock - received)
