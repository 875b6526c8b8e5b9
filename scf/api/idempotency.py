"""``Idempotency-Key``: a POST does its act once, and says the same however often it is sent."""

import json
import random
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, IntegrityError, OperationalError
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from scf.api.auth import actor_of
from scf.api.refusals import RequestRefused
from scf.parties.services import Answer, Asked, answer_once

LONGEST_KEY = 255
TRIES = 5
PAUSE = 0.05  # seconds before the second try, at most; twice as many before each later one
PASSING = {"40001", "40P01"}  # serialization failure and deadlock: the same act again succeeds
NUMBERED_TWICE = "financing_application_number_key"  # two applications took one number (submit)


def asked_of(request: Request) -> Asked:
    """The request as it is remembered. Raises a 400 for a missing, empty or endless key.

    The route is remembered with its pattern, the address with the body: one key for two things is
    another request under the same key, and refused.
    """
    key = request.headers.get("Idempotency-Key")
    if not key:
        raise RequestRefused(_("请提供 Idempotency-Key 请求头"), code="idempotency_key_missing")
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise RequestRefused(
            _("Idempotency-Key 须为 1 至 255 个可打印 ASCII 字符"), code="idempotency_key_invalid"
        )
    organization_id = actor_of(request).organization_id
    match = request.resolver_match
    if organization_id is None or match is None:
        raise TypeError("a request without an organization or a route cannot be remembered")
    return Asked(organization_id, key, f"{request.method} {match.route}"[:120], _hash(request))


def answer_patiently(asked: Asked, *, run: Callable[[], Answer]) -> Answer:
    """``answer_once``, again after a deadlock: the transaction left nothing behind.

    Bounded: what clashes each time is raised, and told as ``busy``. The pauses differ, so that two
    requests that met once do not meet again.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return answer_once(asked, run=run)
        except (OperationalError, IntegrityError) as error:
            if attempt == TRIES or not _passes(error):
                raise
            time.sleep(random.uniform(0, PAUSE * 2**attempt))  # noqa: S311 - jitter, no secret
    raise AssertionError("the last try returns or raises")


def _passes(error: DatabaseError) -> bool:
    cause = error.__cause__
    clash = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return getattr(cause, "sqlstate", None) in PASSING or clash == NUMBERED_TWICE


def _hash(request: Request) -> str:
    # The values and not the bytes: a client may write the same object in another order, and the
    # boundary of an upload differs each time.
    said = {name: _said(request.data, name) for name in sorted(request.data)}
    text = json.dumps([request.path, said], sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()


def _said(data: Any, name: str) -> Any:
    values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
    return [_file_hash(each) if isinstance(each, UploadedFile) else each for each in values]


def _file_hash(file: Any) -> str:
    found = sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return f"{file.name}:{found.hexdigest()}"
