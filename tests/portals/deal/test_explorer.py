"""Transactions and blocks in words, and what is stuck with the way out by two persons."""

import re

import pytest

from scf.chain.models import ChainCommand
from scf.payments.agreements import escrow_act, line_args
from scf.wallets.acts import send_act
from tests.portals.deal.walk import Walk

pytestmark = pytest.mark.slow


def test_a_transaction_is_told_in_both_languages(funded):
    tx_hash = funded.payment.movements.get(kind="fund").tx_hash

    page = funded.client("lan").get(f"/tx/{tx_hash}").content.decode()
    for words in ("贷款资金到位", "AgreementFunded", "800,000.00", "链上已确认", "合约编号"):
        assert words in page
    paid = funded.payment.movements.get(kind="own_funds").tx_hash
    paid_page = funded.client("ma").get(f"/tx/{paid}").content.decode()
    for words in ("云岫金禾塑编有限公司 · 一般钱包 0x", "首付款已到"):
        assert words in paid_page
    number = re.search(r"/blocks/(\d+)", page)[1]
    block = funded.client("lan").get(f"/blocks/{number}").content.decode()
    assert tx_hash in block
    funded.client("lan").post("/preferences/", {"language": "en", "next": "/"})
    assert "Loan money paid in" in funded.client("lan").get(f"/tx/{tx_hash}").content.decode()


def test_an_unknown_transaction_or_block_is_not_found(walk):
    assert walk.client("lan").get("/tx/0x" + "0" * 64).status_code == 404
    assert walk.client("lan").get("/blocks/999999").status_code == 404


def blocked(walk: Walk) -> ChainCommand:
    """A release of what nobody confirmed: the chain would refuse it, so it waits for persons."""
    line = walk.payment.lines.first()
    send_act(escrow_act(walk.payment, "release", "release:nothing", "release", line_args(line)))
    walk.rest()
    return ChainCommand.objects.get(state="blocked")


def press(walk: Walk, key: str, verb: str) -> None:
    """Press the button of this verb on the page of stuck things."""
    page = walk.client(key).get("/stuck/").content.decode()
    address = re.search(rf'action="(/stuck/[\w-]+/[\w-]+/{verb})"', page)[1]
    assert walk.client(key).post(address).status_code == 302
    walk.rest()


def test_what_is_stuck_is_tried_again_or_ended_by_two_persons(funded):
    walk, command = funded, blocked(funded)
    page = walk.client("luo").get("/stuck/").content.decode()
    assert "没有待支付的金额" in page
    assert "款项没有移动" in page

    press(walk, "luo", "retry")
    assert "approve" not in walk.client("luo").get("/stuck/").content.decode()
    press(walk, "shen", "approve")
    command.refresh_from_db()
    assert command.state == "blocked"

    press(walk, "luo", "give-up")
    press(walk, "shen", "refuse")
    press(walk, "luo", "give-up")
    press(walk, "shen", "approve")
    command.refresh_from_db()
    assert command.state == "failed"
    assert "没有异常" in walk.client("luo").get("/stuck/").content.decode()


def test_the_page_of_stuck_things_is_for_who_repairs(walk):
    for key in ("ma", "lan", "zhou"):
        assert walk.client(key).get("/stuck/").status_code == 403
    assert walk.client("opal").get("/stuck/").status_code == 200
    assert walk.client("luo").post(f"/stuck/tree/{walk.application.pk}/climb").status_code == 404
