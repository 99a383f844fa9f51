"""Verbs about labels: make one with its QR code, check what was scanned."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, app, pairs

label_app = typer.Typer(
    help="可核验的标识（二维码） labels that can be checked", no_args_is_help=True
)
app.add_typer(label_app, name="label")


@label_app.command("make")
def label_make(
    content: Annotated[
        list[str], typer.Argument(help="名=值，例如 企业=甲厂 等级=2 有效期=2027-12-31")
    ],
    to: Annotated[Path | None, typer.Option("--to", help="二维码 .svg 或 .png")] = None,
) -> None:
    """签发一个标识。Sign a label."""
    from hengtan.desk.labels import key_of, signed

    text = signed(pairs(content), key_of(os.environ))
    if to is not None:
        from hengtan.report.qr import write_qr

        write_qr(text, to)
        show.say(f"已写出 {to}")
    show.say(text)


@label_app.command("check")
def label_check(text: str, json: JsonOption = False) -> None:
    """核验扫到的内容。Check what was scanned."""
    from hengtan.desk.labels import checked, key_of

    content = checked(text, key_of(os.environ))
    show.say(
        show.as_json(content)
        if json
        else "签名有效：" + "，".join(f"{k} {v}" for k, v in content.items())
    )
