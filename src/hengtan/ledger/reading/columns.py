"""Columns of text to typed columns: each distinct text is read once and the result mapped back to
its rows.

What a text says is decided by ``basis/cell.py``, as for every other cell; places and references are
looked up here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from hengtan.basis import cell
from hengtan.basis.english_names import english_name
from hengtan.basis.errors import UnknownPlace
from hengtan.basis.measured import is_no_result
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import ERROR_VALUE, folded, is_placeholder
from hengtan.ledger.reading.cellmarks import FORMULA_ALONE
from hengtan.ledger.reading.findings import Collector, problem, warning
from hengtan.ledger.reading.rows import Cells

READ_PROBLEMS = 200
Read = cell.Reader
Lookups = Mapping[str, Mapping[str, str | tuple[str, ...]]]
"""By pack table: id or name → id, or the ids that share the name."""
ENGLISH_UNITS = "english_units"
"""What lookups hold beside the pack tables: a unit in the words of an English template → as the
Chinese one spells it.
"""


def screen(
    cells: Cells,
    collector: Collector,
    title: str,
    *,
    is_text: bool = False,
    is_measured: bool = False,
) -> Cells:
    """Blank what stands for nothing (-, —, /, …) with a warning, Excel error values and formulas
    without their result with an error. In a column of texts (``is_text``) what was typed as =A1
    stays, in one of results of measurement (``is_measured``) what says that there was none.
    """
    import numpy as np

    def stands_for_nothing(text: str) -> bool:
        return is_placeholder(text) and not (is_measured and is_no_result(text))

    dashes = cells.mask(stands_for_nothing, 20)
    collector.at_rows(np.flatnonzero(dashes), warning("placeholder"), title)
    blank = dashes
    alone = is_formula if is_text else _like_a_formula
    for key, is_such in (("error-value", ERROR_VALUE.match), ("formula-alone", alone)):
        such = cells.mask(is_such)
        rows = np.flatnonzero(such)
        texts = [cells.texts[cells.codes[row]].lstrip(FORMULA_ALONE) for row in rows]
        shown = [problem(key, text[:40]) for text in texts]
        collector.at_rows(rows, shown, title)
        blank = blank | such
    return cells.blanked(blank) if blank.any() else cells


def is_formula(text: str) -> bool:
    """Whether a text is a formula (=A1+B1) whose result the file does not hold."""
    return text.startswith(FORMULA_ALONE)


def _like_a_formula(text: str) -> bool:
    return is_formula(text) or text.startswith("=")


def is_broken(text: str) -> bool:
    """Whether a text is an error value or a formula: something stands there, but no value."""
    return _like_a_formula(text) or ERROR_VALUE.match(text) is not None


def read_distinct(cells: Cells, read: Read, collector: Collector, title: str) -> list[Any]:
    """What each distinct text in use says; problems are reported at every row that has the text."""
    import numpy as np

    values: list[Any] = [None] * len(cells.texts)
    problems: dict[int, Problem] = {}
    unread, errors = problem("not-read"), 0
    for code in np.unique(cells.codes[cells.codes >= 0]).tolist():
        if errors >= READ_PROBLEMS:
            problems[code] = unread
            continue
        values[code], reason = read(cells.texts[code])
        if reason is not None:
            problems[code] = reason
            errors += reason.level == "error"
    report(cells.codes, problems, collector, title)
    return values


def report(codes: Any, problems: dict[int, Problem], collector: Collector, title: str) -> None:
    """Report the problems of distinct texts at their rows, each kind of error and warning apart."""
    import numpy as np

    for kind in dict.fromkeys((p.level, p.code) for p in problems.values()):
        chosen = [code for code, p in problems.items() if (p.level, p.code) == kind]
        rows = np.flatnonzero(np.isin(codes, chosen))
        shown = [problems[int(codes[row])] for row in rows[: READ_PROBLEMS + 1]]
        collector.at_rows(rows, shown, title)


def spread(values: list[Any], codes: Any, kind: Any) -> Any:
    """An Arrow array with the value of each row's text; null where the row is blank or its text
    says nothing.
    """
    import pyarrow as pa

    if not values:
        return pa.nulls(len(codes), kind)
    return pa.array(values, kind).take(pa.array(codes, pa.int64(), mask=codes < 0))


def reader_of(field: Any, places: Any, lookups: Lookups) -> tuple[Read, Any]:
    """How a text of a field is read, and the Arrow type of the result.

    Quantities, units and periods are read elsewhere.
    """
    import pyarrow as pa

    if field.type == "place":
        return cell.past_marks(lambda text: _place(text, places)), pa.string()
    if field.type == "reference":
        return cell.past_marks(_reference(field, lookups.get(field.reference, {}))), pa.string()
    kinds = {
        "date": pa.date32(),
        "hour": pa.timestamp("us"),
        "boolean": pa.bool_(),
        "number": pa.float64(),
        "share": pa.float64(),
        "integer": pa.int64(),
    }
    return cell.reader(field), kinds.get(field.type, pa.string())


def _place(text: str, places: Any) -> tuple[str | None, Problem | None]:
    try:
        return places.find(text).code, None
    except UnknownPlace as error:
        return None, Problem.of(error, "unknown-place")


class SpelledWords(dict[str, Any]):
    """Words of a lookup, and how other spellings of them name ids."""

    def __init__(self, words: Mapping[str, Any], spelled: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(words)
        ids = {code for codes in words.values() for code in _codes(codes)}
        self.spelled = lambda text: {code for code in spelled(text) if code in ids}


def _reference(field: Any, known: Mapping[str, str | tuple[str, ...]]) -> Read:
    by_word: dict[str, set[str]] = {}
    for word, codes in known.items():
        by_word.setdefault(folded(word), set()).update(_codes(codes))

    def read(text: str) -> tuple[str | None, Problem | None]:
        exact = known.get(text)
        codes = by_word.get(folded(text), set()) if exact is None else set(_codes(exact))
        if not codes and isinstance(known, SpelledWords):
            codes = known.spelled(text)
        if len(codes) == 1:
            return next(iter(codes)), None
        if exact is not None:
            several = "、".join(sorted(codes))
            return None, problem("several-references", field.title_zh, text, several)
        return None, _unknown(field, text, sorted(codes) or _near(text, known))

    return read


def _codes(codes: str | tuple[str, ...]) -> tuple[str, ...]:
    return (codes,) if isinstance(codes, str) else codes


def _near(text: str, words: Collection[str]) -> list[str]:
    return difflib.get_close_matches(text, list(words), n=3, cutoff=0.5)


def _unknown(field: Any, text: str, near: list[str]) -> Problem:
    about = (field.title_zh, text, field.title_en.lower())
    if not near:
        return problem("unknown-reference", *about)
    near_en = ", ".join(english_name(word) or word for word in near)
    return problem("unknown-reference.near", *about, "、".join(near), near_en)
