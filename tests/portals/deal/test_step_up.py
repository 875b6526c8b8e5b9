"""Every page by which a party signs asks who it is when the last proof is old, and then goes on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scf.chain.models import SignatureRequest
from scf.financing.services import accept_delivery
from scf.rehearsal.cast import PASSWORD
from scf.trade.models import ReceiptLine
from tests.factories.parties import somebody
from tests.portals.deal.walk import Walk

pytestmark = pytest.mark.slow
LONG_AGO = 3600


def grow_stale(client: Client) -> None:
    """An hour passed since this browser proved who it is."""
    session = client.session
    for record in (records := session["account_authentication_methods"]):
        record["at"] -= LONG_AGO
    session["account_authentication_methods"] = records
    session.save()


def asked_again(walk: Walk, key: str, page: str, **data: object) -> str:
    """The way to the proof that a post of a person with an old one is answered with."""
    grow_stale(walk.client(key))
    before = SignatureRequest.objects.count()
    answer = walk.post(key, page, **data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert SignatureRequest.objects.count() == before
    return answer.headers["Location"]


def test_a_signature_needs_a_fresh_proof_at_every_page_and_goes_on_after_it(funded):
    row, token, code = funded.ship(1, "50", "FH-1")
    funded.give_evidence(token, code, "50")

    accept = f"accept/{row.pk}"
    member = asked_again(funded, "ma", accept, accepted="50")
    assert member.startswith("/accounts/reauthenticate/")
    assert funded.get("ma", accept).headers["Location"].startswith("/accounts/reauthenticate/")
    photo = SimpleUploadedFile("bd.png", b"\x89PNG\r\n\x1a\n", content_type="image/png")
    assert asked_again(funded, "ma", accept, accepted="50", slip=photo) == funded.url(accept)
    assert not ReceiptLine.objects.exists()
    asked_again(funded, "ma", accept, accepted="50")
    proof = {"password": PASSWORD, "next": funded.url(accept)}
    funded.client("ma").post("/accounts/reauthenticate/", proof, follow=True)
    assert ReceiptLine.objects.get().accepted_quantity == 50

    funded.rest()
    confirm = f"confirm/{funded.application.acceptances.get().pk}"
    assert asked_again(funded, "luo", confirm).startswith("/accounts/code/again/")
    line = funded.line(2).pk
    for page, data in ((f"dispute/{line}", {"reason": "短重"}), (f"return/{line}", {})):
        for key in ("nuo", "lan"):
            assert "/accounts/reauthenticate/" in asked_again(funded, key, page, **data)


def test_a_form_refused_after_the_proof_is_sent_again_to_its_own_page(funded):
    page = funded.url("repay")
    given = {**funded.hidden("nuo", "repay"), "amount": "1000.001"}
    assert funded.post("nuo", "repay", **given).status_code == 400
    given["amount"] = "999,999.00"
    grow_stale(funded.client("nuo"))
    asked = funded.post("nuo", "repay", **given)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    proof = {"password": PASSWORD, "next": page}
    shown = funded.client("nuo").post("/accounts/reauthenticate/", proof)
    text = shown.content.decode()
    assert 'value="999,999.00"' in text
    assert f'<form method="post" action="{page}"' in text


def test_a_pay_out_that_lacks_nothing_but_the_proof_is_not_called_failed(walk):
    walk.until("own_funds_in")
    grow_stale(walk.client("luo"))
    page = walk.text("luo", "pay-out")
    assert page.count("tone-green") == 8
    assert "放款时验证" in page
    assert "tone-red" not in page
    assert asked_again(walk, "luo", "pay-out").startswith("/accounts/code/again/")


def test_what_a_machine_recorded_is_signed_by_a_button_of_the_deal(funded):
    row, token, code = funded.ship(1, "50", "FH-1")
    funded.give_evidence(token, code, "50")
    accept_delivery(
        funded.application.pk, row.pk, accepted=row.shipped_quantity, is_signing=False,
        by=somebody("ma"),
    )  # fmt: skip
    page = f"acceptances/{funded.application.acceptances.get().pk}/sign"
    assert funded.url(page) in funded.text("he")
    assert funded.url(page) not in funded.text("lan")
    assert funded.post("lan", page).status_code == 403
    assert "/accounts/reauthenticate/" in asked_again(funded, "he", page)
    proof = {"password": PASSWORD, "next": funded.url(page)}
    funded.client("he").post("/accounts/reauthenticate/", proof, follow=True)
    funded.rest()
    assert funded.url("confirm/") in funded.text("luo")
