"""``report`` and ``status`` write PDF by the suffix; what cannot be written leaves no file."""

from __future__ import annotations

import pypdf
import pytest


def pages(path):
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def test_the_list_of_targets(hengtan, demo, tmp_path):
    to = tmp_path / "目标.pdf"
    assert hengtan("status", "--to", to, "-w", demo.folder)[0] == 0
    both = "".join(pages(to))
    assert "武隆" in both and "研发" in both  # a target of the district and of the city
    only = tmp_path / "一份.pdf"
    assert hengtan("status", "--plan", "wulong-2025", "--to", only, "-w", demo.folder)[0] == 0
    assert "研发" not in "".join(pages(only)) and len(pages(only)) < len(pages(to))


def test_a_target_with_the_row_its_number_stands_in(hengtan, demo, tmp_path):
    """Row 163 of observations.csv holds the 55.06 % of 2023 (header and 161 rows before it)."""
    to = tmp_path / "森林.pdf"
    target = ("--target", "cq-forest-cover-2027")
    assert hengtan("report", "target", *target, "--to", to, "-w", demo.folder)[0] == 0
    (text,) = pages(to)
    said = "".join(text.split())
    assert "55.06%（2023）←chongqing/observations.csv第163行" in said
    assert "“森林覆盖率不低于55%”" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "target", "--target", "nope"), "没有目标“nope”"),
        (("report", "accounts"), "用 .html 或 .xlsx"),
        (("status", "--plan", "nope"), "没有规划“nope”"),
    ],
)
def test_what_cannot_be_written_leaves_no_file(hengtan, demo, tmp_path, arguments, said):
    to = tmp_path / "a.pdf"
    code, _, err = hengtan(*arguments, "--to", to, "-w", demo.folder)
    assert code == 1 and said in err and not to.exists()


def test_a_report_about_a_target_names_it(hengtan, demo, tmp_path):
    code, _, err = hengtan("report", "target", "--to", tmp_path / "a.pdf", "-w", demo.folder)
    assert code == 2 and "--target" in err
