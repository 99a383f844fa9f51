"""Formulas of the carbon markets: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import (
    Numeric,
    clip,
    exp,
    maximum,
    minimum,
    power,
    ratio,
    where,
)
from hengtan.instruments.formulas import whole_units

PERCENT = 100


def linear_load_factor(load: Numeric, constant: Numeric, slope: Numeric, upper: Numeric) -> Numeric:
    r"""Correction for load within a step of the table of 2019–2022. [1]

    .. math:: c + s (100 u - 100 F)

    Parameters
    ----------
    load : numeric
        Mean load F over rated power. [1]
    constant : numeric
        Correction c at the upper end of the step. [1]
    slope : numeric
        Rise s with each per cent of load that is lacking. [1/%]
    upper : numeric
        Upper end u of the step. [1]

    Returns
    -------
    numeric
        Correction of the allowance for power. [1]

    References
    ----------
    .. [1] 国环规气候〔2020〕3号 附件4; 〔2023〕1号 附2: 负荷（出力）系数修正系数.
    """
    return constant + slope * (PERCENT * upper - PERCENT * load)


def exponential_load_factor(
    load: Numeric, base: Numeric, exponent: Numeric, exponent_slope: Numeric
) -> Numeric:
    r"""Correction for low load: :math:`b^{e - k F}`. [1]

    Parameters
    ----------
    load : numeric
        Mean load F over rated power. [1]
    base, exponent, exponent_slope : numeric
        b, e and k of the plan. [1]

    Returns
    -------
    numeric
        Correction of the allowance for power. [1]

    References
    ----------
    .. [1] 国环规气候〔2020〕3号 附件4; 〔2023〕1号 附2; 〔2024〕1号 附3表1.
    """
    return power(base, exponent - exponent_slope * load)


def peaking_factor_2023(
    load: Numeric, limit: Numeric, base: Numeric, exponent: Numeric, exponent_slope: Numeric
) -> Numeric:
    """Correction for peaking of a conventional coal unit, 2023–2024, with its jump as written. [1]

    Parameters
    ----------
    load, limit : numeric
        Mean load over rated power, and the load from which nothing is corrected. [1]
    base, exponent, exponent_slope : numeric
        Of ``exponential_load_factor``, which holds below the limit. [1]

    Returns
    -------
    numeric
        Correction of the allowance for power: from 1.0457 to 1 at once at the limit of 0.65. [1]

    References
    ----------
    .. [1] 国环规气候〔2024〕1号 附3表1.
    """
    curve = exponential_load_factor(load, base, exponent, exponent_slope)
    return where(load < limit, curve, 1.0, known=(load, limit, curve))


def peaking_factor_draft(
    load: Numeric, limit: Numeric, a: Numeric, b: Numeric, c: Numeric, d: Numeric, e: Numeric
) -> Numeric:
    r"""Correction for peaking by the draft for 2025–2026, not rounded. [1]

    .. math:: a - b (1 - e^{-F/c}) - d (1 - e^{-F/e})

    Parameters
    ----------
    load : numeric
        Mean load over rated power; F is its percentage. [1]
    limit : numeric
        Load from which nothing is corrected. [%]
    a, b, c, d, e : numeric
        Figures of table 2, which are not established. [1; c and e in %]

    Returns
    -------
    numeric
        Correction of the allowance for power. [1]

    References
    ----------
    .. [1] 全国碳排放权交易市场2025、2026年度配额总量和分配方案 (征求意见稿 2026-07-27) 表2.
    """
    percent = PERCENT * load
    curve = a - b * (1 - exp(-ratio(percent, c))) - d * (1 - exp(-ratio(percent, e)))
    return where(percent < limit, curve, 1.0, known=(percent, limit, curve))


def unit_allowance_2019(
    power_supplied: Numeric,
    power_benchmark: Numeric,
    cooling: Numeric,
    heat_ratio: Numeric,
    heat_coefficient: Numeric,
    load_factor: Numeric,
    heat: Numeric,
    heat_benchmark: Numeric,
) -> Numeric:
    r"""Allowance of a unit, 2019–2022: :math:`Q_e B_e F_l F_r F_f + Q_h B_h`, :math:`F_r = 1 - k
    r`. [t CO2]

    Parameters
    ----------
    power_supplied : numeric
        Power supplied. [MWh]
    power_benchmark, heat_benchmark : numeric
        Benchmarks of power and heat. [t CO2/MWh, t CO2/GJ]
    cooling, load_factor : numeric
        Corrections for cooling and for load. [1]
    heat_ratio, heat_coefficient : numeric
        Heat-supply ratio r and its coefficient k. [1]
    heat : numeric
        Heat supplied. [GJ]

    Returns
    -------
    numeric
        Allowance. [t CO2]

    References
    ----------
    .. [1] 国环规气候〔2020〕3号 附件4; 〔2023〕1号 附2.
    """
    return (
        power_supplied
        * power_benchmark
        * cooling
        * (1 - heat_coefficient * heat_ratio)
        * load_factor
        + heat * heat_benchmark
    )


def unit_allowance_2023(
    power_generated: Numeric,
    power_benchmark: Numeric,
    peaking: Numeric,
    heat: Numeric,
    heat_benchmark: Numeric,
) -> Numeric:
    r"""Allowance of a unit, 2023 and later: :math:`G_e B_e F_p + Q_h B_h`. [t CO2]

    Parameters
    ----------
    power_generated : numeric
        Power generated. [MWh]
    power_benchmark, heat_benchmark : numeric
        Benchmarks of power and heat. [t CO2/MWh, t CO2/GJ]
    peaking : numeric
        Correction for peaking. [1]
    heat : numeric
        Heat supplied. [GJ]

    Returns
    -------
    numeric
        Allowance. [t CO2]

    References
    ----------
    .. [1] 国环规气候〔2024〕1号.
    """
    return power_generated * power_benchmark * peaking + heat * heat_benchmark


def banked_allowance(
    base: Numeric, times: Numeric, net_sales: Numeric, holdings: Numeric
) -> Numeric:
    r"""Allowances of 2019–2024 that may become those of 2025. [t CO2]

    .. math:: \lfloor B + R \max(0, S) \rfloor

    Parameters
    ----------
    base : numeric
        Base amount B. [t CO2]
    times : numeric
        Multiple R of net sales. [1]
    net_sales : numeric
        Net sales S of 2024 and 2025, of all vintages. [t CO2]
    holdings : numeric
        Holdings at the end of 2025, which bound it. [t CO2]

    Returns
    -------
    numeric
        Allowances carried over. [t CO2]

    References
    ----------
    .. [1] 国环规气候〔2024〕1号 附5.
    """
    carried = whole_units(base + times * maximum(0.0, net_sales))
    return maximum(0.0, minimum(carried, whole_units(holdings)))


def deviation(balance: Numeric, intensity: Numeric) -> Numeric:
    r"""Deviation of an intensity from the balance value: :math:`X = (BP - I) / BP`. [1]

    Parameters
    ----------
    balance, intensity : numeric
        Balance value of the sector, intensity of the entity. [t CO2/t]

    Returns
    -------
    numeric
        X; missing where the balance value is not positive. [1]

    References
    ----------
    .. [1] 国环规气候〔2025〕2号.
    """
    return where(balance > 0, ratio(balance - intensity, balance), None, known=(balance, intensity))


def alpha(off: Numeric, slope: Numeric, band: Numeric, cap: Numeric) -> Numeric:
    """Adjustment of allowances by the deviation X: slope × X inside the band, else the cap. [1]

    Parameters
    ----------
    off : numeric
        Deviation X. [1]
    slope : numeric
        Adjustment by deviation. [1]
    band : numeric
        Deviation from which the cap holds, with the sign of X. [1]
    cap : numeric
        Greatest adjustment. [1]

    Returns
    -------
    numeric
        α. [1]

    References
    ----------
    .. [1] 国环规气候〔2025〕2号 表1: 0.15·X where |X| < 0.20, else ±0.03.
    """
    return where(
        off >= band,
        cap,
        where(off <= -band, -cap, slope * off, known=(off, band)),
        known=(off, band, cap, slope),
    )


def sector_allowance(emissions: Numeric, adjustment: Numeric) -> Numeric:
    r"""Allowance of steel, cement and aluminium: :math:`\lfloor E (1 + \alpha) \rfloor`. [t CO2]

    Parameters
    ----------
    emissions : numeric
        Verified emissions. [t CO2]
    adjustment : numeric
        α. [1]

    Returns
    -------
    numeric
        Allowance. [t CO2]

    References
    ----------
    .. [1] 国环规气候〔2025〕2号.
    """
    return whole_units(emissions * (1 + adjustment))


def shortfall(obligation: Numeric, allowances: Numeric) -> Numeric:
    """What is lacking for surrender, not below nought. [t CO2]

    Parameters
    ----------
    obligation, allowances : numeric
        What is owed, what may be used for it. [t CO2]

    Returns
    -------
    numeric
        Obligation less allowances. [t CO2]

    References
    ----------
    .. [1] 碳排放权交易管理办法（试行）第二十八条.
    """
    return maximum(0.0, obligation - allowances)


def offset_usable(credits: Numeric, share: Numeric, base: Numeric, lacking: Numeric) -> Numeric:
    """Credits that count: held, at most a share of the base, and no more than is lacking. [t CO2e]

    Parameters
    ----------
    credits : numeric
        Credits held. [t CO2e]
    share : numeric
        Greatest share of the base. [1]
    base : numeric
        What the share is of: allowances owed, verified emissions or the gap. [t CO2e]
    lacking : numeric
        What is lacking. [t CO2e]

    Returns
    -------
    numeric
        Credits that count. [t CO2e]

    References
    ----------
    .. [1] 碳排放权交易管理办法（试行）第二十九条; 重庆按年度规则.
    """
    return maximum(0.0, minimum(minimum(credits, share * base), lacking))


def penalty(unsurrendered: Numeric, price: Numeric, times: Numeric) -> Numeric:
    """Fine for allowances not surrendered. [yuan]

    Parameters
    ----------
    unsurrendered : numeric
        Allowances not surrendered. [t CO2]
    price : numeric
        Mean price of the month before the deadline. [yuan/t]
    times : numeric
        Multiple. [1]

    Returns
    -------
    numeric
        Fine. [yuan]

    References
    ----------
    .. [1] 碳排放权交易管理暂行条例 第二十四条.
    """
    return unsurrendered * price * times


def preallocated(last_year: Numeric, share: Numeric) -> Numeric:
    """Allowances handed out before verification. [t CO2]

    Parameters
    ----------
    last_year : numeric
        Verified emissions of the year before. [t CO2]
    share : numeric
        Share of them. [1]

    Returns
    -------
    numeric
        Allowances. [t CO2]

    References
    ----------
    .. [1] 国环规气候〔2024〕1号.
    """
    return last_year * share


def pledge_loan(
    holdings: Numeric, price: Numeric, haircut: Numeric, loan_share: Numeric
) -> Numeric:
    """Most that a pledge of allowances carries. [yuan]

    Parameters
    ----------
    holdings : numeric
        Allowances pledged. [t CO2]
    price : numeric
        Price. [yuan/t]
    haircut, loan_share : numeric
        Discount of the price and share lent of what is left, both the lender's own. [1]

    Returns
    -------
    numeric
        Loan. [yuan]

    References
    ----------
    .. [1] No law: the practice of pledges of carbon assets.
    """
    return holdings * price * (1 - clip(haircut, 0.0, 1.0)) * loan_share


def insured_shortfall(insured: Numeric, deductible: Numeric, reached: Numeric) -> Numeric:
    """Reduction that is missing below what the insured bears. [t CO2]

    Parameters
    ----------
    insured : numeric
        Reduction that is agreed. [t CO2]
    deductible : numeric
        Share of it that the insured bears. [1]
    reached : numeric
        Reduction that was reached. [t CO2]

    Returns
    -------
    numeric
        Shortfall that the insurer pays for. [t CO2]

    References
    ----------
    .. [1] No law: the form of yield insurance, insured yield less deductible less actual yield.
    """
    return maximum(insured * (1 - deductible) - reached, 0.0)
