"""What the bank gave back is put right wherever its reasons ask: lines, amount, days, papers."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scf.core.errors import Conflict, RuleBroken
from scf.credit.models import LimitHold
from scf.financing.access import content_hash
from scf.financing.services import CorrectionIn, resubmit_application, return_application
from tests.documents.conftest import PDF
from tests.factories.parties import somebody
from tests.factories.trade import line_ids_of
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_applications import submitted


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def stack() -> None:
    """These pages need no chain."""


@pytest.fixture
def returned():
    application = submitted()
    return_application(
        application.pk, codes=["limit_short", "papers_missing"], note="", by=somebody("zhou")
    )
    application.refresh_from_db()
    return application


def held(application) -> list[int]:
    rows = LimitHold.objects.filter(application_id=application.pk, status="held")
    return list(rows.values_list("held_minor", flat=True))


def test_fewer_lines_and_more_own_funds_move_lock_limit_and_hash(returned):
    first, second, third = line_ids_of(returned.order)
    before = content_hash(returned)

    again = resubmit_application(
        returned.pk,
        purpose=returned.purpose,
        changes=CorrectionIn(order_line_ids=(first, second), own_funds_minor=395_200_00),
        by=somebody("ma"),
    )

    assert (again.total_minor, again.loan_minor) == (795_200_00, 400_000_00)
    assert held(again) == [400_000_00]
    holders = dict(returned.order.lines.values_list("pk", "locked_by"))
    assert holders == {first: again.pk, second: again.pk, third: None}
    assert set(again.lines.values_list("order_line_id", flat=True)) == {first, second}
    assert again.quote["schedule"][0]["principal_minor"] == 400_000_00
    assert content_hash(again) != before


def test_too_little_of_ones_own_changes_nothing(returned):
    first, *_rest = line_ids_of(returned.order)
    with pytest.raises(RuleBroken) as refusal:
        resubmit_application(
            returned.pk,
            purpose="少",
            changes=CorrectionIn(order_line_ids=(first,), own_funds_minor=1),
            by=somebody("ma"),
        )
    returned.refresh_from_db()
    assert refusal.value.code == "own_funds_too_low"
    assert (returned.status, returned.lines.count(), held(returned)) == (
        "returned", 3, [800_000_00],
    )  # fmt: skip


def test_what_was_not_returned_is_not_changed():
    application = submitted()
    with pytest.raises(Conflict) as refusal:
        resubmit_application(
            application.pk, purpose="x", changes=CorrectionIn(own_funds_minor=1), by=somebody("ma")
        )
    assert refusal.value.code == "wrong_state"


def test_the_page_holds_every_part_and_the_reviewer_sees_what_changed(returned):
    ma, address = browser_of("ma"), f"/deals/{returned.deal_id}/resubmit"
    page = text_of(ma.get(address))
    assert page.count('name="lines"') == page.count(" checked") == 3
    for shown in ("额度不足", 'value="200,000.00"', 'enctype="multipart/form-data"'):
        assert shown in page
    given = dict(re.findall(r'type="date" name="(\w+)" value="([\d-]+)"', page))
    given |= {
        "lines": [str(each) for each in line_ids_of(returned.order)[:2]],
        "own_funds": "395,200",
        "purpose": "采购树脂，合同见附件",
        "document": SimpleUploadedFile("合同.pdf", PDF),
    }
    wrong = ma.post(address, given | {"own_funds": "1", "document": ""})
    assert wrong.status_code == 400
    assert ma.post(address, given).status_code == 302

    zhou = browser_of("zhou")
    shown = text_of(zhou.get(f"/deals/{returned.deal_id}/review"))
    for words in (
        "<del>800,000.00</del>", "<ins>400,000.00</ins>", "<del>1、2、3</del>",
        "<ins>1、2</ins>", "合同.pdf", "买方补充材料",
    ):  # fmt: skip
        assert words in shown
    document = re.search(r'href="(/documents/[\w-]+)">合同.pdf', shown)[1]
    assert zhou.get(document).content == PDF
    assert browser_of("lan").get(document).status_code == 404


def test_the_page_says_what_it_costs_now_and_follows_each_figure(returned):
    ma, address = browser_of("ma"), f"/deals/{returned.deal_id}/resubmit"
    page = text_of(ma.get(address))
    assert 'hx-get="' + address + '/quote"' in page
    assert "800,000.00" in page.split('id="quote"')[1]
    # Each line's box has its label beside it, in a group that says what is chosen.
    assert page.count('class="form-check-input" name="lines"') == 3
    assert '<legend class="form-label required">订单行</legend>' in page

    first, second, _third = (str(each) for each in line_ids_of(returned.order))
    days = dict(re.findall(r'type="date" name="(\w+)" value="([\d-]+)"', page))
    given = {"lines": [first, second], "own_funds": "395,200", **days}
    shown = text_of(ma.get(f"{address}/quote", given))
    assert "要花多少钱" in shown
    assert "400,000.00" in shown
    assert "超过当前可用额度" not in shown

    tried = text_of(ma.post(address, given | {"purpose": "换两行", "try": "1"}))
    assert "400,000.00" in tried.split('id="quote"')[1]
    assert "换两行" in tried

    backwards = text_of(ma.get(f"{address}/quote", given | {"matures_on": "2020-01-01"}))
    assert "还款日须晚于计划放款日" in backwards
    refused = text_of(ma.get(f"{address}/quote", given | {"own_funds": "1"}))
    assert "首付款" in refused
    assert "要花多少钱" not in refused
    returned.refresh_from_db()
    assert (returned.status, returned.loan_minor, returned.lines.count(), held(returned)) == (
        "returned", 800_000_00, 3, [800_000_00],
    )  # fmt: skip
    assert browser_of("lan").get(f"{address}/quote", given).status_code == 404
