"""Who may knock: every address without a key, with a dead one, or with a stranger's."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scf.core.actor import SYSTEM
from scf.parties.models import ApiKey
from scf.parties.services import revoke_api_key, revoke_role
from tests.api.addresses import READS, VERBS, address_of, body_of
from tests.api.machine import Machine, machine_of
from tests.factories.parties import user_of
from tests.factories.trade import draft_order
from tests.trade.test_import_order import row, sheet

pytestmark = pytest.mark.django_db
ALL = [("GET", route) for route in READS] + [("POST", route) for route in VERBS]


def knock(machine: Machine, method: str, route: str, ids=None):
    path = address_of(route, ids or {})
    return machine.get(path) if method == "GET" else machine.post(path, body_of(route))


@pytest.mark.parametrize(("method", "route"), ALL)
def test_without_a_key_every_address_asks_for_one(method, route):
    refused = knock(Machine(), method, route)
    assert (refused.status_code, refused.json()["code"]) == (401, "key_missing")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="scf"'
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "route"), ALL)
def test_a_revoked_key_opens_no_address(method, route, ma):
    machine = machine_of(ma)
    revoke_api_key(machine.prefix, by=SYSTEM)
    refused = knock(machine, method, route)
    assert (refused.status_code, refused.json()["code"]) == (401, "key_invalid")


def test_a_key_is_dead_the_moment_it_is_revoked(ma):
    machine = machine_of(ma)
    assert machine.get("/orders").status_code == 200
    revoke_api_key(machine.prefix, by=SYSTEM)
    assert machine.get("/orders").status_code == 401


def test_a_role_taken_away_is_gone_at_the_next_request(jinhe, ma):
    machine = machine_of(ma)
    assert machine.get("/orders").status_code == 200
    revoke_role(jinhe.pk, person_id=ma.person_id, role="member_maker", by=SYSTEM)
    assert machine.get("/orders").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer scf_",
        "Bearer scf_000000000000_" + "0" * 64,
        "Basic bWE6bWE=",
        "Token abc",
        "Bearer " + "x" * 5000,
        "Bearer scf_00000000000\u0660_" + "0" * 64,
    ],
)
def test_what_is_no_key_of_ours_is_refused(header, db):
    client = Client(raise_request_exception=False)
    refused = client.get("/api/v1/orders", headers={"Authorization": header})
    assert (refused.status_code, refused.json()["code"]) == (401, "key_invalid")


def test_a_key_in_the_address_is_refused_even_beside_a_good_one(ma):
    machine = machine_of(ma)
    refused = machine.get("/orders", {"api_key": machine.key})
    assert (refused.status_code, refused.json()["code"]) == (401, "key_in_query")
    assert machine.key not in refused.content.decode()


def test_a_session_opens_no_door(ma):
    client = Client(raise_request_exception=False)
    client.force_login(user_of("ma"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/orders").json()["code"] == "key_missing"


def test_the_key_of_one_organization_in_the_session_of_another_is_refused(ma, wei):
    machine = machine_of(ma)
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    machine.client.force_login(user_of("wei"), backend=backend)
    assert machine.get("/orders").json()["code"] == "mixed_identities"
    machine.client.force_login(user_of("ma"), backend=backend)
    assert machine.get("/orders").status_code == 200


def test_a_key_reads_only_what_its_scopes_say(ma):
    machine = machine_of(ma, "order:import")
    refused = machine.get("/orders")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert refused.json()["permission"] == "order:view"


def test_too_many_requests_of_a_minute_are_refused_with_the_time_to_wait(ma):
    machine = machine_of(ma)
    first = machine.get("/orders")
    assert first.headers["RateLimit-Limit"] == "600"
    ApiKey.objects.filter(prefix=machine.prefix).update(requests_a_minute=0)
    refused = machine.get("/orders")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    forged = machine.get("/orders", X_Forwarded_For="203.0.113.9")
    assert forged.status_code == 429


def test_a_strangers_order_and_a_missing_one_answer_alike(sly):
    order = draft_order()
    machine = machine_of(sly)
    theirs = machine.get(f"/orders/{order.pk}")
    missing = machine.get(f"/orders/{uuid4()}")
    assert theirs.status_code == missing.status_code == 404
    one, other = theirs.json(), missing.json()
    assert one.pop("request_id") != other.pop("request_id")
    assert one == other
    assert machine.get("/orders").json()["results"] == []
    assert machine.get("/orders", {"search": order.number}).json()["results"] == []
    assert machine.get("/orders", {"party_id": str(order.buyer_id)}).json()["results"] == []


def test_a_stranger_confirms_cancels_and_imports_nothing_of_others(ma, hengyan, sly):
    order = draft_order()
    file = SimpleUploadedFile("a.csv", sheet(row()))
    job = machine_of(ma).upload("/imports", {"file": file}).json()
    stranger = machine_of(sly)
    for route, ids in (
        ("orders/<uuid:order_id>/confirm", {"order_id": order.pk}),
        ("orders/<uuid:order_id>/cancel", {"order_id": order.pk}),
        ("imports/<uuid:import_id>/confirm", {"import_id": job["id"]}),
        ("imports/<uuid:import_id>/refuse", {"import_id": job["id"]}),
    ):
        theirs, missing = knock(stranger, "POST", route, ids), knock(stranger, "POST", route)
        one, other = theirs.json(), missing.json()
        one.pop("request_id"), other.pop("request_id")
        assert theirs.status_code == missing.status_code == 404, route
        assert one == other


def test_an_address_that_is_none_is_a_problem_document_too(ma):
    machine = machine_of(ma)
    for path in ("/nothing", "/orders/not-a-uuid", "/orders/"):
        answer = machine.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert Machine().get("/nothing").status_code == 401
