"""Formulas of prices: block bills, time of use, differential adds, the band of the market price,
water over quota, cost recovery.

The same functions compute one case and columns of a table. Quantities in the unit of the price (kWh
or m3), prices in CNY per unit.
"""

from __future__ import annotations

from hengtan.basis.numeric import (
    Numeric,
    clip,
    maximum,
    minimum,
    power,
    ratio,
    round_half_up,
    where,
)

STEP_NEAR = 1e-9
"""A step is not begun by what is lost in dividing floats."""


def block_quantity(quantity: Numeric, lower: Numeric, upper: Numeric) -> Numeric:
    r"""The part of a quantity within a block: :math:`\max(0, \min(q, u) - l)`. [as the quantity]

    Parameters
    ----------
    quantity : numeric
        Quantity q of the cycle. [kWh or m3]
    lower, upper : numeric
        Ends l and u of the block. [as the quantity]

    Returns
    -------
    numeric
        Part of the quantity that bears the price of the block. [as the quantity]

    References
    ----------
    .. [1] 重庆居民阶梯电价 (2012); 发改价格〔2013〕2676号 居民阶梯水价; 发改价格〔2014〕467号
    居民阶梯气价.
    """
    return maximum(minimum(quantity, upper) - lower, 0.0)


def block_bill(
    quantity: Numeric,
    upper1: Numeric,
    upper2: Numeric,
    price1: Numeric,
    price2: Numeric,
    price3: Numeric,
) -> Numeric:
    r"""Bill of a quantity under up to three blocks, each price on its own part only. [CNY]

    .. math:: B = \sum_k p_k \max(0, \min(q, u_k) - u_{k-1})

    Parameters
    ----------
    quantity : numeric
        Quantity q of a month or of a year so far, as the blocks are. [kWh or m3]
    upper1, upper2 : numeric
        Upper ends of the first and second block; exactly at an end the lower block holds. One block
        only: both ends and all prices alike. [as the quantity]
    price1, price2, price3 : numeric
        Prices of the blocks. [CNY per unit]

    Returns
    -------
    numeric
        Bill. [CNY]

    References
    ----------
    .. [1] 节约用水条例 (2024), 居民生活用水阶梯水价; 重庆居民阶梯电价 (2012).
    """
    return (
        price1 * minimum(quantity, upper1)
        + price2 * block_quantity(quantity, upper1, upper2)
        + price3 * maximum(quantity - maximum(upper1, upper2), 0.0)
    )


def marginal_price(
    quantity: Numeric,
    upper1: Numeric,
    upper2: Numeric,
    price1: Numeric,
    price2: Numeric,
    price3: Numeric,
) -> Numeric:
    """Price of the block the last unit falls into; exactly at an upper end that of the lower block.
    [CNY per unit]

    Parameters
    ----------
    quantity : numeric
        Quantity of the cycle. [kWh or m3]
    upper1, upper2 : numeric
        Upper ends of the first and second block. [as the quantity]
    price1, price2, price3 : numeric
        Prices of the blocks. [CNY per unit]

    Returns
    -------
    numeric
        Price of the last unit. [CNY per unit]

    References
    ----------
    .. [1] 节约用水条例 (2024), 居民生活用水阶梯水价; 重庆居民阶梯电价 (2012).
    """
    return where(
        quantity <= upper1,
        price1,
        where(quantity <= upper2, price2, price3, known=(quantity, upper2)),
        known=(quantity, upper1, upper2, price1, price2, price3),
    )


def span_bill(
    before: Numeric,
    quantity: Numeric,
    upper1: Numeric,
    upper2: Numeric,
    price1: Numeric,
    price2: Numeric,
    price3: Numeric,
) -> Numeric:
    r"""Bill of a quantity that follows another within the same yearly cycle. [CNY]

    .. math:: B(q_0 + q) - B(q_0)

    Parameters
    ----------
    before, quantity : numeric
        What was used before in the cycle, what follows it. [kWh or m3]
    upper1, upper2 : numeric
        Upper ends of the first and second block. [as the quantity]
    price1, price2, price3 : numeric
        Prices of the blocks. [CNY per unit]

    Returns
    -------
    numeric
        Bill of what follows. [CNY]

    References
    ----------
    .. [1] 发改价格〔2013〕2676号, 〔2014〕467号: blocks of water and gas by the calendar year.
    """
    return block_bill(before + quantity, upper1, upper2, price1, price2, price3) - block_bill(
        before, upper1, upper2, price1, price2, price3
    )


def time_of_use_change(
    peak: Numeric, valley: Numeric, peak_add: Numeric, valley_add: Numeric
) -> Numeric:
    """What a household's choice of time of use changes of its block bill; flat hours change
    nothing. [CNY]

    Parameters
    ----------
    peak, valley : numeric
        Power of peak and of valley hours. [kWh]
    peak_add, valley_add : numeric
        Adds to the price of every block, that of the valley negative. [CNY/kWh]

    Returns
    -------
    numeric
        Change of the bill. [CNY]

    References
    ----------
    .. [1] 重庆居民分时电价机制 (2023-06-01执行).
    """
    return peak * peak_add + valley * valley_add


def floated_price(fixed: Numeric, floating: Numeric, factor: Numeric) -> Numeric:
    """Price of an hour band: the factor acts on the floating part only. [CNY/kWh]

    Parameters
    ----------
    fixed, floating : numeric
        Parts of the flat price that do not float and that do. [CNY/kWh]
    factor : numeric
        Factor of the band. [1]

    Returns
    -------
    numeric
        Price of the band. [CNY/kWh]

    References
    ----------
    .. [1] 渝发改规范〔2021〕14号.
    """
    return fixed + floating * factor


def steps_above(value: Numeric, threshold: Numeric, step: Numeric) -> Numeric:
    r"""Whole steps begun above a threshold: :math:`\lceil \max(0, x - t) / s \rceil`. [1]

    Parameters
    ----------
    value, threshold, step : numeric
        Figure x, threshold t and step s; a part of a step counts as one. [all in one unit]

    Returns
    -------
    numeric
        Steps. [1]

    References
    ----------
    .. [1] 发改价格〔2021〕1239号: 不足一档按一档.
    """
    over = ratio(maximum(value - threshold, 0.0), step)
    whole = round_half_up(over)
    return where(whole < over - STEP_NEAR, whole + 1.0, whole, known=(over, whole))


def aluminium_relief(
    share: Numeric, share_from: Numeric, incentive: Numeric, per_point: Numeric
) -> Numeric:
    """What remains of the aluminium add after the relief for renewables. [1]

    A share of the add less for each point of non-hydro renewables above ``share_from``, where the
    share reaches the province's incentive weight too.

    Parameters
    ----------
    share : numeric
        Share of non-hydro renewable power. [1]
    share_from : numeric
        Share above which the relief begins. [1]
    incentive : numeric
        The province's incentive weight of non-hydro renewables of the year before. [1]
    per_point : numeric
        Share of the add taken off for each percentage point. [1]

    Returns
    -------
    numeric
        From 1 down to 0. [1]

    References
    ----------
    .. [1] 发改价格〔2021〕1239号 关于完善电解铝行业阶梯电价政策的通知.
    """
    points = maximum(share - share_from, 0.0) * 100
    earned = clip(1.0 - points * per_point, 0.0, 1.0)
    known = (share, share_from, incentive, per_point)
    return where(share >= incentive, earned, 1.0, known=known)


def aluminium_add(
    intensity: Numeric, threshold: Numeric, step: Numeric, add_per_step: Numeric, relief: Numeric
) -> Numeric:
    """Add to the power price of primary aluminium from 2022. [CNY/kWh]

    Parameters
    ----------
    intensity, threshold : numeric
        Comprehensive AC power of liquid aluminium: the smelter's, the year's threshold. [kWh/t]
    step : numeric
        Step of intensity; less than a step counts as one. [kWh/t]
    add_per_step : numeric
        Add of a step. [CNY/kWh]
    relief : numeric
        What remains after the relief for renewables. [1]

    Returns
    -------
    numeric
        Add to the price. [CNY/kWh]

    References
    ----------
    .. [1] 发改价格〔2021〕1239号 关于完善电解铝行业阶梯电价政策的通知.
    """
    return steps_above(intensity, threshold, step) * add_per_step * relief


def aluminium_add_2014(
    intensity: Numeric, upper0: Numeric, upper1: Numeric, add1: Numeric, add2: Numeric
) -> Numeric:
    """Add to the power price of primary aluminium 2014–2021: none, ``add1`` or ``add2`` by two
    limits. [CNY/kWh]

    Parameters
    ----------
    intensity : numeric
        AC power of liquid aluminium. [kWh/t]
    upper0, upper1 : numeric
        Most without an add, most with the first add. [kWh/t]
    add1, add2 : numeric
        First and second add. [CNY/kWh]

    Returns
    -------
    numeric
        Add to the price. [CNY/kWh]

    References
    ----------
    .. [1] 发改价格〔2013〕2530号.
    """
    return marginal_price(intensity, upper0, upper1, 0.0 * upper0, add1, add2)


def banded_price(
    price: Numeric, base: Numeric, float_share: Numeric, upper_free: Numeric
) -> Numeric:
    r"""A contracted price held to the band :math:`b (1 \pm f)` around the base price. [CNY/kWh]

    Parameters
    ----------
    price, base : numeric
        Contracted price, base price of coal power. [CNY/kWh]
    float_share : numeric
        How far the price may float. [1]
    upper_free : numeric
        Above nought: the upper bound does not apply (high-energy users). [1]

    Returns
    -------
    numeric
        Price that is allowed. [CNY/kWh]

    References
    ----------
    .. [1] 发改价格〔2021〕1439号.
    """
    floor = maximum(price, base * (1.0 - float_share))
    return where(
        upper_free > 0,
        floor,
        minimum(floor, base * (1.0 + float_share)),
        known=(upper_free, price, base, float_share),
    )


def over_quota_surcharge(
    quantity: Numeric,
    quota: Numeric,
    price: Numeric,
    limit1: Numeric,
    limit2: Numeric,
    multiplier1: Numeric,
    multiplier2: Numeric,
    multiplier3: Numeric,
) -> Numeric:
    r"""Surcharge on water over quota, beside the price of the whole quantity. [CNY]

    .. math:: \sum_b p\,m_b q_b

    Parameters
    ----------
    quantity, quota : numeric
        Water used and the quota of the same period. [m3]
    price : numeric
        Price the multipliers act on. [CNY/m3]
    limit1, limit2 : numeric
        Ends of the first two bands, as shares of the quota over it. [1]
    multiplier1, multiplier2, multiplier3 : numeric
        Surcharge of a band in times of the price. [1]

    Returns
    -------
    numeric
        Surcharge. [CNY]

    References
    ----------
    .. [1] 节约用水条例 (2024), 非居民用水超定额累进加价; 发改价格〔2017〕1792号.
    """
    over = maximum(quantity - quota, 0.0)
    return price * block_bill(
        over, quota * limit1, quota * limit2, multiplier1, multiplier2, multiplier3
    )


def cost_recovery(price: Numeric, cost: Numeric) -> Numeric:
    """Share of the cost that the price covers; missing where the cost is nought. [1]

    Parameters
    ----------
    price, cost : numeric
        Price (or revenue) and cost of the same quantity. [both in one unit]

    Returns
    -------
    numeric
        Share. [1]

    References
    ----------
    .. [1] 节约用水条例 (2024), 农业水价: 运行维护成本, 完全成本.
    """
    return ratio(price, cost)


def response(
    quantity: Numeric, old_price: Numeric, new_price: Numeric, elasticity: Numeric
) -> Numeric:
    r"""Quantity after a change of price at constant elasticity. [as the quantity]

    .. math:: q (p_1/p_0)^\varepsilon

    Parameters
    ----------
    quantity : numeric
        Quantity before; who uses nothing goes on so. [kWh or m3]
    old_price, new_price : numeric
        Prices before and after. [CNY per unit]
    elasticity : numeric
        Constant price elasticity. [1]

    Returns
    -------
    numeric
        Quantity after. [as the quantity]

    References
    ----------
    .. [1] Demand of constant elasticity; no law: a reckoning.
    """
    change = power(ratio(new_price, old_price), elasticity)
    return quantity * where(quantity > 0, change, 1.0, known=(quantity, change))
