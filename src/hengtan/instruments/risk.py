"""Loss of value that is exceeded with a small probability (value at risk): a method, no law."""

from __future__ import annotations

import math
from statistics import NormalDist


def log_normal_loss(spread: float, level: float, days: float, mean: float = 0.0) -> float:
    r"""Loss per unit of value of log-normal prices. [1]

    .. math:: 1 - \exp(d \mu - z \sigma \sqrt{d})

    Parameters
    ----------
    spread : float
        Standard deviation σ of daily logarithmic returns. [1]
    level : float
        Probability that the loss is not exceeded; z is its quantile. [1]
    days : float
        Days d that the holding is kept. [d]
    mean : float
        Mean μ of daily logarithmic returns. [1]

    Returns
    -------
    float
        Loss, not below nought. [1]

    References
    ----------
    .. [1] RiskMetrics Technical Document (1996), for the form.
    """
    worst = days * mean - NormalDist().inv_cdf(level) * math.sqrt(days) * spread
    return max(0.0, -math.expm1(worst))
