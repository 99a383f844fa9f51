"""A plant with a permit, months of monitoring, a trade of rights and a fine; then one month is
corrected and everything follows.

By hand: 40 mg/L × 15,000 m³ = 0.6 t a month, 7.2 t in 2024; the permit allows 6 t, passed in
November (0.6 × 11 = 6.6); July's highest day is 55 above 50 mg/L. Rights: 5 t allocated, 1 t
bought for 3,000 yuan, so 1.2 t are lacking, at 3,000 yuan 3,600.

The fine of 250,000 yuan (排污许可管理条例 第三十四条: 200,000–1,000,000), served on 2024-08-05,
due on 2024-08-20, paid on the 30th: 10 days × 3 % = 75,000 (行政处罚法 第七十二条). With July at
20 mg/L: 0.6 × 11 + 0.3 = 6.9 t, 0.9 t are lacking, 2,700 yuan.
"""

from __future__ import annotations

import io
import random

import docx
import pytest

from hengtan.desk.case_documents import document_bytes
from hengtan.desk.case_files import opened
from hengtan.graph.reproduce import reproduce
from hengtan.workspace.asof import AsOf

FIRM = {"统一社会信用代码": "91500232MA5U000001", "单位名称": "甲厂", "地区": "武隆区"}
OUTLET = {"许可证编号": "P1", "排放口": "DW001", "介质": "废水", "污染物": "CODcr"}


def text_of(content):
    """Paragraphs and cells of a Word document."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def months(of_july=40):
    return [
        {
            **OUTLET,
            "月份": f"2024年{month}月",
            "月均浓度": of_july if month == 7 else 40,
            "最高日均浓度": 55 if month == 7 else " 48 ",
            "流量（万立方米）": "１.５",
        }
        for month in range(1, 13)
    ]


@pytest.fixture
def plant(hand_in):
    hand_in("discharge_permits", [{**FIRM, "许可证编号": "P1", "发证日期": "2021/6/1"}])
    hand_in(
        "permit_limits", [{**OUTLET, "起始日期": "2021-06-01", "许可浓度": 50, "年许可排放量": "6"}]
    )
    hand_in("permit_months", months())
    hand_in(
        "permit_fines",
        [
            {
                "许可证编号": "P1",
                "处罚文号": "渝武环罚〔2024〕7号",
                "违法日期": "2024年7月31日",
                "案由": "超许可排放",
                "罚款金额（万元）": 25,
                "送达日期": "2024-08-05",
                "缴清日期": "2024-08-30",
            }
        ],
    )
    seller = {"账户编号": "乙-排", "统一社会信用代码": "91500232MA5U000002", "单位名称": "乙厂"}
    hand_in(
        "rights_accounts",
        [
            {**FIRM, "账户编号": "甲-排", "权益类别": "排污权", "许可证编号": "P1"},
            {**FIRM, **seller, "权益类别": "排污权", "许可证编号": "P2"},
        ],
    )
    grant = {"污染物": "COD", "起始日期": "2021-01-01", "到期日期": "2025-12-31", "单位": "吨"}
    hand_in(
        "rights_grants",
        [
            {**grant, "账户编号": "甲-排", "年度指标量": 5},
            {**grant, "账户编号": "乙-排", "年度指标量": "800", "单位": "千克"},
        ],
    )
    hand_in(
        "rights_trades",
        [
            {
                "合同编号": "T1",
                "转让方": "乙-排",
                "受让方": "甲-排",
                "污染物": "化学需氧量",
                "数量": 1000,
                "单位": "公斤",
                "成交金额": "3,000",
                "成交日期": "2023-05-10",
                "指标起始": "2024-01-01",
            }
        ],
    )
    hand_in(
        "rights_prices",
        [
            {"指标": "COD", "地区": place, "执行日期": day, "基准价": price, "文号": "测试文号"}
            for place, day, price in (
                ("重庆市", "2022-01-01", 2_000),
                ("重庆市", "2024-06-01", 2_500),
                ("涪陵区", "2024-06-01", 9_000),
            )
        ],
    )


def test_a_plant_with_permit_months_of_monitoring_trade_and_fine(
    plant, workspace, hand_in, said, due
):
    """As above; the permit of 2021 ends after five years, to be renewed 60 days before; a report
    of 2024 due on 2025-01-31 was handed in late; a peak of September 2026 has both spans. The
    trade of 3,000 yuan a tonne stands beside a base price of 2,000 on its day. Ammonia
    nitrogen, which nobody traded: 0.5 t used above 1 t are 1,250 at the base price of 2,500.
    """
    permit = said("discharge_permit")
    july = permit["P1", "permit.month", "2024-07"]
    assert july["verdict"] == "超许可：DW001 CODcr浓度"
    assert (july["over_fine_min"], july["share_of_year"]) == (200_000, pytest.approx(70))
    assert permit["P1", "permit.month", "2024-11"]["over"] == 1
    assert ("P1", "permit.month", "2024-12") not in permit  # the year was passed before
    fine = permit["P1", "permit.fine_imposed", "渝武环罚〔2024〕7号"]
    assert fine["added"] == pytest.approx(75_000) and "在幅度内" in fine["verdict"]
    calendar = due("discharge_permit")
    assert calendar["P1", "fine", "渝武环罚〔2024〕7号"] == ("2024-08-20", "done_late")
    assert calendar["P1", "renewal", ""][0] == "2026-04-01"
    report = {"许可证编号": "P1", "报告期": "2024年"}
    hand_in("permit_reports", [report | {"应报日期": "2025-01-31", "提交日期": "2025-02-10"}])
    assert due("discharge_permit")["P1", "report", "2024"] == ("2025-01-31", "done_late")
    of_plant = opened(workspace, "discharge_permit", "P1")
    notice = text_of(document_bytes(workspace, of_plant, "notice", AsOf.of().judged_on))
    assert "自本月起超年许可量" in notice and "100万元" in notice
    late = {"月份": "2026年9月", "月均浓度": 40, "最高日均浓度": 55, "流量": 1}
    hand_in("permit_months", [{**OUTLET, **late}])
    both = said("discharge_permit")["P1", "permit.month", "2026-09"]
    assert (both["over_fine_max"], both["code_over_fine_max"]) == (1_000_000, 1_000_000)
    rights = said("rights_account")
    own = rights["甲-排", "rights.discharge", "2024"]
    assert (own["short"], own["cost"]) == (1, pytest.approx(3_600))
    assert float(own["gaps"].strip("[]")) == pytest.approx(1.2)
    sold = rights["乙-排", "rights.sale", "T1"]
    assert sold["oversold"] == pytest.approx(0.2) and "超过持有量0.2" in sold["verdict"]
    (trade,) = workspace.execute("rights_sales").to_pylist()
    assert (sold["price"], trade["base_price"]) == (pytest.approx(3_000), 2_000)
    assert due("rights_account")["甲-排", "expiry", "cod"] == ("2025-12-31", "overdue")
    other = {"账户编号": "丙-排", "污染物": "氨氮", "单位": "吨"}
    price = {"指标": "氨氮", "地区": "重庆市", "执行日期": "2023-01-01", "文号": "测试文号"}
    hand_in("rights_prices", [price | {"基准价": 2_500}])
    hand_in("rights_accounts", [{**FIRM, "账户编号": "丙-排", "权益类别": "排污权"}])
    hand_in("rights_grants", [{**other, "起始日期": "2024-01-01", "年度指标量": 1}])
    hand_in("rights_uses", [{**other, "月份": "2024年1月", "使用量": 1.5}])
    untraded = said("rights_account")["丙-排", "rights.discharge", "2024"]
    assert untraded["cost"] == pytest.approx(1_250)
    hand_in("permit_months", months(of_july=20))
    assert said("rights_account")["甲-排", "rights.discharge", "2024"]["cost"] == pytest.approx(
        2_700
    )
    assert said("discharge_permit")["P1", "permit.compliance", "2024"]["over"] == 2


def test_what_is_bought_is_sold_and_the_price_in_force_is_that_of_the_place(plant, workspace):
    """800 kg allocated, 1,000 kg sold: the seller is 0.2 t short. Chongqing's price of June 2024
    reaches Wulong, Fuling's does not; before June it was 2,000.
    """
    rows = workspace.execute("rights_positions").to_pylist()
    by_year = {(row["account"], row["year"]): row for row in rows}
    assert sum(r["bought"] - r["sold"] for r in rows if r["year"] == 2024) == pytest.approx(0)
    assert by_year["乙-排", 2024]["held"] == pytest.approx(-0.2)
    own = by_year["甲-排", 2024]
    assert (own["base_price"], own["base_since"].isoformat()) == (2_500, "2024-06-01")
    assert own["trade_price"] == pytest.approx(3_000)
    assert own["held"] == pytest.approx(6)
    (trade,) = workspace.execute("rights_sales").to_pylist()
    assert (trade["base_price"], trade["held_before"]) == (2_000, pytest.approx(0.8))


RIGHTS = ("rights_used", "rights_sales", "rights_positions")


def test_energy_and_water_rights_from_reports_and_meters(hand_in, workspace, said):
    """Energy: 10,500 tce by the unit's own report against 10,000 allocated and 200 bought: 300
    short, at the 50 yuan of the trade 15,000. Water: 12 × 10,000 m³ against 100,000: 20,000 short
    at 0.20 yuan 4,000.
    """
    hand_in(
        "rights_accounts",
        [
            {**FIRM, "账户编号": "甲-能", "权益类别": "用能权"},
            {**FIRM, "账户编号": "甲-水", "权益类别": "用水权"},
        ],
    )
    hand_in(
        "rights_grants",
        [
            {
                "账户编号": "甲-能",
                "品种": "用能权",
                "核定量": "1万",
                "单位": "吨标准煤",
                "起始日期": "2024-01-01",
            },
            {
                "账户编号": "甲-水",
                "品种": "用水权",
                "核定量": 10,
                "单位": "万立方米",
                "起始日期": "2024-01-01",
                "到期日期": "2024-12-31",
            },
        ],
    )
    hand_in(
        "rights_trades",
        [
            {
                "合同编号": "E1",
                "卖方": "外区某厂",
                "买方": "甲-能",
                "品种": "用能权",
                "成交量": 0.02,
                "单位": "万吨标准煤",
                "成交额（万元）": 1,
                "成交日期": "2024-05-01",
                "指标起始": "2024-01-01",
            },
        ],
    )
    hand_in(
        "key_unit_months",
        [{**FIRM, "时期": "2024年1-12月", "累计综合能源消费量": "10,500"}],
    )
    hand_in(
        "rights_uses",
        [
            {
                "账户编号": "甲-水",
                "品种": "取水权",
                "月份": f"2024年{month}月",
                "取水量": 1,
                "单位": "万立方米",
            }
            for month in range(1, 13)
        ],
    )
    price = {"品种": "用水权", "地区": "武隆区", "执行日期": "2023-01-01", "文号": "测试文号"}
    hand_in("rights_prices", [{**price, "基准价": 0.2}])
    rights = said("rights_account")
    energy, water = (
        rights["甲-能", "rights.energy", "2024"],
        rights["甲-水", "rights.water", "2024"],
    )
    assert (energy["held"], energy["balance"]) == (pytest.approx(10_200), pytest.approx(-300))
    assert energy["cost"] == pytest.approx(15_000)
    assert (water["balance"], water["cost"]) == (pytest.approx(-20_000), pytest.approx(4_000))
    sources = {
        row["account"]: row["used_from"] for row in workspace.execute("rights_used").to_pylist()
    }
    assert sources == {"甲-能": "key_unit_months", "甲-水": "rights_uses"}


def test_the_explained_rows_alone_give_the_row(plant, workspace):
    graph = workspace.graph()
    for name in (*RIGHTS, "case_rights_account_verdicts", "case_rights_account_calendar"):
        rows, key = graph.execute(name).to_pylist(), graph.accounts()[name].key
        assert len({tuple(row[column] for column in key) for row in rows}) == len(rows)
        for row in random.Random(5).sample(rows, min(2, len(rows))):
            by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
            assert again == {
                column: pytest.approx(value) if isinstance(value, float) else value
                for column, value in by_key.items()
            }


def test_refusing_to_mend_adds_the_fine_of_every_day(hand_in, said):
    """250,000 yuan × 10 days; corrected to 12. An act of 2026-09 is fined by the code, which gives
    two years from its end. A decision without such days has no such verdict.
    """
    permit = {"许可证编号": "P9", "地区": "武隆区", "统一社会信用代码": "91500232MA5U00009X"}
    hand_in("discharge_permits", [permit | {"单位名称": "丁厂", "发证日期": "2024-06-01"}])
    about = {"许可证编号": "P9", "违法行为": "逃避监管", "罚款金额": "25万"}
    decided = about | {"处罚决定书文号": "测〔2026〕1号", "违法行为日期": "2026-09-01"}
    decided |= {"送达日期": "2026-09-20", "拒不改正天数": 10, "行为终了日期": "2026-09-30"}
    other = about | {"处罚决定书文号": "测〔2026〕2号", "违法行为日期": "2026-09-02"}
    hand_in("permit_fines", [decided, other | {"送达日期": "2026-09-20"}])
    asked = ("P9", "daily_fine", "测〔2026〕1号")
    first = said("discharge_permit")
    assert first[asked]["daily"] == 2_500_000
    assert first[asked]["fined_until"] == "2028-09-29"
    assert ("P9", "daily_fine", "测〔2026〕2号") not in first
    hand_in("permit_fines", [decided | {"拒不改正天数": 12}])
    assert said("discharge_permit")[asked]["daily"] == 3_000_000
