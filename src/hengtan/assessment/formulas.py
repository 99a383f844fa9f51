"""How Chinese assessments turn a figure into points: one law a function, for floats, arrays and
columns.

Forms as read (evaluation notes §1): 碳达峰碳中和综合评价考核 (met / not met),
单位GDP二氧化碳排放降低目标责任考核 2014 and 能耗双控考核 (completion, steps),
发改环资〔2016〕2635号 (efficacy), responsibility letters (deduction per unit). Numbers of the law
come from the pack table ``verdict_parameters``, never from here.
"""

from __future__ import annotations

from hengtan.basis.numeric import absolute, clip, maximum, minimum, ratio, round_half_up, where

ALIKE, ALIKE_AT_ZERO = 1e-9, 1e-12
"""Figures this near to each other, relatively and absolutely, are equal: a goal is met in them."""
NO_SPAN, NO_SPAN_AT_ZERO = 1e-12, 1e-15
"""Ends this near to each other, relatively and absolutely, have nothing between them."""
ALMOST_WHOLE = 1e-9
"""A step that falls short of a whole one by no more than this counts as whole."""


def meets(actual, goal, sense):
    """1 where a goal is met, else 0; equal counts as met. [-]

    Parameters
    ----------
    actual, goal : numeric
        Figure and goal. [unit]
    sense : numeric
        +1 where the goal is a least, -1 where it is a most. [-]

    Returns
    -------
    numeric
        1 or 0. [-]

    References
    ----------
    .. [1] 碳达峰碳中和综合评价考核办法 (2026): each indicator is met or not (read in a summary).
    """
    alike = maximum(ALIKE * maximum(absolute(actual), absolute(goal)), ALIKE_AT_ZERO)
    return where((actual - goal) * sense >= -alike, 1, 0, known=(actual, goal, sense))


def completion_of_least(actual, goal):
    r"""Completion of a goal that is a least or a cut: :math:`x/G`. [share]

    A goal of zero or below has no ratio: 1 where it is met, else 0.

    Parameters
    ----------
    actual, goal : numeric
        Figure x and goal G. [unit]

    Returns
    -------
    numeric
        Completion, 1 = wholly. [share]

    References
    ----------
    .. [1] 能耗双控考核: completion is actual cut over goal cut (evaluation notes §1.8, read).
    """
    return where(goal > 0, ratio(actual, goal), meets(actual, goal, 1), known=(actual, goal))


def completion_of_most(actual, goal):
    r"""Completion of a goal that is a cap: 1 where it is kept, else :math:`G/x`. [share]

    A goal or a figure of zero or below has no ratio: 1 where it is met, else 0.

    Parameters
    ----------
    actual, goal : numeric
        Figure x and cap G. [unit]

    Returns
    -------
    numeric
        Completion, 1 = wholly. [share]

    References
    ----------
    .. [1] Evaluation notes §1.8: goal over actual for a cap (read).
    """
    kept = meets(actual, goal, -1)
    beyond = where(kept == 1, 1, ratio(goal, actual))
    return where((goal <= 0) | (actual <= 0), kept, beyond, known=(actual, goal))


def distance_covered(actual, base, goal):
    r"""How far from base to goal: :math:`(x - x_0)/(G - x_0)`. [share]

    Where base and goal are one, 1 at the goal, else 0.

    Parameters
    ----------
    actual, base, goal : numeric
        Figure x, base value x0 and goal G. [unit]

    Returns
    -------
    numeric
        Share of the way, beyond 0 and 1 too. [share]

    References
    ----------
    .. [1] Evaluation notes §1.8: distance to goal, used in tracking plans.
    """
    at_goal = where(
        absolute(actual - goal) <= ALIKE * maximum(absolute(actual), absolute(goal)), 1, 0
    )
    way = ratio(actual - base, goal - base)
    return where(_no_span(base, goal), at_goal, way, known=(actual, base, goal))


def _no_span(first, second):
    """Whether two ends have nothing between them."""
    most = maximum(NO_SPAN * maximum(absolute(first), absolute(second)), NO_SPAN_AT_ZERO)
    return absolute(first - second) <= most


def efficacy(actual, least, most, sense, floor, full):
    r"""Efficacy coefficient: the floor to the full mark by the place among the regions assessed.
    [points]

    .. math:: Y = F + (100 - F)\,\frac{X - X_{min}}{X_{max} - X_{min}}

    with the full mark for 100, and the other way round where lower is better; the full mark where
    all are equal.

    Parameters
    ----------
    actual, least, most : numeric
        Figure X, and least and most of the regions assessed. [unit]
    sense : numeric
        +1 where more is better, -1 where less is. [-]
    floor, full : numeric
        Marks of the worst and of the best, F and 100. [points]

    Returns
    -------
    numeric
        Mark. [points]

    References
    ----------
    .. [1] 发改环资〔2016〕2635号 绿色发展指标体系, 功效系数法 (floor read, span recalled).
    """
    span = most - least
    place = where(sense < 0, ratio(most - actual, span), ratio(actual - least, span))
    known = (actual, least, most, sense, floor, full)
    return where(_no_span(least, most), full, floor + (full - floor) * place, known=known)


def ratio_points(done, points, cap):
    r"""Points in proportion to completion: :math:`P \min(\max(d, 0), c)`. [points]

    Parameters
    ----------
    done : numeric
        Completion d. [share]
    points : numeric
        Full mark P. [points]
    cap : numeric
        Most that a completion counts for, c. [share]

    Returns
    -------
    numeric
        Points. [points]

    References
    ----------
    .. [1] 单位国内生产总值二氧化碳排放降低目标责任考核评估办法 (2014): 25 × completion (read).
    """
    return points * clip(done, 0.0, cap)


def bonus_points(done, each, points, most):
    r"""Points beyond the full mark: :math:`\min(p \lfloor (d - 1)/e \rfloor, m)`. [points]

    Parameters
    ----------
    done : numeric
        Completion d. [share]
    each : numeric
        Completion over 1 that earns once, e; zero: no bonus. [share]
    points, most : numeric
        Points for each, and most of all, p and m. [points]

    Returns
    -------
    numeric
        Points, none below a completion of 1. [points]

    References
    ----------
    .. [1] 能耗双控考核: +3 for each 10 % over, at most +9 (lawyee.com.cn 17064108, read).
    """
    over = maximum(ratio(done - 1, each) + ALMOST_WHOLE, 0)
    # The whole part of a figure not below zero: half less, rounded; nought itself would round to
    # -1.
    times = maximum(round_half_up(over - 0.5), 0)
    known = (done, each, points, most)
    return where(each > 0, minimum(times * points, most), 0, known=known)


def deduction(points, count, per, floor):
    r"""Full mark less a deduction for each unit or event: :math:`\max(P - k \max(n, 0), F)`.
    [points]

    Parameters
    ----------
    points : numeric
        Full mark P. [points]
    count : numeric
        Units of the gap to the goal, or events, n; below zero there is nothing to deduct. [unit]
    per : numeric
        Deduction for each, k. [points per unit]
    floor : numeric
        Least that is left, F. [points]

    Returns
    -------
    numeric
        Points. [points]

    References
    ----------
    .. [1] 环境保护目标责任书 (2018): 0.5 for each µg/m³ (imcaibao.com, read).
    """
    return maximum(points - per * maximum(count, 0), floor)


def dual_carbon_level(control_missed, supporting_missed, control_limit, supporting_limit):
    """Level of the dual-carbon assessment: 1 unqualified, 2 qualified, 3 excellent. [level]

    Unqualified where so many control or supporting indicators are missed as the limits say,
    excellent where none is.

    Parameters
    ----------
    control_missed, supporting_missed : numeric
        Indicators of each kind that are missed. [-]
    control_limit, supporting_limit : numeric
        Misses that make it unqualified. [-]

    Returns
    -------
    numeric
        1, 2 or 3. [level]

    References
    ----------
    .. [1] 碳达峰碳中和综合评价考核办法 (2026), as summarised article by article in a public
       catalogue; the
       rule's own text was not read.
    """
    failed = (control_missed >= control_limit) | (supporting_missed >= supporting_limit)
    passed = where(control_missed + supporting_missed > 0, 2, 3)
    known = (control_missed, supporting_missed, control_limit, supporting_limit)
    return where(failed, 1, passed, known=known)
