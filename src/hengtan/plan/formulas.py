"""Formulas of progress toward a target: paths, paces and the official light of an intensity goal.

Years are calendar years; cuts are positive shares (0.16 = down 16 %). Path rules follow the early-warning practice of
energy intensity (晴雨表, 发改办环资〔2021〕629号, as carried in the evaluation notes: rule read, path formulas recalled).
"""

from __future__ import annotations

from hengtan.basis.numeric import absolute, power, ratio, where


def required_cut_compound(goal_cut, years_elapsed, years_total):
    r"""Progress a cut demands after some of its years, on the compound path. [share]

    .. math:: R(y) = 1 - (1 - T)^{y/n}

    Parameters
    ----------
    goal_cut : numeric
        Cut from base to deadline, T. [share, 0..1)
    years_elapsed, years_total : numeric
        Years from base to now (y) and from base to deadline (n). [a]

    References
    ----------
    .. [1] 能耗强度预警晴雨表的进度要求（复合路径）; formula recalled.
    """
    return 1 - power(1 - goal_cut, ratio(years_elapsed, years_total))


def required_cut_linear(goal_cut, years_elapsed, years_total):
    r"""Progress a cut demands after some of its years, on the linear path: :math:`T\,y/n`. [share]

    Parameters as in ``required_cut_compound``.
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

    References
    ----------
    .. [1] 能耗强度进度要求; formula recalled.
    """
    return 1 - power(ratio(1 - goal_cut, 1 - cut_so_far), ratio(1.0, years_left))


def cut_since_base(intensity, intensity_base):
    r"""Cut of an intensity against its base: :math:`D = 1 - I/I_0`. [share] Both at the same constant prices."""
    return 1 - ratio(intensity, intensity_base)


def change_between_cuts(cut_now, cut_before):
    r"""Change of an intensity between two points given by their cuts against one base. [share, negative = fell]

    .. math:: c = \frac{1 - D_1}{1 - D_0} - 1
    """
    return ratio(1 - cut_now, 1 - cut_before) - 1


def intensity_light(change, progress, required):
    """Level of the official light: 1 red (did not fall), 2 orange (fell, behind the demand), 3 green. [level]

    Parameters
    ----------
    change : numeric
        Change of the intensity in the latest interval. [share, negative = fell]
    progress, required : numeric
        Cut reached, and cut the path demands by now. [share]

    References
    ----------
    .. [1] 发改办环资〔2021〕629号: level 1 rose, level 2 fell less than the progress requirement, level 3 on track (read).
    """
    return where(
        change >= 0, 1, where(progress < required, 2, 3), known=(change, progress, required)
    )


def needed_pace(goal, latest, deadline_year, latest_year):
    """Yearly change needed from the latest value to reach the goal at the deadline. [unit per year]

    (goal - latest) / (deadline - year of the latest value); missing when the latest value is of the deadline year.
    """
    return ratio(goal - latest, deadline_year - latest_year)


def needed_growth(goal, latest, deadline_year, latest_year):
    r"""Yearly growth needed, compound: :math:`(G/x)^{1/(n)} - 1`. [share per year]"""
    return power(ratio(goal, latest), ratio(1.0, deadline_year - latest_year)) - 1


def straight_path(base, goal, base_year, deadline_year, year):
    """Value of the straight path from the base value to the goal in a year. [unit]"""
    return base + (goal - base) * ratio(year - base_year, deadline_year - base_year)


def level_light(latest, base, required, direction):
    """Level of the light of a value with a straight path: 1 moved away from the goal, 2 behind the path, 3 on or ahead. [level]

    Parameters
    ----------
    latest, base, required : numeric
        Latest value, base value, and the path's value for the latest year. [unit]
    direction : numeric
        +1 where more is better, -1 where less is. [-]

    References
    ----------
    .. [1] Project rule for indicators other than cuts (foundation issue, section 5, rule 4).
    """
    behind = where((latest - required) * direction < 0, 2, 3)
    return where(
        (latest - base) * direction < 0, 1, behind, known=(latest, base, required, direction)
    )


def share_of_days(days, days_of_period):
    """Days as a share of the days of the period. [%] Valid monitoring days are not known, so calendar days stand in."""
    return ratio(days, days_of_period) * 100


def within_tolerance(value, goal, tolerance):
    """1 where a value lies within the tolerance around its goal (左右), else 0; missing without a tolerance. [-]"""
    return where(absolute(value - goal) <= tolerance, 1, 0, known=(value, goal, tolerance))
