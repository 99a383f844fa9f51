"""What can be taken along from a page: the list of targets, a target with its values and picture,
the bulletin — as bytes, with the name and kind of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.basis.errors import NoSuchRow
from hengtan.report.dispatch import Sheet
from hengtan.report.official import Official
from hengtan.report.view import Row, StatusView

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "docx": f"{OFFICE}wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "html": "text/html; charset=utf-8",
}
"""Kinds of files by the ends of their names."""
OF_STATUS = ("pdf", "xlsx", "html")
OF_TARGET = ("pdf", "csv", "xlsx", "svg", "png")
OF_BULLETIN = ("pdf", "docx", "xlsx")
OF_DISPATCH = ("xlsx", "docx")
Tree = Callable[[str], Mapping[str, Any] | None]


class NoSuchDownload(NoSuchRow):
    """A file that a page does not offer."""


@dataclass(frozen=True)
class Download:
    """A file: its bytes, kind and name."""

    content: bytes
    kind: str
    name: str


def _checked(end: str, offered: tuple[str, ...]) -> str:
    if end not in offered:
        raise NoSuchDownload(
            f"没有“{end}”文件，有：{'、'.join(offered)}",
            f"no '{end}' file; there are {', '.join(offered)}",
        )
    return end


def of_status(view: StatusView, end: str, tree: Tree, lang: str = "zh") -> Download:
    """The list of targets as ``pdf``, ``xlsx`` or ``html``. Raises NoSuchDownload."""
    from hengtan.report.page.offline import report_html
    from hengtan.report.pdf.status import status_pdf
    from hengtan.report.sheet.status import status_bytes

    make: Mapping[str, Callable[[], bytes]] = {
        "pdf": lambda: status_pdf(view, lang),
        "xlsx": lambda: status_bytes(view, lang),
        "html": lambda: report_html(view, tree).encode("utf-8"),
    }
    content = make[_checked(end, OF_STATUS)]()
    return Download(content, KINDS[end], f"{'report' if end == 'html' else 'status'}.{end}")


def of_target(view: StatusView, target_id: str, end: str, tree: Tree, lang: str = "zh") -> Download:
    """A target as one page (``pdf``), its values (``csv``, ``xlsx``) or its picture (``svg``,
    ``png``). Raises NoSuchDownload, also where there is nothing to draw, and NoSuchTarget.
    """
    from hengtan.report.pdf.target import target_of, target_pdf
    from hengtan.report.values_of_targets import values_csv, values_excel

    _checked(end, OF_TARGET)
    target = target_of(view, target_id)
    if end == "pdf":
        content = target_pdf(view, target_id, tree(target_id), lang)
    elif end == "csv":
        content = values_csv(target, lang)
    elif end == "xlsx":
        content = values_excel(target, target["indicator_zh"])
    else:
        content = _picture(view, target, end, lang)
    return Download(content, KINDS[end], f"{target_id}.{end}")


def _picture(view: StatusView, target: Row, end: str, lang: str) -> bytes:
    from hengtan.report.pictures_of_targets import picture_of

    judged_on = str(view.meta["judged_on"])
    picture = picture_of(target, lang=lang, judged_on=judged_on, form=end)
    if picture is None:
        raise NoSuchDownload(
            "没有可画的数值，或本机没有中文字体", "nothing to draw, or no Chinese font"
        )
    return picture


def of_bulletin(
    bulletin: Mapping[str, Any],
    end: str,
    official: Official | None = None,
    lang: str = "zh",
    names_en: Mapping[str, str] | None = None,
) -> Download:
    """The bulletin as ``pdf``, ``docx`` or ``xlsx``; ``official``: what the office adds.

    ``lang`` is that of the workbook, ``names_en`` the English names of places: the documents are
    official ones, which there are in Chinese alone. Raises NoSuchDownload.
    """
    from hengtan.report.pdf.bulletin import bulletin_pdf
    from hengtan.report.sheet.bulletin import bulletin_excel_bytes
    from hengtan.report.word.bulletin import bulletin_word_bytes

    make: Mapping[str, Callable[[], bytes]] = {
        "pdf": lambda: bulletin_pdf(bulletin, official),
        "docx": lambda: bulletin_word_bytes(bulletin, official),
        "xlsx": lambda: bulletin_excel_bytes(bulletin, lang, names_en),
    }
    content = make[_checked(end, OF_BULLETIN)]()
    name = f"bulletin-{bulletin['year']}-{bulletin['month']:02d}.{end}"
    return Download(content, KINDS[end], name)


def of_dispatch(sheet: Sheet, end: str, lang: str = "zh") -> Download:
    """The dispatch sheet of tasks as ``xlsx``, or slips of departments as ``docx``. Raises
    NoSuchDownload.
    """
    from hengtan.report.sheet.dispatch import dispatch_excel_bytes
    from hengtan.report.word.dispatch import dispatch_word_bytes

    _checked(end, OF_DISPATCH)
    write = dispatch_excel_bytes if end == "xlsx" else dispatch_word_bytes
    content = write(sheet, lang)
    return Download(content, KINDS[end], f"dispatch.{end}")
