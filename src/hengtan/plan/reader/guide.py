"""A passage as read, in the convention of the annotation guide."""

from __future__ import annotations

from typing import Any

from hengtan.plan.reader.draft import number
from hengtan.plan.reader.reading import read
from hengtan.plan.reader.stated import StatedTarget


def as_guide(document_id: str, text: str, year: int | None = None) -> dict[str, Any]:
    """A passage in the convention of the annotation guide: {id, targets, clauses}."""
    reading = read(text, year)
    quote = reading.text.quote
    return {
        "id": document_id,
        "targets": [
            in_guide(target, quote(target.start, target.end)) for target in reading.targets
        ],
        "clauses": [
            {
                "number": quote(head.start, head.start + len(head.number)) or head.number,
                "title": head.title,
            }
            for head in reading.clauses
        ],
    }


def in_guide(target: StatedTarget, quote: str) -> dict[str, Any]:
    """A target in the fields of the guide; those that may be absent are left out where they are
    empty."""
    fields = {
        "indicator": target.indicator,
        "operator": target.operator,
        "value": number(target.value),
        "value2": number(target.value2) if target.value2 else None,
        "unit": target.unit,
        "base_year": target.base_year,
        "deadline": target.deadline,
        "region": target.region,
        "modifier": target.modifier or ("per_year" if target.yearly else ""),
        "strict": target.strict,
        "quote": quote,
        "confidence": target.confidence,
    }
    may_be_absent = ("value2", "base_year", "region", "modifier", "strict")
    absent = [name for name in may_be_absent if not fields[name]]
    return {name: value for name, value in fields.items() if name not in absent}
