"""Formulas of the carbon markets: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import (
    Numeric,
    absolute,
    clip,
    exp,
    maximum,
    minimum,
    power,
    ratio,
    round_half_up,
    where,
)

NEAR, MOST_NEAR = 1e-12, 1e-4
"""Noise of floats below which a whole number counts as reached when rounding down: relative, and at
most in tonnes.
"""


def whole_tonnes(value: Numeric) -> Numeric:
    """Rounded down to whole tonnes; a value within the noise of floats below a whole number counts
    as it. [tCO2]

    国环规气候〔2025〕2号: 核定配额向下取整.
    """
    nudged = value + minimum(absolute(value) * NEAR, MOST_NEAR)
    near = round_half_up(nudged)
    return near - where(near > nudged, 1.0, 0.0, known=(nudged,))


def load_factor_2019(load: Numeric) -> Numeric:
    """Correction for load of a condensing conventional coal unit, 2019–2022; continuous at 0.85,
    0.80 and 0.75. [1]

    国环规气候〔2020〕3号 附件4, 〔2023〕1号 附2; ``load``: mean load as a fraction of rated power.
    """
    upper, middle, lower = (
        1 + 0.0014 * (85 - 100 * load),
        1.007 + 0.0016 * (80 - 100 * load),
        power(1.015, 16 - 20 * load),
    )
    return where(
        load >= 0.85,
        1.0,
        where(
            load >= 0.80, upper, where(load >= 0.75, middle, lower, known=(load,)), known=(load,)
        ),
        known=(load,),
    )


def peaking_factor_2023(load: Numeric) -> Numeric:
    """Correction for peaking of a conventional coal unit, 2023–2024, with its jump from 1.0457 to 1
    at 0.65 as written. [1]

    国环规气候〔2024〕1号 附3表1.
    """
    return where(load < 0.65, power(1.015, 16 - 20 * load), 1.0, known=(load,))


def peaking_factor_draft(
    load: Numeric, limit: Numeric, a: Numeric, b: Numeric, c: Numeric, d: Numeric, e: Numeric
) -> Numeric:
    """Correction for peaking by the draft for 2025–2026, rounded to six places; all figures are
    parameters that are not established. [1]

    征求意见稿 2026-07-27 表2: a − b(1 − exp(−F/c)) − d(1 − exp(−F/e)) below ``limit`` per cent of
    load, else 1.
    """
    percent = 100 * load
    curve = a - b * (1 - exp(-ratio(percent, c))) - d * (1 - exp(-ratio(percent, e)))
    return where(percent < limit, round_half_up(curve, 6), 1.0, known=(percent, limit, curve))


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
    """Qe·Be·Fl·Fr·Ff + Qh·Bh with Fr = 1 − coefficient × heat-supply ratio, 2019–2022. [tCO2]

    国环规气候〔2020〕3号 附件4, 〔2023〕1号 附2; power in MWh supplied, heat in GJ.
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
    """Ge·Be'·Fp + Qh·Bh', 2023 and later. [tCO2]

    国环规气候〔2024〕1号; power in MWh generated, heat in GJ.
    """
    return power_generated * power_benchmark * peaking + heat * heat_benchmark


def banked_allowance(
    base: Numeric, times: Numeric, net_sales: Numeric, holdings: Numeric
) -> Numeric:
    """Allowances of 2019–2024 that may become those of 2025: base + times × net sales above nought,
    rounded down, no more than is held. [tCO2]

    国环规气候〔2024〕1号 附5.
    """
    return maximum(
        0.0, minimum(whole_tonnes(base + times * maximum(0.0, net_sales)), whole_tonnes(holdings))
    )


def deviation(balance: Numeric, intensity: Numeric) -> Numeric:
    """X = (BP − I)/BP; missing where the balance value is not positive. [1]

    国环规气候〔2025〕2号.
    """
    return where(balance > 0, ratio(balance - intensity, balance), None, known=(balance, intensity))


def alpha(off: Numeric, slope: Numeric, band: Numeric, cap: Numeric) -> Numeric:
    """Adjustment of allowances by the deviation X: slope × X inside the band, else the cap with its
    sign. [1]

    国环规气候〔2025〕2号 表1: 0.15·X where |X| < 0.20, else ±0.03.
    """
    return where(
        off >= band,
        cap,
        where(off <= -band, -cap, slope * off, known=(off, band)),
        known=(off, band, cap, slope),
    )


def sector_allowance(emissions: Numeric, adjustment: Numeric) -> Numeric:
    """E·(1 + α) rounded down, for steel, cement and aluminium. [tCO2]

    国环规气候〔2025〕2号.
    """
    return whole_tonnes(emissions * (1 + adjustment))


def shortfall(obligation: Numeric, allowances: Numeric) -> Numeric:
    """What is lacking for surrender: obligation less allowances, not below nought. [tCO2]"""
    return maximum(0.0, obligation - allowances)


def offset_usable(credits: Numeric, share: Numeric, base: Numeric, lacking: Numeric) -> Numeric:
    """Credits that count: held, at most a share of the base, and no more than is lacking. [tCO2]

    碳排放权交易管理办法（试行）; 重庆按年度规则.
    """
    return maximum(0.0, minimum(minimum(credits, share * base), lacking))


def penalty(unsurrendered: Numeric, price: Numeric, times: Numeric) -> Numeric:
    """Fine for allowances not surrendered: tonnes × mean price of the month before the deadline × a
    multiple. [yuan]

    碳排放权交易管理暂行条例 第二十四条.
    """
    return unsurrendered * price * times


def preallocated(last_year: Numeric, share: Numeric) -> Numeric:
    """Allowances handed out before verification: a share of last year's verified emissions. [tCO2]

    国环规气候〔2024〕1号.
    """
    return last_year * share


def pledge_loan(
    holdings: Numeric, price: Numeric, haircut: Numeric, loan_share: Numeric
) -> Numeric:
    """Most that a pledge of allowances carries: holdings × price × (1 − haircut) × loan share.
    [yuan]
    """
    return holdings * price * (1 - clip(haircut, 0.0, 1.0)) * loan_share
