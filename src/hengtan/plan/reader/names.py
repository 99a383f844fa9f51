"""Names of indicators: cleaned, cut to what is named, with another deed, without their tail; and
what a head speaks of."""

from __future__ import annotations

import re

from hengtan.plan.reader.vocabulary import has_tail, pattern, words

LONG = 18
"""Characters beyond which a name holds more than the name: what it is done for, by whom, a remark
in brackets."""


def shortened(name: str) -> str:
    """A long name from its last deed on (``实施重点工程完成节能改造面积``), without remarks in
    brackets; a short one as it is."""
    name = re.sub(r"\([^()]{5,}\)", "", name)
    name = pattern(r"^.*[^占在居按为较比](?:{regions.own})(?=[^的]{4,}$)").sub("", name)
    if len(name) <= LONG or ("、" in name and name.endswith("率")):
        return name
    name = re.sub(r"^.*、.*等(?=(?:重点|主要)[^、]{6,}$)", "", name)
    name = pattern(r"^.*(?:{purposes})(?=[^的、]{4,}$)").sub("", name)
    if len(name) <= LONG:
        return name
    deeds = list(
        pattern(
            r"(?<=.[^和及与或、])(?!{not_deeds})(?:(?P<plain>{deeds.plain})|(?P<kept>{deeds.kept}))"
            r"(?=[^的、]{4,}$)"
        ).finditer(name)
    )
    if not deeds:
        return name
    last = deeds[-1]
    return name[last.end() :] if last.group("plain") else name[last.start() :]


def less_is_better(name: str) -> bool:
    """Whether a name tells of something that is to fall; not where what follows turns it round
    (超低排放改造比例). A share is of what it is a share for (非化石能源占能源消费总量比重)."""
    of = name.partition("占")[0]
    name = of if len(of) > 1 else name
    return pattern(r"(?:{less_is_better})(?!.*(?:{less_turned}))").search(name) is not None


def more_is_better(name: str) -> bool:
    """Whether a name tells of something that is to rise, as far as its end or its words say."""
    return pattern(r"(?:{more_is_better})").search(name) is not None


_PLACES = r"(?:[^、,的\d]{1,7}?[市县区州盟旗]、?)+"


def is_place(said: str) -> bool:
    """Whether words are a place by its form, or several: 甲市、乙县; never 园区, 城市."""
    said = re.sub("^其中,?|(?:等地?|均|都)$", "", said)
    if not re.fullmatch(_PLACES, said) or re.match("其[他余]|各|所有|部分|重点", said):
        return False
    return not any(
        item.endswith(words("no_places+regions.own")) or not 2 < len(item) <= 7
        for item in said.split("、")
    )


_LEADS = re.compile(
    r"^(?:到|至|在(?![役建用线途])|的|、|,|将|要|使|把|对|以|等|实现|推动|促进|其中|年内|还)+"
)
_TERM = re.compile(
    r"^(?:未来|今后)?[一二两三四五六七八九十\d]+年(?:内|间|累计|(?=新[增建改]|累计|完成|建成))"
)
_BY_WHEN = re.compile(r"^(?:[一二三四]季度|[上下]半年|\d{1,2}月份?)[底末]?(?:之?前|以前|内)?")
_SAYING = re.compile(r"^.{0,12}(?:提出|要求|规划|明确|指出)(?=[^,]{3,})(?!面积)")


def clean(name: str) -> str:
    """A name without own regions, adverbs, plain deeds and links at its head, and loose marks at
    its ends."""
    before = None
    while before != name:
        before = name
        name = _without_lead(name)
    name = re.sub(r"(?<=..)(?<![总饱温中共调缓参之])(?:以及|和|及|与)$", "", name)
    return pattern(r"(?<=..)(?:{loose_ends})+$").sub("", name) if len(name) > 3 else name


def _without_lead(name: str) -> str:
    """A name without the first words of each kind that say nothing of the indicator."""
    name = name.strip(" 、,:;-—|的.")
    name = pattern(r"^(?:{regions.own})(?:的)?").sub("", name)
    name = _TERM.sub("", name)
    name = re.sub(r"^(?:再|规划)(?=[新建治创增完造改遴培推淘布])", "", name)
    name = _BY_WHEN.sub("", name)
    name = pattern(r"^(?:{appositions})(?=..)").sub("", name)
    if not pattern(r"(?:{not_leads})").match(name):
        name = pattern(r"^(?:{adverbs.anywhere+adverbs.name})").sub("", name)
        name = _LEADS.sub("", name)
    name = pattern(r"^(?!{not_deeds})(?:{deeds.plain})(?=.)").sub("", name)
    return _SAYING.sub("", name) if re.match(r"^.{0,12}(?:提出|明确|指出)", name) else name


def with_deed(indicator: str, deed: str) -> str:
    """A name with another deed in front: 开工储能装机, 投产 → 投产储能装机."""
    ends = pattern(r"(?:{deeds.kept}|投产)$").search(indicator)
    if ends:
        return indicator[: ends.start()] + deed if ends.start() > 1 else indicator
    return deed + pattern(r"^(?:{deeds.kept})").sub("", indicator)


def stem(indicator: str) -> str:
    """A name without its tail: 新能源装机 → 新能源."""
    for tail in words("tails"):
        if indicator.endswith(tail) and len(indicator) > len(tail) + 1:
            return indicator[: -len(tail)]
    return indicator


def ends_as_indicator(item: str) -> bool:
    """Whether an item ends as an indicator does; 化学需氧量 is a substance."""
    return has_tail(item) and not item.endswith(words("no_tails"))


def is_bare(name: str) -> bool:
    """A name that says nothing without what it is of: 产值, 占比, 装机."""
    return name in words("bare") or name in words("tails")


_NUMBERED = r"[(]?[一二三四五六七八九十\d]*[)、.]*"


def developed_in(said: str) -> str:
    """What words set out to develop (``大力发展节能服务产业``), which ``产值达到…`` is then about;
    empty where they do not."""
    listed = pattern(
        _NUMBERED + r"(?:{adverbs+deeds.plain+develops})*(?P<what>[^,]{2,30}?(?:{several}))"
    ).fullmatch(said)
    if listed and "、" in listed.group("what"):
        return listed.group("what")
    develops = pattern(
        _NUMBERED + r"(?:{adverbs+deeds.plain+develops})*(?P<what>[^,、]{2,16}?(?:{developed}))"
        r"(?:集群|基地|体系|链|园)?(?:发展|集聚|升级|壮大|高质量发展|集群发展|提质增效)*"
    ).fullmatch(said)
    goes_on = pattern(r"(?P<what>[^,、的]{2,10}?)(?:{proceeds})+[^,、]{2,10}")
    development = develops or goes_on.fullmatch(said)
    what = development.group("what") if development else ""
    return "" if what.startswith(words("develops")) else what


def spoken_of(said: str) -> str:
    """The noun of a head or of words without a figure (``推进屋顶光伏开发`` → 屋顶光伏), empty
    where it is none that short."""
    spoken = pattern(
        _NUMBERED + r"(?:{adverbs+deeds.plain+develops+regions.own})*(?P<what>[^,、的()]{2,12}?)"
        r"(?:集群|基地|体系|产业链)?(?:{actions})+"
    ).fullmatch(said)
    return spoken.group("what") if spoken else ""
