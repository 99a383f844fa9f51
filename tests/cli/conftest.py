"""The command line run in this process."""

import sys

import pytest

from hengtan.cli.main import run


@pytest.fixture
def hengtan(monkeypatch, capsys):
    """Run the command in this process: ``code, out, err = hengtan("status", "--json")``."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["hengtan", *map(str, arguments)])
        code = 0
        try:
            run()
        except SystemExit as left:
            code = left.code or 0
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call
