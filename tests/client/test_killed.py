"""Filers at once, a process killed midway: none lost, none doubled (the large one is
benchmarks/filers.py).
"""

from __future__ import annotations

import os

import pytest
from filers import measure

FILERS = 12


def sound(figures):
    """Whether each filer's month is there once."""
    wanted = {"answered": FILERS, "lost": 0, "doubled": 0, "submissions": FILERS, "rows": FILERS}
    return {name: figures[name] for name in wanted} == wanted and figures["findings"] == []


@pytest.mark.slow
def test_filers_at_once_on_one_process():
    figures = measure(FILERS, None, 1, kills=False)
    assert sound(figures) and figures["places"] == FILERS, figures


@pytest.mark.slow
@pytest.mark.postgres
def test_a_process_killed_midway_loses_and_doubles_nothing():
    address = os.environ.get("HENGTAN_TEST_POSTGRES")
    if not address:
        pytest.skip("HENGTAN_TEST_POSTGRES names no PostgreSQL server")
    figures = measure(FILERS, address, 2, kills=True)
    assert sound(figures) and figures["sent"] > FILERS, figures
