"""Formulas of reviews: of plants a figure beside its industry and points between two values; of
projects their energy, what they take of a budget, and the cost of a cut.
"""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, clip, ratio

GRAMS_A_KILOGRAM = 1000.0
PER_TEN_THOUSAND = 10_000.0


def benefit_score(value_ratio, tax_ratio, weight_tax):
    r"""Output benefit of energy beside the industry. [1]

    .. math:: S = (1 - w) \frac{v}{\bar v} + w \frac{t}{\bar t}

    Parameters
    ----------
    value_ratio : numeric
        Value added per tce over that of the industry. [1]
    tax_ratio : numeric
        Tax per tce over that of the industry. [1]
    weight_tax : numeric
        Weight of the tax, 0 to 1. [1]

    Returns
    -------
    numeric
        Score; 1 is the industry's own. [1]

    References
    ----------
    .. [1] No Chongqing rule was found; the form is this system's proposal
       (``energy-output-benefit`` of the pack table ``assessment_schemes``).
    """
    return (1 - weight_tax) * value_ratio + weight_tax * tax_ratio


def share_reached(actual, base, leading):
    r"""How far a figure has come from the base to the leading value. [1]

    .. math:: r = \min\left(1, \max\left(0, \frac{a - b}{l - b}\right)\right)

    Parameters
    ----------
    actual, base, leading : numeric
        Figure, base value and leading value; smaller is better where the leading value is the
        smaller one. [any one unit]

    Returns
    -------
    numeric
        Share, 0 to 1; missing where both values are the same. [1]

    References
    ----------
    .. [1] GB/T 36132-2025: scored between a base and a leading value; that it is linear was not
       read and is assumed.
    """
    return clip(ratio(actual - base, leading - base), 0.0, 1.0)


def equivalent_energy(
    energy: Numeric, electricity: Numeric, coal_rate: Numeric, calorific: Numeric
) -> Numeric:
    r"""Energy with power at what it takes to generate it (等价值): :math:`E + W (b - e)`. [tce]

    Parameters
    ----------
    energy : numeric
        Energy E with power at its calorific value (当量值). [tce]
    electricity : numeric
        Power W in it. [kWh]
    coal_rate : numeric
        Coal rate b of power supply of the year. [gce/kWh]
    calorific : numeric
        Calorific value e of power. [kgce/kWh]

    Returns
    -------
    numeric
        Energy. [tce]

    References
    ----------
    .. [1] GB/T 2589-2020 综合能耗计算通则: 等价值, 当量值.
    """
    return energy + electricity * (coal_rate / GRAMS_A_KILOGRAM - calorific) / GRAMS_A_KILOGRAM


def share_of_growth(energy: Numeric, allowance: Numeric) -> Numeric:
    r"""Share m of a project in the growth of energy allowed to a place: :math:`100 d/\Delta`. [%]

    Parameters
    ----------
    energy : numeric
        Energy d that the project adds in a year, power at the coal rate. [tce]
    allowance : numeric
        Growth of energy allowed to the place over the plan. [tce]

    Returns
    -------
    numeric
        Share; missing where nothing is allowed. [%]

    References
    ----------
    .. [1] 节能评审评价指标 m（国家节能中心，“十二五”期间使用）.
    """
    return ratio(energy, allowance) * 100


def effect_on_intensity(
    energy: Numeric, value_added: Numeric, place_energy: Numeric, place_gdp: Numeric
) -> Numeric:
    r"""Change n of a place's energy per GDP by a project: :math:`100 ((a+d)/(b+e)\,b/a - 1)`. [%]

    Parameters
    ----------
    energy, value_added : numeric
        Energy d and value added e of the project. [tce, yuan]
    place_energy, place_gdp : numeric
        Energy a and GDP b of the place. [tce, yuan]

    Returns
    -------
    numeric
        Change; positive where the intensity rises. [%]

    References
    ----------
    .. [1] 节能评审评价指标 n（国家节能中心，“十二五”期间使用）.
    """
    before = ratio(place_energy, place_gdp)
    after = ratio(place_energy + energy, place_gdp + value_added)
    return (ratio(after, before) - 1) * 100


def cost_of_cut(money: Numeric, cut: Numeric) -> Numeric:
    r"""Money for a tonne of CO2 cut a year: :math:`M / \Delta E`. [yuan per t/a]

    Parameters
    ----------
    money : numeric
        Money. [yuan]
    cut : numeric
        CO2 cut a year. [t/a]

    Returns
    -------
    numeric
        Cost; missing where nothing is cut. [yuan per t/a]

    References
    ----------
    .. [1] 财政资金减排绩效的通行算法：资金除以年减排量.
    """
    return ratio(money, cut)
