"""First sight of the command line: help, version, advice that runs; what files say is only text."""

import json
import re
import shlex

import pytest
import typer

from hengtan.cli.app import app


def verbs(command, path=()):
    """The words of every verb and group."""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from verbs(inner, (*path, name))


VERBS = list(verbs(typer.main.get_command(app)))


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_verb_tells_its_use(hengtan, words):
    short, long = hengtan(*words, "-h"), hengtan(*words, "--help")
    assert short[0] == long[0] == 0 and short[1] == long[1] and "-h" in short[1]


def test_the_version_ends_well(hengtan):
    for more in ((), ("nosuch",), ("status",)):
        code, out, _ = hengtan("--version", *more)
        assert code == 0 and re.fullmatch(r"hengtan \d+\.\d+\S*\n", out)


def advice(out):
    """The command lines that a verb printed."""
    return [shlex.split(line)[1:] for line in out.splitlines() if line.startswith("  hengtan ")]


def test_printed_advice_runs_as_printed(hengtan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = tmp_path / "我的 规划's (1).txt"
    plan.write_text("到2027年，森林覆盖率达到55%，单位GDP能耗降低16%。", encoding="utf-8")
    code, out, _ = hengtan("plan", "read", plan)
    assert code == 0
    (new,) = advice(out)
    code, out, _ = hengtan(*new)
    assert code == 0 and (tmp_path / "工作区").is_dir()
    code, out, _ = hengtan("new", "b c;d", "--region", "889900", "--name", "甲市")
    assert code == 0
    lines = advice(out)
    assert ["-h"] in lines and any("indicator_values" in line for line in lines)
    assert all(hengtan(*line)[0] == 0 for line in lines)


MARKUP = "[bold red]到2027年，[link=http://x]森林覆盖率[/link]达到55%。[/] [/x] :smile:"
TEXTS = [
    MARKUP,
    "[/]\n到2027年，绿[/色]覆盖率达到55%。",
    "到2027年，[/nope]森林覆盖率达到55%，[[]][5%]。",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_of_a_plan_is_no_markup_of_the_terminal(hengtan, tmp_path, text):
    plan = tmp_path / "规划[x].txt"
    plan.write_text(text, encoding="utf-8")
    code, out, err = hengtan("plan", "read", plan)
    assert code == 0 and "内部错误" not in err and "55%" in out and "规划[x].txt" in out


def test_signs_that_steer_a_terminal_are_not_printed(hengtan, tmp_path):
    case = tmp_path / "a.yaml"
    case.write_text('rule: "x\\e]0;title\\a\\u202e"\ndate: 2024-01-01\n', encoding="utf-8")
    code, _, err = hengtan("calc", case)
    assert code == 1 and not re.search("[\x1b\x07\u202e]", err) and "内部错误" not in err
    code, out, _ = hengtan("calc", case, "--json")
    assert not re.search("[\x1b\x07\u202e]", out) and "\x1b" in json.loads(out)["error"]["zh"]


CASE = "rule: env_tax.water\ndate: {day}\nregion: '500000'\ninputs: {{排放量: {{化学需氧量: {x}}}}}"
WRONG_CASES = (
    [
        CASE.format(day=day, x="1000")
        for day in ("2024-02-30", "2024-13-01", "0000-00-00", "2024-05-31 25:61:61", "春天", "[]")
    ]
    + [
        CASE.format(day="2024-05-31", x=x)
        for x in (
            "9" * 400,
            "9" * 5000,
            "0x" + "f" * 5000,
            ":".join(["59"] * 200),
            "!!int a",
            "{a: 1}",
        )
    ]
    + ["rule: !!bool abc", "rule: !!int abc\ndate: 2024-01-01", "date: !!timestamp abc\nrule: x"]
)
WRONG_CASES += ["rule: x\ndate: 2024-01-01\ninputs: " + "{a: " * 300 + "}" * 300, "- - - a", "{"]


@pytest.mark.parametrize("text", WRONG_CASES, ids=range(len(WRONG_CASES)))
def test_a_wrong_case_is_one_line(hengtan, tmp_path, text):
    (tmp_path / "案例.yaml").write_text(text, encoding="utf-8")
    code, _, err = hengtan("calc", tmp_path / "案例.yaml")
    assert code == 1 and "内部错误" not in err and len(err.strip().splitlines()) == 1


def test_a_moment_is_the_day_of_beijing(hengtan, tmp_path):
    """2024-05-31T20:00Z is 1 June, 04:00, in Beijing."""
    for hour, day in (("10", "2024-05-31"), ("20", "2024-06-01")):
        text = CASE.format(day=f"2024-05-31T{hour}:00:00Z", x="1000")
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
        code, out, _ = hengtan("calc", tmp_path / "a.yaml", "--json")
        assert code == 0 and day in out


NO_TARGETS = ["[]", "{}", "5", "null", '"a"', '{"tables": 5}', "[" * 9999, "{", "\xff"]
TARGETS = ['"abc"', "[{}]", "[1, 2]", '[{"value": NaN}]', '[{"indicator_zh": "\\ud800"}]', "{}"]
WRONG_VERSIONS = [*NO_TARGETS, *('{"tables": {"targets": ' + rows + "}}" for rows in TARGETS)]
ROW = dict.fromkeys(
    ["plan", "indicator", "indicator_zh", "unit", "value_canonical", "unit_canonical", "region_zh"],
    "a",
) | {"operator": ">=", "value": "5", "value_canonical": "", "deadline_year": "2027"}
WRONG_ROWS = [{"operator": "??"}, {"value": "x"}, {"value": "1e999"}, {"value": 5}, {"unit": None}]


@pytest.mark.parametrize(
    "text",
    WRONG_VERSIONS + [json.dumps({"tables": {"targets": [ROW | wrong]}}) for wrong in WRONG_ROWS],
)
def test_what_is_no_version_of_a_plan_is_one_line(hengtan, tmp_path, text):
    (tmp_path / "a.json").write_bytes(text.encode("latin-1"))
    (tmp_path / "b.json").write_text(json.dumps({"tables": {"targets": [ROW]}}), encoding="utf-8")
    assert hengtan("plan", "diff", tmp_path / "b.json", tmp_path / "b.json")[0] == 0
    code, _, err = hengtan("plan", "diff", tmp_path / "b.json", tmp_path / "a.json")
    assert code == 1 and "内部错误" not in err and len(err.strip().splitlines()) == 1


WRONG_PASSAGES = [
    b'{"id":"1","text":"\xb5\xbd"}',
    b'{"id":"1","text":"\\ud800"}',
    b"5",
    b"\x01\xff",
]
WRONG_PASSAGES += [b'{"id":' + b"[" * 9999, b'{"id":"1","text":5}', b'{"id":"1","text":"x"']
WRONG_PASSAGES += [
    b'{"id":"1","text":"x","year":' + year + b"}" for year in (b"1e400", b"[]", b'"x"', b"NaN")
]


@pytest.mark.parametrize("line", WRONG_PASSAGES)
def test_a_wrong_passage_is_told_with_its_line(hengtan, tmp_path, line):
    (tmp_path / "a.jsonl").write_bytes(b'{"id":"0","text":"x"}\n' + line)
    code, _, err = hengtan("plan", "read", "--jsonl", tmp_path / "a.jsonl", "--out", tmp_path / "o")
    assert code == 1 and "第2行" in err and "内部错误" not in err and not (tmp_path / "o").exists()
