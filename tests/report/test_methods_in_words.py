"""What a computed figure was run with stands in words of the language of the page."""

from __future__ import annotations

import re

import pytest

from hengtan import packs
from hengtan.report.page.wording import Wording

METHODS = sorted({r["options"] for r in packs.load("wulong").rows("computed_indicators")} - {None})


@pytest.mark.parametrize("method", [method for method in METHODS if method])
def test_every_method_of_a_computed_indicator_has_words_in_both_languages(method):
    chinese, english = (str(Wording(lang).computed_by(method)) for lang in ("zh", "en"))
    assert not re.search(r"[A-Za-z_=]{2,}", chinese)
    assert re.search("[a-z]{3}", english) and not re.search("[一-鿿_=]", english)


def test_the_edition_of_air_is_said_day_by_day():
    assert str(Wording("zh").computed_by("edition_by_date")) == "逐日按当日施行的版本"
    assert str(Wording("en").computed_by("edition_by_date")) == "each day by the edition in force"
