"""Stock turnover: it closes every year, agrees with the material accounts, and a hindcast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts.materials.cohorts import Lifetime, inflow_driven
from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.stock import turnover

CARS = Lifetime("weibull", 3.0, 14.0)


@given(
    stock=st.lists(st.floats(1, 1000), min_size=2, max_size=15),
    shape=st.floats(1.5, 5),
    scale=st.floats(3, 20),
    growth=st.floats(-0.05, 0.15),
)
def test_the_stock_closes_every_year(stock, shape, scale, growth):
    years = tuple(range(2020, 2020 + len(stock)))
    turned = turnover(
        years,
        np.array(stock),
        Lifetime("weibull", shape, scale),
        np.ones(len(stock)),
        earlier_growth=growth,
    )
    change = turned.sales - turned.worn - turned.early
    assert np.allclose(np.diff(turned.stock), change[1:], rtol=0, atol=1e-9 * max(stock))
    assert (turned.sales >= 0).all() and (turned.early >= 0).all()
    assert not ((turned.sales > 0) & (turned.early > 0)).any()


def test_the_sales_give_the_same_stock_in_the_material_accounts():
    """The account goes from inflow to stock; fed with these sales it must return the path."""
    path = np.array([100.0, 108, 115, 125, 128, 140])
    turned = turnover(tuple(range(2020, 2026)), path, CARS, np.zeros(6), earlier_growth=0.04)
    inflow = np.concatenate([turned.earlier_sales, turned.sales])
    cohorts = inflow_driven(inflow, CARS)
    assert np.allclose(cohorts.stock[-6:], path, rtol=1e-12)
    assert np.allclose(cohorts.outflow[-6:], turned.worn, rtol=1e-9)


def test_all_sales_new_turn_a_stock_over_as_it_wears_out():
    """A stock of 100 that does not grow, everything lasting exactly about 10 years (a narrow normal
    life of 10): selling new alone from the second year, half is new after 5 years, all after 10.
    """
    life = Lifetime("normal", 10.0, 0.05)
    new = np.array([0.0, *[1.0] * 12])
    turned = turnover(tuple(range(2020, 2033)), np.full(13, 100.0), life, new)
    assert turned.new_share[5] == pytest.approx(0.5, abs=0.06)
    assert turned.new_share[0] == 0
    assert turned.new_share[12] == pytest.approx(1.0, abs=1e-9)
    assert (np.diff(turned.new_share) >= -1e-12).all()


def test_more_new_sales_never_leave_less_of_the_new():
    years, path = tuple(range(2020, 2036)), np.linspace(100, 160, 16)
    less = turnover(years, path, CARS, np.linspace(0, 0.4, 16)).new_share
    more = turnover(years, path, CARS, np.linspace(0, 0.8, 16)).new_share
    assert (more >= less).all()
    assert more == pytest.approx(2 * less)


def test_what_cannot_be_is_refused():
    with pytest.raises(HengtanError, match="2021"):
        turnover((2020, 2021), np.array([1.0, 0.0]), CARS, np.zeros(2))
    with pytest.raises(HengtanError, match="新销售占比"):
        turnover((2020, 2021), np.array([1.0, 1.0]), CARS, np.array([0.0, 1.2]))


def test_hindcast_of_private_cars_of_chongqing(facts, record_property):
    """Sales inferred from the stocks of 2005-2012 go on growing as they did in 2009-2012; the stock
    they come to in 2013-2016 stands beside the published one. The error is told, and is smaller
    than that of taking the stock of 2012 as it was.
    """
    import csv

    with (facts / "outlook" / "chongqing_private_cars_1e4_to_2016.csv").open() as file:
        published = {int(r["year"]): float(r["private_cars_1e4"]) for r in csv.DictReader(file)}
    years = tuple(range(2005, 2013))
    path = np.array([published[year] for year in years])
    turned = turnover(years, path, CARS, np.zeros(8), earlier_growth=0.15)
    growth = (turned.sales[-1] / turned.sales[-4]) ** (1 / 3)
    ahead = turned.sales[-1] * growth ** np.arange(1, 5)
    inflow = np.concatenate([turned.earlier_sales, turned.sales, ahead])
    stock = inflow_driven(inflow, CARS).stock[-4:]
    real = np.array([published[year] for year in range(2013, 2017)])
    errors = stock / real - 1
    record_property("hindcast_errors", [f"{error:+.1%}" for error in errors])
    print("stock of private cars, model beside published:", [f"{e:+.1%}" for e in errors])
    assert np.abs(errors).max() < np.abs(path[-1] / real - 1).max()
