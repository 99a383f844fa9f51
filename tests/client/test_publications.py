"""A publication and its files as the client reads them: wrong bytes are refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hengtan.client import Client, Refused
from hengtan.office import publishing

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_files_of_a_publication_are_checked_against_what_it_says(served, monkeypatch):
    meta = dict.fromkeys(publishing.OF_META, "x") | {"judged_on": "2026-11-29"}
    target = {"target_id": "t1", "plan": "p", "region_code": "990001", "series": []}
    view = {"meta": meta, "plans": [], "targets": [target]}
    draft = publishing.Draft("十一月", "990001", "发布员")
    folder = served.app.site.workspace.folder
    publishing.publish(folder, draft, view, head="a" * 64, entries=3, now=NOON)
    anybody = Client(served.address, "")
    assert [p["title"] for p in anybody.publications()] == ["十一月"]
    assert anybody.publication("P0001")["targets"][0]["target_id"] == "t1"
    assert b"t1" in anybody.publication_file("P0001", "status.csv")
    real = Client._bytes

    def changed(self, address, *rest):
        content = real(self, address, *rest)
        return content + b" " if "/files/" in address else content

    monkeypatch.setattr(Client, "_bytes", changed)
    with pytest.raises(Refused, match="摘要"):
        anybody.publication_file("P0001", "status.csv")
