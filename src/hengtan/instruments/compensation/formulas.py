"""Formulas of compensation for ecological damage."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, ratio

PERCENT = 100.0


def virtual_treatment_cost(amount: Numeric, unit_cost: Numeric, multiple: Numeric) -> Numeric:
    r"""Damage by virtual treatment cost. [CNY]

    .. math:: D = E \cdot C \cdot \gamma

    Parameters
    ----------
    amount : numeric
        Discharged. [t]
    unit_cost : numeric
        Treating a tonne. [CNY/t]
    multiple : numeric
        Multiple of the sensitivity of the receiving environment. [1]

    Returns
    -------
    numeric
        Damage. [CNY]

    References
    ----------
    .. [1] 生态环境损害鉴定评估技术指南, virtual treatment cost (recalled).
    """
    return amount * unit_cost * multiple


def counted_cover(cover: Numeric, land: Numeric, bought: Numeric, sold: Numeric) -> Numeric:
    r"""Forest cover of a place with quotas bought and sold. [%]

    .. math:: C' = C + 100 (B - S) / L

    Parameters
    ----------
    cover : numeric
        Forest cover by survey. [%]
    land : numeric
        Land of the place. [mu]
    bought, sold : numeric
        Quotas bought and sold up to the year. [mu]

    Returns
    -------
    numeric
        Cover that counts for the goal. [%]

    References
    ----------
    .. [1] 重庆市实施横向生态补偿提高森林覆盖率工作方案（试行）(2018): quotas count for the buyer.
    """
    return cover + ratio(bought - sold, land) * PERCENT
