"""Every file of inputs that once went wrong is named with its tests (``cases.yaml``), and the
copies that the tests use are the files as they were found.
"""

from __future__ import annotations

import hashlib
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

TESTS = Path(__file__).parent
SHARED = Path(__file__).resolve().parents[2] / "shared" / "cases"
NAMED: dict[str, list[str]] = yaml.safe_load((TESTS / "cases.yaml").read_text(encoding="utf-8"))
LISTS = ("README.md", "found/expected.csv", "reliability/hostile/list.csv")
"""Files that say what is right, and are no inputs."""
COPIES = (TESTS / "cli" / "cases", TESTS / "ledger" / "reading" / "cases")


@pytest.fixture
def shared() -> dict[str, Path]:
    """The files as they were found, by name; tests skip where they are not beside us."""
    if not SHARED.is_dir():
        pytest.skip("the cases are not beside this checkout")
    files = (path for path in SHARED.rglob("*") if path.is_file())
    named = {path.relative_to(SHARED).as_posix(): path for path in files}
    return {name: path for name, path in named.items() if name not in LISTS}


def named_for(name: str) -> list[str]:
    """The tests that stand for a file: those of the first pattern that fits."""
    return next((tests for pattern, tests in NAMED.items() if fnmatch(name, pattern)), [])


@pytest.mark.parametrize("test", sorted({test for tests in NAMED.values() for test in tests}))
def test_a_test_that_is_named_exists(test):
    file, _, function = test.partition("::")
    text = (TESTS / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {function or 'test_'}", text, re.MULTILINE)


def test_every_case_is_named_with_its_test(shared):
    assert [name for name in shared if not named_for(name)] == []


def test_copies_are_the_files_as_they_were_found(shared):
    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    originals = {digest(path) for path in shared.values()}
    copies = [path for folder in COPIES for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in copies if digest(path) not in originals] == []
