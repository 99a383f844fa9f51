"""Notices in the application and by mail: once each, tried again after a failure, shown with the
last error; nobody reads those of others.
"""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone
from page_client import PageClient

from hengtan.basis.errors import HengtanError
from hengtan.office.notices import PAUSES, Notice
from hengtan.office.permission import Person
from hengtan.web import trail
from hengtan.web.application import Application
from hengtan.web.rooms.notices import mail
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.notices.sending import notify, unread
from hengtan.web.rooms.people.models import Account, Setting
from hengtan.web.store import point_to

TASK = Notice(
    ("李工", "王工", "李工"), "新任务", "New task", "请于十日内反馈", "Answer", "/measures"
)


class Box:
    """A mail server that answers ``answers`` in turn, then accepts."""

    def __init__(self, *answers):
        self.answers, self.letters = list(answers), []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def app(small_site, prepared_store):
    app = Application(small_site, writable=False)
    prepared_store(app)
    app.alone = Person("李工", is_alone=True)
    for name in ("李工", "王工"):
        Account.objects.create(username=name, email=f"{len(name)}@dept.example")
    return app


@pytest.fixture
def post_office(app):
    """Starts a mail server that answers so, and sets it in the application."""
    running = []

    def start(*answers, tls="none"):
        box = Box(*answers)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Controller(box, hostname="127.0.0.1", port=port)
        server.start()
        running.append(server)
        value = {"host": "127.0.0.1", "port": port, "sender": "hengtan@city.example", "tls": tls}
        value["link"] = "https://hengtan.city.example/"
        Setting.objects.update_or_create(name="smtp", defaults={"value": value})
        return box

    yield start
    for server in running:
        server.stop()


def later(**how):
    return timezone.now() + timedelta(**how)


def test_each_receiver_has_it_once_and_no_mail_without_a_server(app):
    assert notify(TASK, "调度") == 2
    assert (unread("李工"), unread("王工"), unread("张工")) == (1, 1, 0)
    assert set(Delivery.objects.values_list("mail", flat=True)) == {""}
    assert mail.send_due() == 0
    assert notify(Notice((), "无人")) == 0
    assert trail.first_fault() is None


def test_a_mail_says_both_languages_and_where_to_look(app, post_office):
    box = post_office()
    notify(TASK)
    assert mail.send_due() == 2 and mail.send_due(later(days=9)) == 0
    letter = box.letters[0]
    import email
    from email import policy

    message = email.message_from_bytes(letter.content, policy=policy.default)
    assert letter.rcpt_tos == ["2@dept.example"]
    assert message["Subject"] == "新任务 / New task"
    text = message.get_content()
    assert text.split() == ["请于十日内反馈", "Answer", "https://hengtan.city.example/measures"]


@pytest.mark.parametrize("answer", ["451 busy", "554 refused", "421 closing"])
def test_a_mail_that_was_refused_is_sent_later_and_once(app, post_office, answer):
    box = post_office(answer)
    notify(Notice(("李工",), "催办"))
    assert mail.send_due() == 0 and box.letters == []
    waiting = Delivery.objects.get()
    assert (waiting.mail, waiting.failures, waiting.last_error) == ("waiting", 1, answer)
    assert mail.send_due() == 0  # the pause of a minute has not passed
    assert mail.send_due(later(seconds=61)) == 1
    assert mail.send_due(later(days=3)) == 0 and len(box.letters) == 1
    assert (Delivery.objects.get().mail, Delivery.objects.get().last_error) == ("sent", "")


def test_pauses_grow_until_it_is_given_up(app, post_office):
    post_office(*["451 busy"] * 40)
    notify(Notice(("李工",), "催办"))
    now, waits = timezone.now(), []
    for _ in range(len(PAUSES)):
        mail.send_due(now)
        waits.append((Delivery.objects.get().next_try - now).total_seconds())
        now = Delivery.objects.get().next_try
    assert waits == list(PAUSES)
    mail.send_due(now)
    assert (Delivery.objects.get().mail, Delivery.objects.get().next_try) == ("given_up", None)
    page = PageClient(app).get("/notices/mail").text
    assert "451 busy" in page and "已停止重试" in page


def test_a_server_that_is_not_there_is_a_failure_like_others(app, post_office):
    post_office()
    row = Setting.objects.get(name="smtp")
    row.value["port"] = 9  # discard: nobody listens
    row.save()
    notify(TASK)
    assert mail.send_due() == 0
    assert "refused" in Delivery.objects.first().last_error.lower()


def test_a_mail_whose_sender_died_is_taken_up_again_with_the_same_number(app, post_office):
    box = post_office()
    notify(Notice(("李工",), "催办"))
    assert mail._take(timezone.now()) is not None  # and its process ends here
    assert mail.send_due() == 0
    assert mail.send_due(later(minutes=6)) == 1
    notice = Delivery.objects.get()
    number = f"Message-ID: <hengtan.{notice.notice_id}.{notice.pk}@city.example>"
    assert number in box.letters[0].content.decode()


def test_a_server_without_the_encryption_that_is_asked_for_gets_no_mail(app, post_office):
    box = post_office(tls="starttls")
    notify(Notice(("李工",), "催办"))
    assert mail.send_due() == 0 and box.letters == []
    assert "STARTTLS" in Delivery.objects.get().last_error


@pytest.mark.parametrize(
    ("field", "text"),
    [("port", "x"), ("port", "70000"), ("sender", "nobody"), ("tls", "ssl"), ("host", "a b")],
)
def test_a_server_that_cannot_be_is_refused(field, text):
    right = {"host": "mail.example", "port": "25", "sender": "a@b.example", "tls": "tls"}
    assert mail.Server.of(right).port == 25
    with pytest.raises(HengtanError):
        mail.Server.of({**right, field: text})


def post(client, address, **form):
    page = client.get("/notices/mail").text
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


def test_the_head_of_a_page_counts_unread_ones_and_opening_marks_one(app):
    client = PageClient(app)
    assert 'class="unread"' not in client.get("/").text
    for number in range(3):
        notify(Notice(("李工",), f"通知{number}", address="/measures"), "王工")
    notify(Notice(("王工",), "别人的", address="/measures"))
    assert '<b class="unread">3</b>' in client.get("/").text
    page = client.get("/notices").text
    assert "通知1" in page and "别人的" not in page
    theirs = Delivery.objects.get(to="王工").pk
    assert post(client, f"/notices/{theirs}/open").status_code == 404 and unread("王工") == 1
    own = Delivery.objects.filter(to="李工").first().pk
    assert str(post(client, f"/notices/{own}/open").url).endswith("/measures")
    assert unread("李工") == 2
    post(client, "/notices/read")
    assert (unread("李工"), unread("王工")) == (0, 1)
    assert "Notices" in client.get("/notices?lang=en").text


def test_a_mail_server_is_set_in_a_page_and_keeps_no_password(app):
    client = PageClient(app)
    form = {"host": "mail.example", "port": "587", "sender": "a@b.example", "tls": "starttls"}
    assert post(client, "/notices/mail", **form, password="x").status_code == 200
    assert mail.server().port == 587 and "password" not in Setting.objects.get(name="smtp").value
    refused = post(client, "/notices/mail", **{**form, "port": "none"})
    assert refused.status_code == 400 and "端口" in refused.text
    assert mail.server().port == 587
    post(client, "/notices/mail", host="")
    assert mail.server() is None


def test_who_is_not_signed_in_has_no_notices(small_site, prepared_store):
    app = Application(small_site, writable=False, is_shared=True)
    prepared_store(app)
    point_to(app.store)
    answer = PageClient(app, follow=False).get("/notices")
    assert answer.status_code == 302 and answer.headers["location"].startswith("/account/login/")


def test_reminders_of_the_calendar_reach_who_files_for_the_body_once(app):
    from hengtan.office.duties import Body
    from hengtan.office.reminders import Reminder
    from hengtan.web.rooms.duties.sending import notifier
    from hengtan.web.rooms.people.models import GrantRow

    def grant(name, role, **parts):
        account, _ = Account.objects.get_or_create(username=name)
        GrantRow.objects.create(account=account, role=role, given_by="x", **parts)

    grant("北区", "filer", place="1")
    grant("北区企业", "filer", place="1", entity="e1")
    grant("北区审核", "reviewer", place="1")
    grant("全市", "filer")
    grant("过期", "filer", place="1", until="2026-01-01")
    day = timezone.now().date()
    north, works = Body("1", "北区"), Body("e1", "某厂", place="1", is_entity=True)
    lonely = Body("9", "无人区")
    messages = [
        Reminder(body, day, f"催报：{body.name_zh}", "Due", "十月报表", "October", ("d",))
        for body in (north, works, lonely)
    ]
    send = notifier("调度员", day)
    assert send(messages) == {messages[0].key, messages[1].key}
    assert send(messages) == set()
    rows = Delivery.objects.values_list("to", "notice__subject_zh").order_by("pk")
    assert list(rows) == [("北区", "催报：北区"), ("北区企业", "催报：某厂")]
