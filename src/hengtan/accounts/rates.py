"""Rates of change and of a cut on its way: growth, change of an intensity, what a goal demands by
now.

One place for accounts, plans and assessments. Cuts are positive shares (0.16 = down 16 %), years
calendar years. Method: statistical practice of energy per GDP (单位GDP能耗降低率); progress paths
of the early warning (晴雨表).
"""

from __future__ import annotations

from hengtan.basis.numeric import power, ratio


def growth(now, before):
    r"""Growth between two values: :math:`x_1/x_0 - 1`. [share]

    Parameters
    ----------
    now, before : numeric
        Later and earlier value in one unit; missing where the earlier is zero. [unit]

    Returns
    -------
    numeric
        Growth, negative where the value fell. [share]

    References
    ----------
    .. [1] 国家统计局 统计指标解释: 增长速度.
    """
    return ratio(now, before) - 1


def intensity_change(energy_growth, gdp_growth):
    r"""Change of energy (or CO2) per GDP from two growth rates. [share]

    .. math:: c = \frac{1 + g_E}{1 + g_Y} - 1

    Parameters
    ----------
    energy_growth : numeric
        Growth of energy or CO2, g_E. [share]
    gdp_growth : numeric
        Growth of GDP at constant prices, g_Y. [share]

    Returns
    -------
    numeric
        Change of the intensity, negative where it fell. [share]

    References
    ----------
    .. [1] 国家统计局 单位GDP能耗降低率.
    """
    return ratio(1 + energy_growth, 1 + gdp_growth) - 1


def cut_since_base(intensity, intensity_base):
    r"""Cut of an intensity against its base: :math:`D = 1 - I/I_0`. [share]

    Parameters
    ----------
    intensity, intensity_base : numeric
        Intensity now and in the base year, GDP of both at the same constant prices. [unit of the
        intensity]

    Returns
    -------
    numeric
        Cut, negative where the intensity rose. [share]

    References
    ----------
    .. [1] 国家统计局 单位GDP能耗降低率.
    """
    return 1 - ratio(intensity, intensity_base)


def required_cut_compound(goal_cut, years_elapsed, years_total):
    r"""Cut that a goal demands after some of its years, on the compound path. [share]

    .. math:: R(y) = 1 - (1 - T)^{y/n}

    Parameters
    ----------
    goal_cut : numeric
        Cut from base to deadline, T. [share, 0 to below 1]
    years_elapsed, years_total : numeric
        Years from base to now (y) and from base to deadline (n). [a]

    Returns
    -------
    numeric
        Cut demanded by now. [share]

    References
    ----------
    .. [1] 能耗强度预警晴雨表的进度要求（复合路径）; formula recalled.
    """
    return 1 - power(1 - goal_cut, ratio(years_elapsed, years_total))


def required_cut_linear(goal_cut, years_elapsed, years_total):
    r"""Cut that a goal demands after some of its years, on the linear path: :math:`R(y) = T\,y/n`.
    [share]

    Parameters
    ----------
    goal_cut : numeric
        Cut from base to deadline, T. [share, 0 to below 1]
    years_elapsed, years_total : numeric
        Years from base to now (y) and from base to deadline (n). [a]

    Returns
    -------
    numeric
        Cut demanded by now. [share]

    References
    ----------
    .. [1] 能耗强度预警晴雨表的进度要求（直线路径）; formula recalled.
    """
    return goal_cut * ratio(years_elapsed, years_total)


def needed_yearly_cut(goal_cut, cut_so_far, years_left):
    r"""Cut needed in each year that is left. [share per year]

    .. math:: r = 1 - \left(\frac{1 - T}{1 - D}\right)^{1/(n-y)}

    Parameters
    ----------
    goal_cut, cut_so_far : numeric
        Goal T and cut reached so far D, both against the same base. [share]
    years_left : numeric
        Years from the latest value to the deadline, n - y. [a]

    Returns
    -------
    numeric
        Yearly cut that ends at the goal. [share per year]

    References
    ----------
    .. [1] 能耗强度进度要求; formula recalled.
    """
    return 1 - power(ratio(1 - goal_cut, 1 - cut_so_far), ratio(1.0, years_left))
