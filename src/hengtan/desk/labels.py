"""A label that can be checked: a short payload signed with a key of the issuer, for a QR code on a
product, a firm or a building.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from hengtan.basis.border import json_of, shaped, utf8
from hengtan.basis.errors import HengtanError
from hengtan.basis.seal import canonical_json

KEY = "HENGTAN_LABEL_KEY"
LONGEST = 600
"""Characters a label may hold, so that its QR code stays readable when printed small."""


def key_of(environment: Mapping[str, str]) -> bytes:
    """The key of the issuer from the environment, where alone it stands. Raises HengtanError where
    there is none.
    """
    key = environment.get(KEY, "").encode("utf-8")
    if not key:
        raise HengtanError(
            f"没有签名密钥：环境变量 {KEY}",
            f"no key: environment variable {KEY}",
            todo="设为至少 16 字节的密钥，不要写进文件",
            todo_en="set it to 16 bytes or more, never in a file",
        )
    return key


def signed(content: Mapping[str, Any], key: bytes) -> str:
    """``HT1.<content>.<signature>``: content as canonical JSON in URL-safe base64, signed by
    HMAC-SHA256.

    Raises HengtanError for a short key or a content too long.

    Whoever holds the key can sign and check; give offices that only check an address that checks
    for them.
    """
    if len(key) < 16:
        raise HengtanError(
            "签名密钥太短",
            "the key is too short",
            todo="至少 16 字节，由环境变量给出",
            todo_en="16 bytes at least, from the environment",
        )
    body = _b64(canonical_json(dict(content)).encode("utf-8"))
    text = f"HT1.{body}.{_b64(hmac.new(key, body.encode('ascii'), hashlib.sha256).digest()[:16])}"
    if len(text) > LONGEST:
        raise HengtanError(
            f"标识内容太长（{len(text)}字符）",
            f"the label is too long ({len(text)})",
            todo=f"缩短到 {LONGEST} 以内",
            todo_en=f"at most {LONGEST}",
        )
    return text


def checked(text: str, key: bytes) -> dict[str, Any]:
    """The content of a label whose signature holds.

    Raises HengtanError for one that was changed, is of another key, or is no label.
    """
    parts = text.strip().split(".", 2)
    if len(parts) != 3 or parts[0] != "HT1" or len(text) > LONGEST:
        raise HengtanError(
            "不是本系统的标识",
            "this is no label",
            todo="核对扫码内容",
            todo_en="check what was scanned",
        )
    wanted = _b64(hmac.new(key, parts[1].encode("ascii", "replace"), hashlib.sha256).digest()[:16])
    if not hmac.compare_digest(wanted.encode(), parts[2].encode("utf-8", "replace")):
        raise HengtanError(
            "标识的签名不符：内容被改过，或不是本单位签发",
            "the signature does not hold",
            todo="向签发单位核实",
            todo_en="ask the issuer",
        )
    with shaped(None):
        raw = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return dict(json_of(utf8(raw, None)))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
