"""A workspace for any other place, empty and working."""

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.desk.new import new_workspace
from hengtan.desk.status import status_view


def test_a_district_of_chongqing_rests_on_the_citys_pack(tmp_path):
    with new_workspace(tmp_path / "ba", "500113") as workspace:
        assert (
            workspace.pack.chain == ("local-500113", "chongqing", "cn")
            and workspace.settings.title_zh == "巴南区"
        )
        assert len(workspace.status()) == 45 and {row["state"] for row in workspace.status()} == {
            "none"
        }


def test_a_shipped_region_uses_its_pack(tmp_path):
    with new_workspace(tmp_path / "wl", "500156") as workspace:
        assert (
            workspace.pack.id == "wulong"
            and len(workspace.status()) == 67
            and not workspace.settings.demo
        )


def test_any_other_place_by_its_code_alone(tmp_path):
    with new_workspace(tmp_path / "x", "330100", name="杭州市") as workspace:
        assert workspace.pack.places().find("杭州").code == "330100"
        assert workspace.status() == []


def test_places_supplied_by_the_user(tmp_path, report):
    table = tmp_path / "地区.csv"
    table.write_text(
        "place,name_zh,kind,parent\n330100,杭州市,city,\n330106,西湖区,district,330100\n330109,萧山区,district,330100\n",
        encoding="gbk",
    )
    with new_workspace(tmp_path / "hz", "330100", places=table) as workspace:
        assert [p.name_zh for p in workspace.pack.places().children("330100")] == [
            "西湖区",
            "萧山区",
        ]
        report(
            workspace,
            "indicator_values",
            [
                {
                    "place": "330106",
                    "indicator": "forest_cover",
                    "period": "2024",
                    "value": 60.0,
                    "unit": "%",
                }
            ],
        )
        rows = workspace.table("plan_series").to_pylist()
        assert [(r["place"], r["amount"], r["won"]) for r in rows] == [("330106", 60.0, True)]
        view = status_view(workspace)
        assert view["targets"] == [] and all(r["clauses"] == [] for r in view["registries"])


@pytest.mark.parametrize(
    "content",
    [
        "place,name_zh\n330106,西湖区\n",
        "place,name_zh\n330100,\n",
        "place,name_zh,kind\n330100,杭州市,镇\n",
        "place,name_zh,parent\n330100,杭州市,999999\n",
    ],
)
def test_a_bad_table_leaves_no_folder(tmp_path, content):
    table = tmp_path / "地区.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(HengtanError):
        new_workspace(tmp_path / "hz", "330100", places=table)
    assert not (tmp_path / "hz").exists() and not (tmp_path / "hz.packs").exists()


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(HengtanError):
        new_workspace(tmp_path / "mine", "330100")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_code_that_is_none(tmp_path):
    with pytest.raises(HengtanError):
        new_workspace(tmp_path / "x", "杭州")


@pytest.mark.postgres
def test_a_workspace_with_its_catalogue_on_a_server(tmp_path, monkeypatch, report, postgres):
    monkeypatch.setenv("HENGTAN_CATALOGUE", postgres)
    with new_workspace(tmp_path / "shared", "500156", catalogue="HENGTAN_CATALOGUE") as workspace:
        report(
            workspace,
            "indicator_values",
            [
                {
                    "place": "500156",
                    "indicator": "sewage_treatment_rate",
                    "period": "2025",
                    "value": 98.5,
                    "unit": "%",
                }
            ],
        )
        assert (
            next(r for r in workspace.status() if r["target_id"] == "wl-sewage-2025")["state"]
            == "actual"
        )
    assert postgres not in (tmp_path / "shared" / "hengtan.yaml").read_text(encoding="utf-8")
