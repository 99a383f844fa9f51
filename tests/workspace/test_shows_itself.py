"""A workspace shows itself: what it is for, what it rests on, how much it holds."""


def test_a_workspace_names_region_pack_submissions_and_head(workspace, report):
    value = {"place": "500156", "indicator": "sewage_treatment_rate", "period": "2025"}
    report(workspace, "indicator_values", [value | {"value": 98.5, "unit": "%"}])
    shown = repr(workspace)
    for words in (
        str(workspace.folder),
        "title 武隆（测试）",
        "region 武隆区 500156",
        "pack wulong → chongqing → cn",
        "submissions 1",
        f"head {workspace.ledger.head()[:12]}",
    ):
        assert words in shown
    assert f"forms {len(workspace.forms)}" in shown


def test_the_table_of_a_notebook_escapes_what_people_wrote(workspace, monkeypatch):
    title = {"title": "<b>某市</b>"}
    monkeypatch.setattr(workspace, "about", lambda: title)
    table = workspace._repr_html_()
    assert "<td>&lt;b&gt;某市&lt;/b&gt;</td>" in table
    assert table.startswith("<table>") and table.endswith("</table>")
