"""From a request to an actor: organization, permissions, and when one proved who one is."""

from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from scf.config.urls import urlpatterns as site
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden
from scf.parties.checks import require_step_up
from scf.parties.permissions import Permission
from scf.parties.services import grant_role
from scf.portals.session import actor_of
from tests.portals.conftest import (
    PASSWORD,
    code_now,
    log_in,
    log_in_with_code,
    organization_of,
)

NINE = "2026-03-12 09:00:00+08:00"
done: list[str] = []


def careful(request):
    """A page whose act needs a fresh proof of who one is."""
    require_step_up(actor_of(request))
    done.append(request.POST.get("note", ""))
    return HttpResponse("done")


def whoami(request):
    actor = actor_of(request)
    return HttpResponse(f"{actor.organization_id} {sorted(actor.permissions)}")


def refused(request):
    raise Conflict("编号 %(number)s 已用于另一笔业务", number="PO-1")


urlpatterns = [
    *site,
    path("careful/", careful),
    path("whoami/", whoami),
    path("refused/", refused),
]
here = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _nothing_done_yet():
    done.clear()


def test_without_login_there_is_no_actor():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = SimpleNamespace()
    with pytest.raises(Forbidden) as refusal:
        actor_of(request)
    assert refusal.value.code == "login_required"


@here
def test_a_fresh_login_counts_as_proof(client, ma, yi):
    log_in(client, "ma")
    assert client.post("/careful/").content == b"done"
    bank = Client()
    log_in_with_code(bank, "yi")
    assert bank.post("/careful/").content == b"done"


@here
def test_a_member_proves_it_by_password_and_the_form_is_sent_again_by_itself(client, ma):
    with time_machine.travel(NINE, tick=False) as clock:
        log_in(client, "ma")
        clock.shift(6 * 60)
        answer = client.post("/careful/", {"note": "kept"})
        assert answer.headers["Location"] == "/accounts/reauthenticate/?next=%2Fcareful%2F"
        assert done == []

        answer = client.post(
            answer.headers["Location"], {"password": PASSWORD, "next": "/careful/"}
        )
        assert (answer.content, done) == (b"done", ["kept"])


@here
def test_bank_staff_prove_it_by_a_new_code_and_never_by_password(client, yi):
    with time_machine.travel(NINE, tick=False) as clock:
        log_in_with_code(client, "yi")
        clock.shift(6 * 60)
        answer = client.post("/careful/", {"note": "kept"})
        assert answer.headers["Location"] == "/accounts/code/again/?next=%2Fcareful%2F"

        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/careful/"})
        assert done == []

        client.post("/careful/", {"note": "kept"})
        client.post(answer.headers["Location"], {"code": code_now(), "next": "/careful/"})
        assert done == ["kept"]


@here
def test_the_code_of_the_login_is_not_taken_again_as_proof(client, yi):
    with time_machine.travel(NINE, tick=False):
        log_in_with_code(client, "yi")
        answer = client.post("/accounts/code/again/", {"code": code_now(), "next": "/"})
        assert "已经用过" in answer.content.decode()


@here
def test_an_htmx_request_is_told_where_to_go(client, ma):
    with time_machine.travel(NINE, tick=False) as clock:
        log_in(client, "ma")
        clock.shift(6 * 60)
        answer = client.post("/careful/", headers={"hx-request": "true"})
        assert answer.headers["HX-Redirect"].startswith("/accounts/reauthenticate/")


@here
def test_who_acts_for_two_organizations_chooses_one(client, ma):
    enterprise = organization_of("enterprise")
    grant_role(enterprise.id, person_id=ma.person_id, role="enterprise_signer", by=SYSTEM)
    log_in(client, "ma")

    client.post("/organization/", {"organization_id": str(enterprise.id)})
    told = client.get("/whoami/").content.decode()
    assert told.startswith(str(enterprise.id))
    assert Permission.ORDER_CONFIRM in told
    assert Permission.APPLICATION_SUBMIT not in told
    assert client.get("/e/").status_code == 200
    assert client.get("/m/").status_code == 404


@here
@pytest.mark.parametrize("given", [str(UUID(int=7)), "nonsense", ""])
def test_an_organization_one_has_no_role_at_cannot_be_chosen(client, ma, given):
    log_in(client, "ma")
    assert client.post("/organization/", {"organization_id": given}).status_code == 404


@here
def test_a_bank_role_taken_by_a_member_without_a_code_gives_nothing(client, ma):
    bank = organization_of("bank")
    grant_role(bank.id, person_id=ma.person_id, role="bank_approver", by=SYSTEM)
    log_in(client, "ma")
    client.post("/organization/", {"organization_id": str(bank.id)})
    assert client.get("/whoami/").content.decode() == "None []"


@here
def test_a_refusal_is_a_page_in_both_languages_with_its_code(client, ma):
    log_in(client, "ma")
    answer = client.get("/refused/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "编号 PO-1 已用于另一笔业务" in page
    assert "wrong_state" in page


@here
def test_for_htmx_a_refusal_is_the_alert_alone(client, ma):
    log_in(client, "ma")
    answer = client.get("/refused/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#refusal")
    assert "<html" not in answer.content.decode()
