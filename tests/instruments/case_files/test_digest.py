"""The digest of a verdict: the last digits of a sum, which change with the order in which an engine
adds, do not count; a figure that is another one does.
"""

from __future__ import annotations

import math
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from hengtan import packs
from hengtan.instruments.case import PackTables
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.instruments.case_files.ruling import rulings_of
from hengtan.instruments.case_files.subjects import subjects_of

PACK = packs.load("cn")
PACK_TABLES = PackTables(list(PACK.rows("rule_parameters")))
KIND = CaseFile.of(PACK.case_files()["energy_diagnosis"])
HEAD = dict.fromkeys(("agency", "source_title", "within", "entity_name")) | {
    "diagnosis": "D1",
    "place": "500156",
    "entity": "E1",
    "handed": date(2025, 5, 30),
    "price": 1000.0,
    "_confidence": "read",
}
MEASURE = {"diagnosis": "D1", "measure": "余热", "saving": 50.0, "cost": 100_000.0}


def digest_of(energy: float) -> str:
    """Of the verdict on a diagnosis of a unit that uses so much."""
    used = {"entity": "E1", "year": 2024, "energy": energy, "confidence": "read"}
    tables = dict.fromkeys(KIND.feeds, ()) | {
        KIND.form: [HEAD],
        "diagnosis_measures": [MEASURE],
        "carbon_enterprise": [used],
    }
    (subject,) = subjects_of(KIND, tables)
    first = next(rulings_of(KIND, subject, date(2025, 12, 31), PACK_TABLES))
    assert first.state == "ruled", first.why
    return first.digest


amounts = st.lists(st.floats(60.0, 1e5), min_size=2, max_size=30)


@given(amounts, st.randoms(use_true_random=False))
def test_sums_of_the_same_figures_in_another_order_give_one_digest(figures, random):
    """Doubles hold 15 digits and more; thirty figures of one sign added in any order differ from
    their exact sum in the last three of them at most, of which the digest takes twelve.
    """
    shuffled = list(figures)
    random.shuffle(shuffled)
    exact = math.fsum(figures)
    assume(is_far_from_a_tie(exact))
    assert digest_of(sum(figures)) == digest_of(sum(shuffled)) == digest_of(exact)


def is_far_from_a_tie(value: float) -> bool:
    """Whether a neighbour in the 14th digit is rounded to the same twelve: halfway between two of
    them a last digit decides.
    """
    near = {f"{value * (1 + slip):.12g}" for slip in (-1e-14, 0.0, 1e-14)}
    return len(near) == 1


def test_a_whole_number_and_the_sum_that_misses_it_by_its_last_digit_are_one():
    """0.1 + 0.2 is 0.30000000000000004; a thousand of it is 300.00000000000006, not 300."""
    summed = 1000 * (0.1 + 0.2)
    assert summed != 300.0 and digest_of(summed) == digest_of(300.0)
    large = 1e12 + 0.25
    assert digest_of(math.nextafter(large, math.inf)) == digest_of(large)


@given(st.floats(100.0, 1e5), st.floats(1e-9, 0.5))
def test_a_figure_that_is_another_one_gives_another_digest(energy, change):
    """From a billionth on, a tenth of the last gram of a thousand tonnes."""
    assert digest_of(energy) != digest_of(energy * (1 + change))
