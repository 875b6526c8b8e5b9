"""The third bank person pays out after nine stored checks, or hears which of them says no."""

import pytest

from scf.chain.models import ChainCommand, SignatureRequest
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.credit.models import Limit
from scf.credit.services import freeze_limit
from scf.financing.checks import look_at_pay_out
from scf.financing.models import Application, CheckResult
from scf.financing.services import pay_out
from scf.parties.models import Membership
from scf.parties.services import review_kyb
from scf.payments.models import Payment
from scf.payments.services import cancel_payment
from scf.trade.services import release_lines
from scf.wallets.models import Act, Purpose
from scf.wallets.selectors import wallet_of
from scf.wallets.services import freeze_wallet, transfer
from scf.workflow.models import Fact
from tests.factories.parties import also, party, somebody, stepped_up
from tests.factories.wallets import ORDER
from tests.flows.conftest import Further, Stack
from tests.payments.lives import Life, approved, broken, signed, with_code

NINE = {
    "approval_valid",
    "contracts_signed",
    "own_funds_in",
    "wallets_active",
    "lines_locked",
    "limits_enough",
    "kyb_and_lists",
    "payee_is_seller",
    "once_and_second_factor",
}


@pytest.fixture
def begins() -> None:
    """A chain of today, unlike that of the golden deal in this room."""


@pytest.fixture
def further(request) -> Further:
    """Signed, own funds in, where the test asks for its ``life``."""
    ready = Further("own funds in", lambda stack: signed(stack).own_funds())
    return ready if "life" in request.fixturenames else Further()


@pytest.fixture
def life(stack: Stack) -> Life:
    """Signed, own funds in: everything is ready."""
    return Life(stack, Application.objects.get())


def another_purpose(life: Life) -> None:
    Application.objects.filter(pk=life.application.pk).update(purpose="另作他用")


def own_funds_counted_less(life: Life) -> None:
    Payment.objects.filter(pk=life.payment.pk).update(own_funds_in_minor=199_999_99)


def payee_frozen(life: Life) -> None:
    freeze_wallet(life.payment.payee_wallet, order=ORDER, by=with_code("luo"))
    life.stack.rest()


def lines_let_go(life: Life) -> None:
    release_lines(life.application.pk, by=SYSTEM)


def limit_frozen(life: Life) -> None:
    freeze_limit(Limit.objects.get(level="borrower").pk, key="k", reason="逾期", by=SYSTEM)


def buyer_unknown(life: Life) -> None:
    review_kyb(party("jinhe").pk, is_verified=False, by=SYSTEM)


def another_payee(life: Life) -> None:
    wrong = wallet_of(party("jinhe").pk, bank_id=party("yuanfan").pk, purpose=Purpose.COLLECTION)
    Payment.objects.filter(pk=life.payment.pk).update(payee_wallet=wrong)


def funded_before(life: Life) -> None:
    Payment.objects.filter(pk=life.payment.pk).update(funded_minor=1)


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (another_purpose, "approval_valid"),
        (own_funds_counted_less, "own_funds_in"),
        (payee_frozen, "wallets_active"),
        (lines_let_go, "lines_locked"),
        (limit_frozen, "limits_enough"),
        (buyer_unknown, "kyb_and_lists"),
        (another_payee, "payee_is_seller"),
        (funded_before, "once_and_second_factor"),
    ],
)
def test_one_thing_that_is_not_as_it_must_be_is_stored_and_named(life, happens, code):
    happens(life)
    with pytest.raises(RuleBroken) as refusal:
        pay_out(life.application.pk, by=with_code("luo"))

    assert refusal.value.code == "check_failed"
    assert refusal.value.extra["failed"] == [code]
    stored = CheckResult.objects.filter(application=life.application, stage="pay_out")
    assert {result.code for result in stored} == NINE
    assert [result.code for result in stored if not result.is_passed] == [code]
    life.application.refresh_from_db()
    assert life.application.status == "signed"
    assert not Act.objects.filter(kind="fund").exists()


def test_before_all_have_signed_two_checks_say_no(stack):
    life = approved(stack)
    seen = look_at_pay_out(life.application, by=with_code("luo"))

    assert {code for code, (passed, _seen) in seen.items() if not passed} == {
        "contracts_signed",
        "own_funds_in",
    }
    with pytest.raises(Conflict):
        pay_out(life.application.pk, by=with_code("luo"))


def test_who_had_a_hand_in_it_before_does_not_pay_out(life):
    for key in ("zhou", "yi"):
        actor = also(with_code(key), "application:pay_out")
        membership = Membership.objects.get(person_id=actor.person_id)
        Membership.objects.create(
            organization_id=membership.organization_id,
            person_id=membership.person_id,
            role="bank_operations",
        )
        with pytest.raises(Forbidden) as refusal:
            pay_out(life.application.pk, by=actor)
        assert refusal.value.code == "four_eyes"


def test_a_stranger_the_buyer_and_who_shows_no_second_factor_are_refused(life):
    with pytest.raises(NotFound):
        pay_out(life.application.pk, by=with_code("sly"))
    with pytest.raises(Forbidden):
        pay_out(life.application.pk, by=also(with_code("nuo"), "application:pay_out"))
    with pytest.raises(Forbidden) as refusal:
        pay_out(life.application.pk, by=somebody("luo"))
    assert refusal.value.code == "step_up_required"
    with pytest.raises(Forbidden):
        pay_out(life.application.pk, by=stepped_up(somebody("shen")))
    assert not CheckResult.objects.filter(stage="pay_out").exists()


def test_nobody_pays_out_more_than_he_may_sign(life):
    luo = with_code("luo")
    Membership.objects.filter(person_id=luo.person_id).update(signing_limit_minor=799_999_99)
    with pytest.raises(Forbidden) as refusal:
        pay_out(life.application.pk, by=luo)
    assert refusal.value.code == "over_signing_limit"

    Membership.objects.filter(person_id=luo.person_id).update(signing_limit_minor=800_000_00)
    life.pay_out()
    assert life.status() == ("funded", "funded")


def test_paying_out_twice_orders_once(life):
    pay_out(life.application.pk, by=with_code("luo"))
    with pytest.raises(Conflict) as refusal:
        pay_out(life.application.pk, by=with_code("luo"))
    assert refusal.value.code == "wrong_state"
    life.stack.rest()
    with pytest.raises(Conflict):
        pay_out(life.application.pk, by=with_code("luo"))

    assert Act.objects.filter(kind="fund").count() == 1
    assert life.payment.funded_minor == 800_000_00


def test_a_bank_without_the_money_gives_the_attempt_up_and_pays_out_anew(life, settings, anvil):
    settings.RPC_URL = anvil.url
    stack, bank = life.stack, life.payment.bank_wallet
    away = {"amount_minor": 1_300_000_00, "kind": "transfer", "by": with_code("luo")}
    transfer(bank, payee=life.payment.payee_wallet, key="elsewhere", **away)
    stack.rest()
    life.pay_out()
    command = ChainCommand.objects.get(function="fund")
    assert (command.state, command.error) == ("blocked", "erc20_insufficient_balance")
    assert life.status() == ("paying_out", "own_funds_in")
    assert Fact.objects.filter(name="chain.CommandBlocked", deal_id=life.application.deal_id)

    life.give_up(command)
    assert life.status() == ("signed", "own_funds_in")
    failed = Fact.objects.get(name="application.pay_out_failed")
    assert failed.details["reason"] == "erc20_insufficient_balance"
    back = {"amount_minor": 1_300_000_00, "kind": "transfer", "by": with_code("lan")}
    transfer(life.payment.payee_wallet, payee=bank, key="back", **back)
    stack.rest()
    life.pay_out()

    assert life.status() == ("funded", "funded")
    assert life.application.pay_out_attempts == 2
    assert stack.balance(bank) == 1_200_000_00
    assert {key for key in broken() if not key.startswith("fund:")} == set()


def test_what_the_signer_refuses_goes_back_to_where_it_may_be_tried_again(life):
    pay_out(life.application.pk, by=with_code("luo"))
    request = SignatureRequest.objects.get(purpose="fund")
    SignatureRequest.objects.filter(pk=request.pk).update(digest="0x" + "00" * 32)
    life.stack.rest()

    assert life.status() == ("signed", "own_funds_in")
    act = Act.objects.get(kind="fund")
    assert (act.status, act.failure) == ("failed", "digest_mismatch")

    life.pay_out()
    assert life.status() == ("funded", "funded")


def test_a_cancelled_agreement_ends_the_application_that_was_to_be_paid(life):
    cancel_payment(life.payment.pk, by=with_code("luo"))
    life.stack.rest()

    assert life.status() == ("expired", "cancelled")
    assert life.stack.balance(life.payment.buyer_wallet) == 250_000_00
