"""The command line as a person uses it: exit status, one-line errors, JSON, and that nothing is
half written.
"""

import json
import subprocess
import sys

import pytest


def test_status_json_has_67_rows(hengtan, demo):
    code, out, _ = hengtan("status", "--json", "-w", demo.folder)
    rows = json.loads(out)
    assert code == 0 and len(rows) == 67
    code, out, _ = hengtan("status", "--plan", "wulong-2025", "--json", "-w", demo.folder)
    assert len(json.loads(out)) == 22


def test_status_shows_every_light_in_words(hengtan, demo):
    code, out, _ = hengtan("status", "-w", demo.folder)
    assert code == 0 and "绿灯 3" in out and "到期未报 22" in out and "森林覆盖率" in out


def test_explain_ends_at_file_row_and_clause(hengtan, demo):
    code, out, _ = hengtan(
        "explain", "plan_progress", "target_id=cq-forest-cover-2027", "-w", demo.folder
    )
    assert code == 0
    assert (
        "chongqing/observations.csv" in out
        and "chongqing/targets.csv" in out
        and "cq-2025-2027:2" in out
        and "demo-loader" in out
    )
    code, out, _ = hengtan(
        "explain", "plan_progress", "target_id=cq-forest-cover-2027", "--json", "-w", demo.folder
    )
    assert json.loads(out)["key"] == {"target_id": "cq-forest-cover-2027"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--plan", "no-such-plan"),
        ("explain", "plan_progress", "target_id=none"),
        ("explain", "no_account", "a=b"),
        ("table", "no_table"),
        ("status", "--period", "去年"),
        ("form", "template", "no_form", "x.xlsx"),
        ("approve", "S999999"),
        ("table", "targets", "--where", "nocolumn=1"),
    ],
)
def test_refusals_are_one_line_with_status_1(hengtan, demo, arguments):
    code, out, err = hengtan(*arguments, "-w", demo.folder)
    assert (
        code == 1
        and out == ""
        and len(err.strip().splitlines()) == 1
        and err.startswith("错误 ")
        and " | " in err
    )


def test_two_demonstrations_at_once_are_refused_before_anything_is_written(hengtan, tmp_path):
    folder = tmp_path / "city"
    code, _, err = hengtan("demo", "--city", "--synthetic", "--no-serve", "--to", folder)
    assert code == 1 and "去掉其中一个" in err and not folder.exists()


def test_a_refusal_in_json(hengtan, demo):
    code, out, _ = hengtan("status", "--plan", "none", "--json", "-w", demo.folder)
    assert code == 1 and json.loads(out)["error"]["level"] == "error"


def test_no_workspace_says_what_to_do(hengtan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HENGTAN_WORKSPACE", raising=False)
    code, _, err = hengtan("status")
    assert code == 1 and "hengtan demo" in err


def test_wrong_usage_is_2(hengtan, demo):
    assert hengtan("status", "--no-such-option")[0] == 2
    assert hengtan("table", "targets", "--where", "nonsense", "-w", demo.folder)[0] == 2


def test_debug_shows_the_traceback(hengtan, demo):
    from hengtan.basis.errors import HengtanError

    with pytest.raises(HengtanError):
        hengtan("--debug", "status", "--plan", "none", "-w", demo.folder)
    from hengtan.cli.app import Debug

    Debug.on = False


def test_table_in_csv_and_parquet(hengtan, demo, tmp_path):
    import pyarrow.parquet as pq

    code, out, _ = hengtan(
        "table", "targets", "--where", "plan=wulong-2025", "--csv", "-w", demo.folder
    )
    assert code == 0 and len(out.strip().splitlines()) == 23
    code, _, _ = hengtan(
        "table", "plan_progress", "--parquet", tmp_path / "p.parquet", "-w", demo.folder
    )
    assert code == 0 and pq.read_table(tmp_path / "p.parquet").num_rows == 67


def test_graph_and_reports(hengtan, demo, tmp_path):
    from xml.etree import ElementTree

    assert hengtan("graph", "--to", tmp_path / "g.svg", "-w", demo.folder)[0] == 0
    assert ElementTree.parse(tmp_path / "g.svg").getroot().tag.endswith("svg")
    assert hengtan("report", "status", "--to", tmp_path / "r.html", "-w", demo.folder)[0] == 0
    assert "演示" in (tmp_path / "r.html").read_text(encoding="utf-8")
    code, _, err = hengtan("report", "status", "--to", tmp_path / "r.doc", "-w", demo.folder)
    assert code == 1 and not (tmp_path / "r.doc").exists() and ".xlsx" in err


def test_packs_check_and_forms_and_registries(hengtan, demo):
    assert hengtan("packs", "check", "-w", demo.folder)[0] == 0
    code, out, _ = hengtan("form", "list", "--json", "-w", demo.folder)
    assert {f["form"] for f in json.loads(out)} >= {
        "indicator_values",
        "registry_entries",
        "enterprise_energy",
        "regional_balance",
        "coal_rate",
    }
    code, out, _ = hengtan("registry", "list", "--json", "-w", demo.folder)
    assert code == 0 and "green-factories" in {r["registry"] for r in json.loads(out)}


def test_verify_backup_restore(hengtan, demo, tmp_path):
    code, out, _ = hengtan("verify", "--json", "-w", demo.folder)
    head = json.loads(out)["head"]
    assert code == 0 and json.loads(out)["sound"]
    assert hengtan("verify", "--head", head, "-w", demo.folder)[0] == 0
    assert hengtan("verify", "--head", "0" * 64, "-w", demo.folder)[0] == 1
    assert hengtan("backup", tmp_path / "b.zip", "-w", demo.folder)[0] == 0
    code, out, _ = hengtan("restore", tmp_path / "b.zip", tmp_path / "again")
    assert code == 0 and head in out
    code, out, _ = hengtan("status", "--json", "-w", tmp_path / "again")
    assert json.loads(out) == json.loads(hengtan("status", "--json", "-w", demo.folder)[1])
    code, _, err = hengtan("restore", tmp_path / "b.zip", tmp_path / "again")
    assert code == 1 and "不是空文件夹" in err


def test_a_broken_backup_leaves_nothing(hengtan, tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK not a zip")
    code, _, err = hengtan("restore", tmp_path / "bad.zip", tmp_path / "new")
    assert code == 1 and "bad.zip" in err and not (tmp_path / "new").exists()


def test_start_up_is_light():
    # DESIGN section 6: --help imports neither the engine nor data frames
    heavy = "duckdb ibis pandas pyarrow hamilton pint openpyxl django numba highspy pypsa scipy"
    code = f"import sys, hengtan.cli.main; print(sorted(set({heavy!r}.split()) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_corrected_file_says_what_was_blank_before(hengtan, workspace, tmp_path):
    head = "地区,指标,时期,数值,计量单位,数据性质,来源"
    first, second = tmp_path / "一.csv", tmp_path / "二.csv"
    first.write_text(f"{head}\n武隆区,城市生活污水集中处理率,2025,98.2,%,实绩,\n", "utf-8")
    second.write_text(f"{head}\n武隆区,城市生活污水集中处理率,2025,98.2,%,实绩,住建委\n", "utf-8")
    assert hengtan("import", "indicator_values", first, "-w", workspace.folder, "--approve")[0] == 0
    code, out, _ = hengtan(
        "import", "indicator_values", second, "-w", workspace.folder, "--approve"
    )
    assert code == 0 and "：空 → 住建委" in out and "None" not in out
