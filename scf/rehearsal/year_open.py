"""The year's deals that are still open this morning, and the applications that came to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from scf.rehearsal import planted
from scf.rehearsal.baskets import Baskets
from scf.rehearsal.cast import ENTERPRISE
from scf.rehearsal.market import price_on
from scf.rehearsal.seasons import next_working_day, working_day, working_days_before
from scf.rehearsal.stories import GRADES, Plan, Story, line
from scf.rehearsal.world import OFFERED, programme_of
from scf.trade.inputs import OrderLineIn

KILOGRAM = Decimal("0.001")
CENT = Decimal("0.01")
NOTE = "请补充与卖方的框架合同扫描件"
AGAIN = "扫描件不清晰，请重新上传并加盖公章"


@dataclass
class OpenDeals:
    """Everything that is not over, and what ended unfunded."""

    today: date
    baskets: Baskets

    def running(self) -> list[Story]:
        """Nine deals whose money is in the escrow or out of it, and not yet repaid."""
        return [
            self._accepted_at_once(),
            self._pipes_on_a_used_slip(),
            self._moulds_on_a_used_slip(),
            self._largest_order(),
            self._rubber_by_the_same_truck(),
            self._film_weighs_less(),
            self._shoes_melt_differently(),
            self._additives_under_way(),
            self._shoes_without_receipts(),
        ]

    def in_review(self) -> list[Story]:
        """Four applications before the bank's reviewer."""
        again = self._plan("PO-SC-0402", "shuncheng", self._ago(-3), 60, self._pipes())
        dearer = self._plan("PO-QY-0404", "qingye", self._ago(-4), 60, trucks=2)
        dearer.lines = _above_band(dearer.lines, planted.FREIGHT_INCLUDED)
        twice = self._plan(planted.DUPLICATE, "liheng", self._ago(-4), 60, self._cables())
        changed = self._plan("PO-TB-0403", "tuobu", self._ago(-4), 60)
        changed.on(self._ago(12), "review_kyb", note=planted.NEW_HEAD)
        submitted = [(again, 2), (dearer, 1), (twice, 2), (changed, 3)]
        return [plan.on(self._ago(days), "submit").story("in_review") for plan, days in submitted]

    def returned(self) -> list[Story]:
        """Three sent back to their buyers, one of them for the second time."""
        twice = self._returned("PO-BH-0411", "baihe")
        twice.on(self._ago(4), "resubmit", note="采购货物，框架合同扫描件见附件")
        twice.on(self._ago(3), "send_back_to_buyer", code="scan_unreadable", note=AGAIN)
        others = [self._returned("PO-QY-0412", "qingye"), self._returned("PO-CG-0413", "chenguang")]
        return [plan.story("sent_back") for plan in (twice, *others)]

    def ended_unfunded(self) -> list[Story]:
        """Two rejected, one withdrawn, one approved and never signed."""
        dear = self._past("PO-SC-0421", "shuncheng", 70).submitted()
        dear.lines = _above_band(dear.lines, planted.ABOVE_BAND)
        dear.happens(-1, "reject", code="price_above_band", note="报价高于公开市场区间上限 11 %")
        related = self._past("PO-HZ-0422", "huazi", 52).submitted()
        note = "卖方销售人员与买方存在关联，命中关联方名单"
        related.happens(-1, "reject", code="related_party", note=note)
        withdrawn = self._past("PO-QY-0423", "qingye", 61).submitted()
        withdrawn.happens(-1, "withdraw_by_seller")
        lapsed = self._past("PO-CG-0424", "chenguang", 80).submitted()
        lapsed.happens(-1, "recommend").happens(0, "approve")
        return [
            dear.story("rejected"),
            related.story("rejected"),
            withdrawn.story("withdrawn"),
            lapsed.story("expired_unused"),
        ]

    def trades(self) -> list[Story]:
        """Orders nobody finances: the loop that brings C's rubber back to C four per cent dearer,
        and honest two-way trade in different goods.
        """
        sold = self._rubber()[0]
        onward, back = _dearer(sold, planted.DEARER_ON), _dearer(sold, planted.DEARER_BACK)
        resin = [line("S2040", "32.000", f"{price_on('S2040', self._ago(30)):.2f}")]
        pallets = [line("CACO3", "64.000", f"{price_on('CACO3', self._ago(25)):.2f}")]
        told = [
            ("HZ-RX-0018", "ruixiang", "huazi", 11, [onward]),
            ("RX-HY-0007", ENTERPRISE, "ruixiang", 7, [back]),
            ("PO-TZ-0009", "tongze", ENTERPRISE, 30, resin),
            ("HY-TZ-0044", ENTERPRISE, "tongze", 25, pallets),
        ]
        return [
            Plan(number, buyer, self._ago(ago), 60, lines, seller=seller)
            .happens(0, "order")
            .story("trade")
            for number, buyer, seller, ago, lines in told
        ]

    def _accepted_at_once(self) -> Story:
        # No truck drives in three minutes: shipped and taken over in one breath, no paper.
        plan = self._plan("PO-LH-0301", "liheng", self._ago(16), 60, self._cables()).funded()
        return plan.taken_over(1, 8).story("running")

    def _pipes_on_a_used_slip(self) -> Story:
        plan = self._plan("PO-SC-0302", "shuncheng", self._ago(27), 60, self._pipes()).funded()
        plan.shipped(1, 10, slip=planted.SLIP).taken_over(1, 12).invoiced(14)
        return plan.story("running")

    def _moulds_on_a_used_slip(self) -> Story:
        # Its customers pay every week but for a fortnight, and then again: nothing is wrong there.
        plan = self._plan("PO-BH-0303", "baihe", self._ago(50), 90, trucks=2).funded()
        plan.shipped(1, 34, slip=planted.SLIP).taken_over(1, 36)
        for day in (6, 13, 31, 38, 45):
            plan.happens(day, "receive", amount=18_600_00 + day * 10_00, payer="沅溪佳园日用品厂")
        return plan.story("running")

    def _largest_order(self) -> Story:
        price = f"{price_on('VA28', self._ago(24)):.2f}"
        tonnes = int(Decimal(3_190_000) / Decimal(price)) // 2
        lines = [line("VA28", f"{tonnes}.000", price)] * 2
        plan = self._plan("PO-CG-0304", "chenguang", self._ago(21), 90, lines).funded()
        plan.on(self._ago(9), "ship", line="L1", vehicle=planted.PLATE)
        return plan.on(self._ago(7), "accept", **_whole(lines, 1)).story("running")

    def _rubber_by_the_same_truck(self) -> Story:
        plan = self._plan("PO-HZ-0305", "huazi", self._ago(19), 60, self._rubber()).funded()
        plan.on(self._ago(9), "ship", line="L1", vehicle=planted.PLATE)
        return plan.on(self._ago(6), "accept", **_whole(plan.lines, 1)).story("running")

    def _film_weighs_less(self) -> Story:
        # 8 per mille lighter than the seller's slip: beyond the tolerance, so it is disputed.
        plan = self._plan("PO-QY-0306", "qingye", self._ago(24), 60, trucks=3).funded()
        ordered = plan.lines[0].quantity
        short = (ordered * 8 / 1_000).quantize(KILOGRAM)
        plan.accepted(1, 9, accepted=ordered - short, short=short)
        note = "磅差 8 ‰，超出合同约定的 3 ‰"
        return plan.happens(10, "dispute", line="L1", note=note).story("disputed")

    def _shoes_melt_differently(self) -> Story:
        plan = self._plan("PO-TB-0307", "tuobu", self._ago(22), 60, self._soles()).funded()
        plan.on(self._ago(9), "ship", line="L1", vehicle=planted.SAME_CITY_PLATE)
        papers = (planted.SHOE_MELT,)
        plan.on(self._ago(8), "accept", **_whole(plan.lines, 1))
        plan.on(self._ago(8), "ship", line="L2", papers=papers)
        note = "熔指 3.6，标准 2.5±0.3，发泡密度不合格"
        return plan.on(self._ago(6), "dispute", line="L2", note=note).story("disputed")

    def _additives_under_way(self) -> Story:
        plan = self._plan("HY-CG-0308", ENTERPRISE, self._ago(20), 90, trucks=2, seller="tongze")
        return plan.funded().accepted(1, 9).story("running")

    def _shoes_without_receipts(self) -> Story:
        # Weekly receipts of its customers until a month ago; since then not a fen arrives.
        plan = self._plan("PO-TB-0309", "tuobu", self._ago(50), 90, self._soles()).funded()
        for place, day in enumerate((3, 10, 17, 24)):
            payer = planted.CUSTOMERS[place % len(planted.CUSTOMERS)]
            plan.happens(day, "receive", amount=21_400_00 + day * 30_00, payer=payer)
        plan.accepted(1, 9).on(self._ago(9), "ship", line="L2", vehicle=planted.SAME_CITY_PLATE)
        return plan.on(self._ago(7), "accept", **_whole(plan.lines, 2)).story("running")

    def _returned(self, number: str, buyer: str) -> Plan:
        plan = self._plan(number, buyer, self._ago(-5), 45).on(self._ago(6), "submit")
        return plan.on(self._ago(5), "send_back_to_buyer", code="contract_missing", note=NOTE)

    def _past(self, number: str, buyer: str, ago: int) -> Plan:
        return self._plan(number, buyer, self._ago(ago), 60)

    def _plan(
        self, number: str, buyer: str, day: date, tenor: int,
        lines: Sequence[OrderLineIn] = (), *, seller: str = ENTERPRISE, trucks: int = 0,
    ) -> Plan:  # fmt: skip
        partner = seller if buyer == ENTERPRISE else buyer
        day = working_day(day) if day <= self.today else next_working_day(day)
        priced_on = working_days_before(min(day, self.today), 3)
        return planned(
            number, buyer, day, tenor,
            lines or self.baskets.lines(partner, priced_on, trucks=trucks), seller=seller,
        )  # fmt: skip

    def _ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _cables(self) -> list[OrderLineIn]:
        return [line("2426H", "64.450", f"{price_on('2426H', self._ago(19)):.2f}")]

    def _pipes(self) -> list[OrderLineIn]:
        price = price_on("SG-5", self._ago(30))
        return [line("SG-5", "64.725", f"{price:.2f}"), line("SG-5", "32.000", f"{price + 10:.2f}")]

    def _rubber(self) -> list[OrderLineIn]:
        return [
            line("SCR", "33.000", f"{price_on('SCR', self._ago(22)):.2f}"),
            line("1502", "31.500", f"{price_on('1502', self._ago(22)):.2f}"),
        ]

    def _soles(self) -> list[OrderLineIn]:
        price = f"{price_on('VA18', self._ago(25)):.2f}"
        return [line("VA18", "32.000", price), line("VA18", "32.500", price)]


def planned(
    number: str, buyer: str, day: date, tenor: int, lines: Sequence[OrderLineIn], *, seller: str
) -> Plan:
    """A plan under the programme of the buyer's tier, with the own share that it asks for."""
    programme = programme_of(buyer)
    share = OFFERED[programme].terms.own_funds_ppm
    return Plan(number, buyer, day, tenor, lines, seller, share, programme)


def _above_band(lines: Sequence[OrderLineIn], factor: Decimal) -> list[OrderLineIn]:
    """The lines at ``factor`` times the upper end of their bands."""
    tops = {goods.sku: Decimal(goods.high) for goods in GRADES.values()}
    return [replace(one, unit_price=(tops[one.sku] * factor).quantize(CENT)) for one in lines]


def _dearer(one: OrderLineIn, factor: Decimal) -> OrderLineIn:
    return replace(one, unit_price=(one.unit_price * factor).quantize(CENT))


def _whole(lines: Sequence[OrderLineIn], number: int) -> dict[str, str]:
    return {"line": f"L{number}", "accepted": str(lines[number - 1].quantity)}
