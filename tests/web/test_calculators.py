"""Calculators: every rule has its page, a case computes with clauses, refusals are told, the notice
is a Word document, enterprises show what they owe and hold.
"""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import docx
import lxml.html
import pytest
from page_client import PageClient

from hengtan.instruments.english import CHINESE
from hengtan.instruments.registry import rules
from hengtan.web import Site, create_app

NO_POLLUTANTS = "/rules/env_tax.air?date=2024-05-31&region=500156&pollutants="
AIR = NO_POLLUTANTS + quote("二氧化硫: 95\n氮氧化物：190")


@pytest.mark.parametrize("rule", sorted({r.id for r in rules()}))
def test_every_rule_has_its_page_with_every_input(client, rule) -> None:
    answer = client.get(f"/rules/{rule}")
    assert answer.status_code == 200
    shown = [r for r in rules() if r.id == rule]
    assert any(all(f'name="{i.name}"' in answer.text for i in r.inputs) for r in shown)
    assert chinese_in(client.get(f"/rules/{rule}?lang=en").text) == []


def chinese_in(page):
    """Texts of a page with Chinese; what is typed, and laws, sources and the address aside."""
    main = lxml.html.fromstring(page).xpath("//main")[0]
    for cited in main.xpath(".//td[@class='src']|.//p[@class='lead']|.//script"):
        cited.drop_tree()
    return [said for said in main.itertext() if CHINESE.search(said)]


def test_a_case_computes_with_its_clauses(client) -> None:
    text = client.get(AIR).text
    assert "1,050.00" in text  # (100 + 200) × 3.5
    assert "第十三条" in text or "第九、十一条" in text
    assert "env_tax.air.rate" in text and "notice.docx" in text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (AIR.replace("95", "-95"), "不能为负"),
        (AIR.replace("2024-05-31", "2017-01-01"), "不适用"),
        (NO_POLLUTANTS + "[", "YAML 写法有误"),
        ("/rules/env_tax.noise?date=2024-05-31&over_day=3.4", "没有查实"),
        (NO_POLLUTANTS + quote("<script>alert(1)</script>: 3"), "税目里没有"),
    ],
)
def test_refusals_are_told_on_the_page(client, address, said) -> None:
    answer = client.get(address)
    assert answer.status_code in (200, 400)
    assert said in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "pasted",
    [
        "污染物\t初始核定\t受让\t转让\t实际（或需要）排放量\t成交价\n化学需氧量\t10\t\t\t12\t\nSO2\t30\t5\t2\t30\t",
        "污染物，初始核定，受让，转让，实际（或需要）排放量，成交价\r\n化学需氧量，10，，，１２\r\n\r\nSO2，30，5，2，30吨，",
        "pollutant, allocated, emitted\nCOD, 10, 12",
        "- {污染物: COD, 初始核定: 10, emitted: 12}",
        "污染物，初始核定，受让，转让，实际（或需要）排放量，成交价\nCOD\t10\t\t\t12",
    ],
)
def test_rows_are_pasted_from_a_worksheet(client, pasted) -> None:
    text = client.get(
        "/rules/rights.discharge", params={"date": "2015-06-30", "region": "500000", "rows": pasted}
    ).text
    assert "2,720.00" in text  # 2 t × 1360


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("污染物，初始核定，实际（或需要）排放量\nCOD，10，12，3", "第1行有4格"),
        ("污染物，初始\nCOD，10", "没有输入项"),
        ("污染物，初始核定，实际（或需要）排放量\nCOD，-10，12", "不能为负"),
        ("初始核定，实际（或需要）排放量\n10，12", "缺输入项"),
        ("pollutant,allocated\n" + "COD,1\n" * 3400, "太长"),
    ],
)
def test_a_bad_table_is_told(client, pasted, said) -> None:
    assert (
        said
        in client.get(
            "/rules/rights.discharge",
            params={"date": "2015-06-30", "region": "500000", "rows": pasted},
        ).text
    )


def test_a_header_alone_is_an_empty_table_and_numbers_need_no_brackets(client) -> None:
    text = client.get(AIR + "&outlets=" + quote("排放口，污染物排放量")).text
    assert "1,050.00" in text
    outlets = quote("排放口\t污染物排放量\n1号\t二氧化硫: 95；氮氧化物: 95\n2号\tNOx: 95")
    assert (
        "1,050.00"
        in client.get(f"/rules/env_tax.air?date=2024-05-31&region=500156&outlets={outlets}").text
    )
    asked = {
        "date": "2025-12-31",
        "quantity": "100",
        "price": "10",
        "prices": "9，11 13",
        "pledge_rate": "0.5",
        "volatility": "0.01",
    }
    assert (
        "500.00" in client.get("/rules/finance.collateral", params=asked).text
    )  # min(10, 11) × 100 × 0.5


def test_an_unknown_rule_is_a_friendly_page(client) -> None:
    assert client.get("/rules/env_tax.soil").status_code == 404


def test_the_notice_holds_result_steps_and_sources(client) -> None:
    answer = client.get(AIR.replace("env_tax.air?", "env_tax.air/notice.docx?"))
    assert answer.status_code == 200 and "wordprocessingml" in answer.headers["content-type"]
    document = docx.Document(io.BytesIO(answer.content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    assert "1,050.00元" in cells and "环境保护税：大气污染物适用税额" in cells
    assert any("环境保护税法" in p.text for p in document.paragraphs)


def test_enterprises_show_what_they_owe_and_what_is_refused(demo_copy) -> None:
    with demo_copy as workspace:
        folder = workspace.folder / "cases"
        folder.mkdir()
        (folder / "a.yaml").write_text(
            "- {rule: env_tax.air, entity: 甲厂, date: 2024-05-31, region: '500156', "
            "inputs: {pollutants: {SO2: 95}}}\n"
            "- {rule: water_resource.charge, entity: 甲厂, date: 2025-05-31, region: '500156', "
            "inputs: {volume: 1}}\n",
            encoding="utf-8",
        )
        (folder / "b.yaml").write_text("rule: [", encoding="utf-8")
        client = PageClient(create_app(Site(workspace)))
        text, page = (client.get(f"/enterprises{part}").text for part in ("", "/甲厂"))
    assert "YAML 写法有误" in text and "b.yaml" in text
    assert 'href="/enterprises/%E7%94%B2%E5%8E%82"' in text
    assert "350.00" in page
    assert "水资源税具体适用税额" in page  # what would settle the missing rate


@pytest.mark.parametrize("lang, district", [("zh", "武隆区"), ("en", "Wulong")])
def test_a_place_is_chosen_by_name(client, lang, district) -> None:
    """The list offers districts by name; name and code of a district give the same charge."""
    asked = {"date": "2025-06-30", "volume": "100", "lang": lang}
    pages = [
        client.get("/rules/water_resource.charge", params=asked | {"region": place}).text
        for place in (district, "500156")
    ]
    for text in pages:
        assert f'<option value="{district}">' in text
        assert re.search(rf'name="region"[^>]*value="{district}"', text)
    results = [re.search("<h2>.*", text.split("</form>")[1], re.DOTALL)[0] for text in pages]
    assert results[0].replace(f"region={quote(district)}", "region=500156") == results[1]


def test_a_calculator_speaks_english_and_takes_english_headings(client) -> None:
    """2 t × 1360 yuan, as in Chinese; Chinese is left in citations alone; a heading that lacks is
    named in English.
    """
    asked = {"date": "2015-06-30", "region": "500000", "lang": "en"}
    headings = "Pollutant\tInitial allocation\tActual (or required) discharge"
    rows = {"rows": f"{headings}\nCOD\t10\t12"}
    text = client.get("/rules/rights.discharge", params=asked | rows).text
    assert "2,720.00" in text and "Cost of making good, total" in text
    assert "<td>chemical oxygen demand, cost of making good</td>" in text
    assert chinese_in(text) == []
    lacking = {"rows": "Initial allocation\tActual (or required) discharge\n10\t12"}
    refused = client.get("/rules/rights.discharge", params=asked | lacking).text
    assert "Discharge rights row 1, Pollutant" in refused


def test_a_parameter_is_given_in_a_field_that_says_what_it_is(client) -> None:
    """300 equivalents at 5 yuan: 1,500; a word is refused with the name of the parameter."""
    page = client.get(AIR).text
    assert 'name="parameter.env_tax.air.rate"' in page
    own = client.get(f"{AIR}&parameter.env_tax.air.rate=5").text
    assert "1,500.00" in own and "本案自行给定" in own
    wrong = client.get(f"{AIR}&parameter.env_tax.air.rate=五块").text
    assert "参数“环境保护税：大气污染物适用税额”应为数字" in wrong


def test_a_refusal_names_the_place_and_the_parameter(client) -> None:
    page = client.get("/rules/water_resource.charge?date=2025-06-30&region=500156&volume=100").text
    refusal = page.split('role="alert">')[1].split("</p>")[0]
    assert "武隆区" in refusal and "500156" not in refusal and "水资源税" in refusal
