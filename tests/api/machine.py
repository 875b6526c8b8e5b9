"""A machine that speaks to the API with a real key over Django's own request cycle."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.parties.models import Membership
from scf.parties.permissions import permissions_of
from scf.parties.services import create_api_key

ROOT = "/api/v1"


@dataclass
class Machine:
    """Sends JSON with a key; each POST under a fresh Idempotency-Key unless one is given."""

    key: str = ""
    prefix: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"{ROOT}{path}", query or {}, headers=self._headers(headers))

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        once: str | None = "",
        media: str = "application/json",
        **headers: str,
    ) -> Any:
        """``once`` is the Idempotency-Key: fresh when empty, none at all when None."""
        if once is not None:
            headers["Idempotency-Key"] = once or uuid4().hex
        content = body if isinstance(body, bytes | str) else json.dumps(body or {})
        return self.client.post(
            f"{ROOT}{path}",
            content,
            content_type=media,
            headers=self._headers(headers),
        )

    def upload(self, path: str, fields: dict[str, Any]) -> Any:
        """A multipart upload."""
        headers = self._headers({"Idempotency-Key": uuid4().hex})
        return self.client.post(f"{ROOT}{path}", fields, headers=headers)

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return {**own, **{name.replace("_", "-"): value for name, value in given.items()}}


def machine_of(actor: Actor, *scopes: str) -> Machine:
    """A machine with a key of this person: with these scopes, or all the person holds."""
    roles = Membership.objects.filter(
        person_id=actor.person_id, organization_id=actor.organization_id
    )
    held = permissions_of(list(roles.values_list("role", flat=True)))
    issued = create_api_key(
        actor.organization_id,
        person_id=actor.person_id,
        name="ERP",
        scopes=scopes or held,
        expires_at=clock.now() + timedelta(days=30),
        by=SYSTEM,
    )
    return Machine(issued.key, issued.row.prefix)
