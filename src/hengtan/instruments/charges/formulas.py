"""Formulas of charges that cover their cost."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, maximum, minimum, ratio

PERCENT = 100


def cost_covering_factor(cost: Numeric, fair_return: Numeric, fee: Numeric) -> Numeric:
    r"""By how much every price has to be multiplied so that fees cover cost and return. [1]

    .. math:: m = (C + R) / \sum_k p_k f_k V_k

    Parameters
    ----------
    cost : numeric
        Audited cost of the year. [CNY]
    fair_return : numeric
        Return that is allowed. [CNY]
    fee : numeric
        Fees at present prices, class by class. [CNY]

    Returns
    -------
    numeric
        Factor on every price. [1]

    References
    ----------
    .. [1] 武隆区绿色低碳循环发展经济体系实施方案 第十九条: fees cover cost with a fair return.
    """
    return ratio(cost + fair_return, fee)


def unit_cost(cost: Numeric, amount: Numeric) -> Numeric:
    r"""Cost of a unit, which is the rate that covers it. [CNY/unit]

    .. math:: c = C / Q

    Parameters
    ----------
    cost : numeric
        Cost. [CNY]
    amount : numeric
        Amount that it was spent on. [unit]

    Returns
    -------
    numeric
        Cost of a unit. [CNY/unit]

    References
    ----------
    .. [1] By definition.
    """
    return ratio(cost, amount)


def share(part: Numeric, whole: Numeric) -> Numeric:
    r"""A part in its whole. [%]

    .. math:: s = 100 \cdot a / b

    Parameters
    ----------
    part, whole : numeric
        Amounts of one kind. [unit]

    Returns
    -------
    numeric
        Share. [%]

    References
    ----------
    .. [1] By definition.
    """
    return ratio(part, whole) * PERCENT


def subsidy_within_quota(
    quantity: Numeric, quota: Numeric, price: Numeric, cost: Numeric
) -> Numeric:
    r"""Subsidy on farm water within the quota: what the price lacks of the cost of operation. [CNY]

    .. math:: S = \max(0, c - p) \cdot \min(Q, q)

    Parameters
    ----------
    quantity, quota : numeric
        Water used and allowed. [m³]
    price : numeric
        Price charged. [CNY/m³]
    cost : numeric
        Cost of operation and maintenance. [CNY/m³]

    Returns
    -------
    numeric
        Subsidy. [CNY]

    References
    ----------
    .. [1] 国办发〔2016〕2号: subsidies mainly on water within the quota (recalled).
    """
    return maximum(0.0, cost - price) * minimum(quantity, quota)


def reward_for_saving(quantity: Numeric, quota: Numeric, rate: Numeric) -> Numeric:
    r"""Reward for farm water saved under the quota. [CNY]

    .. math:: B = \max(0, q - Q) \cdot r

    Parameters
    ----------
    quantity, quota : numeric
        Water used and allowed. [m³]
    rate : numeric
        Reward. [CNY/m³]

    Returns
    -------
    numeric
        Reward. [CNY]

    References
    ----------
    .. [1] 节约用水条例 第三十八条: 节水奖励机制; the rate is set locally.
    """
    return maximum(0.0, quota - quantity) * rate
