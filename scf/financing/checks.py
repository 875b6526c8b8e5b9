"""The checks at submit, which advise the bank, and the nine at pay-out, which must all pass
(K27).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import RuleBroken
from scf.credit import selectors as credit
from scf.credit.machine import HoldStatus
from scf.financing.access import content_hash
from scf.financing.machine import LenderStatus
from scf.financing.models import Application, CheckResult
from scf.financing.services.sign import wants_mandates
from scf.parties.checks import stepped_up_recently
from scf.parties.selectors import get_organization, kyb_is_valid
from scf.payments.machine import D
from scf.payments.machine import S as Escrow
from scf.payments.selectors import deposit_of, payment_of
from scf.wallets.machine import S as WalletStatus
from scf.workflow import clocks
from scf.workflow.models import Fact

Seen = tuple[bool, dict[str, Any]]

WORDS = {
    "approval_valid": _("审批有效且内容未变"),
    "contracts_signed": _("合同与条款已由三方签署"),
    "own_funds_in": _("自有资金已到托管"),
    "deposit_pledged": _("保证金已缴存并质押"),
    "lenders_approved": _("联合出资行均已批准同一内容"),
    "wallets_active": _("买方与收款人钱包正常"),
    "lines_locked": _("订单行已锁定且未在他处融资"),
    "limits_enough": _("各级额度足够且未冻结"),
    "kyb_and_lists": _("双方准入资料在有效期内"),
    "payee_is_seller": _("收款人即合同卖方且户名一致"),
    "once_and_second_factor": _("本次放款唯一且已二次验证"),
    "trade_papers": _("提款申请书与支付委托书齐备"),
    "price_in_order": _("订单金额与行金额一致"),
}


def run_submit_checks(application: Application) -> list[CheckResult]:
    """What the machine can see by itself; the bank's reviewer decides. Results are stored."""
    found = {
        "kyb_and_lists": _kyb(application),
        "lines_locked": _lines(application),
        "limits_enough": _limits(application),
        "trade_papers": _papers(application),
        "price_in_order": _prices(application),
    }
    return _store(application, "submit", application.rounds, found)


def look_at_pay_out(application: Application, *, by: Actor) -> dict[str, Seen]:
    """The nine checks of K27 as they stand now, the deposit's where there is one, and the other
    lenders' of a joint loan; nothing is stored: for the checklist page.
    """
    nine: dict[str, Callable[[], Seen]] = {
        "approval_valid": lambda: _approval(application),
        "contracts_signed": lambda: _signed(application),
        "own_funds_in": lambda: _own_funds(application),
        "wallets_active": lambda: _wallets(application),
        "lines_locked": lambda: _lines(application),
        "limits_enough": lambda: _limits(application),
        "kyb_and_lists": lambda: _kyb(application),
        "payee_is_seller": lambda: _payee(application),
        "once_and_second_factor": lambda: _once(application, by),
    }
    if application.deposit_minor:
        nine["deposit_pledged"] = lambda: _deposit(application)
    if application.partner_ids:
        nine["lenders_approved"] = lambda: _lenders(application)
    return {code: check() for code, check in nine.items()}


def run_pay_out_checks(application: Application, *, by: Actor) -> list[CheckResult]:
    """The nine checks of K27, each stored with what it saw. Raises RuleBroken(check_failed) when
    one fails.
    """
    found = look_at_pay_out(application, by=by)
    return _store(application, "pay_out", application.pay_out_attempts + 1, found)


def require_all(results: list[CheckResult]) -> None:
    """Refuse when a check failed, naming each. Raises RuleBroken(check_failed)."""
    failed = [result.code for result in results if not result.is_passed]
    if failed:
        names = "、".join(str(WORDS[code]) for code in failed)
        raise RuleBroken(
            _("放款检查未通过：%(names)s"), code="check_failed", names=names, failed=failed
        )


def _store(
    application: Application, stage: str, number: int, found: dict[str, Seen]
) -> list[CheckResult]:
    rows = [
        CheckResult(
            application=application,
            stage=stage,
            round=number,
            code=code,
            is_passed=passed,
            seen=seen,
            checked_at=clocks.business_now(),
        )
        for code, (passed, seen) in found.items()
    ]
    return CheckResult.objects.bulk_create(rows)


def _approval(application: Application) -> Seen:
    fact = _last_fact(application, "application.approved")
    now = content_hash(application)
    approved = fact.details.get("content") if fact else ""
    return approved == now, {"approved": approved, "now": now}


def _signed(application: Application) -> Seen:
    payment = payment_of(application.pk, by=SYSTEM)
    is_open = payment.status not in (Escrow.PREPARED, Escrow.CANCELLED)
    is_signed = is_open and not wants_mandates(application)
    return is_signed, {"agreement_id": payment.agreement_id, "escrow": payment.status}


def _own_funds(application: Application) -> Seen:
    payment = payment_of(application.pk, by=SYSTEM)
    enough = payment.own_funds_in_minor == application.own_funds_minor
    is_in = enough and payment.status == Escrow.OWN_FUNDS_IN
    return is_in, {
        "wanted_minor": application.own_funds_minor,
        "in_minor": payment.own_funds_in_minor,
    }


def _deposit(application: Application) -> Seen:
    deposit = deposit_of(payment_of(application.pk, by=SYSTEM).pk)
    wanted, held = application.deposit_minor, deposit.held_minor if deposit else 0
    is_held = deposit is not None and deposit.status == D.PLEDGED and held == wanted
    is_active = deposit is not None and deposit.wallet.status == WalletStatus.ACTIVE
    return is_held and is_active, {
        "wanted_deposit_minor": wanted,
        "pledged_minor": held,
        "deposit_wallet": deposit.wallet.status if deposit else "",
    }


def _lenders(application: Application) -> Seen:
    given = application.lender_approvals.filter(
        status=LenderStatus.GIVEN, content=content_hash(application)
    ).count()
    wanted = len(application.partner_ids)
    return given == wanted, {"wanted_lenders": wanted, "given_lenders": given}


def _wallets(application: Application) -> Seen:
    payment = payment_of(application.pk, by=SYSTEM)
    seen = {
        "buyer": payment.buyer_wallet.status,
        "payee": payment.payee_wallet.status,
        "collection": payment.collection_wallet.status,
    }
    return all(status == WalletStatus.ACTIVE for status in seen.values()), seen


def _lines(application: Application) -> Seen:
    holders = {
        str(line.order_line.line_number): str(line.order_line.locked_by)
        for line in application.lines.select_related("order_line")
    }
    return all(holder == str(application.pk) for holder in holders.values()), {"locked_by": holders}


def _limits(application: Application) -> Seen:
    hold = credit.get_hold(application.pk, by=SYSTEM)
    today = clocks.business_date()
    levels = {
        limit.level: {
            "sanctioned_minor": limit.sanctioned_minor,
            "blocked_minor": limit.blocked_minor,
            "is_usable": not limit.is_frozen
            and _is_in_force(limit.effective_on, limit.expires_on, today),
        }
        for limit in credit.list_limits(by=SYSTEM).filter(pk__in=hold.limit_ids())
    }
    is_held = hold.status == HoldStatus.HELD and hold.held_minor >= application.loan_minor
    is_enough = is_held and all(level["is_usable"] for level in levels.values())
    return is_enough, {"held_minor": hold.held_minor, "status": hold.status, **levels}


def _is_in_force(since: date, until: date | None, today: date) -> bool:
    return since <= today and (until is None or today <= until)


def _kyb(application: Application) -> Seen:
    today = clocks.business_date()
    parties = {name: get_organization(party) for name, party in application.parties().items()}
    seen = {name: kyb_is_valid(party, on=today) for name, party in parties.items()}
    return all(seen.values()), {**seen, "on": today.isoformat()}


def _payee(application: Application) -> Seen:
    payment = payment_of(application.pk, by=SYSTEM)
    seller = get_organization(application.order.seller_id)
    seen = {
        "seller": seller.name,
        "payee": get_organization(payment.payee_wallet.owner_id).name,
        "address": payment.payee_wallet.address,
    }
    return payment.payee_wallet.owner_id == seller.pk, seen


def _once(application: Application, by: Actor) -> Seen:
    payment = payment_of(application.pk, by=SYSTEM)
    seen = {"funded_minor": payment.funded_minor, "stepped_up": stepped_up_recently(by)}
    return payment.funded_minor == 0 and bool(seen["stepped_up"]), seen


def _papers(application: Application) -> Seen:
    seen = {name: paper["hash"] for name, paper in application.papers.items()}
    return set(seen) == {"drawdown_request", "payment_mandate"}, seen


def _prices(application: Application) -> Seen:
    lines = application.order.lines.all()
    total = sum(line.amount_minor for line in lines)
    seen = {"order_minor": application.order.total_minor, "lines_minor": total}
    return total == application.order.total_minor, seen


def _last_fact(application: Application, name: str) -> Fact | None:
    found: Fact | None = Fact.objects.filter(subject_id=application.pk, name=name).last()
    return found
