"""What ``packs check`` passes opens, and what does not open it names with its file."""

import pytest
import yaml

from hengtan.basis.errors import HengtanError
from hengtan.desk.upkeep import check_packs
from hengtan.ledger.forms import Form

META = "id: own\ntitle_zh: 自有\ntitle_en: Own\nextends: cn\nregion: '500156'\n"
SOUND = """
id: f
title_zh: 表
title_en: F
key: [a]
fields:
  - {id: a, title_zh: 甲, title_en: A, type: text, required: true}
  - {id: n, title_zh: 乙, title_en: N, type: choice, choices: {a: [子, x]}}
  - {id: v, title_zh: 丙, title_en: V, type: number, minimum: 0, maximum: 9}
checks:
  - {id: c, level: error, column: v, holds: "v >= 0", zh: 负数, en: negative}
"""
WRONG_FIELDS = [
    {"choices": {"a": "x"}, "type": "choice"},
    {"choices": {"a": "xy"}, "type": "choice"},
    {"choices": {"a": ["x"]}, "type": "choice"},
    {"choices": {"a": [1, 2]}, "type": "choice"},
    {"choices": ["a"], "type": "choice"},
    {"type": "choice"},
    {"type": "numbr"},
    {"type": 5},
    {"type": "number", "minimum": "a"},
    {"type": "number", "minimum": 9, "maximum": 1},
    {"type": "number", "unit": "furlong"},
    {"type": "number", "unit": 5},
    {"type": "number", "also": {"kg": "x"}},
    {"type": "reference", "reference": "nosuch"},
    {"type": "reference"},
    {"type": "quantity", "unit_field": "nosuch"},
    {"required": "yes please"},
    {"title_zh": 5},
    {"title_en": None},
    {"id": "../x"},
    {"id": "x\n"},
    {"id": "A"},
    {"id": "a" * 64},
    {"id": 5},
    {"colour": "red"},
]
WRONG_FORMS = [
    {"id": "submissions"},
    {"id": "x/../y"},
    {"id": 5},
    {"key": []},
    {"key": "nosuch"},
    {"key": 5},
    {"fields": []},
    {"fields": {"a": 1}},
    {"fields": [5]},
    {"title_en": ["a"]},
    {"title_zh": None},
    {"feilds": []},
    {"list_by": ["nosuch"]},
    {"checks": [{"id": "c"}]},
    {"checks": [5]},
    {
        "checks": [
            {"id": "c", "level": "fatal", "column": "v", "holds": "v > 0", "zh": "", "en": ""}
        ]
    },
    {"checks": [{"id": "c", "level": "error", "column": "v", "holds": 5, "zh": "", "en": ""}]},
    {"checks": [{"id": "c", "level": "error", "column": "v", "holds": "v >", "zh": "", "en": ""}]},
    {"checks": [{"id": "c", "level": "error", "column": "v", "holds": "n", "zh": [], "en": ""}]},
    {"comparisons": [{"id": "c", "kind": "nosuch", "level": "error", "value": "v"}]},
    {"comparisons": 5},
    {"note_zh": 5},
]


def form_of(changes):
    return {**yaml.safe_load(SOUND), **changes}


def with_field(changes):
    field = {"id": "z", "title_zh": "丁", "title_en": "Z", "type": "text", **changes}
    return form_of({"fields": [*form_of({})["fields"], field]})


EVERY_WRONG_FORM = [*map(with_field, WRONG_FIELDS), *map(form_of, WRONG_FORMS)]


def test_the_sound_form_opens():
    form = Form.from_dict(form_of({}))
    assert form.field("n").choices == {"a": ("子", "x")} and form.field("v").maximum == 9


@pytest.mark.parametrize("wrong", EVERY_WRONG_FORM, ids=range(len(EVERY_WRONG_FORM)))
def test_a_wrong_form_does_not_open(wrong):
    with pytest.raises(HengtanError) as caught:
        Form.from_dict(wrong)
    assert caught.value.todo and "\n" not in str(caught.value)


@pytest.fixture
def own(tmp_path):
    """The folder of a workspace's own pack."""
    folder = tmp_path / "packs" / "own"
    (folder / "forms").mkdir(parents=True)
    (folder / "pack.yaml").write_text(META, encoding="utf-8")
    return folder


def files_in(findings):
    return {finding.where.file for finding in findings if finding.level == "error"}


def test_every_wrong_form_is_named(own, tmp_path):
    (own / "forms" / "f.yaml").write_text(SOUND, encoding="utf-8")
    assert files_in(check_packs(tmp_path)) == set()
    for number, wrong in enumerate(EVERY_WRONG_FORM):
        text = yaml.safe_dump(wrong, allow_unicode=True)
        (own / "forms" / f"w{number:02}.yaml").write_text(text, encoding="utf-8")
    for name, content in (("x0", b"\xff"), ("x1", b"- a"), ("x2", b""), ("x3", b"a: &a [*a]")):
        (own / "forms" / f"{name}.yaml").write_bytes(content)
    (own / "forms" / "y.yaml").write_text(SOUND, encoding="utf-8")
    wrong = {path.name for path in (own / "forms").iterdir()} - {"f.yaml"}
    assert {file.rpartition("/")[2] for file in files_in(check_packs(tmp_path))} == wrong


PLACES = "place,name_zh,name_en,kind,parent,enters_sums,source,confidence\n"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("places.csv", PLACES + "500156,a,a,district,500157,yes,s,read\n"
         "500157,b,b,district,500156,yes,s,read\n"),
        ("places.csv", PLACES + "500156,a,a,district,500156,yes,s,read\n"),
        ("places.csv", (PLACES + "500156,武隆区,a,district,,yes,s,read\n").encode("gbk")),
        ("targets.csv", bytes(range(256))),
        ("pack.yaml", META.replace("own", "../own")),
        ("pack.yaml", META.replace("id: own", "id: 5")),
        ("pack.yaml", META.replace("id: own", "id: cn")),
        ("pack.yaml", META + "checked_on: 2024-02-30\n"),
        ("pack.yaml", META + "checked_on: spring\n"),
        ("pack.yaml", META.replace("extends: cn", "extends: nosuch")),
        ("pack.yaml", META.replace("extends: cn", "extends: own")),
        ("pack.yaml", "- a"),
        ("pack.yaml", b"\xff\xfe"),
        ("notes.csv", "a\n"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_a_pack_is_named(own, tmp_path, file, content):
    (own / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    findings = check_packs(tmp_path)
    assert any(finding.level == "error" and "\n" not in str(finding) for finding in findings)


@pytest.mark.parametrize("settings", ["pack: nosuch", "pack: ../own", "region: [a]", "a: b: c"])
def test_settings_that_do_not_open_are_named(own, tmp_path, settings):
    base = {"title_zh": "a", "title_en": "a", "region": "500156", "pack": "own"}
    changed = settings if settings == "a: b: c" else yaml.safe_dump(base | yaml.safe_load(settings))
    (tmp_path / "hengtan.yaml").write_text(changed, encoding="utf-8")
    assert "hengtan.yaml" in files_in(check_packs(tmp_path))
    (tmp_path / "hengtan.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")
    assert files_in(check_packs(tmp_path)) == set()
