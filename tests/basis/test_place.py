"""Places of Chongqing: codes and names of GB/T 2260, groups that sum, zones that never do."""

import pytest

from hengtan import packs
from hengtan.basis.errors import NotSummable, UnknownPlace
from hengtan.basis.place import Place, PlaceTree


@pytest.fixture(scope="module")
def places():
    return packs.load("wulong").places()


def test_38_districts_and_counties(places):
    assert len(places.children("500000")) == 38


@pytest.mark.parametrize(
    "text",
    [
        "500156",
        "500156.0",
        "500156000000",
        "武隆区",
        "武隆",
        "重庆市武隆区",
        "Wulong",
        " 武隆 区 ",
        "５００１５６",
    ],
)
def test_spellings_of_wulong(places, text):
    assert places.find(text).code == "500156"


def test_counties_with_long_names(places):
    assert places.find("酉阳").code == places.find("酉阳土家族苗族自治县").code == "500242"


def test_a_name_with_full_width_signs_is_found_by_itself():
    tree = PlaceTree([Place("990000", "合成市（虚构数据）", "Synthetic city (invented)", "city")])
    for name in ("合成市（虚构数据）", "合成市(虚构数据)", "Synthetic city (invented)"):
        assert tree.find(name).code == "990000"


def test_an_unknown_name_suggests(places):
    with pytest.raises(UnknownPlace, match="武隆"):
        places.find("武龙区")


def test_the_two_partitions_cover_the_city_once(places):
    districts = {p.code for p in places.children("500000")}
    assert sorted(p.code for p in places.members("CQ-G-1Z2G")) == sorted(districts)
    assert len(places.members("CQ-G-CORE")) == 9 and len(places.members("CQ-G-METRO")) == 21


def test_zones_are_never_summed_and_overlaps_are_refused(places):
    with pytest.raises(NotSummable):
        places.members("CQ-LJ")
    with pytest.raises(NotSummable):
        places.check_summable(["CQ-G-CORE", "500103"])
    with pytest.raises(NotSummable):
        places.check_summable(["500000", "500156"])
    assert len(places.check_summable(["CQ-G-METRO", "CQ-G-NE", "CQ-G-SE"])) == 38


def test_within(places):
    assert (
        places.within("500103", "CQ-G-CORE")
        and places.within("500103", "500000")
        and not places.within("500156", "CQ-G-CORE")
    )
