"""A lost authenticator or password: one colleague asks, another confirms, nobody for oneself."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from scf.parties.demo import code_of
from scf.parties.models import Recovery, User
from scf.parties.services import (
    ask_recovery,
    confirm_recovery,
    enrol_totp,
    grant_role,
    refuse_recovery,
    register_organization,
    use_recovery,
)
from scf.workflow.clocks import fire_due
from scf.workflow.models import Fact
from tests.parties.conftest import MEMBER_USCC, PASSWORD, person_at

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "xin-mima-2026-cui"


def full_width(code: str) -> str:
    """As a Chinese keyboard writes it."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in code)


def fresh(actor: Actor) -> Actor:
    return replace(actor, stepped_up_at=clock.now())


@pytest.fixture
def yi(bank) -> User:
    user = User.objects.get(pk=person_at(bank, "bank_approver", "伊").user_id)
    enrol_totp(user, secret=SECRET, by=SYSTEM)
    RecoveryCodes.activate(user)
    return user


@pytest.fixture
def second_manager(bank) -> Actor:
    return person_at(bank, "bank_manager", "程")


def asked(user: User, by: Actor, lost: str = "totp", *, where=None) -> tuple[Recovery, str]:
    half = ask_recovery(
        user.pk,
        organization_id=where or by.organization_id,
        lost=lost,
        reason="手机遗失，已当面核对",
        by=fresh(by),
    )
    return Recovery.objects.latest("pk"), half


def log_in(user: User, password: str = PASSWORD) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": user.username, "password": password})
    return browser


def test_two_managers_take_an_authenticator_off_with_its_codes_and_the_sessions_end(
    yi, chen, second_manager
):
    browser = log_in(yi)
    browser.post("/accounts/code/", {"code": code_of(yi.username)[0]})
    assert browser.get("/b/").status_code == 200

    recovery, half = asked(yi, chen)
    assert half == ""
    assert browser.get("/b/").status_code == 200  # one person alone does nothing
    confirm_recovery(recovery.pk, by=fresh(second_manager))

    assert not Authenticator.objects.filter(user=yi).exists()
    assert browser.get("/b/").status_code == 302
    recovery.refresh_from_db()
    assert (recovery.status, recovery.decided_by_name) == ("done", second_manager.name)
    # Bank staff may do nothing before they bound a new one.
    assert log_in(yi).get("/b/").status_code == 404
    made = {fact.name: fact.person_id for fact in Fact.objects.filter(name__contains="recovery.")}
    assert made["recovery.asked"] == chen.person_id
    assert made["recovery.confirmed"] == second_manager.person_id


def test_who_asked_does_not_confirm_and_nobody_acts_for_oneself(yi, chen, second_manager):
    recovery, _half = asked(yi, chen)
    for nobody in (chen, replace(chen, person_id=yi.person_id)):
        with pytest.raises(Forbidden) as refusal:
            confirm_recovery(recovery.pk, by=fresh(nobody))
        assert refusal.value.code == "four_eyes"
    with pytest.raises(Forbidden) as refusal:
        asked(User.objects.get(pk=chen.user_id), chen, "password")
    assert refusal.value.code == "four_eyes"
    with pytest.raises(Forbidden) as refusal:
        refuse_recovery(recovery.pk, by=replace(chen, person_id=yi.person_id))
    assert Authenticator.objects.filter(user=yi).exists()


def test_both_persons_prove_again_who_they_are(yi, chen, second_manager):
    with pytest.raises(Forbidden) as refusal:
        ask_recovery(yi.pk, organization_id=chen.organization_id, lost="totp", reason="x", by=chen)
    assert refusal.value.code == "step_up_required"
    recovery, _half = asked(yi, chen)
    with pytest.raises(Forbidden) as refusal:
        confirm_recovery(recovery.pk, by=second_manager)
    assert refusal.value.code == "step_up_required"


def test_to_another_organization_neither_the_person_nor_the_request_exists(yi, chen):
    member = register_organization(MEMBER_USCC, kind="member", name="云岫金禾", by=SYSTEM)
    stranger = person_at(member, "member_checker", "诺")
    with pytest.raises(NotFound):
        asked(yi, stranger, where=chen.organization_id)
    with pytest.raises(NotFound):
        asked(yi, stranger)
    recovery, _half = asked(yi, chen)
    for verb in (confirm_recovery, refuse_recovery):
        with pytest.raises(NotFound):
            verb(recovery.pk, by=fresh(stranger))


def test_a_colleague_without_the_right_neither_asks_nor_confirms(bank, yi, chen, second_manager):
    reviewer = person_at(bank, "bank_reviewer", "周")
    with pytest.raises(Forbidden):
        asked(yi, reviewer)
    recovery, _half = asked(yi, chen)
    with pytest.raises(Forbidden):
        confirm_recovery(recovery.pk, by=fresh(reviewer))


def test_where_the_bank_has_one_manager_the_operator_confirms(yi, chen, opal):
    recovery, _half = asked(yi, chen)
    confirm_recovery(recovery.pk, by=fresh(opal))
    assert not Authenticator.objects.filter(user=yi).exists()


def test_where_the_bank_has_two_the_operator_neither_asks_nor_confirms(
    yi, chen, second_manager, opal
):
    with pytest.raises(Forbidden):
        asked(yi, opal, where=chen.organization_id)
    recovery, _half = asked(yi, chen)
    with pytest.raises(Forbidden):
        confirm_recovery(recovery.pk, by=fresh(opal))


def test_for_the_only_manager_a_colleague_asks_and_the_operator_confirms(bank, chen, opal):
    reviewer = person_at(bank, "bank_reviewer", "周")
    manager = User.objects.get(pk=chen.user_id)
    enrol_totp(manager, secret=SECRET, by=SYSTEM)
    recovery, _half = asked(manager, reviewer)
    with pytest.raises(DomainError):
        confirm_recovery(recovery.pk, by=fresh(reviewer))
    confirm_recovery(recovery.pk, by=fresh(opal))
    assert not Authenticator.objects.filter(user=manager).exists()


def test_the_same_help_is_asked_for_once_at_a_time_and_what_is_not_lost_not_at_all(
    yi, chen, second_manager
):
    asked(yi, chen)
    with pytest.raises(Conflict) as refusal:
        asked(yi, second_manager)
    assert refusal.value.code == "recovery_waiting"
    refuse_recovery(Recovery.objects.get().pk, by=chen)
    Authenticator.objects.filter(user=yi).delete()
    with pytest.raises(RuleBroken) as refusal:
        asked(yi, chen)
    assert refusal.value.code == "nothing_lost"


@pytest.fixture
def halves(yi, chen, second_manager) -> tuple[str, str]:
    recovery, first = asked(yi, chen, "password")
    return first, confirm_recovery(recovery.pk, by=fresh(second_manager))


def test_both_halves_of_the_code_set_a_new_password_once_and_the_second_factor_stays(yi, halves):
    first, second = halves
    typed = {"first": f"{first[:4]} {first[4:].lower()}", "second": full_width(second)}
    use_recovery(yi.username.upper(), **typed, password=NEW)
    yi.refresh_from_db()
    assert yi.check_password(NEW)
    assert Authenticator.objects.filter(user=yi).exists()
    assert log_in(yi, NEW).get("/b/").headers["Location"].startswith("/accounts/login/")
    with pytest.raises(RuleBroken) as refusal:
        use_recovery(yi.username, **typed, password="noch-ein-neues-2026")
    assert refusal.value.code == "recovery_wrong"


def test_one_half_alone_a_weak_password_and_an_unknown_name_change_nothing(yi, halves):
    first, second = halves
    for name, typed in (
        (yi.username, (first, first)),
        (yi.username, (second, second)),
        (yi.username, (first, "")),
        ("nobody", halves),
    ):
        with pytest.raises(RuleBroken) as refusal:
            use_recovery(name, first=typed[0], second=typed[1], password=NEW)
        assert refusal.value.code == "recovery_wrong"
    with pytest.raises(RuleBroken) as refusal:
        use_recovery(yi.username, first=first, second=second, password="short")
    assert refusal.value.code == "password_weak"
    yi.refresh_from_db()
    assert yi.check_password(PASSWORD)


def test_five_wrong_codes_end_the_help(yi, halves):
    for _attempt in range(5):
        with pytest.raises(RuleBroken):
            use_recovery(yi.username, first="AAAAAAAA", second="AAAAAAAA", password=NEW)
    assert Recovery.objects.get().status == "lapsed"
    with pytest.raises(RuleBroken):
        use_recovery(yi.username, first=halves[0], second=halves[1], password=NEW)


def test_a_code_holds_for_a_day(yi, halves):
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        with pytest.raises(RuleBroken):
            use_recovery(yi.username, first=halves[0], second=halves[1], password=NEW)
        fire_due()
    assert Recovery.objects.get().status == "lapsed"


def test_neither_half_lies_in_the_database_or_in_a_fact(yi, halves):
    row = Recovery.objects.values().get()
    written = f"{row} {list(Fact.objects.values_list('details', flat=True))}"
    assert not [half for half in halves if half in written]


def test_a_login_that_acts_elsewhere_too_is_not_given_away_by_two_of_one_organization(bank, yi):
    """Two people of a small company must not become an approver of a bank."""
    member = register_organization(MEMBER_USCC, kind="member", name="云岫金禾", by=SYSTEM)
    nuo, lan = (person_at(member, "member_checker", name) for name in ("诺", "兰"))
    opal = person_at(
        register_organization("91990100MA0W000143", kind="operator", name="远岱平台", by=SYSTEM),
        "operator",
        "欧珀",
    )
    grant_role(member.pk, person_id=yi.person_id, role="member_maker", by=SYSTEM)

    for lost in ("totp", "password"):
        recovery, _half = asked(yi, nuo, lost)
        with pytest.raises(Forbidden):
            confirm_recovery(recovery.pk, by=fresh(lan))
        assert Authenticator.objects.filter(user=yi).exists()
        refuse_recovery(recovery.pk, by=lan)

    recovery, _half = asked(yi, nuo)
    confirm_recovery(recovery.pk, by=fresh(opal))
    assert not Authenticator.objects.filter(user=yi).exists()
