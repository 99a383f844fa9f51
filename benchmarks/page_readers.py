"""Readers of the overview at once: in a closed loop and at a steady pace, alone and while another
asks for explanations; on one person's machine and signed in.

    python benchmarks/page_readers.py [--readers 50] [--pace 100] [--seconds 10] [--big FOLDER]
        [--signed-in]

The server is a process of its own on this machine, with the demonstration, or with the made-up city
of 40 districts with 500 indicators (``--big``: kept in a folder and used again). In the closed loop
each reader asks again as soon as he has his answer; at a pace so many requests a second are sent,
whether answers are there or not, and a wait counts from the moment at which a request was due.
Figures: answers a second, and milliseconds until half, 95 and 99 of 100 answers were there.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filers import free_port
from measure import markdown

if TYPE_CHECKING:
    from hengtan.web.application import Application
    from hengtan.workspace import Workspace

SHARES = (0.5, 0.95, 0.99)
SENDERS = 32
"""Links over which requests at a pace go out."""
ASKED = itertools.count()
Cookies = Sequence[str]


def workspace_of(folder: Path, is_big: bool) -> Workspace:
    """The workspace that is served; a big one is used again where it is there."""
    from hengtan.workspace import Workspace

    if not is_big:
        from hengtan.demo.public import open_demo

        return open_demo(folder / "demo", lambda share, text: None)
    if (folder / "ws").exists():
        return Workspace.open(folder / "ws")
    from big_city import make

    return make(folder / "ws")


def serve(folder: Path, is_big: bool, readers: int) -> None:
    """Serve until the process ends; the lines say the port, the targets, cookies of readers who
    have signed in (where there are any) and that pages are ready.
    """
    from hengtan.web import Site
    from hengtan.web.app import LOOKS_EVERY, create_app, run
    from hengtan.web.wsgi import shared

    with workspace_of(folder, is_big) as workspace:
        site = Site(workspace)
        if readers:
            app = shared(workspace, ("127.0.0.1",), False)
        else:
            app = create_app(site, looks_every=LOOKS_EVERY)
        targets = [row["target_id"] for row in workspace.pack.rows("targets")][:100]
        port = free_port()
        print(port, *targets, flush=True)
        print(*(sessions(app, readers) if readers else ()), flush=True)
        run(app, "127.0.0.1", port, lambda seconds: print("ready", flush=True))


def sessions(app: Application, number: int) -> list[str]:
    """Cookies of so many analysts who have signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from hengtan.office.permission import Grant, Person
    from hengtan.web.rooms.people import persons
    from hengtan.web.rooms.people.models import Account
    from hengtan.web.settings import SESSION
    from hengtan.web.store import point_to

    point_to(app.store)
    cookies, alone = [], Person("benchmark", is_alone=True)
    for n in range(number):
        name = f"analyst{n}"
        account = Account.objects.filter(username=name).first()
        if account is None:
            account = Account.objects.create(username=name, must_change_password=False)
            persons.give(app.permission, alone, account, Grant("analyst"))
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "hengtan.web.rooms.people.signing_in.Backend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        cookies.append(f"{SESSION}={session.session_key}")
    return cookies


@contextmanager
def server(folder: Path, is_big: bool, readers: int) -> Iterator[tuple[int, list[str], Cookies]]:
    """Port, targets and cookies of a server whose pages are ready."""
    asked = ["--big", str(folder)] if is_big else []
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve", str(folder), "--sessions", str(readers), *asked],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        port, *targets = process.stdout.readline().split()
        cookies = process.stdout.readline().split()
        process.stdout.readline()
        yield int(port), targets, cookies
    finally:
        process.kill()
        process.wait()


def asked(link: http.client.HTTPConnection, path: str, cookie: str = "") -> None:
    """Ask, and read the answer whole."""
    link.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = link.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)


def warm(port: int, cookies: Cookies) -> None:
    """Have the first answers made, until they come at once: the first request of a day has the head
    of the audit trail noted in the ledger, after which all pages are made anew.
    """
    link, quick = http.client.HTTPConnection("127.0.0.1", port), 0
    while quick < 3:
        began = time.perf_counter()
        for cookie in cookies or [""]:
            asked(link, "/", cookie)
        quick = quick + 1 if time.perf_counter() - began < 0.1 * max(1, len(cookies)) else 0


def closed_loop(port: int, cookies: Cookies, readers: int, seconds: float) -> list[float]:
    """Seconds of every answer to readers who ask again and again."""
    until, taken = time.monotonic() + seconds, []

    def reader(cookie: str) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            began = time.perf_counter()
            asked(link, "/", cookie)
            taken.append(time.perf_counter() - began)

    together([(reader, cookies[n % len(cookies)] if cookies else "") for n in range(readers)])
    return sorted(taken)


def at_a_pace(port: int, cookies: Cookies, pace: float, seconds: float) -> list[float]:
    """Seconds from when each request was due until its answer was there."""
    begin, taken = time.perf_counter() + 0.2, []
    numbers = itertools.count()

    def sender(cookie: str) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        while (due := begin + next(numbers) / pace) < begin + seconds:
            time.sleep(max(0.0, due - time.perf_counter()))
            asked(link, "/", cookie)
            taken.append(time.perf_counter() - due)

    together([(sender, cookies[n % len(cookies)] if cookies else "") for n in range(SENDERS)])
    return sorted(taken)


def together(works: Sequence[tuple[Callable[[str], None], str]]) -> None:
    """Do all at once, and wait for them."""
    threads = [threading.Thread(target=work, args=(cookie,)) for work, cookie in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def explanations(port: int, cookies: Cookies, targets: Sequence[str]) -> Iterator[None]:
    """Somebody who asks why, target after target, meanwhile; says how often he was answered."""
    is_over = threading.Event()

    def ask() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        for target in itertools.cycle(targets):
            if is_over.is_set():
                return
            # an address that nobody asked for before: no page of it is kept
            address = f"/targets/{target}?asked={next(ASKED)}"
            asked(link, address, cookies[0] if cookies else "")

    thread, before = threading.Thread(target=ask), next(ASKED)
    if targets:
        thread.start()
    yield
    is_over.set()
    if targets:
        thread.join()
        print(f"{next(ASKED) - before - 1} explanations", file=sys.stderr)


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--pace", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--big", type=Path)
    parser.add_argument("--signed-in", action="store_true")
    parser.add_argument("--serve", type=Path)
    parser.add_argument("--sessions", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.serve, chosen.big is not None, chosen.sessions)
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.big or Path(scratch)
        signed_in = chosen.readers if chosen.signed_in else 0
        with server(folder, chosen.big is not None, signed_in) as (port, targets, cookies):
            warm(port, cookies)
            for title, beside in (("alone", []), ("beside one who asks why", targets)):
                with explanations(port, cookies, beside):
                    taken = closed_loop(port, cookies, chosen.readers, chosen.seconds)
                rows.append(row(f"{chosen.readers} in a closed loop, {title}", taken, chosen))
                with explanations(port, cookies, beside):
                    taken = at_a_pace(port, cookies, chosen.pace, chosen.seconds)
                rows.append(row(f"{chosen.pace:g} a second, {title}", taken, chosen))
    heads = ("", "answers a second", *(f"{share:.0%}, ms" for share in SHARES))
    print("\n".join(markdown(heads, rows)))


def row(title: str, taken: list[float], chosen: argparse.Namespace) -> tuple[str, ...]:
    """A line of the table."""
    waits = (f"{taken[int(len(taken) * share)] * 1000:.0f}" for share in SHARES)
    return title, f"{len(taken) / chosen.seconds:.0f}", *waits


if __name__ == "__main__":
    main()
