"""Workbooks to fill in either language are read to the same thing; refusals name sheets and
columns as the file has them.
"""

import dataclasses
import json

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan import packs
from hengtan.basis.english_names import CHINESE
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app
from hengtan.desk.parks import count_of as count_of_parks
from hengtan.desk.parks import judge_parks, park_limits, write_parks
from hengtan.workbooks import assessment, budget, portfolio
from hengtan.workbooks.districts import read_districts, write_header
from hengtan.workbooks.english import EnglishBook

CN = packs.load("cn")
SCHEMES = [row["scheme"] for row in assessment.schemes(CN)]


def run(*arguments):
    done = CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)
    return done.exit_code, done.output


def refused(read, path):
    with pytest.raises(HengtanError) as error:
        read(path)
    return str(error.value)


def changed(path, sheet, line, column, value):
    """The workbook with another value in the cell of a line under a heading."""
    book = openpyxl.load_workbook(path)
    headings = [cell.value for cell in book[sheet][1]]
    book[sheet].cell(line, headings.index(column) + 1).value = value
    book.save(path)
    return path


def texts_of(path):
    """All texts of a workbook, and the names of its sheets."""
    book = openpyxl.load_workbook(path)
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return [*book.sheetnames, *(text for text in cells if isinstance(text, str))]


def alike(left, right):
    """Whether two studies hold the same figures."""
    if isinstance(left, np.ndarray):
        return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
    if dataclasses.is_dataclass(left):
        names = (f.name for f in dataclasses.fields(left))
        return all(alike(getattr(left, name), getattr(right, name)) for name in names)
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(alike, left, right))
    return isinstance(left, str) or left == right


def test_the_example_of_a_study_is_the_same_in_both_languages(tmp_path):
    chinese = portfolio.template(tmp_path / "zh.xlsx")
    english = portfolio.template(tmp_path / "en.xlsx", "en")
    both = [portfolio.read_portfolio(path) for path in (chinese, english)]
    assert alike(*both)
    assert both[1].study.pathway.regions == ("District A", "County B", "County C")
    assert [text for text in texts_of(english) if CHINESE.search(text)] == []
    result = tmp_path / "result.xlsx"
    code, shown = run("portfolio", "run", english, "--to", result, "--lang", "en")
    assert code == 0 and "least cost" in shown
    assert [text for text in texts_of(result) if CHINESE.search(text)] == []
    accounts = [portfolio.count_of(path).account for path in (chinese, english)]
    assert accounts[0].not_read == accounts[1].not_read == 0
    # 52亿元 is text with a unit there and a number of 10,000 yuan here: both count as figures
    assert accounts[0].figures == accounts[1].figures > 100


def test_a_fault_in_an_english_study_is_told_where_the_file_has_it(tmp_path):
    path = portfolio.template(tmp_path / "study.xlsx", "en")
    changed(path, "Measures", 2, "Effect", "forty per cent")
    line = refused(portfolio.read_portfolio, path)
    assert "sheet 'Measures' row 2 column 'Effect'" in line.split(" | ")[1]
    assert "“Measures” 第2行 “Effect”列" in line.split(" | ")[0]
    changed(path, "Measures", 2, "Effect", 0.16)
    changed(path, "Parameters", 6, "Content", "a lot")
    assert "row 6 column 'Discount rate'" in refused(portfolio.read_portfolio, path)
    changed(path, "Parameters", 6, "Content", "5%")
    assert portfolio.read_portfolio(path).study.costs.rate == 0.05


FIGURES = {
    "Name": "Budget of the trial",
    "Region": "Trial city",
    "Unit of measurement": "t",
    "Base year": 2025,
    "Emissions of the base year": 1000,
    "Goal of intensity": "10%",
    "Target year": 2027,
    "Path": "straight",
    "First year": 2026,
    "Last year": 2027,
}


def a_budget(tmp_path, lang):
    """GDP stays, so emissions fall as intensity does: 5 % of 1,000 t a year on the straight path,
    950 and 900 t; a third of each goes to the district that had a third of the emissions.
    """
    path = budget.template(tmp_path / f"{lang}.xlsx", ["甲区", "乙区"], lang)
    book = openpyxl.load_workbook(path)
    words = EnglishBook.of("budget")
    title = lambda sheet: words.title(sheet, lang)  # noqa: E731
    chinese = {said: item for item, said in words.sheets["参数"].cells["项目"].items()}
    parameters = book[title("参数")]
    for line in range(2, parameters.max_row + 1):
        item = parameters.cell(line, 1)
        value = (
            next(v for k, v in FIGURES.items() if item.value in (k, chinese[k]))
            if (item.value in {*FIGURES, *(chinese[k] for k in FIGURES)})
            else None
        )
        is_path = value == "straight" and lang == "zh"
        parameters.cell(line, 2).value = "直线" if is_path else value
    for year in (2025, 2026, 2027):
        book[title("年度")].append([year, 5000, None])
    districts = book[title("区县")]
    districts.cell(2, 2).value, districts.cell(3, 2).value = 300, 600
    book[title("项目")].append(["甲区", "plant", 2026, 7, 60, "yes" if lang == "en" else "是"])
    book[title("执行")].append(["甲区", 2026, 20, 30])
    book.save(path)
    return path


def test_a_budget_is_the_same_in_both_languages(tmp_path):
    paths = [a_budget(tmp_path, lang) for lang in ("zh", "en")]
    chinese, english = (budget.as_dict(budget.read_budget(path)) for path in paths)
    assert english == chinese
    assert [year["budget"] for year in english["years"]] == [950, 900]
    first = english["allocations"][0]
    assert (first["path"], first["years"]["2027"]) == (["甲区"], 300)
    said = {text for text in texts_of(paths[1]) if CHINESE.search(text)}
    assert said == {"甲区", "乙区"}


def test_an_english_budget_is_refused_and_then_mended(tmp_path):
    path = a_budget(tmp_path, "en")
    changed(path, "Principles", 2, "Principle", "fairness")
    line = refused(budget.read_budget, path)
    assert "sheet 'Principles' row 2 column 'Principle': no principle 'fairness'" in line
    assert "past emissions" in line.split(" | ")[1] and not CHINESE.search(line.split(" | ")[1])
    changed(path, "Principles", 2, "Principle", "Past  emissions")
    changed(path, "Execution", 2, "February", "about 30")
    assert "row 2 column 'February'" in refused(budget.read_budget, path)
    changed(path, "Execution", 2, "February", 31)
    code, output = run("budget", "run", path, "--json")
    months = json.loads(output)["executions"][0]["months"]
    assert code == 0 and [m["amount"] for m in months[:2]] == [20, 31]


def test_an_english_refusal_names_columns_and_choices_in_english(tmp_path):
    path = a_budget(tmp_path, "en")
    changed(path, "Districts", 3, "Base emissions", None)
    english = refused(budget.read_budget, path).split(" | ")[1]
    assert english.startswith("sheet 'Districts' row 3 column 'Base emissions': the principles")
    assert "need Base emissions" in english and not CHINESE.search(english)
    study = portfolio.template(tmp_path / "study.xlsx", "en")
    changed(study, "Measures", 2, "Driver", "habits")
    english = refused(portfolio.read_portfolio, study).split(" | ")[1]
    assert "there is no Driver 'habits'; known: activity, energy intensity" in english
    changed(path, "Parameters", 5, "Content", None)
    assert "parameter 'Base year' is missing" in refused(budget.read_budget, path)


def test_a_column_beside_an_english_budget_is_named_as_it_stands(tmp_path):
    path = a_budget(tmp_path, "en")
    book = openpyxl.load_workbook(path)
    book["Districts"].cell(1, 7).value, book["Districts"].cell(2, 7).value = "Old share", 0.4
    book.save(path)
    (unread,) = budget.count_of(path).unread
    assert (unread.where.sheet, unread.where.column) == ("Districts", "Old share")


def test_both_names_of_a_heading_in_one_sheet_leave_the_second_unread(tmp_path):
    path = a_budget(tmp_path, "zh")
    book = openpyxl.load_workbook(path)
    book["区县"].cell(1, 7).value, book["区县"].cell(2, 7).value = "GDP", 7
    book.save(path)
    (unread,) = budget.count_of(path).unread
    assert unread.where.column == "GDP"


def test_a_sheet_that_stands_in_both_languages_is_refused(tmp_path):
    path = a_budget(tmp_path, "zh")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Districts").append(["District", "Base emissions"])
    book["Districts"].append(["丙区", 9])
    book.save(path)
    assert "'Districts' and '区县' are the same sheet" in refused(budget.read_budget, path)


def with_weights(path, lang):
    """The workbook of a scheme with 10 points for each item that has none."""
    book = openpyxl.load_workbook(path)
    sheet = book[EnglishBook.of("assessment").title("方案", lang)]
    for line in range(2, sheet.max_row + 1):
        if sheet.cell(line, 5).value is None:
            sheet.cell(line, 5).value = 10
    book.save(path)
    return path


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_is_the_same_in_both_languages(tmp_path, scheme):
    """Items, scoring and grades; those of the shipped schemes have English names. Weights that no
    source settles (two schemes) are filled in, 10 points each.
    """
    read = []
    for lang in ("zh", "en"):
        path = assessment.template(CN, scheme, tmp_path / f"{lang}.xlsx", ["甲区"], lang)
        assert assessment.count_of(path).unread == []
        read.append(assessment.read_workbook(with_weights(path, lang)))
    (chinese, rows), (english, others) = read
    assert rows == others
    assert (english.rule, english.grades) == (chinese.rule, chinese.grades)
    named = zip(chinese.items, english.items, strict=True)
    assert [dataclasses.replace(e, name=c.name, unit=c.unit) for c, e in named] == list(
        chinese.items
    )
    law = next(row["law"] for row in assessment.schemes(CN) if row["scheme"] == scheme)
    said = {text for text in texts_of(path) if CHINESE.search(text)}
    assert said <= {law, "甲区"}


def test_an_english_assessment_says_what_is_wrong_in_its_words(tmp_path):
    """A goal met in full has the 40 points of its highest step, measures the 50 awarded of 60."""
    scheme = "energy-dual-control-a"
    path = assessment.template(CN, scheme, tmp_path / "a.xlsx", ["District A"], "en")
    changed(path, "Data", 2, "Actual", "some")
    assert "sheet 'Data' row 2 column 'Actual'" in refused(assessment.read_workbook, path)
    changed(path, "Data", 2, "Actual", 3.2), changed(path, "Data", 2, "Target", 3.2)
    changed(path, "Data", 3, "Actual", 50)
    result = tmp_path / "result.xlsx"
    code, output = run("assess", "run", path, "--json", "--to", result, "--lang", "en")
    (row,) = json.loads(output[output.index("{") :])["results"]
    assert code == 0 and [item["points"] for item in row["items"]] == [40, 50]
    assert [text for text in texts_of(result) if CHINESE.search(text)] == []


def test_goals_of_districts_are_read_from_an_english_table(tmp_path):
    """(100 × 0.10 + 300 × 0.20) / 400 = 17.5 %, since both grow alike."""
    path = write_header(tmp_path / "goals.csv", "en")
    lines = ["District A,one,100,200,1.25,10%", "District B,two,300,200,1.25,20"]
    path.write_text(path.read_text("utf-8-sig") + "\n".join(lines) + "\n", "utf-8")
    code, output = run("decompose", "check", path, "--goal", "17.5", "--json")
    verdict = json.loads(output)
    assert (code, verdict["state"], verdict["account"]["not_read"]) == (0, "adds_up", 0)
    path.write_text(path.read_text("utf-8").replace("20\n", "a fifth\n"), "utf-8")
    assert "row 3 column 'Goal'" in refused(read_districts, path)


def test_parks_are_judged_from_an_english_table(tmp_path):
    """100,000 t over 500,000 tce are 0.2 t/tce, the limit of that size; 150,000 t are above it."""
    limits = park_limits(CN)
    path = write_parks(tmp_path / "parks.xlsx", limits, "en")
    assert [text for text in texts_of(path) if CHINESE.search(text)] == []
    book = openpyxl.load_workbook(path)
    (
        book.active.append(["Park A", 500_000, 100_000]),
        book.active.append(["Park B", 500_000, 150_000]),
    )
    book.save(path)
    verdicts, _ = judge_parks(path, limits)
    assert [verdict.passes for verdict in verdicts] == [True, False]
    assert count_of_parks(path, limits).account.not_read == 0
    changed(path, "National zero-carbon parks", 3, "Energy use of the year (tce)", None)
    line = refused(lambda file: judge_parks(file, limits), path)
    assert "row 3 column 'Energy use of the year (tce)'" in line


def test_no_english_word_stands_for_two_chinese_ones_in_a_sheet():
    for name in ("budget", "portfolio", "assessment", "districts"):
        for sheet in EnglishBook.of(name).sheets.values():
            for words in (sheet.headings, *sheet.cells.values()):
                english = [word.casefold() for word in words.values()]
                assert len(set(english)) == len(english), (name, sheet.title)
