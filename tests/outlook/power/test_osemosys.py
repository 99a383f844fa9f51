"""UTOPIA of OSeMOSYS on our arrays, where its data file is at hand.

The file (OSeMOSYS_GNU_MathProg@95202686, tests/utopia.txt, Apache-2.0) is not kept beside the
project: ``OSEMOSYS_UTOPIA`` names it.
"""

import os
from pathlib import Path

import pytest
from osemosys_model import Osemosys, read
from outside_power_models import expected

from hengtan.outlook.optimum import solve


def test_utopia_costs_what_osemosys_says():
    path = os.environ.get("OSEMOSYS_UTOPIA")
    if not path:
        pytest.skip("OSEMOSYS_UTOPIA does not name the data file")
    said = expected("osemosys_utopia")
    best = solve(Osemosys(Path(path).read_text(encoding="utf-8")).build())
    assert best.cost == pytest.approx(said["expected"], rel=said["rel_tol"])


SMALL = """
param ResultsPath := "results";
set REGION := R ;
param DiscountRate default 0.05 :=;
param OutputActivityRatio default 0 :=
  [R,*,ELC,1,*] : 1990 1991 :=
  # a remark
  COAL 1 0.9
  GAS  1 1 ;
param OperationalLife default 1 : COAL GAS :=
R 40 30 ;
"""


def test_data_sections_are_read_by_pattern_row_and_column():
    sets, data = read(SMALL)
    assert sets == {"REGION": ["R"]}
    assert data["OutputActivityRatio"]["R", "COAL", "ELC", "1", "1991"] == 0.9
    assert data["OutputActivityRatio"]["R", "COAL", "HEAT", "1", "1991"] == 0.0
    assert data["OperationalLife"]["R", "GAS"] == 30.0
    assert data["DiscountRate"]["none",] == 0.05
