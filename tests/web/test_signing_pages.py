"""The pages of signing in, in our own look: each is there in the reader's language, under the same
policy as all pages.
"""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time

from codes import codes_in, text_of
from page_client import PageClient
from people_at_work import NEW, ready, send, sign_in

from hengtan.office.permission import Grant
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.store import point_to

PAGES = {
    "/account/password/change/": "修改密码",
    "/account/2fa/": "两步验证",
    "/account/2fa/recovery-codes/": "备用码",
    "/account/2fa/recovery-codes/generate/": "生成备用码",
    "/account/2fa/totp/deactivate/": "停用两步验证",
    "/account/sessions/": "登录会话",
    "/account/reauthenticate/": "再次确认身份",
    "/account/2fa/reauthenticate/": "再次确认身份",
    "/account/logout/": "退出",
}


def code(secret, step=0):
    """RFC 6238 with SHA-1, 30 seconds, six digits; ``step``: of a later half minute."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def activated(shared):
    """A reviewer with a second factor: the client and the secret."""
    client = ready(shared, "审核员", Grant("reviewer"))
    send(client, "/account/reauthenticate/?next=/account/2fa/totp/activate/", password=NEW)
    page = client.get("/account/2fa/totp/activate/")
    secret = re.search(r'value="([A-Z2-7]{32})"', page.text)[1]
    # the picture is in the page itself, which the policy lets through, and no script is needed
    assert 'src="data:image/svg+xml' in page.text and "<script" not in page.text
    assert "img-src 'self' data:" in page.headers["content-security-policy"]
    send(client, "/account/2fa/totp/activate/", page.text, code=code(secret))
    return client, secret


CHINESE = re.compile("[\u3400-\u9fff]+")
LANGUAGE = "中文"
"""What the switch of an English page is called."""


def test_each_page_is_there_in_chinese_without_english(shared):
    client, _ = activated(shared)
    for address, heading in PAGES.items():
        page = client.get(address)
        assert page.status_code == 200, address
        assert re.search(r"<h1>(.*?)</h1>", page.text)[1] == heading, address
        assert 'class="crumbs"' in page.text and "/static/report.css" in page.text, address
        assert '<html lang="zh-CN"' in page.text, address
        assert codes_in(text_of(page.text)) == set(), address


def test_in_english_they_hold_no_chinese_but_names(shared):
    client, _ = activated(shared)
    pages = dict.fromkeys(PAGES, client) | {"/account/login/": PageClient(shared)}
    for address, of_whom in pages.items():
        page = of_whom.get(address, params={"lang": "en"}).text
        assert '<html lang="en"' in page, address
        said = set(CHINESE.findall(re.sub(r"<!--.*?-->|<style.*?</style>", "", page)))
        assert said <= {LANGUAGE, "衡"}, address


def test_what_is_refused_is_told_in_the_language_that_was_chosen(shared):
    client = ready(shared, "李工", Grant("analyst"))
    wrong = {"oldpassword": "不是它", "password1": "short", "password2": "short"}
    said = client_refused(client, wrong)
    assert CHINESE.search(" ".join(said))
    client.get("/account/password/change/?lang=en")  # the browser keeps it
    in_english = client_refused(client, wrong)
    assert len(in_english) == len(said) and not CHINESE.search(" ".join(in_english))


def client_refused(client, wrong):
    """What the page of changing a password finds wrong."""
    answer = send(client, "/account/password/change/", **wrong)
    return re.findall(r'class="tag warn" role="alert">([^<]*)<', answer.text)


def test_a_code_is_asked_for_and_serves_once(shared):
    _, secret = activated(shared)
    second = PageClient(shared)
    answer = sign_in(second, "审核员", NEW)
    assert "/account/2fa/authenticate/" in str(answer.url) and "两步验证" in answer.text
    assert "/account/2fa/authenticate/" in str(second.get("/measures").url)  # not before the code
    later = code(secret, 1)
    send(second, "/account/2fa/authenticate/", code=later)
    assert second.get("/measures").status_code == 200
    third = PageClient(shared)
    sign_in(third, "审核员", NEW)
    send(third, "/account/2fa/authenticate/", code=later)
    assert "/account/2fa/authenticate/" in str(third.get("/measures").url)


def test_a_second_factor_reset_by_the_security_administrator_is_set_up_anew(shared, monkeypatch):
    from people_at_work import injected

    client, _ = activated(shared)
    security = injected(shared, monkeypatch, "安全", Grant("security_administrator"), only=True)
    address = re.search(r'href="(/people/\d+)">审核员', security.get("/people").text)[1]
    send(security, address, to=f"{address}/second-factor")
    assert "/account/login/" in str(client.get("/measures").url)
    sign_in(client, "审核员", NEW)
    assert "totp%2Factivate" in str(client.get("/measures").url)
    point_to(shared.store)
    kinds = list(Entry.objects.order_by("number").values_list("kind", flat=True))
    assert kinds.count("factor_added") == 1 and "factor_forgotten" in kinds


def test_static_files_read_no_session(shared):
    """Beside the request of a page nothing else writes to its session."""
    client = ready(shared, "李工", Grant("analyst"))
    for address in ("/static/report.css", "/api/health", "/favicon.ico"):
        answer = client.get(address)
        assert answer.status_code in (200, 204) and "set-cookie" not in answer.headers, address
