"""The study of the outlook that an address asks for; what cannot be one is left out."""

from __future__ import annotations

import re

from django.http import HttpRequest

from hengtan.desk.outlook_choices import METHODS, RATE, UNTIL, Wanted

LONGEST, MOST = 80, 60
WAN = 1e4
PERCENT, MOST_RATE = 100.0, 50.0
FIRST, LAST = 2001, 2100


def wanted_of(request: HttpRequest, place: str = "", *, caps: bool = True) -> Wanted:
    """The study that an address asks for; ``caps``: with the cap of one year."""
    asked = request.GET
    codes = [code[:LONGEST] for code in asked.getlist("without")[:MOST] if code]
    method = asked.get("method", "")
    return Wanted(
        place or asked.get("place", "")[:LONGEST],
        year_of(asked.get("base", "")),
        year_of(asked.get("until", "")) or UNTIL,
        year_of(asked.get("year", "")),
        tuple(sorted(set(codes))),
        tonnes_of(asked.get("cap", "")) if caps else None,
        districts=asked.get("districts") == "1",
        method=method if method in METHODS else "",
        plants=asked.get("plants") == "1",
        rate=_rate(asked.get("rate", "")),
    )


def year_of(text: str) -> int | None:
    """A year; None where it is none."""
    plain = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if plain and FIRST <= int(text) <= LAST else None


def tonnes_of(text: str) -> float | None:
    """10⁴ t as t; None where it is no amount."""
    amount = amount_of(text)
    return amount * WAN or None if amount is not None else None


def _rate(text: str) -> float:
    """Per cent as a share [1]; the usual rate where it is none."""
    rate = amount_of(text)
    return RATE if rate is None or rate > MOST_RATE else rate / PERCENT


def amount_of(text: str) -> float | None:
    """A plain amount of nine digits at most; None where it is none."""
    plain = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text.strip(), re.ASCII)
    return float(text) if plain else None
