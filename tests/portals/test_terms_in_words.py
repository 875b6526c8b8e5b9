"""Rate and repayment of a deal: in the reader's language on pages, in Chinese on papers."""

import pytest
from django.utils.translation import override

from scf.financing.papers import drawdown_papers
from tests.factories.parties import user_of
from tests.notifications.conftest import submitted
from tests.portals.rooms import browser_of, text_of


@pytest.mark.parametrize(
    ("language", "rate", "repayment"),
    [
        ("en", "4.35 %, fixed", "Bullet: principal and interest at maturity"),
        ("zh-hans", "4.35 %，固定利率", "到期一次还本付息"),
    ],
)
def test_the_page_of_a_deal_says_rate_and_repayment_in_the_readers_language(
    db, language, rate, repayment
):
    application = submitted()
    user = user_of("zhou")
    user.language = language
    user.save()
    page = text_of(browser_of("zhou").get(f"/deals/{application.deal_id}/"))
    assert rate in page
    assert repayment in page


def test_a_paper_is_chinese_whatever_language_its_signer_reads(db):
    application = submitted()
    with override("en"):
        assert drawdown_papers(application) == application.papers
    assert application.papers["drawdown_request"]["rate"] == "4.35 %，固定利率"
