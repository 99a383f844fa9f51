"""One workspace served: its site, its kept pages, who may what, where people's work is kept.

Django is set up once in a process; an application is what a request is answered for.
"""

from __future__ import annotations

import getpass
import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.office.permission import Permission, Person
from hengtan.office.territory import Territory
from hengtan.web.guard import LOCAL_HOSTS
from hengtan.web.kept import Kept
from hengtan.web.pace import Pace, SharedPace
from hengtan.web.store import Store, bring_up_to_date, gives_back, let_go, point_to
from hengtan.web.turns import Turns

if TYPE_CHECKING:
    from hengtan.ledger.gathering import GatheringWriter
    from hengtan.web.site import Site

Environ = dict[str, Any]
LARGEST_FILE = 20_000_000
"""Bytes of an uploaded file."""


class Application:
    """Answers the requests of one workspace (a WSGI application).

    ``hosts``: names a request may be addressed to; ``writable``: whether anything may be written;
    ``is_shared``: people sign in, else one person is alone with it; ``is_secure``: reached over
    TLS; ``looks_every``: seconds for which what was written elsewhere may not be seen yet;
    ``notes_heads``: whether the head of the audit trail goes into the ledger daily.
    """

    largest_file = LARGEST_FILE

    def __init__(
        self,
        site: Site,
        hosts: Iterable[str] = LOCAL_HOSTS,
        *,
        writable: bool = False,
        is_shared: bool = False,
        is_secure: bool = False,
        looks_every: float = 0.0,
        notes_heads: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        from django.core.wsgi import get_wsgi_application

        from hengtan.web.settings import configure

        configure()
        from hengtan.web.quick import Quick
        from hengtan.web.rooms.audit.heads import Daily
        from hengtan.web.rooms.people.seen import Seen
        from hengtan.web.urls import Urls

        self.site, self.hosts = site, tuple(hosts)
        self.writable, self.is_shared, self.is_secure = writable, is_shared, is_secure
        self.today = today
        self.kept = Kept(site.stamp, looks_every)
        self.token = secrets.token_urlsafe(32)
        self.pace = SharedPace() if is_shared else Pace()
        self.alone = Person(getpass.getuser(), is_alone=True)
        workspace = site.workspace
        self.permission = Permission(Territory.of(workspace.pack.rows("places")), today)
        self.urls = Urls()
        self.store, self.turns = Store.of(workspace), Turns()
        self._writer: GatheringWriter | None = None
        self._django = get_wsgi_application()
        self._daily = Daily() if notes_heads else None
        if writable:
            self.prepare()
        self.quick, self.seen = Quick(self), Seen()

    def prepare(self) -> list[str]:
        """Bring the store and the chain of publications up to date, and read the secret."""
        from django.conf import settings

        from hengtan.web.rooms.review.sealing import seal_withdrawals

        settings.SECRET_KEY = self.store.secret()
        steps = bring_up_to_date(self.store)
        seal_withdrawals(self.site.workspace.folder)
        return steps

    @property
    def writer(self) -> GatheringWriter:
        """The one thread through which this process writes to the ledger."""
        if self._writer is None:
            from hengtan.ledger.gathering import GatheringWriter

            self._writer = GatheringWriter(self.site.workspace.ledger, waiting=self._waiting)
        return self._writer

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """What a request is in while it waits for the ledger: another has its turn and its
        connection to the people. With a transaction under way it keeps both: else those with a turn
        could wait for connections of those who wait for a turn.
        """
        if not gives_back(self.store):
            yield
            return
        with self.turns.lent():
            yield

    def use_writer(self, writer: Any) -> None:
        """Write through another writer than this process's own (the demonstration city writes on
        the days of its story).
        """
        self._writer = writer

    def audience(self, person: Person) -> str:
        """What a kept page depends on of its reader: what he may, not who he is."""
        if person.is_alone:
            return "alone"
        text = repr((person.grants, person.only, person.is_closed, bool(person.name), self.today()))
        return hashlib.sha256(text.encode()).hexdigest()

    def note_refusal(self, request: Any, route: Any, answer: Any) -> None:
        """A refusal, for the audit trail."""
        if self.is_shared:
            from hengtan.web import trail

            trail.note(request, "refused", f"{route.method} {request.path}", answer.why)

    def note_deed(self, request: Any, route: Any, answered: Any) -> None:
        """An export, or what a page without a room of its own wrote, for the audit trail; rooms
        note what they do themselves.
        """
        if not self.is_shared or answered.status_code >= 400 or not self.writable:
            return
        is_written = route.method == "POST" and not route.is_of_room
        if getattr(request, "hengtan_noted", False) or not (is_written or route.is_export):
            return
        from hengtan.web import trail

        kind = "written" if is_written else "exported"
        trail.note(request, kind, f"{route.method} {request.get_full_path()}")

    def close(self) -> None:
        """Write what has arrived, and let go."""
        if self._writer is not None:
            self._writer.close()
        self.quick.close()
        self.kept.close()
        self.site.close()
        let_go(self.store)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        if self._daily is not None:
            point_to(self.store)
            self._daily.look(self)
            gives_back(self.store)
        written = self.quick.state()
        kept = self.quick.answer(environ, written)
        if kept is not None:
            headers, body = kept
            start_response("200 OK", headers)
            return [body]
        environ |= {"hengtan.app": self, "hengtan.written": written}
        if self.writable:
            point_to(self.store)
        with self.turns.taken():
            answer: Iterable[bytes] = self._django(environ, start_response)
            if self.writable:
                gives_back(self.store)
        return answer
