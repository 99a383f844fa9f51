"""Operations of ``/api/v1``: each is an address of ours, with the action it needs, and an operation
of the OpenAPI description at once. What is wrong is answered as ``HengtanError.as_dict``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import duckdb
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from hengtan.basis.errors import Finding, HengtanError, LedgerBusy, UnreadableFile, WrongState
from hengtan.ledger.corrections import Conflict
from hengtan.ledger.handing_in import KeyUsedAgain
from hengtan.office.roles import actions, roles
from hengtan.web import answers
from hengtan.web.rooms.api.cursor import TableChanged
from hengtan.web.routing import OPEN, Router, ThingOf
from hengtan.web.site import as_json

PREFIX = "/api/v1"
STATUS = {Conflict: 409, WrongState: 409, KeyUsedAgain: 409, TableChanged: 409, UnreadableFile: 422}
"""Answers to refusals that are not simply a wrong question."""
MOST_FINDINGS = 200
"""Of a file; all of them are told by a dry run's number."""
Named = Callable[[Callable[..., Any]], Callable[..., Any]]

api = NinjaAPI(
    title="衡碳 Hengtan",
    version="1",
    description="计划、数据、账户与规则 · plans, figures, accounts and rules",
    docs_url=None,
    openapi_url=None,
    urls_namespace="hengtan-api-1",
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)


class BadRequest(HengtanError):
    """A question to the API that cannot be read."""


class Operations:
    """The operations of one subject (``tag``), each named once with its need."""

    def __init__(self, router: Router, tag: str) -> None:
        self._router, self._tag = router, tag

    def get(
        self,
        path: str,
        need: str,
        words: tuple[str, str],
        thing: ThingOf | None = None,
        gives: Any = None,
    ) -> Named:
        """An operation that reads. ``need``: an action; ``words``: what it gives, in Chinese and
        English; ``thing``: what it is about, as in ``Router.get``; ``gives``: the schema of it.
        """
        return self._add("GET", path, need, words, thing, gives)

    def post(
        self,
        path: str,
        need: str,
        words: tuple[str, str],
        thing: ThingOf | None = None,
        gives: Any = None,
    ) -> Named:
        """An operation that writes."""
        return self._add("POST", path, need, words, thing, gives)

    def _add(
        self,
        method: str,
        path: str,
        need: str,
        words: tuple[str, str],
        thing: ThingOf | None,
        gives: Any,
    ) -> Named:
        if need != OPEN and need not in actions():
            raise ValueError(f"{method} {path} names no need: {need!r}")

        def noted(view: Callable[..., Any]) -> Callable[..., Any]:
            api.api_operation(
                [method],
                path,
                operation_id=view.__name__,
                summary=words[0],
                description=words[1],
                tags=[self._tag],
                response=gives or dict[str, Any],
                openapi_extra=_described(method, need),
            )(view)
            add = self._router.get if method == "GET" else self._router.post
            add(path, need, thing)(_handler(path))
            return view

        return noted


def _described(method: str, need: str) -> dict[str, Any]:
    """What the description says of each operation beside its parameters."""
    codes = ["400", "401", "403", "404", "409", "422"] + (["413"] if method == "POST" else [])
    refusal = {
        "description": "说明与位置 · what is wrong, and where",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    extra: dict[str, Any] = {"x-need": need, "responses": dict.fromkeys(codes, refusal)}
    is_public = need == OPEN or need in roles()["public"].actions
    return extra | ({"security": []} if is_public else {})


def _handler(path: str) -> Callable[..., HttpResponse]:
    def handler(request: HttpRequest, **parts: str) -> HttpResponse:
        answer: HttpResponse = _views()[path](request, **parts)
        return answer

    return handler


@cache
def _views() -> Mapping[str, Callable[..., HttpResponse]]:
    """The view of each path, once all operations are named."""
    return {
        path: view.get_view()
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
    }


@cache
def description() -> dict[str, Any]:
    """The OpenAPI description of all operations."""
    _views()
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


@api.exception_handler(HengtanError)
def refused(request: HttpRequest, error: HengtanError) -> HttpResponse:
    """What is wrong, where, and what to do."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), None)
    answer = answers.refused(request, error) if status is None else None
    if answer is not None and len(error.findings) <= MOST_FINDINGS:
        return answer
    said = error.as_dict()
    said["findings"] = said.get("findings", [])[:MOST_FINDINGS]
    return as_json(said, status=answer.status_code if answer is not None else status or 400)


@api.exception_handler(duckdb.IOException)
def out_of_reach(request: HttpRequest, error: duckdb.IOException) -> HttpResponse:
    """The store did not answer (a server with too many connections): send again."""
    refusal = LedgerBusy(
        "台账暂时连不上",
        "the ledger cannot be reached for the moment",
        todo="请用同一个 Idempotency-Key 再送",
        todo_en="send again with the same Idempotency-Key",
    )
    return as_json(refusal.as_dict(), status=503)


@api.exception_handler(ValidationError)
def unread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters or a body that are not what the operation takes."""
    findings = [_finding(each) for each in error.errors[:MOST_FINDINGS]]
    return as_json(BadRequest.of(findings).as_dict(), status=422)


@api.exception_handler(HttpError)
def bad_body(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, or no upload."""
    refusal = BadRequest("请求内容无法读取", "the request cannot be read", todo="请发送 JSON")
    return as_json(refusal.as_dict(), status=error.status_code)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Not there, or not this person's."""
    return answers.missing(request)


def _finding(error: Mapping[str, Any]) -> Finding:
    """A line of pydantic as one of ours."""
    _, *where = error["loc"]
    name = ".".join(map(str, where)) or "body"
    said = str(error["msg"])
    return Finding("error", f"参数“{name}”不合要求", f"{name}: {said}", code="bad-parameter")
