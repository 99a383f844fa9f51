"""A published rate beside every definition, within the rounding of the amounts it is made of."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from hengtan.accounts.materials.rounding import Printed, Term, interval_of
from hengtan.basis.errors import HengtanError
from hengtan.cli.main import app
from hengtan.desk.published_rates import amounts_of_file, check_rate


@pytest.mark.parametrize(
    ("used", "generated", "drawn", "printed", "low", "high"),
    [
        # Statistical bureau 2018, 亿吨; ends by hand: (used ∓ 0.05) / (made ± 0.05 + drawn)
        ("4.0亿吨", "5.3亿吨", "0.03205亿吨", "74.9%", 3.95 / 5.38205, 4.05 / 5.28205),
        ("3.3亿吨", "3.7亿吨", "0.04919亿吨", "88.7%", 3.25 / 3.79919, 3.35 / 3.69919),
    ],
)
def test_fly_ash_and_slag_hold_what_was_published_inside_their_interval(
    used, generated, drawn, printed, low, high
):
    amounts = {"综合利用量": used, "产生量": generated, "利用往年贮存量": drawn}
    report = check_rate("solid_waste_use", printed, amounts)
    (by_bureau,) = (t for t in report.tried if t.definition == "solid_waste.nbs")
    assert by_bureau.fits and report.sound
    assert by_bureau.interval.low == pytest.approx(100 * low, abs=1e-3)
    assert by_bureau.interval.high == pytest.approx(100 * high, abs=1e-3)


def test_each_definition_says_where_it_was_found_and_how_sure_it_is():
    """The pack: the bureau's definition was read, the two beside it are reckoned by this project
    (waste_rate_definitions.csv: leaving old stock out changes the rate).
    """
    amounts = ["综合利用量=4.0亿吨", "产生量=5.3亿吨", "利用往年贮存量=320.5万吨"]
    asked = ["check", "rate", "solid_waste_use", *amounts, "--published", "74.9%"]
    said = CliRunner().invoke(app, asked).stdout
    lines = {line.split("│")[1].strip(): line for line in said.splitlines() if "│" in line}
    assert "已核读" in lines["利用量÷（产生量＋利用往年贮存量）"]
    assert "建议" in lines["利用量÷产生量"] and "国家统计局指标解释" in said
    unread = next(line for line in said.splitlines() if "没有在文件中读到" in line)
    assert "利用量÷产生量" in unread and "利用往年贮存量" not in unread
    answer = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert [d["confidence"] for d in answer["definitions"]] == ["read", "proposal", "proposal"]


def test_shanghai_is_not_reproduced_and_the_report_says_so(tmp_path):
    """The published 645.92, 323.63 and 293.97 (10⁴ t): (323.63 + 293.97) / 1263.52 = 48.88 %."""
    file = tmp_path / "上海2025.csv"
    rows = ("名称,数值,单位", "dry,645.92,万吨", "wet,323.63,万吨", "recyclables,293.97,万吨")
    file.write_text("\n".join(rows), encoding="utf-8")
    report = check_rate("msw_recovery", "45.3%", amounts_of_file(file))
    (two,) = (t for t in report.tried if t.interval)
    assert two.definition == "msw.two_streams" and not two.fits and not report.sound
    assert two.interval.value == pytest.approx(48.88, abs=5e-3)
    asked = ["check", "rate", "msw_recovery", "--file", str(file), "--published"]
    answer = CliRunner().invoke(app, [*asked, "45.3%"])
    assert answer.exit_code == 1
    assert "45.3% 不能由任何一个能算的口径得出" in answer.stdout
    fits = CliRunner().invoke(
        app,
        [*asked, "48.9%", "--json"],
    )
    assert fits.exit_code == 0 and json.loads(fits.stdout)["sound"]


def test_coefficients_that_were_not_read_name_their_document_until_they_are_given():
    amounts = {"可回收物": "30吨", "焚烧量": "100", "湿垃圾": 50, "填埋量": 0, "清运量": "150吨"}
    amounts = {name: str(value) for name, value in amounts.items()}
    (resource,) = check_rate("msw_resource", None, amounts).tried
    assert resource.interval is None and "系数没有读到" in resource.lacks_zh
    names = ("burnt", "food", "landfilled")
    values = ("0.2", "1", "0")
    keys = [f"msw.resource_coefficient.{name}" for name in names]
    local = dict(zip(keys, values, strict=True))
    (resource,) = check_rate("msw_resource", None, amounts | local).tried
    assert resource.interval.value == pytest.approx(100 * 100 / 180)  # 30 + 20 + 50 of 180


@pytest.mark.parametrize(
    ("amounts", "published", "says"),
    [
        ({"产量": "3吨"}, "50%", "“产量”不是这个比率的数量"),
        ({"产生量": "三吨多"}, "50%", "“产生量”不是数"),
        ({"产生量": "-3吨"}, "50%", "小于零"),
        ({"产生量": "3吨"}, "150%", "超过100%"),
        ({"产生量": "3亿元"}, "50%", "元"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(amounts, published, says):
    with pytest.raises(HengtanError, match=says):
        check_rate("cdw_recovery", published, amounts)


AMOUNT = st.tuples(st.floats(1, 1e4), st.floats(0, 0.4))


@given(st.lists(AMOUNT, min_size=3, max_size=3), st.data())
def test_whatever_the_true_amounts_are_their_rate_lies_inside(amounts, data):
    """used / (made + drawn) with any true amounts within the rounding of those printed."""
    terms = [Term("used", True), Term("made", False), Term("drawn", False)]
    names = ("used", "made", "drawn")
    inputs = {n: Printed(v, half) for n, (v, half) in zip(names, amounts, strict=True)}
    interval = interval_of(terms, inputs)
    true = {n: data.draw(st.floats(p.low, p.high)) for n, p in inputs.items()}
    rate = 100 * true["used"] / (true["made"] + true["drawn"])
    assert interval.low * (1 - 1e-9) <= rate <= interval.high * (1 + 1e-9)
    ends = [
        100 * u / (m + d)
        for u, m, d in itertools.product(*((p.low, p.high) for p in inputs.values()))
    ]
    assert (interval.low, interval.high) == pytest.approx((min(ends), max(ends)))
