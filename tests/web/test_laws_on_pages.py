"""On its page and in its notice every rule calls a draft so, and says whose price it uses; its
Chinese page holds no code.
"""

from __future__ import annotations

import io
from urllib.parse import urlencode

import docx
import yaml
from codes import codes_in, text_of
from uses_of_law import USES, WITH_USES, Use, with_row

from hengtan.desk import cases as desk_cases
from hengtan.desk.cases import Case
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import in_force

WORDS = ("取自征求意见稿（草案），不是正式文件", "某区的取值")


def as_form(case: Case) -> dict[str, str] | None:
    """A case as the page's form writes it; None where a name stands beside the inputs."""
    rule = in_force(rules(), case.rule, case.day)
    form = {"date": str(case.day), "region": case.region}
    for name, value in case.inputs.items():
        item = next((item for item in rule.inputs if str(name) in item.spellings), None)
        if item is None or item.implies.get(str(name)):
            return None
        whole = isinstance(value, (list, dict))
        form[item.name] = yaml.safe_dump(value, allow_unicode=True) if whole else str(value)
    form |= {f"option.{name}": word for name, word in case.options.items()}
    if case.parameters:
        form["parameters"] = yaml.safe_dump(dict(case.parameters), allow_unicode=True)
    return form if len(form) > len(("date", "region")) else None


def on_page(name: str) -> tuple[Use, dict[str, str]] | None:
    for use in USES[name]:
        form = as_form(use.case)
        if form is not None:
            return use, form
    return None


ON_PAGE = {name: on_page(name) for name in WITH_USES}
NOT_ON_PAGE = {name for name, shown in ON_PAGE.items() if shown is None}


def test_nearly_every_rule_has_a_case_that_its_page_can_ask() -> None:
    assert len(NOT_ON_PAGE) <= 3, NOT_ON_PAGE


def test_page_and_word_of_every_rule_call_a_draft_so(client, monkeypatch) -> None:
    """Asked with the source of one of its figures a draft, and the figure that of a district."""
    silent = []
    for name in sorted(set(WITH_USES) - NOT_ON_PAGE):
        use, form = ON_PAGE[name]
        marked = with_row(use.row, source="某办法（征求意见稿）", note_zh="", scope_zh="某区")
        monkeypatch.setattr(desk_cases, "law_tables", lambda pack, marked=marked: marked)
        address = f"/rules/{use.case.rule}?{urlencode(form)}"
        page = client.get(address).text
        notice = client.get(address.replace("?", "/notice.docx?", 1)).content
        silent += [f"{use.label} on its page" for words in WORDS if words not in page]
        paper = "\n".join(line.text for line in docx.Document(io.BytesIO(notice)).paragraphs)
        silent += [f"{use.label} in its notice" for words in WORDS if words not in paper]
    assert not silent


def test_chinese_pages_of_rules_hold_no_codes(client) -> None:
    """Of every edition, empty; of nearly every one with a case worked out."""
    found_in = {}
    pages = [f"/rules/{rule.id}?date={rule.valid_to or rule.valid_from or ''}" for rule in rules()]
    for name in sorted(set(WITH_USES) - NOT_ON_PAGE):
        use, form = ON_PAGE[name]
        pages.append(f"/rules/{use.case.rule}?{urlencode(form)}")
    for address in ("/rules", *pages):
        if codes := codes_in(text_of(client.get(address).text)):
            found_in[address.split("?")[0]] = sorted(codes)
    assert len(pages) > 2 * len(NOT_ON_PAGE) and found_in == {}


def test_the_id_of_a_parameter_and_its_whole_source_stand_in_a_part_for_programs(client) -> None:
    use, form = ON_PAGE[sorted(set(WITH_USES) - NOT_ON_PAGE)[0]]
    page = client.get(f"/rules/{use.case.rule}?{urlencode(form)}").text
    *_, part = page.split('<details class="for-programs">')
    assert f"<code>{use.label}</code>" in part and "供程序使用" in part
