"""The steps over draws beside the reference model, by NumPy and compiled."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uncertain_pathways import (
    TOTALS,
    YEARS,
    drawn_pathway,
    plain,
    uniform,
    with_ranges,
    with_trends,
)

from hengtan.outlook.pathway.model import run
from hengtan.outlook.uncertainty import engine as engines
from hengtan.outlook.uncertainty.asked import (
    Asked,
    NotInPathway,
    Question,
    Total,
    reference_total,
)
from hengtan.outlook.uncertainty.engine import Engine
from hengtan.outlook.uncertainty.laws import BadRange, Range
from hengtan.outlook.uncertainty.program import program_of
from hengtan.outlook.uncertainty.uncertain import Trend, Uncertain, outcome

KINDS = ["numpy", pytest.param("numba", marks=pytest.mark.slow)]


def engine_of(uncertain, kind="numpy", seed=3, totals=TOTALS):
    return Engine(uncertain, Question.of(uncertain.pathway, totals), seed, kind=kind)


def referred(uncertain, drawn, totals=TOTALS):
    """Totals (Q, Y) of a draw by the reference model."""
    result = outcome(uncertain, drawn.astype(float))
    return np.stack([reference_total(t, uncertain.pathway, result) for t in totals])


@pytest.mark.parametrize("kind", KINDS)
def test_the_central_scenario_is_the_reference_in_double_precision(kind):
    if kind == "numba":
        pytest.importorskip("numba")
    for seed in range(3):
        uncertain = with_trends(with_ranges(drawn_pathway(seed)))
        reference = run(uncertain.pathway)
        wanted = [reference_total(t, uncertain.pathway, reference) for t in TOTALS]
        assert engine_of(uncertain, kind).central() == pytest.approx(np.stack(wanted), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_draws_are_the_reference(seed):
    uncertain = with_trends(with_ranges(drawn_pathway(seed)))
    engine = engine_of(uncertain)
    drawn = engine.draws(0, 3)
    totals = engine.totals(drawn)
    for number in range(3):
        assert totals[:, :, number] == pytest.approx(
            referred(uncertain, drawn[:, number]), rel=1e-5
        )


@pytest.mark.slow
def test_compiled_draws_are_those_of_numpy():
    """Draws are the same numbers; totals agree within 1e-5, and with the reference."""
    pytest.importorskip("numba")
    uncertain = with_trends(with_ranges(drawn_pathway(5)))
    compiled, plain_engine = engine_of(uncertain, "numba"), engine_of(uncertain)
    drawn = compiled.draws(101, 1000)
    assert np.array_equal(drawn, plain_engine.draws(101, 1000))
    totals = compiled.totals(drawn)
    assert totals == pytest.approx(plain_engine.totals(drawn), rel=1e-5)
    assert totals[:, :, 999] == pytest.approx(referred(uncertain, drawn[:, 999]), rel=1e-5)


@pytest.mark.slow
def test_kernels_are_kept_in_the_folder_of_the_cache():
    pytest.importorskip("numba")
    import os

    from hengtan.outlook.uncertainty.compiled import kernels_folder

    uncertain = with_ranges(drawn_pathway(5))
    engine = engine_of(uncertain, "numba")
    engine.totals(engine.draws(0, 10))
    folder = kernels_folder()
    assert str(folder).startswith(os.environ["HENGTAN_CACHE"])
    assert any(folder.rglob("*.nbi"))


def test_chunks_of_any_size_are_the_same_draws():
    engine = engine_of(with_ranges(drawn_pathway(1)))
    whole = engine.draws(0, 300)
    assert np.array_equal(whole[:, 77:200], engine.draws(77, 123))
    parts = [engine.totals(whole[:, :77]), engine.totals(whole[:, 77:])]
    assert np.array_equal(engine.totals(whole), np.concatenate(parts, axis=2))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_the_order_of_measures_changes_nothing(seed, data):
    """Moves between carriers stay in the order of the acts, which says which comes first."""
    uncertain = with_ranges(drawn_pathway(seed))
    pathway = uncertain.pathway
    order = data.draw(st.permutations(range(len(pathway.measures))))
    acts = tuple(replace(act, measure=order.index(act.measure)) for act in pathway.acts)
    shuffled = replace(
        pathway,
        measures=tuple(pathway.measures[n] for n in order),
        effect=pathway.effect[order],
        ramp=pathway.ramp[order],
        coverage=pathway.coverage[order],
        acts=acts,
    )
    ranges = tuple(uncertain.ranges[n] for n in order)
    first, second = engine_of(uncertain), engine_of(Uncertain(shuffled, ranges))
    assert np.array_equal(first.totals(first.draws(0, 20)), second.totals(second.draws(0, 20)))


def test_a_measure_that_is_taken_away_leaves_the_draws_of_the_others():
    uncertain = with_ranges(drawn_pathway(2))
    fewer = uncertain.without("measure 4")
    rest = [n for n, name in enumerate(uncertain.pathway.measures) if name != "measure 4"]
    assert np.array_equal(engine_of(uncertain).draws(0, 50)[rest], engine_of(fewer).draws(0, 50))


def test_only_years_that_are_asked_are_worked_out():
    uncertain = with_trends(with_ranges(drawn_pathway(3)))
    targets = [
        Asked("2028", "emissions", (2028,), "<=", 1.0),
        Asked("fall", "energy", (2031,), "<=", 0.9, base=2026),
    ]
    some = Question.of(uncertain.pathway, TOTALS, targets, only_asked=True)
    assert some.years == (2026, 2028, 2031)
    every = Question.of(uncertain.pathway, TOTALS, targets)
    engine = Engine(uncertain, every, kind="numpy")
    drawn = engine.draws(0, 9)
    all_years = engine.totals(drawn)
    asked = Engine(uncertain, some, kind="numpy").totals(drawn)
    assert asked == pytest.approx(all_years[:, [1, 3, 6]], rel=1e-6)
    assert some.figures(asked) == pytest.approx(every.figures(all_years), rel=1e-6)


def test_regions_of_equal_coverage_are_worked_out_once():
    """Six regions of two coverages: two classes."""
    uncertain = with_ranges(drawn_pathway(0))
    program = program_of(uncertain, Question.of(uncertain.pathway, TOTALS))
    assert program.figures.shape[:2] == (2, YEARS)


def test_a_trend_multiplies_its_driver_year_after_year():
    """100 t a year, growth 2 % above the central path: 100, 102, 104.04; a level stays at 102."""
    base = plain([0.0], years=(2025, 2026, 2027))
    for yearly, third in ((True, 104.04), (False, 102.0)):
        law = Range("growth", "uniform", -0.04, 0.0, 0.04, "a study")
        trend = Trend(law, "process", (0,), 2025, yearly=yearly)
        engine = engine_of(Uncertain(base.pathway, (), (trend,)), totals=(Total("emissions"),))
        totals = engine.totals(np.array([[0.0], [0.02]]))
        assert totals[0, :, 0] == pytest.approx([100, 102, third], rel=1e-12)


def test_where_energy_ends_counts_although_it_emits_nothing():
    """Half of 100 tce of coal (2 t each) becomes 25 tce of wind, and half of that is coal again."""
    from hengtan.outlook.pathway.model import Act, Pathway

    pathway = Pathway(
        regions=("R",),
        sectors=("s",),
        carriers=("coal", "wind"),
        years=(2030,),
        activity=np.full((1, 1, 1), 100.0),
        intensity=np.ones((1, 1, 1)),
        share=np.array([1.0, 0.0]).reshape(1, 1, 2, 1),
        factor=np.array([2.0, 0.0]).reshape(1, 1, 2, 1),
        process=np.zeros((1, 1, 1)),
        measures=("out", "back"),
        effect=np.array([0.5, 0.5]),
        ramp=np.ones((2, 1)),
        coverage=np.ones((2, 1)),
        acts=(Act(0, "share", (0,), 0, 1, 0.5), Act(1, "share", (0,), 1, 0, 2.0)),
    )
    totals = (Total("e"), Total("wind", "energy", carriers=("wind",)), Total("all", "energy"))
    central = engine_of(Uncertain(pathway), totals=totals).central()[:, 0]
    # 50 tce stay coal, 25 tce of wind; half of it, 12.5, is given up for 25 tce of coal
    assert central == pytest.approx([150.0, 12.5, 87.5])
    assert engine_of(Uncertain(pathway), totals=totals[:1]).central()[0, 0] == pytest.approx(150)


@pytest.mark.parametrize(
    ("law", "words"),
    [
        (uniform("m9", 0.1, 0.3), "there is no measure m9"),
        (uniform("m0", 0.1, 0.4), r"mid 0.25 of m0 is not the effect of the measure, 0.2"),
        (uniform("m0", -0.7, 1.1), "m0 takes away more than all of its driver"),
    ],
)
def test_ranges_that_suit_no_measure_are_refused(law, words):
    with pytest.raises(BadRange, match=words):
        plain([0.2], ranges=[law])


def test_without_numba_draws_are_made_by_numpy(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert not engine_of(with_ranges(drawn_pathway(0)), "auto").compiled


def test_the_room_loads_no_compiler_until_it_draws():
    code = (
        "import sys, hengtan.outlook.uncertainty.odds, hengtan.outlook.uncertainty.budget; "
        "print([m for m in ('numba', 'scipy.stats', 'xarray', 'pypsa') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_seen(tmp_path):
    pytest.importorskip("numba")
    from hengtan.outlook.uncertainty.compiled import can_keep

    (tmp_path / "file").write_text("")
    assert can_keep(tmp_path / "kernels")
    assert not can_keep(tmp_path / "file" / "kernels")


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (Total("t", regions=("Mars",)), "t: the pathway has no Mars"),
        (Total("t", sectors=("alchemy",)), "t: the pathway has no alchemy"),
        (Total("t", "energy", carriers=("dew",)), "t: the pathway has no dew"),
        (Total("t", "stated", figures=(1.0, 2.0)), "t: a figure for each of 1 years is needed"),
    ],
)
def test_a_total_names_what_is_there(total, words):
    with pytest.raises(NotInPathway, match=words):
        _ = engine_of(plain([0.1]), totals=(total,)).program


def test_emissions_have_no_carriers():
    with pytest.raises(ValueError, match="ask for burnt or energy"):
        Total("t", "emissions", carriers=("coal",))
