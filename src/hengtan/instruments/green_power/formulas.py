"""Formulas of green power: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, maximum, ratio
from hengtan.instruments.formulas import whole_units


def whole_certificates(energy: Numeric, size: Numeric) -> Numeric:
    """Certificates of an energy, rounded down. [1]

    Parameters
    ----------
    energy : numeric
        Renewable power generated. [kWh]
    size : numeric
        Power of one certificate. [kWh]

    Returns
    -------
    numeric
        Certificates. [1]

    References
    ----------
    .. [1] 发改能源〔2023〕1044号: 1 个绿证对应 1000 千瓦时.
    """
    return whole_units(ratio(energy, size))


def duty_share(
    consumed: Numeric,
    imported: Numeric,
    purchased: Numeric,
    certificates: Numeric,
    exempt: Numeric,
    weight: Numeric,
    total: Numeric,
) -> Numeric:
    r"""Completed share of renewable power: :math:`(C + I + P + G - E w) / (T - E)`. [1]

    Parameters
    ----------
    consumed, imported : numeric
        Renewable power generated and consumed in the region (C), net import (I). [MWh]
    purchased, certificates : numeric
        Net purchase of consumption (P), power of certificates (G). [MWh]
    exempt, total : numeric
        Exempt load (E), total consumption (T). [MWh]
    weight : numeric
        Duty weight w. [1]

    Returns
    -------
    numeric
        Share that is completed. [1]

    References
    ----------
    .. [1] 可再生能源电力消纳责任权重实施方案（各省同式）.
    """
    return ratio(consumed + imported + purchased + certificates - exempt * weight, total - exempt)


def duty_gap(share: Numeric, weight: Numeric, total: Numeric, exempt: Numeric) -> Numeric:
    r"""Renewable power lacking to the duty weight: :math:`\max(0, (w - s)(T - E))`. [MWh]

    Parameters
    ----------
    share, weight : numeric
        Completed share s and duty weight w. [1]
    total, exempt : numeric
        Total consumption T, exempt load E. [MWh]

    Returns
    -------
    numeric
        What is lacking. [MWh]

    References
    ----------
    .. [1] 发改办能源〔2023〕569号, 〔2025〕669号.
    """
    return maximum(0.0, (weight - share) * (total - exempt))


def green_share(
    settled: Numeric, self_generated: Numeric, certificates: Numeric, use: Numeric
) -> Numeric:
    """Share of green power of an enterprise. [1]

    Parameters
    ----------
    settled, self_generated, certificates : numeric
        Green power settled, generated and used by itself, of certificates. [MWh]
    use : numeric
        Power used. [MWh]

    Returns
    -------
    numeric
        Share. [1]

    References
    ----------
    .. [1] 重庆市2025年可再生能源电力消纳责任权重分解实施方案.
    """
    return ratio(settled + self_generated + certificates, use)


def residual_factor(use: Numeric, green: Numeric, factor: Numeric) -> Numeric:
    """Factor of purchased power after the green part, which counts nought. [t CO2/MWh]

    Parameters
    ----------
    use : numeric
        Power used. [MWh]
    green : numeric
        Power of cancelled certificates and own generation; at most what was used counts. [MWh]
    factor : numeric
        Factor of purchased power. [t CO2/MWh]

    Returns
    -------
    numeric
        Factor after it. [t CO2/MWh]

    References
    ----------
    .. [1] 发改能源〔2023〕1044号: the certificate is the sole proof, nothing counts twice.
    """
    return ratio(maximum(0.0, use - green) * factor, use)


def nonfossil_share(nonfossil: Numeric, total: Numeric) -> Numeric:
    """Share of non-fossil energy in total energy. [1]

    Parameters
    ----------
    nonfossil, total : numeric
        Non-fossil and total energy consumed. [tce]

    Returns
    -------
    numeric
        Share. [1]

    References
    ----------
    .. [1] 重庆市2025—2027年方案: 新上项目非化石能源消费承诺.
    """
    return ratio(nonfossil, total)


def self_use(used: Numeric, generated: Numeric) -> Numeric:
    """Share of the power of a distributed plant that its owner uses. [1]

    Parameters
    ----------
    used, generated : numeric
        Power used by the owner, power generated. [MWh]

    Returns
    -------
    numeric
        Share. [1]

    References
    ----------
    .. [1] 重庆市分布式光伏发电开发建设管理实施细则.
    """
    return ratio(used, generated)
