"""Formulas of compensation for ecological damage."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric


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
