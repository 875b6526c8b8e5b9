"""The door every address of the API goes through: key, language, request id, one act, one answer.

A resource says what it takes, what it gives and which service or selector does it; nothing more.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scf.api.auth import ApiKeyAuthentication, HasKey, actor_of
from scf.api.errors import PROBLEM, as_json, problem_of, problem_response
from scf.api.fields import Nothing, Strict, WrongFields, in_both
from scf.api.idempotency import answer_patiently, asked_of
from scf.api.pages import PageQuery, page_of
from scf.api.parsing import StrictJsonParser
from scf.api.schema import DoorSchema
from scf.core.actor import Actor
from scf.core.errors import DomainError, NotPermitted
from scf.core.ids import new_id
from scf.parties.services import Answer, KeyUse

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
Out = type[serializers.BaseSerializer[Any]]


class Door(APIView):
    """What all addresses share. ``reads`` is the permission that looking needs; ``reading`` and
    ``writing`` are the operations' names in the schema, where the class's own does not do.
    """

    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (HasKey,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJsonParser,)
    renderer_classes = (JSONRenderer,)
    throttle_classes = ()
    schema = DoorSchema()
    http_method_names = ["get", "post", "head", "options"]

    reads: ClassVar[str] = ""
    reading: ClassVar[str] = ""
    writing: ClassVar[str] = ""
    gives: ClassVar[Out]
    asks: ClassVar[type[Strict]] = Nothing

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer in the language asked for, with the request's id in and out."""
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if REQUEST_ID.fullmatch(given) else str(new_id())  # type: ignore[attr-defined]
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        _say_what_is_left(request, response)
        return response

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        """A problem document for whatever went wrong."""
        if hasattr(exc, "detail") and getattr(exc, "status_code", None) == 405:
            exc.allow_header = {"Allow": ", ".join(self.allowed_methods)}  # type: ignore[attr-defined]
        return problem_response(exc, request=self.request._request)

    def asked(self, request: Request) -> dict[str, Any]:
        """The query, each name once and known. Raises ValidationError."""
        repeated = {
            name: [_("只能给一次")]
            for name, values in request.query_params.lists()
            if len(values) > 1
        }
        if repeated:
            both = in_both(lambda: serializers.ValidationError(repeated).detail)
            raise WrongFields(repeated, both=both)
        query = self.asks(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        return dict(query.validated_data)

    def reader(self, request: Request) -> Actor:
        """The actor, who may look. Raises Forbidden without the permission in the key's scopes."""
        by = actor_of(request)
        if self.reads and not by.can(self.reads):
            raise NotPermitted(self.reads)
        return by


def _say_what_is_left(request: HttpRequest, response: HttpResponseBase) -> None:
    use = getattr(request, "key_use", None)
    if isinstance(use, KeyUse):
        response.headers["RateLimit-Limit"] = str(use.limit)
        response.headers["RateLimit-Remaining"] = str(max(use.left, 0))
        response.headers["RateLimit-Reset"] = str(use.resets_in)


class Shown(Door):
    """GET of one thing: ``find(by=, **ids)`` is a selector's, ``gives`` writes it."""

    find: Callable[..., Any]

    def get(self, request: Request, **ids: Any) -> Response:
        """Look it up and write it."""
        by = self.reader(request)
        self.asked(request)
        return Response(self.gives(self.find(by=by, **ids), context={"by": by}).data)


class Listed(Door):
    """GET of many: ``rows(given, by=)`` are a selector's, ``lists`` writes each, ``asks`` names the
    filters.
    """

    asks: ClassVar[type[Strict]] = PageQuery
    lists: ClassVar[Out]

    rows: Callable[..., Any]

    def get(self, request: Request, **_ids: Any) -> HttpResponse:
        """One page, newest first."""
        by = self.reader(request)
        given = self.asked(request)
        limit, cursor = given.pop("limit"), given.pop("cursor", "")
        rows = self.rows(given, by=by)
        return page_of(request, rows, lists=self.lists, limit=limit, cursor=cursor, by=by)


class Question(Door):
    """POST of a question too long for an address: nothing stays of it, so it needs no key of its
    own and may be asked at every change of a figure. ``reply(given, by=)`` is a service's.
    """

    takes: ClassVar[type[Strict]] = Nothing
    answers: ClassVar[int] = 200

    reply: Callable[..., Any]

    def post(self, request: Request) -> Response:
        """Ask and write the reply."""
        given = self.takes(data=request.data)
        given.is_valid(raise_exception=True)
        by = actor_of(request)
        reply = self.reply(dict(given.validated_data), by=by)
        return Response(self.gives(reply, context={"by": by}).data)


class Verb(Door):
    """POST of a verb: ``takes`` reads the words, ``act(given, by=, **ids)`` calls the service in
    one transaction with the kept answer, ``gives`` writes.
    """

    takes: ClassVar[type[Strict]] = Nothing
    answers: ClassVar[int] = 200

    act: Callable[..., Any]

    def post(self, request: Request, **ids: Any) -> HttpResponse:
        """Do the act once for its Idempotency-Key; words that make no sense are not remembered."""
        asked = asked_of(request)
        given = self.takes(data=request.data)
        given.is_valid(raise_exception=True)

        def run() -> Answer:
            return self._run(request, dict(given.validated_data), ids)

        answer = answer_patiently(asked, run=run)
        kind = "application/json" if answer.status < 400 else PROBLEM
        response = HttpResponse(answer.body, content_type=kind, status=answer.status)
        if answer.is_replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    def _run(self, request: Request, given: dict[str, Any], ids: dict[str, Any]) -> Answer:
        by = actor_of(request)
        try:
            done = self.act(given, by=by, **ids)
        except DomainError as refusal:
            if refusal.status >= 500:
                raise
            body = as_json(problem_of(refusal, request=request._request))
            return Answer(refusal.status, body.decode())
        shown = self.gives(done, context={"by": by}).data
        return Answer(self.answers, as_json(shown).decode())
