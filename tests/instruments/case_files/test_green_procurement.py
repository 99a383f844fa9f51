"""What a body purchased, with certificates that were valid or not on the day, beside what is
demanded; then one certificate is corrected.

By hand. 2024: 60 + 30 + 10 万元 = 1,000,000 yuan; green are 60 万 (certificate valid) while the
30 万 rest on a certificate that had ended, so 60 % against 70 % demanded: 100,000 yuan short. With
the certificate renewed 90 %. In energy-saving products 60 of 90 万.
"""

from __future__ import annotations

import pytest

KIND = "procurement_agency"
BODY = {"单位代码": "G1", "区县": "武隆", "采购人名称": "某局", "单位类别": "行政事业单位"}
HEAD = {"采购人代码": "G1", "品目": "节能产品", "是否绿色产品": "是"}


def contracts(renewed_to="2024-03-31"):
    return [
        {
            **HEAD,
            "合同号": "C1",
            "签约日期": "2024年5月8日",
            "成交金额（万元）": " 60 ",
            "证书号": "CQC1",
            "发证日期": "2022-01-01",
            "有效期至": "2026-12-31",
        },
        {
            **HEAD,
            "合同号": "C2",
            "签约日期": "2024/6/1",
            "成交金额（万元）": "３０",
            "证书号": "CQC2",
            "发证日期": "2021-04-01",
            "有效期至": renewed_to,
        },
        {
            **HEAD,
            "合同号": "C3",
            "签约日期": "2024-11-30",
            "品目": "其他",
            "成交金额（万元）": 10,
            "是否绿色产品": "否",
        },
    ]


@pytest.fixture
def kept(hand_in):
    hand_in("procurement_agencies", [BODY])
    hand_in("procurement_contracts", contracts())
    demand = {"单位类别": "机关事业单位", "品目": "全部", "施行日期": "2024-01-01"}
    hand_in(
        "procurement_demands",
        [
            {**demand, "地区": "重庆市", "占比要求": "50%", "文件名称": "测试文件（市）"},
            {**demand, "地区": "武隆区", "占比要求": "70%", "文件名称": "测试文件（区）"},
        ],
    )


def test_share_of_a_year_by_valid_certificates_beside_what_is_demanded(
    kept, workspace, hand_in, said, due, explained, paper
):
    verdicts = said(KIND)
    year = verdicts["G1", "procurement.green_share", "2024"]
    assert (year["share"], year["short"]) == (pytest.approx(0.6), pytest.approx(100_000))
    assert year["verdict"] == "未达到"
    saving = verdicts["G1", "procurement.category_share", "2024 节能产品"]
    assert saving["share"] == pytest.approx(60 / 90) and saving["verdict"] == "未给要求"
    assert verdicts["G1", "certificate.validity", "C2"]["state"] == "已过期"
    assert due(KIND)["G1", "certificate", "C1"][0] == "2026-12-31"
    hand_in("procurement_contracts", contracts(renewed_to="2026-03-31"))
    again = said(KIND)["G1", "procurement.green_share", "2024"]
    assert (again["share"], again["verdict"]) == (pytest.approx(0.9), "达到")
    totals = workspace.execute(f"case_{KIND}_totals").to_pylist()
    by_place = {
        (row["place"], row["output"]): row["total"]
        for row in totals
        if row["asked"] == "procurement.green_share"
    }
    assert by_place["500000", "green_amount"] == pytest.approx(900_000)
    assert by_place["500000", "total_amount"] == pytest.approx(1_000_000)
    explained("procurement_shares")
    assert "绿色产品采购额：90万元" in paper(KIND, "G1", "statement")


def test_without_a_document_nothing_is_demanded(hand_in, said):
    """No share of Chongqing was read: the share is told, and that nothing demands one."""
    hand_in("procurement_agencies", [BODY])
    hand_in("procurement_contracts", contracts())
    year = said(KIND)["G1", "procurement.green_share", "2024"]
    assert year["share"] == pytest.approx(0.6) and year["verdict"] == "未给要求"
