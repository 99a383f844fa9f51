"""plan read, diff, list, decide, issue and new --plan from the command line."""

import csv
import json

import pytest
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app

TEXT = (
    "某县绿色低碳发展规划（样例，虚构）\n一、总体要求\n"
    "到2025年，森林覆盖率达到57%，新增充电桩1000个以上。\n到2025年，森林覆盖率达到58%。\n"
)
CONFIRMED = ("--title", "某县绿色低碳发展规划", "--years", "2022-2026")


def ran(*arguments, code=0):
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "规划.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_table_for_review_with_findings(document):
    shown = ran("plan", "read", document)
    assert "森林覆盖率" in shown
    assert "有两个数" in shown
    assert "条款 1  目标 3" in shown


def test_json(document):
    draft = json.loads(ran("plan", "read", document, "--json"))
    assert [t["indicator_zh"] for t in draft["targets"]] == [
        "森林覆盖率",
        "新增充电桩",
        "森林覆盖率",
    ]
    assert draft["document"]["title"] == "某县绿色低碳发展规划（样例，虚构）"
    assert [c["ref"] for c in draft["clauses"]] == ["plan-2025:一"]


def test_a_draft_pack_in_the_conventions_of_targets_csv(document, tmp_path):
    ran("plan", "read", document, "--to", tmp_path / "pack", "--region", "330199")
    with (tmp_path / "pack" / "targets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["operator"], r["measure"], r["base_year"]) for r in rows] == [
        (">=", "level", ""),
        ("increase_by", "added_in_period", "2020"),
        (">=", "level", ""),
    ]
    with pytest.raises(HengtanError, match="不是空文件夹"):
        CliRunner().invoke(
            app,
            ["plan", "read", str(document), "--to", str(tmp_path / "pack"), "--region", "330199"],
            catch_exceptions=False,
        )
    with pytest.raises(HengtanError, match="--region"):
        CliRunner().invoke(
            app,
            ["plan", "read", str(document), "--to", str(tmp_path / "other")],
            catch_exceptions=False,
        )
    assert not (tmp_path / "other").exists()


def test_passages_by_the_guide(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        "\n".join(
            json.dumps(row, ensure_ascii=False)
            for row in (
                {"id": "a", "text": "（一）目标。到2025年，新增充电桩1000个以上。", "year": 2022},
                {"id": "b", "text": "没有目标。"},
            )
        )
        + "\n\n",
        encoding="utf-8",
    )
    ran("plan", "read", "--jsonl", source, "--out", out)
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert first["clauses"] == [{"number": "（一）", "title": "目标"}]
    assert {
        k: first["targets"][0][k]
        for k in ("indicator", "operator", "value", "unit", "deadline", "quote")
    } == {
        "indicator": "新增充电桩",
        "operator": ">=",
        "value": 1000,
        "unit": "个",
        "deadline": 2025,
        "quote": "新增充电桩1000个以上",
    }
    assert "base_year" not in first["targets"][0]
    assert second == {"id": "b", "targets": [], "clauses": []}


@pytest.mark.parametrize(
    "line",
    [
        "不是JSON",
        '{"id": "a"}',
        '{"id": "a", "text": 1}',
        "[]",
        '{"id": "a", "text": "x", "year": "去年"}',
    ],
)
def test_a_bad_line_writes_nothing(tmp_path, line):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": "a", "text": "x"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(HengtanError) as refused:
        CliRunner().invoke(
            app, ["plan", "read", "--jsonl", str(source), "--out", str(out)], catch_exceptions=False
        )
    assert (refused.value.where.file, refused.value.where.row) == ("in.jsonl", 2)
    assert not out.exists()


def test_usage(document):
    ran("plan", "read", code=2)
    ran("plan", "read", "--jsonl", document, code=2)


def test_from_a_document_to_an_edition(document, tmp_path):
    folder = tmp_path / "ws"
    assert "读出 1 条条款、3 个目标" in ran(
        "new", folder, "--region", "330199", "--name", "某县", "--plan", document
    )
    (plan,) = json.loads(ran("plan", "list", "-w", folder, "--json"))
    assert (plan["targets"], plan["open"], plan["editions"]) == (3, 3, 0)
    name = plan["plan"]
    assert "不采纳 1，待核对 2" in ran(
        "plan",
        "decide",
        name,
        f"{name}-t01",
        "reject",
        "-w",
        folder,
        "--by",
        "李工",
        "--note",
        "重复",
    )
    assert "修改 1" in ran(
        "plan", "decide", name, f"{name}-t02", "edit", "value=1200", "-w", folder, "--by", "李工"
    )
    assert "待核对 0" in ran("plan", "decide", name, "all", "accept", "-w", folder, "--by", "李工")
    assert "第 1 版" in ran("plan", "issue", name, *CONFIRMED, "-w", folder, "--by", "李工")
    assert [row["goal"] for row in json.loads(ran("status", "-w", folder, "--json"))] == [
        1200.0,
        58.0,
    ]
    shown = ran("plan", "diff", document, folder / "plans" / name / "editions" / "0001.json")
    assert "不变 1  改动 1  删去 1  新增 0" in shown


def test_add_to_a_workspace(document, tmp_path):
    folder = tmp_path / "ws"
    ran("new", folder, "--region", "330199", "--name", "某县")
    assert "3 个目标待核对" in ran("plan", "add", document, "-w", folder)
    assert len(json.loads(ran("status", "-w", folder, "--json"))) == 3


def test_diff_as_json(document, tmp_path):
    other = tmp_path / "正式.txt"
    other.write_text(TEXT.replace("57%", "57.5%"), encoding="utf-8")
    changes = json.loads(ran("plan", "diff", document, other, "--json"))
    assert sorted(c["kind"] for c in changes) == ["changed", "same", "same"]


def test_milestones_and_owners_are_listed_and_decided_one_by_one(tmp_path):
    document = tmp_path / "方案.txt"
    document.write_text(
        "某县工作方案\n一、目标\n2026年,森林覆盖率达到57%。2026年6月底前建成监测平台。"
        "(县生态环境局、县统汁局按职责分工负责)\n",
        encoding="utf-8",
    )
    folder = tmp_path / "ws"
    ran("new", folder, "--region", "330199", "--name", "某县", "--plan", document, "--year", "2026")
    ((plan,),) = [[row["plan"] for row in json.loads(ran("plan", "list", "-w", folder, "--json"))]]
    rows = json.loads(ran("plan", "list", plan, "-w", folder, "--json"))
    assert [(row["kind"], row["name"], str(row["deadline"]), row["state"]) for row in rows] == [
        ("target", "森林覆盖率", "2026", "open"),
        ("milestone", "建成监测平台", "2026-06", "open"),
        ("owner", "县生态环境局", "", "open"),
        ("owner", "县统汁局", "", "open"),
    ]
    by = ("-w", folder, "--by", "李工")
    assert "已核对 1，共 3" in ran(
        "plan", "decide", plan, rows[3]["id"], "edit", "name=县统计局", *by
    )
    assert "已核对 2，共 3" in ran("plan", "decide", plan, rows[1]["id"], "reject", *by)
    after = json.loads(ran("plan", "list", plan, "-w", folder, "--json"))
    assert [row["state"] for row in after] == ["open", "rejected", "open", "edited"]
    assert after[3]["name"] == "县统计局"
