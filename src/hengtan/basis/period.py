"""Periods of statistics: year, half, quarter, month, day or instant, cumulative months, spans of
years.

Written ``2024``, ``2024-H1``, ``2024-Q1``, ``2024-03``, ``2024-03-05``, cumulative ``2024-01..06``
(1-本月累计), span ``2016..2020``. ``Period.parse`` takes the written form only; ``Period.read``
takes what people write (2024年1—6月, 上半年, 2024.3, 年末).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from hengtan.basis.english_names import AsTyped
from hengtan.basis.english_periods import from_english
from hengtan.basis.errors import BadPeriod
from hengtan.basis.marks import narrow
from hengtan.basis.numerals import DIGITS, dates_in_digits

KINDS: tuple[str, ...] = ("year", "half", "quarter", "month", "day", "cumulative", "span")

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("year", re.compile(r"^(\d{4})$")),
    ("half", re.compile(r"^(\d{4})-H([12])$")),
    ("quarter", re.compile(r"^(\d{4})-Q([1-4])$")),
    ("month", re.compile(r"^(\d{4})-(\d{2})$")),
    ("day", re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")),
    ("cumulative", re.compile(r"^(\d{4})-01\.\.(\d{2})$")),
    ("span", re.compile(r"^(\d{4})\.\.(\d{4})$")),
)


@dataclass(frozen=True, order=True)
class Period:
    """A period by its first and last day; ``text`` is the written form, ``kind`` one of ``KINDS``.

    A day is also the form of an instant (the state of a stock at the end of that day).
    """

    end: date
    start: date
    kind: str
    text: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read the written form. Raises BadPeriod."""
        for kind, pattern in _FORMS:
            match = pattern.match(text)
            if match:
                try:
                    start, end = _bounds(kind, [int(g) for g in match.groups()])
                except ValueError as error:
                    raise _bad(text) from error
                return cls(end, start, kind, text)
        raise _bad(text)

    @classmethod
    def read(cls, text: object, *, year: int | None = None) -> Period:
        """Read what people write; ``year`` completes a text without one (1-6月). Raises BadPeriod.

        ``2024年末`` is the instant 2024-12-31; ``2024年1-6月`` the cumulative 2024-01..06;
        ``2024年3-6月`` is refused: a cumulative starts in January. A date with a time of day is the
        day. March 2024, Q1 2024 and Jan-Jun 2024 are read too.
        """
        if isinstance(text, date):
            return cls.parse(text.strftime("%Y-%m-%d"))
        if isinstance(text, bool) or text is None:
            raise _bad(str(text))
        if isinstance(text, (int, float)):
            if float(text).is_integer() and 1900 <= text <= 2100:
                return cls.parse(str(int(text)))
            raise _bad(str(text))
        plain = _plain(_months(str(text)))
        for pattern, build in _READ:
            match = pattern.match(plain)
            if match:
                written = build(match, year)
                if written is None:
                    break
                try:
                    return cls.parse(written)
                except BadPeriod as error:
                    raise _bad(str(text)) from error
        try:
            return cls.parse(from_english(plain) or plain.upper())
        except BadPeriod as error:
            raise _bad(str(text)) from error

    @property
    def year(self) -> int:
        """The year the period ends in."""
        return self.end.year

    def within(self, other: Period) -> bool:
        """Whether this period lies in the other."""
        return other.start <= self.start and self.end <= other.end

    def zh(self) -> str:
        """The period as a Chinese reader writes it."""
        numbers = [int(n) for n in re.findall(r"\d+", self.text)]
        if self.kind == "year":
            return f"{numbers[0]}年"
        if self.kind == "half":
            return f"{numbers[0]}年{'上' if numbers[1] == 1 else '下'}半年"
        if self.kind == "quarter":
            return f"{numbers[0]}年第{'一二三四'[numbers[1] - 1]}季度"
        if self.kind == "month":
            return f"{numbers[0]}年{numbers[1]}月"
        if self.kind == "day":
            return f"{numbers[0]}年{numbers[1]}月{numbers[2]}日"
        if self.kind == "cumulative":
            return f"{numbers[0]}年1—{numbers[2]}月"
        return f"{numbers[0]}—{numbers[1]}年"

    def __str__(self) -> str:
        return self.text


def _bounds(kind: str, n: list[int]) -> tuple[date, date]:
    if kind == "year":
        return date(n[0], 1, 1), date(n[0], 12, 31)
    if kind == "half":
        first = 1 if n[1] == 1 else 7
        return date(n[0], first, 1), month_end(n[0], first + 5)
    if kind == "quarter":
        first = 3 * n[1] - 2
        return date(n[0], first, 1), month_end(n[0], first + 2)
    if kind == "month":
        return date(n[0], n[1], 1), month_end(n[0], n[1])
    if kind == "day":
        day = date(n[0], n[1], n[2])
        return day, day
    if kind == "cumulative":
        return date(n[0], 1, 1), month_end(n[0], n[1])
    if n[1] < n[0]:
        raise ValueError("a span runs forward")
    return date(n[0], 1, 1), date(n[1], 12, 31)


def month_end(year: int, month: int) -> date:
    """The last day of a month. Raises ValueError for a month outside 1..12."""
    if not 1 <= month <= 12:
        raise ValueError(f"no month {month}")
    return date(year, month, calendar.monthrange(year, month)[1])


def excel_day(serial: float) -> date:
    """The day of an Excel serial number in the 1900 system (ISO/IEC 29500-1, 18.17.4.1).

    [days since 1899-12-30]

    Raises BadPeriod below 61 (Excel's calendar has a day that never was) and above 9999-12-31.
    """
    if not 61 <= serial < 2958466:
        raise _bad(str(serial))
    return date(1899, 12, 30) + timedelta(days=int(serial))


_MONTHS = re.compile(r"^\s*(\d{4})[-./](\d{1,2})\s*(?:~|—|–|―|-{2,}|至|到)+\s*(\d{1,2})\s*$")


def _months(text: str) -> str:
    """2024-01~06 with its months named, lest the mark of a range be taken for that of a day."""
    match = _MONTHS.match(narrow(text))
    return f"{match.group(1)}年{match.group(2)}-{match.group(3)}月" if match else text


def _plain(text: str) -> str:
    plain = narrow(text).strip()
    plain = re.sub(r"\s+", "" if re.search("[年月日季]", plain) else " ", plain)
    plain = re.sub("^(?:截至|截止到?|到)", "", plain)
    plain = re.sub(r"[‐‑‒–—―−~～至到]+", "-", plain)
    return dates_in_digits(plain).replace("元月", "1月")


def _y(text: str | None, year: int | None) -> int | None:
    return int(text) if text else year


def _with_year(form: str):  # type: ignore[no-untyped-def]
    def build(match: re.Match[str], year: int | None) -> str | None:
        first = _y(match.group("y"), year)
        if first is None:
            return None
        rest = {k: v for k, v in match.groupdict().items() if k != "y"}
        numbers = {k: int(v) if v and v.isdigit() else v for k, v in rest.items()}
        return form.format(y=first, **numbers)

    return build


def _half(match: re.Match[str], year: int | None) -> str | None:
    first = _y(match.group("y"), year)
    return None if first is None else f"{first}-H{1 if match.group('h') == '上' else 2}"


def _quarter(match: re.Match[str], year: int | None) -> str | None:
    first = _y(match.group("y"), year)
    if first is None:
        return None
    which = match.group("q")
    return f"{first}-Q{DIGITS.get(which, which)}"


def _quarters(match: re.Match[str], year: int | None) -> str | None:
    first = _y(match.group("y"), year)
    if first is None:
        return None
    which = match.group("q")
    return f"{first}-01..{3 * int(DIGITS.get(which, which)):02d}"


_TIME_OF_DAY = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR = r"(?:(?P<y>\d{4})(?:年度|年|[-/.])?)?"
_READ = (
    (re.compile(r"^(?P<y>\d{4})年?(?:底|末|年底|年末)$"), _with_year("{y}-12-31")),
    (
        re.compile(r"^" + _YEAR + r"(?P<m>\d{1,2})月(?:底|末)$"),
        lambda m, year: (
            None
            if _y(m.group("y"), year) is None
            else _month_end_text(int(m.group("y") or year or 0), int(m.group("m")))
        ),
    ),
    (re.compile(r"^(?P<y>\d{4})(?:年度|年|全年|年全年)$"), _with_year("{y}")),
    (re.compile(r"^" + _YEAR + r"(?P<h>[上下])半年$"), _half),
    (re.compile(r"^" + _YEAR + r"第?(?P<q>[一二三四1-4])季度$"), _quarter),
    (re.compile(r"^" + _YEAR + r"(?:前|[1一]-)(?P<q>[二三23])季度$"), _quarters),
    (re.compile(r"^(?P<y>\d{4})年?Q(?P<q>[1-4])$", re.IGNORECASE), _quarter),
    (re.compile(r"^(?P<y>\d{4})年?H(?P<h>[12])$", re.IGNORECASE), _with_year("{y}-H{h}")),
    (
        re.compile(r"^" + _YEAR + r"(?P<m>\d{1,2})月(?:份)?累计$"),
        lambda m, year: _cumulative(m, year),
    ),
    (
        re.compile(r"^" + _YEAR + r"0?1月?-(?P<m>\d{1,2})(?:月份?)?(?:累计)?$"),
        lambda m, year: _cumulative(m, year),
    ),
    (re.compile(r"^(?P<y>\d{4})年(?P<m>\d{1,2})月(?:份)?$"), _with_year("{y}-{m:02d}")),
    (re.compile(r"^(?P<y>\d{4})[/.-](?P<m>\d{1,2})$"), _with_year("{y}-{m:02d}")),
    (re.compile(r"^(?P<y>)(?P<m>\d{1,2})月(?:份)?$"), _with_year("{y}-{m:02d}")),
    (
        re.compile(r"^(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]$"),
        _with_year("{y}-{m:02d}-{d:02d}"),
    ),
    (
        re.compile(r"^(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})" + _TIME_OF_DAY + "$"),
        _with_year("{y}-{m:02d}-{d:02d}"),
    ),
    (
        re.compile(r"^(?P<y>\d{4})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)$"),
        _with_year("{y}-{m:02d}-{d:02d}"),
    ),
    (re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])$"), _with_year("{y}-{m:02d}")),
    (re.compile(r"^(?P<y>(?:19|20)\d{2})年?-(?P<z>(?:19|20)\d{2})年?$"), _with_year("{y}..{z}")),
)


def _month_end_text(year: int, month: int) -> str | None:
    return month_end(year, month).isoformat() if 1 <= month <= 12 else None


def _cumulative(match: re.Match[str], year: int | None) -> str | None:
    first = _y(match.group("y"), year)
    text = match.group(0)
    if first is None or not ("月" in text or "累计" in text):
        return None
    return f"{first}-01..{int(match.group('m')):02d}"


def _bad(text: str) -> BadPeriod:
    return BadPeriod(
        f"“{text}”不是可识别的时期",
        AsTyped(f"'{text}' is not a period"),
        todo="写成 2024、2024-H1、2024-Q1、2024-03、2024-03-05、2024-01..06 或 2024年1—6月",
        todo_en="write 2024, 2024-H1, 2024-Q1, 2024-03, 2024-03-05 or 2024-01..06",
    )
