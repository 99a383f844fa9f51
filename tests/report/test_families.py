"""Page families find themselves: a module, a template and words are enough."""

from __future__ import annotations

from importlib.resources import files

import pytest

from hengtan.basis.lights import LIGHTS
from hengtan.report import page as room
from hengtan.report.page.assets import asset
from hengtan.report.page.families import menu, pages
from hengtan.report.words import has

TOY = '''
"""A toy family."""

from hengtan.report.page.families import Page

PAGES = (Page("toy", lambda view: {"targets": len(view.targets)}, menu=75),)
'''


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A folder with one more family beside those of the room."""
    (tmp_path / "toy_family.py").write_text(TOY, encoding="utf-8")
    monkeypatch.setattr(room, "__path__", [*room.__path__, str(tmp_path)])
    pages.cache_clear()
    yield
    pages.cache_clear()


def test_a_new_family_appears_without_touching_a_list(toy):
    assert pages()["toy"].template == "toy.html"
    served = [page.name for page in menu(offline=False)]
    assert served.index("sources") + 1 == served.index("toy")
    assert "toy" not in [page.name for page in menu(offline=True)]


def test_a_name_used_twice_is_refused(toy, tmp_path):
    (tmp_path / "second.py").write_text(TOY, encoding="utf-8")
    with pytest.raises(ValueError, match="toy"):
        pages()


def test_every_page_has_its_template_and_every_entry_of_the_menu_its_word():
    templates = {entry.name for entry in files(room).joinpath("templates").iterdir()}
    assert {page.template for page in pages().values()} <= templates
    assert [page.name for page in menu(offline=False) if not has(f"nav.{page.name}")] == []


def test_the_overview_opens_the_menu_and_the_rules_of_judging_close_it():
    for offline in (False, True):
        names = [page.name for page in menu(offline=offline)]
        assert (names[0], names[-1]) == ("overview", "method")


def test_colours_of_lights_come_from_their_one_table():
    style = asset("report.css")
    parts = files(room).joinpath("templates", "styles").iterdir()
    own = "".join(part.read_text(encoding="utf-8") for part in parts)
    for name, light in LIGHTS.items():
        assert f"--{name}: {light.ink};" in style and f".l-{name} " in style
        assert light.ink not in own.lower(), name
