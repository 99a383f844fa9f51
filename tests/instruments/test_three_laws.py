"""Three laws over every rule and every row of the packs: what was not read refuses and names its
document; a draft, a page of answers, second hand and inference are called so; the price of another
place is never lent in silence.

For every edition of a rule the parameters are those its cases of the files use.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from uses_of_law import FILES, PACK, ROWS, TABLES, USES, WITH_USES, Row, key_of

from hengtan.basis.dated import holds
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.desk.cases import Case, compute, read_cases
from hengtan.instruments.parameter_titles import title_of
from hengtan.instruments.parameters import NATION, Parameters, labelled, province_of
from hengtan.instruments.registry import rules

BESIDE = (
    *("ets.deadline", "review.municipal.energy", "green.industry_share.assessed"),
    "tariff.power.meter_months",
)
"""Beside the result: where they are not established the result says so and stands."""


def day_of(row: Row) -> date:
    return row["valid_from"] or row["valid_to"] or date(2024, 6, 30)


UNREAD = [row for row in ROWS if row["value"] is None or row["certainty"] == "low"]


@pytest.mark.parametrize("row", UNREAD, ids=lambda row: "-".join(map(str, key_of(row))))
def test_what_was_not_read_refuses_names_its_document_and_offers_the_field(row) -> None:
    name, key = row["parameter"], row["key"] or ""
    asked = Parameters(TABLES.by_name, day_of(row), row["region"])
    with pytest.raises(ParameterNotEstablished) as refusal:
        asked.value(name, key)
    assert row["law"] in str(refusal.value)
    assert title_of(name, key).zh in str(refusal.value) and "自行给定" in str(refusal.value)
    own = replace(asked, overrides={labelled(name, key): 2.5})
    assert own.value(name, key) == 2.5 and own.used[-1].overridden


@pytest.mark.parametrize("name", WITH_USES)
def test_a_rule_without_a_figure_of_law_refuses_and_names_the_document(name) -> None:
    for use in USES[name]:
        try:
            result = use.again(value=None)
        except ParameterNotEstablished as error:
            assert use.row["law"] in str(error), use.label
            continue
        new = set(result.warnings) - set(use.result.warnings)
        assert new or result.outputs != use.result.outputs, f"{use.label}: nothing is said"
        assert use.row["parameter"] in BESIDE, use.label


MARKS = {
    "征求意见稿": ("某办法（征求意见稿）", "征求意见稿"),
    "问答网页": ("网页问答 a.cn/1", "问答网页"),
    "二手": ("某报摘要（二手）", "二手"),
}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("name", WITH_USES)
def test_every_rule_calls_such_a_source_by_its_name(name, mark) -> None:
    source, word = MARKS[mark]
    for use in USES[name]:
        result = use.again(source=source, note_zh="")
        assert any(
            warning.startswith(title_of(use.row["parameter"]).zh)
            and word in warning
            and source in warning
            for warning in result.as_dict()["warnings"]
        ), use.label
        if mark == "征求意见稿":
            assert result.as_dict()["confidence"] == "proposal", use.label


@pytest.mark.parametrize("name", WITH_USES)
def test_every_rule_says_whose_price_it_is(name) -> None:
    for use in USES[name]:
        result = use.again(scope_zh="某区")
        own = use.row["region"] == use.result.region
        said = "某区的取值" if own else f"是某区的取值，不是{use.result.region}自己的"
        assert any(said in warning for warning in result.as_dict()["warnings"]), use.label


OF_DISTRICTS = [r for r in ROWS if province_of(r["region"]) != r["region"]]


@pytest.mark.parametrize("row", OF_DISTRICTS, ids=lambda row: "-".join(map(str, key_of(row))))
def test_a_district_never_gets_the_figure_of_another(row) -> None:
    other = "500156" if row["region"] != "500156" else "500155"
    asked = Parameters(TABLES.by_name, day_of(row), other)
    try:
        asked.value(row["parameter"], row["key"] or "")
    except ParameterNotEstablished:
        return
    assert asked.used[-1].region in (other, "500000", NATION)


def test_rows_of_a_part_of_the_city_say_so() -> None:
    """Prices of the city's centre are rows of the whole city with their scope beside them."""
    scoped = [row for row in ROWS if row["scope_zh"]]
    assert {row["parameter"] for row in scoped} >= {
        "tariff.water.tier_price",
        "tariff.sewage.price",
    }
    for row in scoped:
        if row["value"] is None or row["certainty"] == "low":
            continue
        asked = Parameters(TABLES.by_name, day_of(row), "500156")
        asked.value(row["parameter"], row["key"] or "")
        assert any("不是500156自己的" in warning for warning in asked.warnings)


def test_a_rule_whose_law_is_a_draft_is_a_proposal() -> None:
    drafts = [rule for rule in rules() if "征求意见稿" in rule.law]
    assert drafts
    for case in (case for file in FILES for case in read_cases(file)):
        of_draft = any(
            rule.id == case.rule and holds(rule.valid_from, rule.valid_to, case.day)
            for rule in drafts
        )
        if of_draft and not case.expect.get("error"):
            result = compute(PACK, case)
            assert result.confidence == "proposal"
            assert any("征求意见稿" in w and "不是正式文件" in w for w in result.warnings)


def test_provisions_belong_to_rules_and_say_what_they_are() -> None:
    provisions = list(PACK.rows("rule_provisions"))
    known = {rule.id for rule in rules()}
    assert {rule_id for row in provisions for rule_id in row["rules"]} <= known
    case = Case("ets.penalty_data", date(2026, 8, 15), NATION, {"gain": 0})
    result = compute(PACK, case)
    assert any(step.zh == "弄虚作假的依据" for step in result.steps)
    assert any("推断" in warning for warning in result.warnings)
    before = compute(PACK, replace(case, day=date(2026, 8, 14)))
    assert not any("推断" in warning for warning in before.warnings)


LIMITS = list(PACK.rows("energy_limits"))
LEVELS = list(PACK.rows("efficiency_benchmarks"))


@pytest.mark.parametrize(
    "row", LIMITS, ids=lambda row: f"{row['product_zh']}-{row['indicator_zh']}"
)
def test_every_limit_of_a_product_is_dated_and_called_second_hand(row) -> None:
    """At its limit a product keeps it; a hair above it does not; the day before none is known."""
    neutral = {"multiply": 1, "add": 0, None: None}[row["correction"]]
    inputs = {
        "product": row["product_zh"],
        "indicator": row["indicator_zh"],
        "energy": row["level3"],
        "correction": neutral,
    }
    case = Case("review.energy_limit", row["valid_from"], NATION, inputs)
    if row["certainty"] == "low":
        with pytest.raises(ParameterNotEstablished, match=row["law"]):
            compute(PACK, case)
        return
    result = compute(PACK, case)
    assert result.outputs["over"] == "否" and result.outputs["limit"] == row["level3"]
    assert any("二手" in warning for warning in result.warnings)
    above = {**inputs, "energy": row["level3"] + 0.001}
    assert compute(PACK, replace(case, inputs=above)).outputs["over"] == "是"
    with pytest.raises(HengtanError, match=r"不在目录里|对应几项"):
        compute(PACK, replace(case, day=row["valid_from"] - timedelta(days=1)))


@pytest.mark.parametrize("row", LEVELS, ids=lambda row: row["product_zh"])
def test_every_level_of_efficiency_says_what_the_check_says(row) -> None:
    """From memory until the annex is read (发改产业〔2023〕723号); a doubt stands in the result."""
    inputs = {"product": row["product_zh"], "energy": row["base"]}
    result = compute(PACK, Case("review.efficiency_level", date(2025, 6, 30), NATION, inputs))
    assert result.outputs["verdict"] == "基准水平以上、标杆水平以下"
    doubted = row["check"] != "agrees"
    assert ("待核对" in result.outputs["doubt"]) == doubted
    assert any("待核对" in warning for warning in result.warnings) == doubted
    assert result.confidence == row["confidence"]
    word = "凭记忆" if row["confidence"] == "recalled" else "二手"
    assert any(word in warning for warning in result.warnings)
