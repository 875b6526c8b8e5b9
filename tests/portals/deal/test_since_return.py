"""The review screen shows what changed since the bank gave the application back."""

import pytest
from django.db import DatabaseError, transaction

from scf.financing.inputs import CorrectionIn
from scf.financing.services import resubmit_application, return_application
from tests.factories.parties import somebody
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_applications import submitted


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def stack() -> None:
    """These pages need no chain."""


def review_of(application) -> str:
    return text_of(browser_of("zhou").get(f"/deals/{application.deal_id}/review"))


def give_back(application, *codes: str, note: str = "") -> None:
    return_application(application.pk, codes=codes, note=note, by=somebody("zhou"))


def test_each_changed_field_stands_there_as_it_was_and_as_it_is():
    application = submitted()
    assert "退回后的变化" not in review_of(application)
    give_back(application, "papers_missing", note="请写明送货地点")
    assert "退回后的变化" not in review_of(application)  # nothing has come back yet

    resubmit_application(application.pk, purpose="采购树脂，发往云岫仓库", by=somebody("ma"))
    shown = review_of(application)
    assert "退回后的变化" in shown
    assert "请写明送货地点" in shown
    assert "<del>–</del>" in shown
    assert "<ins>采购树脂，发往云岫仓库</ins>" in shown
    labels = shown.split("退回后的变化", 1)[1].split("</section>")[0]
    assert "贷款（元）" not in labels  # what did not change is not listed


def test_reasons_and_papers_are_named_in_the_readers_language():
    application = submitted()
    give_back(application, "contract_missing")
    changes = CorrectionIn(own_funds_minor=400_000_00)
    resubmit_application(application.pk, purpose="", changes=changes, by=somebody("ma"))
    zhou = browser_of("zhou")
    zhou.post("/preferences/", {"language": "en"})
    shown = text_of(zhou.get(f"/deals/{application.deal_id}/review"))
    labels = shown.split("Changes since the return", 1)[1].split("</section>")[0]
    assert "The contract is missing" in labels
    assert "contract_missing" not in labels
    assert "Payment mandate" in labels
    assert "支付委托书" not in labels


def test_a_second_return_is_compared_with_the_second_version():
    application = submitted()
    for purpose in ("第一次补正", "第二次补正"):
        give_back(application, "papers_missing")
        resubmit_application(application.pk, purpose=purpose, by=somebody("ma"))
    shown = review_of(application)
    assert "<del>第一次补正</del>" in shown
    assert "<ins>第二次补正</ins>" in shown


def test_nothing_changed_is_said():
    application = submitted()
    give_back(application, "papers_missing")
    resubmit_application(application.pk, purpose=application.purpose, by=somebody("ma"))
    assert "内容没有变化。" in review_of(application)


def test_the_buyer_is_not_shown_the_banks_comparison():
    application = submitted()
    give_back(application, "papers_missing")
    resubmit_application(application.pk, purpose="补正", by=somebody("ma"))
    assert browser_of("ma").get(f"/deals/{application.deal_id}/review").status_code == 404


def test_what_was_returned_can_never_be_rewritten():
    application = submitted()
    give_back(application, "papers_missing")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        application.returned_versions.update(note="anders")
