"""Characters brought to one form: full-width to half-width, traditional to simplified, ligatures
taken apart."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_KEPT_WIDE = "，。；：、！？（）《》“”‘’—…·【】〔〕「」『』"
_HALF_WIDTH = dict(zip("（）：；！？，「」『』", "():;!?,“”“”", strict=True))
_COMMON_TRADITIONAL = frozenset(
    "單產總與較發揮機業劑氣質標準電開節約項國萬億噸內減綠車輛戶園區縣鄉鎮廢圾資審評過設備擴種類實現達壓處險棄體"
    "運輸築餘學費綜潔環龍會應後來時對經為從當長無門間題進這"
)
_RADICALS = dict(
    zip(
        "⺁⺄⺆⺇⺈⺊⺌⺍⺎⺒⺓⺕⺗⺛⺜⺝⺟⺠⺢⺧⺪⺫⺬⺮⺳⺵⺶⺷⺸⺻⺼⺽⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻭⻰⻳",
        "厂乙冂几刀卜小小兀巳幺彐心旡日月母民水牛疋目示竹网网羊羊羊聿肉臼虎覀西见角角贝足车長长门阜雨青韦页风飞食食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
"""Forms of radicals that PDF files hold for ordinary characters and that Unicode maps to none."""
_ORDINARY = str.maketrans(_RADICALS) | {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
}
LOOKED_AT = 200_000
"""Characters of a text by which its writing is told."""


@lru_cache(maxsize=1)
def simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, one to one (OpenCC's table)."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    table = {}
    for code in (*range(0x4E00, 0x9FFF), *range(0x3400, 0x4DBF)):
        simple = convert(chr(code))
        if len(simple) == 1 and simple != chr(code):
            table[code] = simple
    return table


def may_be_traditional(source: str) -> bool:
    """Whether a text holds characters that only traditional writing has; most texts are told by a
    few common ones."""
    return any(letter in _COMMON_TRADITIONAL for letter in source[:LOOKED_AT])


def ordinary(text: str) -> str:
    """A text with ordinary characters for the radicals that PDF files hold (⻓, ⽰)."""
    return text.translate(_ORDINARY)


@lru_cache(maxsize=20_000)
def plain(letter: str) -> str:
    """The form of one character; more than one where it is a ligature (㎡)."""
    if letter in _KEPT_WIDE:
        return _HALF_WIDTH.get(letter, letter)
    compatible = (
        unicodedata.normalize("NFKC", _RADICALS.get(letter, letter))
        .replace("μ", "u")
        .replace("µ", "u")
    )
    return compatible or letter


def is_wide(letter: str) -> bool:
    """A Chinese character, or a mark that Chinese text is set with."""
    return "\u2e80" <= letter <= "\u9fff" or letter in "，。；：、！？（）《》“”‘’—…·【】〔〕,;:()"
