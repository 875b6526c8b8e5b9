"""Programmes and limits at the portals: proposed by one, approved by another; invitations."""

import re
from dataclasses import replace
from datetime import date

import pytest

from scf.credit.inputs import LimitIn
from scf.credit.models import Limit, LimitChange, Programme, ProgrammeMember, ProgrammeVersion
from scf.credit.services import propose_limit, propose_version
from scf.credit.terms import Fee
from tests.factories.credit import (
    GOLDEN_TERMS,
    approved_programme,
    invited_member,
    proposed_programme,
    ready_programme,
)
from tests.factories.parties import party, somebody
from tests.portals.rooms import browser_of, text_of

pytestmark = pytest.mark.django_db


def typed_in(page: str) -> dict[str, str]:
    """What a browser would send of the page's form as it stands."""
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    fields |= {
        name: value
        for value, name in re.findall(r'<input[^>]*value="([^"]*)"[^>]*name="(\w+)"', page)
    }
    for name, options in re.findall(r'<select name="(\w+)"(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def test_a_manager_proposes_and_an_approver_puts_in_force():
    hengyan = party("hengyan")
    chen, yi = browser_of("chen"), browser_of("yi")
    form = typed_in(text_of(chen.get("/b/programmes/new/")))
    given = form | {
        "name": "恒砚经销商采购融资",
        "enterprise": str(hengyan.pk),
        "anchor_side": "seller",
        "limit_minor": "80,000,000",
        "rate_ppm": "4.35",
        "penalty_rate_ppm": "6.525",
    }
    answer = chen.post("/b/programmes/new/", given)
    version = ProgrammeVersion.objects.get()
    assert answer.headers["Location"] == f"/programmes/{version.programme_id}/"
    assert (version.rate_ppm, version.penalty_rate_ppm) == (43_500, 65_250)
    assert version.limit_minor == 80_000_000_00

    assert "使其生效" not in text_of(chen.get(f"/programmes/{version.programme_id}/"))
    assert "恒砚经销商采购融资" in text_of(yi.get("/b/"))
    page = text_of(yi.get(f"/programmes/{version.programme_id}/"))
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    yi.post(f"/b/versions/{version.pk}/approve", {"seen": seen[1]})
    version.refresh_from_db()
    assert version.status == "approved"


def test_the_maker_is_refused_at_the_door_too():
    version = proposed_programme()
    answer = browser_of("chen").post(f"/b/versions/{version.pk}/approve", {"seen": version.hash})
    assert answer.status_code == 403
    version.refresh_from_db()
    assert version.status == "proposed"


def test_what_is_no_longer_what_was_shown_is_a_conflict():
    version = proposed_programme()
    answer = browser_of("yi").post(f"/b/versions/{version.pk}/approve", {"seen": "old"})
    assert answer.status_code == 409


def test_a_new_version_shows_what_it_changes():
    programme = approved_programme()
    chen = browser_of("chen")
    form = typed_in(text_of(chen.get(f"/b/programmes/{programme.pk}/terms")))
    assert (form["rate_ppm"], form["limit_minor"]) == ("4.35", "80,000,000.00")
    chen.post(
        f"/b/programmes/{programme.pk}/terms", form | {"rate_ppm": "4", "penalty_rate_ppm": "6"}
    )
    page = text_of(browser_of("yi").get(f"/programmes/{programme.pk}/"))
    assert "等您复核" in page
    assert re.search(r"<del[^>]*>4.35 %</del>", page)
    assert re.search(r"<ins[^>]*>(<strong>)?4.00 %", page)
    assert "2 处变更" in page

    newest = ProgrammeVersion.objects.get(number=2)
    yi = browser_of("yi")
    assert "请填写不同意的原因" in text_of(
        yi.post(f"/b/versions/{newest.pk}/refuse", {"reason": " "}, follow=True)
    )
    yi.post(f"/b/versions/{newest.pk}/refuse", {"reason": "利率过低"})
    newest.refresh_from_db()
    assert newest.status == "refused"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"rate_ppm": "4.35123"}, "rate_ppm", "小数"),
        ({"limit_minor": "a lot"}, "limit_minor", "不是金额"),
        ({"penalty_rate_ppm": "20"}, "penalty_rate_ppm", "取值不允许"),
        ({"release_policy": "STAGED"}, "release_policy", "暂不提供"),
        ({"tenor_min_days": "400"}, "tenor_max_days", "取值不允许"),
    ],
)
def test_a_wrong_term_is_said_at_its_field(changes, field, words):
    programme = approved_programme()
    chen = browser_of("chen")
    form = typed_in(text_of(chen.get(f"/b/programmes/{programme.pk}/terms")))
    answer = chen.post(f"/b/programmes/{programme.pk}/terms", form | changes)
    page = text_of(answer)
    assert answer.status_code == 400
    said = re.search(rf'id="id_{field}_error">([^<]*)<', page)
    assert said
    assert words in said[1]
    _name, typed = next(iter(changes.items()))
    assert f'value="{typed}"' in page


def test_the_enterprise_invites_and_the_member_joins():
    programme = approved_programme()
    party("jinhe")
    wei = browser_of("wei")
    answer = wei.post(
        f"/programmes/{programme.pk}/invite", {"organization": str(party("jinhe").pk)}, follow=True
    )
    assert "已发出邀请" in text_of(answer)
    member = ProgrammeMember.objects.get()
    assert str(programme) in text_of(browser_of("nuo").get("/m/"))
    assert "由贵公司有签约权限的同事接受" in text_of(browser_of("ma").get("/programmes/"))

    assert browser_of("wei").post(f"/members/{member.pk}/joined").status_code == 403
    joined = browser_of("nuo").post(f"/members/{member.pk}/joined", follow=True)
    assert "可以用项目内的已确认订单办理融资" in text_of(joined)
    member.refresh_from_db()
    assert member.status == "active"


def test_nobody_chosen_is_said_at_the_field():
    programme = approved_programme()
    answer = browser_of("wei").post(f"/programmes/{programme.pk}/invite", {"organization": ""})
    assert answer.status_code == 400
    assert 'id="id_organization_error"' in text_of(answer)


def test_the_bank_suspends_a_member_and_another_verb_is_no_page():
    member = invited_member(approved_programme())
    assert browser_of("yi").post(f"/members/{member.pk}/nothing").status_code == 404
    browser_of("nuo").post(f"/members/{member.pk}/joined")
    browser_of("yi").post(f"/members/{member.pk}/suspended", {"reason": "逾期"})
    member.refresh_from_db()
    assert member.status == "suspended"


def test_a_limit_is_proposed_and_approved_by_two():
    jinhe = party("jinhe")
    chen, yi = browser_of("chen"), browser_of("yi")
    form = typed_in(text_of(chen.get("/b/limits/new/")))
    given = form | {"level": "borrower", "organization": str(jinhe.pk), "sanctioned": "1,500,000"}
    assert chen.post("/b/limits/new/", given).status_code == 302
    change = LimitChange.objects.get()
    assert change.sanctioned_minor == 1_500_000_00
    assert "云岫金禾" in text_of(yi.get("/b/"))
    assert chen.post(f"/b/limits/changes/{change.pk}/approve").status_code == 403

    yi.post(f"/b/limits/changes/{change.pk}/approve")
    limit = Limit.objects.get()
    page = text_of(yi.get(f"/b/limits/{limit.pk}/"))
    assert "1,500,000.00" in page
    assert "核定" in page


def test_a_limit_without_an_amount_is_said_at_its_field_and_the_rest_stays():
    party("jinhe")
    given = {"level": "borrower", "organization": "", "sanctioned": "", "reason": "年审通过"}
    answer = browser_of("chen").post("/b/limits/new/", given)
    page = text_of(answer)
    assert answer.status_code == 400
    for name in ("organization", "sanctioned", "effective_on"):
        assert f'id="id_{name}_error"' in page
    assert "年审通过" in page


def test_a_strangers_bank_finds_nothing_of_it():
    programme = ready_programme()
    version = propose_version(programme.pk, terms=GOLDEN_TERMS, by=somebody("chen"))
    limit = Limit.objects.get(level="borrower")
    again = LimitIn("borrower", party("jinhe").pk, 1, effective_on=date(2026, 1, 1))
    change = propose_limit(again, by=somebody("chen"))
    member = ProgrammeMember.objects.get()
    sly = browser_of("sly")

    assert str(programme) not in text_of(sly.get("/programmes/"))
    assert "云岫金禾" not in text_of(sly.get("/b/limits/"))
    pages = (
        f"/programmes/{programme.pk}/",
        f"/b/programmes/{programme.pk}/terms",
        f"/b/limits/{limit.pk}/",
    )
    for address in pages:
        assert sly.get(address).status_code == 404, address
    posts = (
        f"/programmes/{programme.pk}/invite",
        f"/b/versions/{version.pk}/approve",
        f"/b/versions/{version.pk}/refuse",
        f"/b/limits/changes/{change.pk}/approve",
        f"/b/limits/changes/{change.pk}/refuse",
        f"/members/{member.pk}/suspended",
    )
    for address in posts:
        assert sly.post(address, {"reason": "x", "seen": "x"}).status_code == 404, address


def test_the_banks_own_pages_are_no_pages_elsewhere():
    ready_programme()
    for key in ("ma", "wei", "opal"):
        assert browser_of(key).get("/b/limits/").status_code == 404
    assert browser_of("zhou").get("/b/limits/new/").status_code == 404


def test_members_see_the_terms_in_force_and_no_proposal():
    programme = ready_programme()
    propose_version(programme.pk, terms=replace(GOLDEN_TERMS, rate_ppm=44_000), by=somebody("chen"))
    page = text_of(browser_of("ma").get(f"/programmes/{programme.pk}/"))
    assert "4.35 %" in page
    assert "4.40 %" not in page
    assert Programme.objects.count() == 1


def test_fees_are_typed_shown_and_kept_by_the_next_version():
    programme = approved_programme()
    chen = browser_of("chen")
    url = f"/b/programmes/{programme.pk}/terms"
    form = typed_in(text_of(chen.get(url)))
    fees = {
        "fee_0_code": "手续费",
        "fee_0_payer": "buyer",
        "fee_0_yuan": "50",
        "fee_0_share": "0.1",
        "fee_1_code": "登记费",
        "fee_1_payer": "seller",
        "fee_1_yuan": "30",
        "fee_1_at": "instalment",
    }
    assert chen.post(url, form | fees).status_code == 302
    version = ProgrammeVersion.objects.get(number=2)
    assert version.terms().fees == (
        Fee("手续费", "buyer", minor=50_00, ppm=1_000),
        Fee("登记费", "seller", minor=30_00, at="instalment"),
    )
    page = text_of(browser_of("yi").get(f"/programmes/{programme.pk}/"))
    assert "手续费 50.00 + 0.10 %（买方付，银行收，放款日一次）" in page
    again = typed_in(text_of(chen.get(url)))
    assert (again["fee_0_code"], again["fee_0_yuan"], again["fee_0_share"]) == (
        "手续费",
        "50.00",
        "0.1",
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"fee_0_yuan": "50"}, "请填写费用名称"), ({"fee_0_code": "手续费"}, "请填写固定金额")],
)
def test_half_a_fee_is_said_at_its_field(typed, words):
    programme = approved_programme()
    chen = browser_of("chen")
    url = f"/b/programmes/{programme.pk}/terms"
    answer = chen.post(url, typed_in(text_of(chen.get(url))) | typed)
    assert answer.status_code == 400
    assert words in text_of(answer)
