"""Capital by the year: the one law by which pathways, portfolios, plants and parks spread capital.

References
----------
.. [1] UNIDO (1978), Guide to Practical Project Appraisal: capital recovery factor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]


def annuity(rate: float, life: float) -> float:
    """The part of a capital that a year of its life costs, paid at the end of each. [1/year]

    Raises
    ------
    HengtanError
        For a life that is not above zero, or a rate of -100 % or less.
    """
    if life <= 0:
        raise HengtanError(
            "使用年限应大于零", "a life is above zero", todo="改正年限", todo_en="correct the life"
        )
    if rate <= -1:
        raise HengtanError(
            "折现率应大于 −100%",
            "a discount rate is above -100 %",
            todo="改正折现率",
            todo_en="correct the rate",
        )
    return float(recovery(rate, np.array(life)))


def recovery(rate: float, years: Array) -> Array:
    r"""Equal payments at the end of so many years that pay back one unit of capital. [1/year]

    .. math:: a = \frac{i}{1 - (1 + i)^{-n}}, \qquad a = 1/n \text{ where } i = 0

    Parameters
    ----------
    rate : float
        Above -100 %. [1]
    years : array
        Above zero. [years]
    """
    if rate == 0:
        return np.asarray(1 / years)
    return np.asarray(rate / -np.expm1(-years * np.log1p(rate)))
