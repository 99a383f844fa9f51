"""Titles of laws and documents in English, beside the Chinese.

Titles stand in ``words/laws.yaml``; articles (第十二条) are said as Art. 12 and numbers of
documents (财税〔2010〕110号) as Caishui [2010] No. 110.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from hengtan.basis.numerals import chinese_number

PACKAGE = "hengtan.instruments.words"
CHINESE = re.compile(r"[\u3400-\u9fff]")
_NUMBERED = re.compile(r"([\u3400-\u9fff]+)〔(\d{4})〕(\d+)号")
_ARTICLES = re.compile(
    r"^(.*?)\s*第([一二三四五六七八九十百千零〇、至\d]+)条((?:第[一二三四五六七八九十]+[款项])*)$"
)
_PART_OF_ARTICLE = re.compile(r"第([一二三四五六七八九十]+)([款项])")
_NOTE = re.compile(r"^(.*?)（([^（）]*)）$")
_PARTS = {"款": "Para.", "项": "Item"}


@cache
def sections() -> Mapping[str, Mapping[str, str]]:
    """The sections of ``words/laws.yaml``: ``published`` and ``ours`` hold titles, ``issuers`` how
    numbers of documents are spelled in Latin letters, ``notes`` what stands in brackets behind.
    """
    text = (files(PACKAGE) / "laws.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        kind: {str(chinese): str(words) for chinese, words in section.items()}
        for kind, section in loaded.items()
    }


@cache
def titles() -> Mapping[str, str]:
    """Every title with its English, those in published use and our own."""
    return {**sections()["ours"], **sections()["published"]}


@lru_cache(maxsize=10_000)
def law_in_english(text: str) -> str:
    """Laws and documents in English, several between semicolons; "" where one has no English.

    >>> law_in_english("环境保护税法（2018修正） 第九、十条；财税〔2010〕110号")
    'Environmental Protection Tax Law (as amended 2018), Arts. 9, 10; Caishui [2010] No. 110'
    """
    if text in titles():
        return titles()[text]
    said = [_one(part.strip()) for part in re.split("[；;]", text) if part.strip()]
    return "; ".join(said) if said and all(said) else ""


def law_beside(text: str, lang: str) -> str:
    """Laws as a page cites them: in English the title with the Chinese behind it."""
    if lang != "en" or not CHINESE.search(text):
        return text
    said = law_in_english(text)
    return f"{said} ({text})" if said else text


def _one(text: str) -> str:
    """One law or document in English; "" where it has none."""
    if not CHINESE.search(text):
        return text
    if text in titles():
        return titles()[text]
    for part in (_with_articles, _numbered, _with_note):
        if said := part(text):
            return said
    return ""


def _with_articles(text: str) -> str:
    match = _ARTICLES.match(text)
    title = _one(match[1]) if match and match[1] else ""
    if match is None or (match[1] and not title):
        return ""
    numbers = _numbers(match[2])
    art = "Art." if re.fullmatch(r"\d+", numbers) else "Arts."
    parts = "".join(
        f", {_PARTS[kind]} {chinese_number(number)}"
        for number, kind in _PART_OF_ARTICLE.findall(match[3])
    )
    articles = f"{art} {numbers}{parts}"
    return f"{title}, {articles}" if title else articles


def _numbers(text: str) -> str:
    """Numbers of articles in figures: 九、十至十二 as 9, 10–12."""
    spans = [[chinese_number(end) for end in part.split("至")] for part in text.split("、")]
    return ", ".join("–".join(map(str, span)) for span in spans)


def _numbered(text: str) -> str:
    match = _NUMBERED.fullmatch(text)
    issuer = sections()["issuers"].get(match[1], "") if match else ""
    return f"{issuer} [{match[2]}] No. {match[3]}" if match and issuer else ""


def _with_note(text: str) -> str:
    match = _NOTE.match(text)
    title = _one(match[1].strip()) if match else ""
    note = sections()["notes"].get(match[2], "") if match else ""
    return f"{title} ({note})" if title and note else ""
