"""Formulas of reviews of plants: a figure beside its industry, points between two values."""

from hengtan.basis.numeric import clip, ratio


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
