"""Laws of growth and of cuts that many rooms judge by, each written once: accounts, plans, months
and assessments use these.

Growth, changes and cuts are shares; a cut is positive where something fell (0.16 = down 16 %).
Years are calendar years. The path rules follow the early warning of energy intensity (晴雨表,
发改办环资〔2021〕629号): the rule was read, the formulas of the paths are recalled.
"""

from __future__ import annotations

from hengtan.basis.numeric import power, ratio, where


def growth(now, before):
    r"""Growth between two values: :math:`g = x_1 / x_0 - 1`. [share]

    Parameters
    ----------
    now, before : numeric
        Later value and earlier value, at like prices where they are money. [one unit]

    Returns
    -------
    numeric
        Growth; missing where the earlier value is zero. [share]

    References
    ----------
    .. [1] 国家统计局 统计指标解释: 增长速度.
    """
    return ratio(now, before) - 1


def intensity_change(energy_growth, gdp_growth):
    r"""Change of energy or CO2 per GDP from the growth of both: :math:`c = (1 + g_E)/(1 + g_Y) -
    1`. [share]

    Parameters
    ----------
    energy_growth, gdp_growth : numeric
        Growth of energy (or CO2), and of GDP at constant prices. [share]

    Returns
    -------
    numeric
        Change of the intensity, negative where it fell; missing where GDP fell to nothing. [share]

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
        Intensity now and in the base year, both at the same constant prices. [one unit]

    Returns
    -------
    numeric
        Cut, positive where the intensity fell. [share]

    References
    ----------
    .. [1] 国家统计局 单位GDP能耗降低率.
    """
    return 1 - ratio(intensity, intensity_base)


def change_between_cuts(cut_now, cut_before):
    r"""Change of an intensity between two points given by their cuts against one base: :math:`c =
    (1 - D_1)/(1 - D_0) - 1`. [share]

    Parameters
    ----------
    cut_now, cut_before : numeric
        Cuts at the later and the earlier point. [share]

    Returns
    -------
    numeric
        Change of the intensity, negative where it fell. [share]

    References
    ----------
    .. [1] Follows from the definition of ``cut_since_base``.
    """
    return ratio(1 - cut_now, 1 - cut_before) - 1


def required_cut_compound(goal_cut, years_elapsed, years_total):
    r"""Cut demanded after some years of a period, on the compound path. [share]

    .. math:: R(y) = 1 - (1 - T)^{y/n}

    Parameters
    ----------
    goal_cut : numeric
        Cut from base to deadline, T. [share, 0..1)
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
    r"""Cut demanded after some years of a period, on the straight path: :math:`R(y) = T\,y/n`.
    [share]

    Parameters
    ----------
    goal_cut : numeric
        Cut from base to deadline, T. [share, 0..1)
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
        Yearly cut that still reaches the goal; missing where no year is left. [share per year]

    References
    ----------
    .. [1] 能耗强度进度要求; formula recalled.
    """
    return 1 - power(ratio(1 - goal_cut, 1 - cut_so_far), ratio(1.0, years_left))


def intensity_light(change, progress, required):
    """Level of the official light: 1 red (did not fall), 2 orange (fell, behind the demand), 3
    green. [level]

    Parameters
    ----------
    change : numeric
        Change of the intensity in the latest interval. [share, negative = fell]
    progress, required : numeric
        Cut reached, and cut the path demands by now. [share]

    Returns
    -------
    numeric
        Level of the light. [1, 2 or 3]

    References
    ----------
    .. [1] 发改办环资〔2021〕629号: level 1 rose, level 2 fell less than the progress requirement,
           level 3 on track (read).
    """
    return where(
        change >= 0, 1, where(progress < required, 2, 3), known=(change, progress, required)
    )
