"""A district sees its own plan first; the city's, which it rests on, is folded below."""

from lxml import html

from hengtan.desk.status import status_view
from hengtan.report.page.render import Pages
from hengtan.report.view import StatusView
from hengtan.workspace.asof import AsOf


def test_the_plan_of_the_district_comes_first_and_the_city_s_is_folded_below(demo):
    view = StatusView.of(status_view(demo, AsOf.of()))
    page = html.fromstring(str(Pages(view).fragment("overview")))
    titles = [heading.text_content() for heading in page.xpath("//article[@class='plan']/h2")]
    assert "武隆区" in titles[0] and "重庆市" in titles[1]
    (others,) = page.xpath("//details[@data-others]")
    assert others.get("open") is None
    assert "重庆市" in others.xpath(".//h2")[0].text_content()
    # 45 targets of the city and 22 of the district
    assert len(page.xpath("//tr[@data-row]")) == 67
    assert len(others.xpath(".//tr[@data-row]")) == 45
