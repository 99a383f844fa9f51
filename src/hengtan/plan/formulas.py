"""The plan's own formulas: official lights of an intensity goal, straight paths and paces of any
other target.

Rates of change and of a cut on its way stand in ``accounts.rates``. Light of intensity:
发改办环资〔2021〕629号 (read); the other lights are the project's rules. Years are calendar years;
cuts are positive shares (0.16 = down 16 %).
"""

from __future__ import annotations

from hengtan.basis.numeric import absolute, maximum, power, ratio, where

NO_MORE_THAN = 1e-9
"""What a growth may exceed its allowance by before it counts: the last bits of a difference of
floats. [share]
"""


def change_between_cuts(cut_now, cut_before):
    r"""Change of an intensity between two points given by their cuts against one base. [share]

    .. math:: c = \frac{1 - D_1}{1 - D_0} - 1

    Parameters
    ----------
    cut_now, cut_before : numeric
        Cuts D at the later and the earlier point. [share]

    Returns
    -------
    numeric
        Change, negative where the intensity fell. [share]

    References
    ----------
    .. [1] Follows from the definition of the cut, D = 1 - I/I0.
    """
    return ratio(1 - cut_now, 1 - cut_before) - 1


def progress_at_year_end(cut_before, change):
    r"""Cut reached if the year ends as the period runs: :math:`1 - (1 - D)(1 + c)`. [share]

    Parameters
    ----------
    cut_before : numeric
        Cut D through the year before. [share]
    change : numeric
        Change c of the intensity in the period against the same period of the year before. [share]

    Returns
    -------
    numeric
        Cut since the base year. [share]

    References
    ----------
    .. [1] Follows from the definition of the cut; that the period stands for the year is the
       project's reading.
    """
    return 1 - (1 - cut_before) * (1 + change)


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
        1, 2 or 3. [level]

    References
    ----------
    .. [1] 发改办环资〔2021〕629号: level 1 rose, level 2 fell less than the progress requirement,
       level 3 on track (read).
    """
    return where(
        change >= 0, 1, where(progress < required, 2, 3), known=(change, progress, required)
    )


def total_light(energy_growth, allowed, slack, least_slack):
    r"""Level of the second light, of total energy: 3 within the growth allowed, 2 a little beyond,
    1 farther. [level]

    Farther is beyond by more than :math:`\max(s\,|a|, s_0)`.

    Parameters
    ----------
    energy_growth, allowed : numeric
        Growth of energy, and what is allowed of it, a. [share]
    slack : numeric
        What the excess may be of the allowance, s. [share]
    least_slack : numeric
        What the excess may be at least, s0. [share]

    Returns
    -------
    numeric
        1, 2 or 3. [level]

    References
    ----------
    .. [1] 发改办环资〔2021〕629号 has three levels of total energy and does not state their
       thresholds; the two slacks are the project's proposal (pack table ``verdict_parameters``).
    """
    over = energy_growth - allowed
    slack_allowed = maximum(absolute(allowed) * slack, least_slack)
    beyond = where(over > slack_allowed + NO_MORE_THAN, 1, 2)
    return where(
        over <= NO_MORE_THAN, 3, beyond, known=(energy_growth, allowed, slack, least_slack)
    )


def needed_pace(goal, latest, deadline_year, latest_year):
    r"""Yearly change needed from the latest value to reach the goal: :math:`(G - x)/n`. [unit per
    year]

    Parameters
    ----------
    goal, latest : numeric
        Goal G and latest value x. [unit]
    deadline_year, latest_year : numeric
        Years of the two, n apart; missing where they are the same. [a]

    Returns
    -------
    numeric
        Change of each year that is left. [unit per year]

    References
    ----------
    .. [1] Definition of a mean yearly change.
    """
    return ratio(goal - latest, deadline_year - latest_year)


def needed_growth(goal, latest, deadline_year, latest_year):
    r"""Yearly growth needed, compound: :math:`(G/x)^{1/n} - 1`. [share per year]

    Parameters
    ----------
    goal, latest : numeric
        Goal G and latest value x. [unit]
    deadline_year, latest_year : numeric
        Years of the two, n apart. [a]

    Returns
    -------
    numeric
        Growth of each year that is left. [share per year]

    References
    ----------
    .. [1] 国家统计局 统计指标解释: 平均增长速度 (水平法).
    """
    return power(ratio(goal, latest), ratio(1.0, deadline_year - latest_year)) - 1


def straight_path(base, goal, base_year, deadline_year, year):
    r"""Value of the straight path from the base value to the goal: :math:`x_0 + (G - x_0)(t -
    t_0)/(t_1 - t_0)`. [unit]

    Parameters
    ----------
    base, goal : numeric
        Value x0 of the base year and goal G of the deadline. [unit]
    base_year, deadline_year, year : numeric
        Years t0, t1, and the year t asked for. [a]

    Returns
    -------
    numeric
        Value the path has in the year. [unit]

    References
    ----------
    .. [1] Linear interpolation.
    """
    return base + (goal - base) * ratio(year - base_year, deadline_year - base_year)


def level_light(latest, base, required, direction):
    """Level of the light of a value with a straight path: 1 moved away from the goal, 2 behind the
    path, 3 on it. [level]

    Parameters
    ----------
    latest, base, required : numeric
        Latest value, base value, and the path's value for the latest year. [unit]
    direction : numeric
        +1 where more is better, -1 where less is. [-]

    Returns
    -------
    numeric
        1, 2 or 3. [level]

    References
    ----------
    .. [1] Project rule for indicators other than cuts (foundation issue, section 5, rule 4).
    """
    behind = where((latest - required) * direction < 0, 2, 3)
    return where(
        (latest - base) * direction < 0, 1, behind, known=(latest, base, required, direction)
    )


def share_of_days(days, days_of_period):
    """Days as a share of the days of the period. [%]

    Parameters
    ----------
    days, days_of_period : numeric
        Days counted, and calendar days of the period. [d]

    Returns
    -------
    numeric
        Share in per cent. [%]

    References
    ----------
    .. [1] 空气质量优良天数比率 divides by valid monitoring days; these are not known, so calendar
       days stand in.
    """
    return ratio(days, days_of_period) * 100


def within_tolerance(value, goal, tolerance):
    """1 where a value lies within the tolerance around its goal (左右), else 0; missing without a
    tolerance. [-]

    Parameters
    ----------
    value, goal, tolerance : numeric
        Value, goal, and how far from it still counts. [unit]

    Returns
    -------
    numeric
        1 or 0. [-]

    References
    ----------
    .. [1] Project rule for goals stated as 左右: no tolerance, no verdict.
    """
    return where(absolute(value - goal) <= tolerance, 1, 0, known=(value, goal, tolerance))


def over_plan(amount, plan, days, days_of_year):
    r"""How far an amount is beyond the plan's part of the days so far: :math:`\frac{E}{P\,d/n} -
    1`. [share]

    Parameters
    ----------
    amount, plan : numeric
        Amount so far E, and plan of the year P. [unit]
    days, days_of_year : numeric
        Days gone d, and days of the year n. [d]

    Returns
    -------
    numeric
        Share beyond the plan, negative while within. [share]

    References
    ----------
    .. [1] Project rule: a yearly plan is used up by days.
    """
    return ratio(amount, plan * ratio(days, days_of_year)) - 1
