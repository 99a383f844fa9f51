"""Formulas on the records of the power system."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import maximum, minimum, power, ratio

WATER_DENSITY = 1000.0
"""Of fresh water. [kg/m³]"""
GRAVITY = 9.80665
"""Standard acceleration of free fall (ISO 80000-3). [m/s²]"""
JOULES_A_MEGAWATT_HOUR = 3.6e9


def pumped_energy(head: Any, volume: Any, efficiency: Any) -> Any:
    r"""Energy that a full upper basin gives back. [MWh]

    .. math:: E = \frac{\rho g V H \eta}{3.6 \cdot 10^9}

    Parameters
    ----------
    head : numeric
        Mean head H. [m]
    volume : numeric
        Usable volume V, the smaller of both basins. [m³]
    efficiency : numeric
        Efficiency of generating, from water to the grid. [1]

    Returns
    -------
    numeric
        Energy. [MWh]

    References
    ----------
    .. [1] Potential energy of water; the form 9.81 · V · H · η / 3600 of design manuals in kWh.
    """
    return WATER_DENSITY * GRAVITY * volume * head * efficiency / JOULES_A_MEGAWATT_HOUR


def derated(capability: Any, share: Any) -> Any:
    """What counts of a capability once a share of it is taken off. [as the capability]

    Parameters
    ----------
    capability : numeric
        Power that a resource or a line states. [kW or MW]
    share : numeric
        Deviation of a resource in tests, or the derating of a line. [1]

    Returns
    -------
    numeric
        What counts. [kW or MW]

    References
    ----------
    .. [1] GB/T 44260-2024 (second-hand): adjustable power less its deviation.
    """
    return capability * (1 - share)


def rooftop_potential(area: Any, usable: Any, density: Any) -> Any:
    """Capacity that fits on roofs. [kW]

    Parameters
    ----------
    area : numeric
        Roof area. [m²]
    usable : numeric
        Share of it that can carry modules. [1]
    density : numeric
        Capacity on a square metre of usable roof. [kW/m²]

    Returns
    -------
    numeric
        Capacity. [kW]

    References
    ----------
    .. [1] Product of area and two shares that the surveyor states; no code was read for them.
    """
    return area * usable * density


def yield_of_year(capacity: Any, hours: Any, degradation: Any, age: Any) -> Any:
    r"""Energy of a year of a plant that loses a share of its yield each year. [kWh]

    .. math:: W_t = P h (1 - d)^t

    Parameters
    ----------
    capacity : numeric
        Capacity P. [kW]
    hours : numeric
        Hours h of full output in the first year. [h]
    degradation : numeric
        Share d lost each year. [1]
    age : numeric
        Years t since the first. [1]

    Returns
    -------
    numeric
        Energy of the year. [kWh]

    References
    ----------
    .. [1] Geometric loss of yield, as warranties of modules state it.
    """
    return capacity * hours * power(1 - degradation, age)


def yield_over_life(capacity: Any, hours: Any, degradation: Any, years: Any) -> Any:
    r"""Energy of all years of life of a plant that loses a share of its yield each year. [kWh]

    .. math:: W = P h \frac{1 - (1 - d)^n}{d}

    Parameters
    ----------
    capacity : numeric
        Capacity P. [kW]
    hours : numeric
        Hours h of full output in the first year. [h]
    degradation : numeric
        Share d lost each year, above nought. [1]
    years : numeric
        Years n of life. [1]

    Returns
    -------
    numeric
        Energy of all years. [kWh]

    References
    ----------
    .. [1] Sum of the geometric series of yearly yields.
    """
    return capacity * hours * ratio(1 - power(1 - degradation, years), degradation)


def paid_power(delivered: Any, cap: Any) -> Any:
    """Delivered power for which a response is paid: not below nought and not above its cap. [kW]

    Parameters
    ----------
    delivered : numeric
        Baseline less meter. [kW]
    cap : numeric
        The most that is paid for. [kW]

    Returns
    -------
    numeric
        Power that is paid for. [kW]

    References
    ----------
    .. [1] Pay for the smaller of what was delivered and the cap; the cap is the local rule's.
    """
    return maximum(minimum(delivered, cap), 0.0)


def energy_sent(energy: Any, loss: Any) -> Any:
    """Energy at the sending end of a line. [as the energy]

    Parameters
    ----------
    energy : numeric
        Energy where it is received. [kWh]
    loss : numeric
        Share of the energy sent that is lost. [1]

    Returns
    -------
    numeric
        Energy at the sending end. [kWh]

    References
    ----------
    .. [1] Definition of the loss rate of a line.
    """
    return ratio(energy, 1 - loss)


def mixed_factor(coal: Any, coal_factor: Any, gas: Any, gas_factor: Any) -> Any:
    """Carbon factor of a mix whose other parts burn nothing. [kg CO2/kWh]

    Parameters
    ----------
    coal, gas : numeric
        Shares of coal and of gas in the energy sent. [1]
    coal_factor, gas_factor : numeric
        Factors of coal and of gas power. [kg CO2/kWh]

    Returns
    -------
    numeric
        Factor of the mix. [kg CO2/kWh]

    References
    ----------
    .. [1] Mean weighted by energy.
    """
    return coal * coal_factor + gas * gas_factor


def cost_by_size(cost: Any, size: Any) -> Any:
    """Investment by unit of power or of energy. [CNY/kW or CNY/kWh]

    Parameters
    ----------
    cost : numeric
        Investment. [CNY]
    size : numeric
        Power or energy. [kW or kWh]

    Returns
    -------
    numeric
        Cost by unit. [CNY/kW or CNY/kWh]

    References
    ----------
    .. [1] Definition.
    """
    return ratio(cost, size)


def line_susceptance(voltage: Any, reactance: Any, resistance: Any) -> Any:
    r"""Power that a line carries by a radian between its ends (direct-current flow). [MW/rad]

    .. math:: b = V^2 \frac{x}{r^2 + x^2}

    Parameters
    ----------
    voltage : numeric
        Voltage V between phases. [kV]
    reactance, resistance : numeric
        Series reactance x and resistance r of a phase of the whole line. [Ω]

    Returns
    -------
    numeric
        Susceptance. [MW/rad]

    References
    ----------
    .. [1] Wood, Wollenberg, Sheblé (2013), Power Generation, Operation, and Control, ch. 3.
    """
    return ratio(voltage * voltage * reactance, reactance * reactance + resistance * resistance)
