"""Backups that were changed on the way: restored, or refused in one line with nothing left."""

import io
import json
import shutil
import zipfile

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.desk.own_pack import put_plan
from hengtan.workspace import Workspace, safekeeping

PACK = "id: {id}\ntitle_zh: 甲\ntitle_en: A\nextends: {extends}\nregion: '500156'\n"


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def members(workspace, tmp_path, report):
    """The members of a backup of a workspace with a row and a pack of its own."""
    place = {"place": "500156", "period": "2024", "value": 1.0, "unit": "万吨"}
    report(workspace, "indicator_values", [place | {"indicator": "cement"}])
    own = workspace.folder / "packs" / "local-500156"
    own.mkdir(parents=True)
    (own / "pack.yaml").write_text(PACK.format(id="local-500156", extends="wulong"))
    safekeeping.back_up(workspace, tmp_path / "b.zip")
    return members_of((tmp_path / "b.zip").read_bytes())


@pytest.fixture
def refused(tmp_path):
    """The refusal of a backup of these bytes; beside the workspace stands a folder that must stay
    as it is.
    """
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "file").write_text("kept")

    def refuse(content):
        (tmp_path / "bad.zip").write_bytes(content)
        before = sorted(path.name for path in tmp_path.iterdir())
        with pytest.raises(HengtanError) as caught:
            safekeeping.restore(tmp_path / "bad.zip", tmp_path / "ws2")
        assert "\n" not in str(caught.value) and caught.value.todo
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        assert (tmp_path / "victim" / "file").read_text() == "kept"
        return str(caught.value)

    return refuse


def test_a_backup_comes_back(members, tmp_path):
    (tmp_path / "good.zip").write_bytes(zipped(members))
    safekeeping.restore(tmp_path / "good.zip", tmp_path / "again")
    with Workspace.open(tmp_path / "again") as workspace:
        assert workspace.table("indicator_values").num_rows == 1
        assert [path.name for path in workspace.own_packs()] == ["local-500156"]


@pytest.mark.parametrize("bad", ["x/../../../victim", "../victim", "/tmp/victim", "..", "a\\b", ""])
def test_a_pack_whose_id_is_a_path_is_refused(members, refused, bad):
    name = "packs/local-500156/pack.yaml"
    assert "编号" in refused(zipped(members | {name: PACK.format(id=repr(bad), extends="cn")}))
    other = {"packs/other/pack.yaml": PACK.format(id=repr(bad), extends="cn")}
    assert "编号" in refused(zipped(members | other))
    assert refused(zipped(members | {name: PACK.format(id="a", extends=repr(f"{bad}/"))}))


@pytest.mark.parametrize("setting", ["pack", "region"])
def test_settings_whose_id_is_a_path_are_refused(members, refused, setting):
    lines = members["hengtan.yaml"].decode().splitlines()
    changed = [f"{setting}: '../victim'" if line.startswith(setting) else line for line in lines]
    assert "编号" in refused(zipped(members | {"hengtan.yaml": "\n".join(changed)}))


def test_no_plan_is_put_in_place_of_a_folder_outside(workspace, tmp_path):
    """Also in a workspace that was changed by hand after it was restored."""
    (tmp_path / "victim").mkdir()
    own = workspace.folder / "packs" / "wulong"
    own.mkdir(parents=True)
    (own / "pack.yaml").write_text(PACK.format(id="x/../../../victim", extends="cn"))
    with pytest.raises(HengtanError, match="编号"):
        put_plan(workspace, "p", {}, edition="1")
    assert (tmp_path / "victim").is_dir()


@pytest.mark.parametrize(
    "yaml",
    [
        "5",
        "- a",
        "pack: 2024-02-30",
        "pack: wulong",
        "a: {b: ",
        "pack: [wulong]\nregion: 1",
        "",
        "\xff",
    ],
)
def test_settings_that_are_none(members, refused, yaml):
    refused(zipped(members | {"hengtan.yaml": yaml.encode("latin-1")}))


def test_a_catalogue_that_is_no_name(members, refused):
    settings = members["hengtan.yaml"] + b"\ncatalogue: 5\n"
    assert refused(zipped(members | {"hengtan.yaml": settings.replace(b"catalogue: ''", b"")}))


@pytest.mark.parametrize(
    "name",
    ["../victim/file", "/victim/file", "packs/../../victim/file", ".", "./", "packs\\..\\x", "C:x",
     "packs/a\nb", "other/file", "ledger"],
)  # fmt: skip
def test_a_member_that_does_not_belong(members, refused, name):
    assert "不该有" in refused(zipped(members | {name: b"x"}))


@pytest.mark.parametrize("name", ["ledger.zip", "hengtan.yaml"])
def test_a_member_that_is_missing(members, refused, name):
    assert name in refused(zipped({n: c for n, c in members.items() if n != name}))


def with_manifest(members, **changes):
    """The backup with another manifest of its ledger."""
    ledger = members_of(members["ledger.zip"])
    manifest = json.loads(ledger["manifest.json"])
    for key, value in changes.items():
        manifest[key] = value(manifest[key]) if callable(value) else value
    text = json.dumps(manifest)
    return zipped(members | {"ledger.zip": zipped(ledger | {"manifest.json": text})})


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": 5},
        {"rows": None},
        {"rows": [1, 2]},
        {"rows": {}},
        {"rows": lambda rows: rows | {"/etc/secret.parquet": 2}},
        {"rows": lambda rows: rows | {"/tmp/*.parquet": 2}},
        {"rows": lambda rows: rows | {"../../x.parquet": 2}},
        {"rows": lambda rows: rows | {"forms/absent.parquet": 2}},
        {"rows": lambda rows: dict.fromkeys(rows, "a")},
        {"head": 5},
        {"head": "0" * 64},
        {"format": "1"},
        {"format": 99},
        {"ledger": "../../x"},
        {"ledger": None},
        {"sha256": [1, 2]},
        {"sha256": lambda digests: dict.fromkeys(digests, 7)},
        {"sha256": lambda digests: dict.fromkeys(digests, "0" * 64)},
    ],
)
def test_a_manifest_names_the_members_of_its_archive_and_no_more(members, refused, changes):
    refused(with_manifest(members, **changes))


def test_a_manifest_that_is_no_json(members, refused):
    ledger = members_of(members["ledger.zip"])
    for text in (b"[" * 100_000, b"\xff", b"[]", b'{"a": NaN}', b"{}"):
        refused(zipped(members | {"ledger.zip": zipped(ledger | {"manifest.json": text})}))


def test_a_backup_that_swells_is_refused(members, refused):
    bomb = members | {"packs/local-500156/a.csv": b"\x00" * 300_000_000}
    assert "过大" in refused(zipped(bomb, compression=zipfile.ZIP_DEFLATED))


def test_a_backup_flipped_anywhere_is_restored_or_refused(members, tmp_path):
    sound = zipped(members)
    for at in (*range(0, 30, 5), *range(len(sound) - 90, len(sound), 15), len(sound) // 2):
        flipped = bytearray(sound)
        flipped[at] ^= 0x40
        (tmp_path / "f.zip").write_bytes(flipped)
        try:
            safekeeping.restore(tmp_path / "f.zip", tmp_path / "w")
        except HengtanError as error:
            assert "\n" not in str(error) and not (tmp_path / "w").exists()
        shutil.rmtree(tmp_path / "w", ignore_errors=True)
