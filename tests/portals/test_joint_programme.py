"""A programme with a partner bank at the portals (联合贷)."""

import pytest

from scf.credit.models import ProgrammeVersion
from tests.factories.parties import party
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_programmes import typed_in

pytestmark = pytest.mark.django_db


def test_a_joint_programme_is_typed_agreed_to_by_the_partner_and_put_in_force():
    partner = party("dongling")
    given = {
        **typed_in(text_of(browser_of("chen").get("/b/programmes/new/"))),
        "name": "联合出资项目",
        "limit_minor": "80,000,000",
        "rate_ppm": "4.35",
        "penalty_rate_ppm": "6.525",
        "enterprise": str(party("hengyan").pk),
        "anchor_side": "seller",
        "partner_0_bank": str(partner.pk),
        "partner_0_share": "29",
    }
    refused = browser_of("chen").post("/b/programmes/new/", given)
    assert refused.status_code == 400
    assert "30%" in text_of(refused)
    answer = browser_of("chen").post("/b/programmes/new/", {**given, "partner_0_share": "40"})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    version = ProgrammeVersion.objects.get()

    lender = text_of(browser_of("yi").get(address))
    assert "等联合出资行表态" in lender
    assert f"/b/versions/{version.pk}/approve" not in lender
    asked = text_of(browser_of("sly").get(address))
    assert f"{partner.name} 40.00 %" in asked
    assert "请贵行决定是否联合出资" in asked
    assert "决定是否联合出资" in text_of(browser_of("sly").get("/", follow=True))

    browser_of("sly").post(f"/b/versions/{version.pk}/lend", {"seen": version.hash})
    agreed = text_of(browser_of("sly").get(address))
    assert "80,000,000.00" in agreed  # what it agreed to stays readable until it is in force
    assert browser_of("sly").get(f"/b{address}terms").status_code == 404  # not its programme
    browser_of("yi").post(f"/b/versions/{version.pk}/approve", {"seen": version.hash})
    page = text_of(browser_of("sly").get(address))
    assert "现行条款" in page
    assert "出资行已同意" in page
    browser_of("sly").post(f"/b/versions/{version.pk}/no", {"reason": "晚了"}, follow=True)
    version.refresh_from_db()
    assert version.status == "approved"
