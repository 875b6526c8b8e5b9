"""The page of an organization's API keys: made for a colleague, shown once, revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from scf.core import clock
from scf.core.errors import Forbidden
from scf.parties.models import ApiKey
from scf.parties.services import create_api_key, use_api_key
from tests.factories.parties import party, somebody
from tests.portals.rooms import browser_of, text_of

pytestmark = pytest.mark.django_db
URL = "/organization/keys/"


def typed(person_key: str = "wei", **more) -> dict:
    given = {"name": "用友 NC", "days": "90", "scopes": ["order:view", "order:import"]}
    return {"person": str(somebody(person_key).person_id), **given, **more}


def use(key: str):
    _scf, prefix, secret = key.split("_")
    return use_api_key(prefix, secret=secret)


def test_the_signer_makes_a_key_which_is_shown_this_once_and_revokes_it():
    lan = browser_of("lan")
    answer = lan.post(URL, typed())
    shown = re.search(r"scf_[0-9a-f]{12}_[0-9a-f]{64}", text_of(answer))
    assert shown
    assert answer.headers["Cache-Control"] == "no-store"
    actor = use(shown[0]).actor
    assert actor.person_id == somebody("wei").person_id
    assert actor.permissions == {"order:view", "order:import"}
    again = text_of(lan.get(URL))
    assert shown[0] not in again
    assert "用友 NC" in again

    lan.post(f"{URL}{ApiKey.objects.get().prefix}/revoke")
    with pytest.raises(Forbidden):
        use(shown[0])
    assert "已撤销" in text_of(lan.get(URL))


def test_a_right_the_colleague_does_not_have_is_refused_and_nothing_typed_is_lost():
    somebody("ku"), somebody("wei")
    answer = browser_of("lan").post(URL, typed("ku", scopes=["order:import"]))
    assert answer.status_code == 400
    page = text_of(answer)
    assert "密钥的范围须是此人在该机构已有的权限" in page
    assert 'value="用友 NC"' in page
    assert not ApiKey.objects.exists()


def test_nobody_makes_a_key_for_oneself_or_for_a_stranger():
    somebody("wei")
    lan = browser_of("lan")
    for key in ("lan", "ma"):
        assert lan.post(URL, typed(key)).status_code == 400
    assert not ApiKey.objects.exists()


def test_the_page_does_not_exist_for_who_may_not_manage_keys():
    for key in ("wei", "ku", "ma", "zhou"):
        answer = browser_of(key).get(URL)
        assert answer.status_code == 404, key
        assert f'href="{URL}"' not in text_of(answer)


def test_a_key_is_made_only_right_after_proving_who_one_is():
    somebody("wei")
    stale = browser_of("lan")
    session = stale.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in records
    ]
    session.save()
    answer = stale.post(URL, typed())
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not ApiKey.objects.exists()


def test_another_organization_s_key_cannot_be_seen_or_revoked():
    made = create_api_key(
        party("hengyan").pk,
        person_id=somebody("wei").person_id,
        name="恒砚的密钥",
        scopes=["order:view"],
        expires_at=clock.now() + timedelta(days=1),
        by=somebody("lan"),
    )
    nuo: Client = browser_of("nuo")
    assert "恒砚的密钥" not in text_of(nuo.get(URL))
    assert nuo.post(f"{URL}{made.row.prefix}/revoke").status_code == 404
    made.row.refresh_from_db()
    assert made.row.revoked_at is None
