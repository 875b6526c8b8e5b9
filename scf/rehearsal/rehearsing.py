"""One order of the world outside driven through every step by the cast, from import to repaid
loan.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from scf.financing.day_end import advance_days
from scf.payments.machine import L
from scf.payments.machine import S as Escrow
from scf.payments.selectors import line_of
from scf.rehearsal.bringing import Given, bring_in
from scf.rehearsal.cast import BANK, ENTERPRISE, REHEARSAL_BUYER, doer
from scf.rehearsal.deal import Asked, Deal, Found
from scf.rehearsal.journal import Journal, persistently
from scf.rehearsal.money import broken_invariants, money_of
from scf.rehearsal.papers import Bill, despatched
from scf.rehearsal.parts import Shipped, two_deliveries
from scf.rehearsal.people import acting, organization
from scf.rehearsal.stack import Stack, wait_until
from scf.rehearsal.world import (
    ENTERPRISE_MINOR,
    OTHER_BORROWER_MINOR,
    TERMS,
    Room,
    build_world,
    ensure_limit,
    ensure_member,
    ensure_programme,
    issue,
    make_room,
    wallet,
)
from scf.trade.importing import TradeDocument
from scf.trade.models import OrderLine
from scf.trade.reading import described
from scf.trade.services import confirm_order, record_invoice
from scf.wallets.models import Purpose
from scf.workflow import clocks

PROGRAMME = "演练项目（验收付款，用款起息）"
TENOR = timedelta(days=90)
BETWEEN = timedelta(days=5)  # from one act on the goods to the next, where days are lived
SETTLES_WITHIN = 240.0  # seconds from the receipt to the settled loan on a running stack
BUYER, SELLER = REHEARSAL_BUYER, ENTERPRISE
ENDED_WELL = (Escrow.SETTLED, Escrow.RETURNED)


@dataclass
class Rehearsal:
    """One rehearsal; ``say`` hears its progress."""

    stack: Stack
    given: Given
    say: Callable[[str], object]
    despatch: TradeDocument | None = None
    bill: Bill | None = None
    lives_days: bool = False  # let the tenor pass, on a stack of one's own
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.say)

    def run(self) -> dict[str, Any]:
        """From the file to the settled loan; what is printed. Raises Refused, Stuck."""
        programme_id = self._prepare()
        deal = self._order()
        self._finance(deal, programme_id)
        self._deliver(deal)
        self._bill(deal)
        self._repay(deal)
        return self._told(deal)

    def _prepare(self) -> UUID:
        # The cast, its wallets and a programme with room: there already on a demo stack.
        persistently(lambda: build_world(self.stack, keys=(BANK, BUYER, SELLER)))
        terms = replace(
            TERMS, interest_from="release", sweep="on_receipt", tolerance_under_ppm=3_000
        )
        programme = persistently(
            lambda: ensure_programme(PROGRAMME, anchor_side="seller", terms=terms)
        )
        persistently(lambda: ensure_member(programme, BUYER))
        persistently(lambda: ensure_limit("enterprise", SELLER, ENTERPRISE_MINOR))
        persistently(lambda: ensure_limit("borrower", BUYER, OTHER_BORROWER_MINOR))
        return programme.pk

    def _order(self) -> Deal:
        by = doer(BUYER, "order")
        order = bring_in(self.given, buyer=BUYER, seller=SELLER)
        deal = Deal(self.stack, BUYER, SELLER, order)
        self.journal.step("import_order", by, lambda: None, deal=deal)
        seller = doer(SELLER, "confirm_order")
        self.journal.step("confirm_order", seller, lambda: self._confirm(deal), deal=deal)
        return deal

    def _confirm(self, deal: Deal) -> None:
        deal.order.refresh_from_db()
        if deal.order.status == "draft":
            confirm_order(deal.order.pk, by=acting(doer(SELLER, "confirm_order")))

    def _finance(self, deal: Deal, programme_id: UUID) -> None:
        total = sum(line.amount_minor for line in deal.order.lines.all())
        make_room(Room(programme_id, BUYER, total))
        asked = Asked(programme_id, matures_on=clocks.business_date() + TENOR)
        buyer, seller = doer(BUYER, "sign"), doer(SELLER, "sign")
        steps: list[tuple[str, str, Callable[[], object]]] = [
            ("submit", doer(BUYER, "apply"), lambda: deal.submit(asked)),
            ("recommend", "zhou", deal.recommend),
            ("approve", "yi", deal.approve),
            ("sign_by_buyer", buyer, lambda: deal.sign_by(buyer)),
            ("sign_by_seller", seller, lambda: deal.sign_by(seller)),
            ("sign_by_bank", "luo", lambda: deal.sign_by("luo")),
            ("issue_coins", "system", lambda: self._fill_wallets(deal)),
            ("pay_own_funds", buyer, deal.pay_own_funds),
            ("pay_out", "luo", deal.pay_out),
        ]
        for name, actor, act in steps:
            self.journal.step(name, actor, act, deal=deal)

    def _fill_wallets(self, deal: Deal) -> None:
        application = deal.application
        for key, purpose, minor in (
            (BANK, Purpose.OWN, application.loan_minor),
            (BUYER, Purpose.GENERAL, application.own_funds_minor),
        ):
            issue(wallet(key, purpose), minor, key=f"rehearsal:{application.pk}:{key}")

    def _deliver(self, deal: Deal) -> None:
        lines = list(deal.order.lines.filter(amount_minor__gt=0).order_by("line_number"))
        for number, shipped in enumerate(self._deliveries(lines), start=1):
            self._live(BETWEEN)
            # What still comes may be worth no fen: then all is paid already.
            if deal.payment.status not in ENDED_WELL:
                self._deliver_once(deal, f"FH-{number}", shipped)
        self._give_back(deal, lines)

    def _deliveries(self, lines: list[OrderLine]) -> list[list[Shipped]]:
        if self.despatch is None:
            both = two_deliveries(lines, tolerance_ppm=3_000)
        else:
            carried = despatched(self.despatch, lines)
            rest = {line.pk: line.quantity - carried.get(line.pk, Decimal(0)) for line in lines}
            both = (
                [Shipped(pk, quantity) for pk, quantity in carried.items()],
                [Shipped(pk, quantity) for pk, quantity in rest.items() if quantity],
            )
        return [delivery for delivery in both if delivery]

    def _deliver_once(self, deal: Deal, number: str, shipped: list[Shipped]) -> None:
        quantities = {each.line_id: each.quantity for each in shipped}
        seller, buyer = doer(SELLER, "ship"), doer(BUYER, "accept")
        self.journal.step("ship", seller, lambda: deal.ship(number, quantities), deal=deal)
        self.journal.step("accept", buyer, lambda: self._accept(deal, number, shipped), deal=deal)
        self.journal.step("confirm_acceptance", "luo", deal.confirm, deal=deal)

    def _accept(self, deal: Deal, number: str, shipped: list[Shipped]) -> None:
        found = {each.line_id: Found(each.quantity - each.short, each.short) for each in shipped}
        for row in deal.ship(number, {}).lines.select_related("order_line"):
            deal.accept(row, found[row.order_line_id])

    def _give_back(self, deal: Deal, lines: list[OrderLine]) -> None:
        short = [line for line in lines if line_of(deal.payment, line.pk).status == L.SHORT_CLOSED]
        if short:
            for side in (BUYER, SELLER):
                actor = doer(side, "sign")
                agree = partial(deal.agree_to_return, short, actor)
                self.journal.step("return_line", actor, agree, deal=deal)

    def _bill(self, deal: Deal) -> None:
        if self.bill is None:
            return
        seller = doer(SELLER, "invoice")
        invoice = self.bill.invoice_of(
            deal.order.pk, buyer=organization(BUYER), seller=organization(SELLER)
        )
        self.journal.step(
            "record_invoice",
            seller,
            lambda: deal.order.invoices.exists() or record_invoice(invoice, by=acting(seller)),
            deal=deal,
        )

    def _repay(self, deal: Deal) -> None:
        self._live(deal.loan.matures_on - clocks.business_date())
        owed = deal.owed_minor()
        reference = f"rehearsal:{deal.application.pk}"
        self.journal.step(
            "receive_and_sweep",
            "system",
            lambda: self._settle(deal, owed, reference),
            deal=deal,
        )

    def _settle(self, deal: Deal, owed_minor: int, reference: str) -> None:
        if owed_minor:
            deal.receive(owed_minor, reference=reference)
        deal.rest()
        wait_until(
            lambda: deal.loan.status == "settled",
            what=lambda: f"loan {deal.loan} is {deal.loan.status}",
            seconds=0.1 if self.stack.is_own else SETTLES_WITHIN,
        )

    def _live(self, span: timedelta) -> None:
        """Let the days pass on a stack of one's own; on a running one today stays today."""
        if self.lives_days and span > timedelta(0):
            to = clocks.business_date() + span
            advance_days(to=to, node=self.stack.node, quiet=self.stack.rest, tell=str)

    def _told(self, deal: Deal) -> dict[str, Any]:
        money = persistently(lambda: money_of(deal))
        broken = persistently(broken_invariants)
        escrow, loan = deal.payment.status, deal.loan.status
        read = described(self.given.order)
        is_good = loan == "settled" and escrow in ENDED_WELL and not broken
        return {
            "ok": is_good and adds_up(money),
            "order": deal.order.number,
            **{name: read[name] for name in ("differences", "notices")},
            "application": deal.application.number,
            "business_date": clocks.business_date().isoformat(),
            "escrow": escrow,
            "loan": loan,
            "steps": self.journal.as_rows(),
            "money": money,
            "note": _note(money["interest"], lived=self.lives_days),
            "invariants": {"ok": not broken, "broken": broken},
        }


def adds_up(money: dict[str, int]) -> bool:
    """What came into the escrow left it, and what was lent came back, to the fen."""
    came, left = money["own_funds"] + money["funded"], money["released"] + money["returned"]
    return came == left and money["funded"] == money["repaid"] + money["returned_loan"]


def _note(interest_minor: int, *, lived: bool) -> str:
    if lived:
        return "整个期限逐日演练 / the whole tenor was lived day by day"
    if interest_minor == 0:
        return "同日放款还款，利息为 0 / drawn and repaid on one day: interest is 0"
    return ""


def begins_on(today: date) -> date:
    """The day on which a rehearsal that lives its tenor begins, so that it ends today at the
    latest.
    """
    return today - TENOR - timedelta(days=1)
