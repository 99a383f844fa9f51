"""The monthly bulletin on the synthetic city: figures worked out again from the rows handed in,
revisions, frozen issues, and the documents.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile

import docx
import openpyxl
import pytest
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app
from hengtan.demo.synthetic_months import (
    city_rows,
    district_codes,
    goal_rows,
    load,
    monthly_rows,
    unit_rows,
)
from hengtan.desk.bulletin import make
from hengtan.desk.bulletin_issues import folder_of, freeze, issues
from hengtan.desk.monthly import cumulative
from hengtan.report.bulletin_text import listed, moved, paragraphs, percent
from hengtan.report.sheet.bulletin import write_bulletin_excel
from hengtan.report.word.bulletin import write_bulletin_word
from hengtan.workspace import Workspace

JIA = Actor("甲")


@pytest.fixture(scope="module")
def city(bulletin_city):
    return bulletin_city


@pytest.fixture(scope="module")
def rows():
    late = district_codes()[6]
    typed = monthly_rows(energy_until={late: (2025, 5)})
    return {(r["place"], r["period"]): r for r in [*typed, *city_rows(typed, monthly_rows())]}


def test_every_figure_of_a_district_is_what_the_rows_give(city, rows) -> None:
    _, june = city
    for r in june["districts"]:
        now, before, may = (
            rows[r["place"], p] for p in ("2025年1-6月", "2024年1-6月", "2025年1-5月")
        )
        if "energy" not in now:
            assert (r["change"], r["light"], r["rank"], r["missing"]) == (
                None,
                None,
                None,
                ["能源消费增速"],
            )
            continue
        grown = now["energy"] / before["energy"] - 1
        change = (1 + grown) / (1 + now["gdp_growth"] / 100) - 1
        goal = next(g for g in goal_rows() if g["place"] == r["place"])
        progress, required = (
            1 - (1 - goal["done_cut"] / 100) * (1 + change),
            goal["goal_cut"] / 100,
        )  # 2025 is the goal's year
        assert r["energy_growth"] == pytest.approx(grown)
        assert r["change"] == pytest.approx(change)
        assert r["progress"] == pytest.approx(progress)
        assert r["required"] == pytest.approx(required)
        assert r["light"] == (1 if change >= 0 else 2 if progress < required else 3)
        assert r["electricity_growth"] == pytest.approx(
            now["electricity"] / before["electricity"] - 1
        )
        shift = (
            1.012 if r["place"] == district_codes()[2] else 1
        )  # May of the third district was revised
        assert r["energy_month"] == pytest.approx(now["energy"] - round(may["energy"] * shift, 2))
    order = [r["change"] for r in june["districts"] if r["rank"]]
    assert order == sorted(order)


def test_the_city_the_causes_and_the_units(city, rows) -> None:
    _, june = city
    now, before = rows["990000", "2025年1-6月"], rows["990000", "2024年1-6月"]
    assert june["city"]["energy_growth"] == pytest.approx(now["energy"] / before["energy"] - 1)
    whole = [r for r in june["districts"] if r["energy"] is not None]
    assert june["causes"]["change"] == pytest.approx(
        sum(r["energy"] for r in whole)
        - sum(rows[r["place"], "2024年1-6月"]["energy"] for r in whole)
    )
    assert june["causes"]["activity"] + june["causes"]["structure"] + june["causes"][
        "intensity"
    ] == pytest.approx(june["causes"]["change"])
    assert june["causes"]["left_out"] == ["合成新川区"]
    over = [r for r in unit_rows(6) if r["energy"] / (r["plan"] * 181 / 365) > 1]
    assert len(june["units"]) == len(over)
    assert june["units"][0]["of"] == len(unit_rows(6))


def test_the_nowcast_is_for_the_district_without_its_energy(city) -> None:
    _, june = city
    assert [r["place"] for r in june["nowcast"]["rows"]] == [district_codes()[6]]
    truth = {(r["place"], r["period"]): r for r in monthly_rows()}
    actual = (
        truth[district_codes()[6], "2025年1-6月"]["energy"]
        / truth[district_codes()[6], "2024年1-6月"]["energy"]
        - 1
    )
    row = june["nowcast"]["rows"][0]
    assert abs(row["growth"] - actual) < 3 * row["error"]
    rule = june["nowcast"]["rule"]
    assert rule["false"] / rule["warned"] <= 0.2
    assert row["warned"] == (row["chance_of_red"] >= rule["threshold"])


def test_what_was_revised_since_the_frozen_issue_is_told(city, rows) -> None:
    _, june = city
    old = rows[district_codes()[2], "2025年1-5月"]["energy"]
    assert [(c["place"], c["field"], c["old"], c["new"]) for c in june["revised"]] == [
        (district_codes()[2], "energy", old, round(old * 1.012, 2))
    ]
    assert june["previous"]["period_zh"] == "2025年1—5月"
    assert june["issue"] == 2
    heading, said = paragraphs(june)[-1]
    assert heading.endswith("、数据修订与说明") and "由" in said


def test_issues_are_chained_and_a_change_is_noticed(city, tmp_path) -> None:
    workspace, june = city
    copy = tmp_path / "copy"
    shutil.copytree(workspace.folder, copy)
    with Workspace.open(copy) as other:
        freeze(other, make(other, "2025-06"), JIA)
        assert [i["issue"] for i in issues(other)] == [1, 2]
        with pytest.raises(HengtanError, match="已存档"):
            freeze(other, june, JIA)
        path = sorted(folder_of(other).glob("*.json"))[0]
        issue = json.loads(path.read_text(encoding="utf-8"))
        issue["districts"][0]["rank"] = 7
        path.write_text(json.dumps(issue, ensure_ascii=False), encoding="utf-8")
        with pytest.raises(HengtanError, match="被改动过"):
            issues(other)
        path.unlink()
        with pytest.raises(HengtanError, match="前一期缺失"):
            issues(other)


def test_a_stand_in_for_gdp_is_never_taken_unasked_and_is_told(city, tmp_path) -> None:
    workspace, _ = city
    copy = tmp_path / "copy"
    shutil.copytree(workspace.folder, copy)
    with Workspace.open(copy) as other:
        july = [
            {k: v for k, v in r.items() if not k.startswith("gdp")}
            for r in monthly_rows(last=(2025, 7))
            if r["period"] == "2025年1-7月"
        ]
        load(other, "monthly_figures", july, tmp_path, "7月")
        plain, stood_in = (
            make(other, "2025-07"),
            make(other, "2025-07", gdp_from="2025-06"),
        )
    assert all(
        r["change"] is None and "地区生产总值增速" in r["missing"] for r in plain["districts"]
    )
    growth = {r["place"]: r["gdp_growth"] for r in make(workspace, "2025-06")["districts"]}
    assert all(
        r["change"] == pytest.approx((1 + r["energy_growth"]) / (1 + growth[r["place"]]) - 1)
        for r in stood_in["districts"]
    )
    assert len(stood_in["stand_in"]["places"]) == 12
    heading, said = paragraphs(stood_in)[-1]
    assert heading.endswith("、数据修订与说明") and "用2025年1—6月的增速代替" in said
    with pytest.raises(HengtanError, match="没有2026年1—3月的数据"):
        make(workspace, "2026-03")
    with pytest.raises(HengtanError, match="不是1月起的累计时期"):
        make(workspace, "2025-Q2")
    assert (
        cumulative("2025年上半年")
        == cumulative("2025年1-6月")
        == cumulative("2025-06")
        == (2025, 6)
    )


def test_the_documents_hold_the_figures(city, tmp_path) -> None:
    _, june = city
    word, excel = (
        write_bulletin_word(june, tmp_path / "a.docx"),
        write_bulletin_excel(june, tmp_path / "a.xlsx"),
    )
    document = docx.Document(str(word))
    text = "\n".join(p.text for p in document.paragraphs)
    for heading, body in paragraphs(june):
        assert heading in text and body in text
    assert "虚构" in text
    table = document.tables[0]
    best = june["districts"][0]
    line = next(r for r in table.rows if r.cells[0].text == best["name_zh"])
    assert [c.text for c in line.cells][1:8:6] == ["1", percent(best["change"], 2)]
    assert len(table.rows) == 2 + len(june["districts"])
    assert sum(name.startswith("word/media/") for name in zipfile.ZipFile(word).namelist()) == 2
    book = openpyxl.load_workbook(excel)
    assert book.sheetnames == ["通报", "区县", "成因", "修订", "重点单位", "推算", "依据"]
    heads = [c.value for c in book["区县"][1]]
    values = {row[0].value: row for row in book["区县"].iter_rows(min_row=2)}
    assert values[best["name_zh"]][heads.index("强度变化")].value == pytest.approx(best["change"])
    assert len(book["区县"]._charts) == len(book["成因"]._charts) == 1


def test_the_command(city, tmp_path) -> None:
    workspace, _ = city
    to = tmp_path / "通报.json"
    done = CliRunner().invoke(
        app, ["bulletin", "make", "2025年1-6月", "--to", str(to), "-w", str(workspace.folder)]
    )
    assert done.exit_code == 0, done.output
    assert "第2期" in done.output and "三、变化成因" in done.output
    assert json.loads(to.read_text(encoding="utf-8"))["period"] == "2025-01..06"
    assert (
        "2025年1—5月"
        in CliRunner().invoke(app, ["bulletin", "list", "-w", str(workspace.folder)]).output
    )


def test_words_of_figures() -> None:
    assert (
        moved(0.031),
        moved(-0.021),
        moved(0.0002),
        moved(None),
        moved(-0.00004, "level", 2),
    ) == ("增长3.1%", "下降2.1%", "持平", "暂缺", "持平")
    assert listed(list("甲乙丙"), 2) == "甲、乙等3个"
    assert percent(None) == "—"


def test_the_english_page_is_english(bulletin_city):
    import re

    from hengtan.desk.bulletin import bulletin_view
    from hengtan.report.page.bulletin import bulletin_context

    workspace, _ = bulletin_city
    view = bulletin_view(workspace)
    english, chinese = (bulletin_context(view, lang) for lang in ("en", "zh"))
    said = " ".join(text for heading in english["bulletin_text"] for text in heading)
    # what is left are names: of the document that the light follows, and of key energy users
    names = ["发改办环资〔2021〕629号", *(unit["name"] for unit in view["bulletin"]["units"])]
    for name in names:
        said = said.replace(name, "")
    assert not re.search("[一-鿿]", said + english["bulletin_title"]), said
    assert len(english["bulletin_text"]) == len(chinese["bulletin_text"])


def test_the_english_workbook_holds_the_same_figures(bulletin_city):
    """Cell by cell the same numbers; what stays is names: key energy users, a document, sources."""
    import re

    from hengtan.desk.downloads import of_bulletin

    workspace, bulletin = bulletin_city
    names = {place.code: place.name_en for place in workspace.pack.places()}
    books = [
        openpyxl.load_workbook(io.BytesIO(of_bulletin(bulletin, "xlsx", None, lang, names).content))
        for lang in ("zh", "en")
    ]
    cells = [[cell.value for sheet in book for row in sheet for cell in row] for book in books]
    numbers = [[value for value in every if isinstance(value, float)] for every in cells]
    assert len(numbers[0]) > 50 and numbers[0] == numbers[1]
    assert books[1].sheetnames[:2] == ["Bulletin", "Districts"]
    said = " ".join(str(value) for value in cells[1] if value)
    sources = {source["source"] for source in bulletin["sources"]}
    units = {unit["name"] for unit in bulletin["units"]}
    for name in ("发改办环资〔2021〕629号", *sources, *units):
        said = said.replace(name or "—", "")
    assert not re.search("[\u3400-\u9fff]", said)
