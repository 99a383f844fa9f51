"""A sample that was stopped while it was made leaves nothing, and can be made again."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from hengtan.cli.main import app
from hengtan.demo import synthetic, synthetic_months
from hengtan.workspace import Workspace

BULLETIN = {"title": "通报"}


@pytest.fixture
def stops(monkeypatch):
    """The samples, small, and stopped the first time after their workspace is there."""
    times: list[str] = []

    def stop_once(*arguments) -> None:
        times.append("made")
        if len(times) == 1:
            raise KeyboardInterrupt

    def months(folder, tell):
        workspace = synthetic_months.synthetic_city(folder, 2)
        stop_once()
        return workspace, BULLETIN

    def district(workspace, made_up, files, tell):
        stop_once()
        return []

    monkeypatch.setattr(synthetic_months, "sample", months)
    monkeypatch.setattr(synthetic, "load_district", district)
    monkeypatch.setattr("hengtan.cli.bulletin._write", lambda text, path: path.write_text("通报"))
    return times


@pytest.mark.parametrize(
    "verb", [["bulletin", "sample"], ["demo", "--synthetic", "--enterprises", "11", "--to"]]
)
def test_a_sample_that_was_stopped_can_be_made_again(stops, tmp_path, verb):
    folder = tmp_path / "样例"
    first = CliRunner().invoke(app, [*verb, str(folder)])
    assert first.exit_code != 0 and stops == ["made"] and not folder.exists()
    assert list(tmp_path.iterdir()) == []
    again = CliRunner().invoke(app, [*verb, str(folder)])
    assert again.exit_code == 0, again.output
    with Workspace.open(folder) as workspace:
        assert workspace.ledger.verify() == []


def test_a_folder_in_use_stays_as_it_is(stops, tmp_path):
    (tmp_path / "用着.txt").write_text("甲")
    answer = CliRunner().invoke(app, ["bulletin", "sample", str(tmp_path)])
    assert answer.exit_code != 0 and stops == []
    assert [path.name for path in tmp_path.iterdir()] == ["用着.txt"]
