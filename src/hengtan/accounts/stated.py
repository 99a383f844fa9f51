"""Words of accounts on what a value rests on: the worst of several confidences, and how much rests
on recalled ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from hengtan.basis.cite import CONFIDENCES, rank

WEAK = tuple(word for word in CONFIDENCES if rank(word) >= rank("recalled"))
"""Confidences that an auditor must see: not read in a source, or our own."""


def as_reported(rows: Any) -> Any:
    """How sure a row of a form is: what it states, else unverified (未核); never surer than
    self-approved where the person who handed it in approved it too.

    Nobody else has looked at such a row, so its own word that the source was read does not count.
    Rows for demonstration were approved by nobody and are marked as such instead.
    """
    import ibis

    stated = rows["confidence"] if "confidence" in rows.columns else ibis.null("string")
    stated = ibis.coalesce(stated, ibis.literal("unverified"))
    if not {"_submitted_by", "_approved_by", "_demo"} <= set(rows.columns):
        return stated
    alone = (rows["_submitted_by"] == rows["_approved_by"]) & ~rows["_demo"]
    return worst_of(stated, ibis.ifelse(alone, "self_approved", ibis.null("string")))


def worst_of(*columns: Any) -> Any:
    """The least sure of several confidence columns; a missing one is passed over; missing where
    none is stated.
    """
    return _worst(lambda word: reduce(or_, (column == word for column in columns)))


def worst_in(column: Any) -> Any:
    """The least sure confidence of a group of rows, as an aggregate."""
    return _worst(lambda word: (column == word).any())


def known_sum(amount: Any) -> Any:
    """A sum that is missing where one of its parts is."""
    import ibis

    return ibis.ifelse(amount.isnull().any(), ibis.null("float64"), amount.sum())


def resting_on_weak(value: Any, confidence: Any) -> Any:
    """The part of a value that rests on recalled or proposed factors: all of it or nothing; missing
    stays missing.
    """
    import ibis

    return ibis.ifelse(confidence.isin(WEAK), value, value * 0)


def weak_share(confidence: Any) -> Any:
    """Share resting on recalled or proposed factors of a row with one confidence: 1 or 0; missing
    where none is stated.
    """
    import ibis

    return ibis.cases(
        (confidence.isnull(), ibis.null("float64")), (confidence.isin(WEAK), 1.0), else_=0.0
    )


def weak_part(rows: Any, value: Any, confidence: Any) -> Any:
    """Share of a group of rows that rests on recalled or proposed factors, by the sizes of the
    values, as an aggregate of ``rows``; missing where all are zero or missing.
    """
    size = rows[value].abs()
    return resting_on_weak(size, rows[confidence]).sum() / size.sum().nullif(0)


def _worst(is_stated: Callable[[str], Any]) -> Any:
    """The first confidence that is stated, from least to most sure."""
    import ibis

    return ibis.cases(*((is_stated(word), word) for word in reversed(CONFIDENCES)))
