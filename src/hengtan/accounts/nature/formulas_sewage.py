"""Formulas of sewage works and their network, and of the use of water."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import ratio

GRAMS_A_TONNE = 1e6
YUAN_OF_INTENSITY = 1e4


def collection_rate(collected: Any, people: Any, per_person: Any, days: Any) -> Any:
    r"""Share of the BOD5 that people make which reaches the works (集中收集率). [%]

    .. math:: \eta = \frac{10^6 M}{P\,g\,d} \cdot 100

    Parameters
    ----------
    collected : numeric
        BOD5 that came in with the sewage M. [t]
    people : numeric
        People with water supply P. [person]
    per_person : numeric
        BOD5 a person makes in a day g. [g/(person d)]
    days : numeric
        Days of the period d. [d]

    Returns
    -------
    numeric
        Collection rate; above 100 where figures disagree. [%]

    References
    ----------
    .. [1] 城镇污水处理提质增效三年行动方案（2019—2021年）, 城市生活污水集中收集率 (recalled).
    """
    return 100 * ratio(collected * GRAMS_A_TONNE, people * per_person * days)


def load_share(inflow: Any, design_load: Any, days: Any) -> Any:
    """Inflow of works against their design. [%]

    Parameters
    ----------
    inflow : numeric
        Inflow of the period. [m³]
    design_load : numeric
        Design load. [m³/d]
    days : numeric
        Days of the period. [d]

    Returns
    -------
    numeric
        Load, above 100 where the works are overloaded. [%]

    References
    ----------
    .. [1] 城镇污水处理厂运行负荷率, by definition.
    """
    return 100 * ratio(inflow, design_load * days)


def removed_share(concentration_in: Any, concentration_out: Any) -> Any:
    """Share of a pollutant that works take out. [%]

    Parameters
    ----------
    concentration_in, concentration_out : numeric
        Concentrations of inflow and outflow. [mg/L]

    Returns
    -------
    numeric
        Removed, negative where more goes out. [%]

    References
    ----------
    .. [1] By definition.
    """
    return 100 * ratio(concentration_in - concentration_out, concentration_in)


def water_intensity(volume: Any, money: Any) -> Any:
    """Water used by ten thousand yuan. [m³/10⁴ yuan]

    Parameters
    ----------
    volume : numeric
        Water used. [m³]
    money : numeric
        Gross domestic product or value added, at prices that are named beside it. [yuan]

    Returns
    -------
    numeric
        Water use intensity. [m³/10⁴ yuan]

    References
    ----------
    .. [1] 中国水资源公报: 万元国内生产总值用水量.
    """
    return ratio(volume * YUAN_OF_INTENSITY, money)


def share_percent(part: Any, whole: Any) -> Any:
    """A part of a whole. [%]

    Parameters
    ----------
    part, whole : numeric
        Part and whole. [same unit]

    Returns
    -------
    numeric
        Share; missing where the whole is nought. [%]

    References
    ----------
    .. [1] By definition.
    """
    return 100 * ratio(part, whole)
