"""The verbs of people that are left to the terminal: single sign-on, pruning of the trail."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from hengtan.cli.main import app
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "ws"
    Workspace.create(folder, Settings("测试", "Test", "500156", "wulong")).close()

    def invoke(*words):
        return CliRunner().invoke(app, ["people", *words, "-w", str(folder)])

    return invoke


def test_single_sign_on_is_set_and_its_secret_is_asked_of_the_environment(run, monkeypatch):
    monkeypatch.delenv("HENGTAN_OIDC_SECRET", raising=False)
    done = run("oidc", "--issuer", "https://id.example.cn", "--client", "c")
    assert done.exit_code == 0 and "没有设置" in done.output
    monkeypatch.setenv("HENGTAN_OIDC_SECRET", "x")
    done = run("oidc", "--issuer", "https://id.example.cn", "--client", "c")
    assert done.exit_code == 0 and "没有设置" not in done.output
    assert "停用" in run("oidc").output


@pytest.mark.parametrize("issuer", ["http://id.example.cn", "ftp://x", "id.example.cn"])
def test_an_address_without_tls_is_refused(run, issuer):
    done = run("oidc", "--issuer", issuer, "--client", "c")
    assert done.exit_code == 1 and "https://" in (done.output + str(done.exception))


def test_the_trail_is_pruned_no_further_than_half_a_year(run):
    assert run("first").exit_code == 0
    done = run("prune", "--days", "30")
    assert done.exit_code == 1 and "180" in (done.output + str(done.exception))
    assert "已删除 0 条" in run("prune").output
