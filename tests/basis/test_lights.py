"""One table of lights and of confidence: complete words, marks that differ, text that can be read
on its colour.
"""

import itertools

import pytest

from hengtan.basis.cite import CONFIDENCES, confidence_word, rank, worst
from hengtan.basis.lights import BY_LEVEL, LIGHTS, of_level


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: str, ground: str) -> float:
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("light", LIGHTS.values(), ids=str)
def test_text_in_a_light_is_readable_on_its_ground(light):
    # WCAG 2.1, 1.4.3: at least 4.5 to 1 for text
    assert contrast(light.ink, "#ffffff") >= 4.5
    assert contrast(light.ink, light.pale) >= 4.5
    assert contrast(light.fill_ink, light.fill) >= 4.5


@pytest.mark.parametrize("light", LIGHTS.values(), ids=str)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_light_has_its_words(light, language):
    assert light.title(language) and light.meaning(language) and light.colour(language)


def test_without_colour_the_marks_still_tell_lights_apart():
    for light, other in itertools.combinations(LIGHTS.values(), 2):
        assert light.mark != other.mark


def test_the_levels_are_those_of_the_energy_barometer():
    # 发改办环资〔2021〕629号: 一级红色、二级橙色、三级绿色预警
    assert [BY_LEVEL[level].colour() for level in (1, 2, 3)] == ["红", "橙", "绿"]
    assert of_level(None).name == of_level(0).name == "grey"


def test_lights_are_listed_the_most_pressing_first():
    assert LIGHTS["red"].order < LIGHTS["orange"].order < LIGHTS["green"].order
    assert LIGHTS["grey"].order == len(LIGHTS) - 1


def test_confidence_has_words_and_a_rank():
    words = ["已核读", "推算", "未核", "提交人自审", "凭记忆，未核", "建议"]
    assert [confidence_word(c) for c in CONFIDENCES] == words
    assert confidence_word("recalled", "en") == "recalled"
    assert rank("read") < rank("derived") < rank("unverified") < rank("recalled") < rank("proposal")
    assert worst(["read", None, "recalled", "derived"]) == "recalled"
    assert worst([None]) is None
