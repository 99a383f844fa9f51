"""Formulas of green power: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, maximum, ratio, round_half_up, where


def whole_certificates(energy: Numeric, size: Numeric) -> Numeric:
    """Certificates of an energy: energy over the size of one, rounded down; noise of floats below a
    whole number counts as it. [1]

    发改能源〔2023〕1044号: 1 个绿证对应 1000 千瓦时.
    """
    number = ratio(energy, size)
    near = round_half_up(number)
    return near - where(near > number + 1e-9, 1.0, 0.0, known=(number,))


def duty_share(
    consumed: Numeric,
    imported: Numeric,
    purchased: Numeric,
    certificates: Numeric,
    exempt: Numeric,
    weight: Numeric,
    total: Numeric,
) -> Numeric:
    """Completed share of renewable power: (generated and consumed + imported + net purchased +
    certificates − exempt × weight)/(total − exempt). [1]

    可再生能源电力消纳责任权重实施方案（各省同式）.
    """
    return ratio(consumed + imported + purchased + certificates - exempt * weight, total - exempt)


def duty_gap(share: Numeric, weight: Numeric, total: Numeric, exempt: Numeric) -> Numeric:
    """Renewable power lacking to the duty weight, not below nought, in the unit of ``total``. [unit
    of total]
    """
    return maximum(0.0, (weight - share) * (total - exempt))


def green_share(
    settled: Numeric, self_generated: Numeric, certificates: Numeric, use: Numeric
) -> Numeric:
    """Share of green power of an enterprise: settled green power, self-generated and used,
    certificates, over use. [1]
    """
    return ratio(settled + self_generated + certificates, use)


def residual_factor(use: Numeric, green: Numeric, factor: Numeric) -> Numeric:
    """Factor of purchased power after the green part, which counts nought and no more than was
    used. [unit of factor]
    """
    return ratio(maximum(0.0, use - green) * factor, use)


def nonfossil_share(nonfossil: Numeric, total: Numeric) -> Numeric:
    """Share of non-fossil energy in total energy. [1]"""
    return ratio(nonfossil, total)


def self_use(used: Numeric, generated: Numeric) -> Numeric:
    """Share of the power of a distributed plant that its owner uses. [1]"""
    return ratio(used, generated)
