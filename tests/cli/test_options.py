"""Options that verbs share: each field of a group is an option of the verb, in any place
behind it.
"""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app
from hengtan.cli.options import Acting, grouped


@dataclass(frozen=True)
class Size:
    """Two sides."""

    wide: Annotated[int, typer.Option("--wide")] = 1
    high: Annotated[int, typer.Option("--high")] = 1


def shown(*arguments):
    small = typer.Typer()

    @small.command()
    @grouped
    def area(name: str, size: Size, twice: bool = False) -> None:
        """The area of a sheet."""
        print(name, size.wide * size.high * (2 if twice else 1))

    done = CliRunner().invoke(small, list(arguments))
    return done.exit_code, done.output.strip()


def test_fields_of_a_group_are_options_in_any_order():
    assert shown("A4", "--high", "3", "--wide", "2") == (0, "A4 6")
    assert shown("--wide", "2", "A4", "--twice") == (0, "A4 4")
    assert shown("A4") == (0, "A4 1")
    code, output = shown("--help")
    assert code == 0 and "The area of a sheet" in output and "--high" in output


def test_a_missing_argument_is_wrong_usage():
    assert shown("--wide", "2")[0] == 2


def test_who_acts_and_for_whom():
    assert Acting("李工", "500156").actor() == Actor("李工", "500156")
    assert Acting().actor().name
    with pytest.raises(HengtanError, match="经办人"):
        Acting(" ").actor()


FLAGS = {
    ("table", "targets"): "--workspace --where --known-on --as-of --period --option --json --csv",
    ("explain", "plan_progress"): "--workspace --known-on --period --option --json",
    ("forecast",): "--series --place --until --ceiling --plan --to --known-on --json -w",
    ("portfolio", "run"): "--to --json --partly --at-risk --draws --seed --front --starts",
    ("report", "status"): "--to --workspace --known-on --period --place --option",
    ("plan", "read"): "--json --to --region --year --jsonl --out --assistant --assistant-model",
    ("plan", "decide"): "--workspace --by --for --note --least",
    ("plan", "issue"): "--workspace --by --for --note --title --years",
    ("bulletin", "make"): "--to --gdp-from --freeze --by --for --workspace --known-on --json",
}


@pytest.mark.parametrize("verb", FLAGS, ids=" ".join)
def test_every_flag_stands_behind_its_verb(verb):
    command = typer.main.get_command(app)
    for name in verb:
        command = getattr(command, "commands", {}).get(name, command)
    flags = {flag for parameter in command.params for flag in parameter.opts}
    assert set(FLAGS[verb].split()) <= flags
