"""借款合同: made once when the last signature opened the agreement, out of what was signed."""

import re
from dataclasses import replace

import pytest

from scf.credit.partners import Partner
from scf.credit.services import approve_programme, propose_version
from scf.credit.terms import Fee
from scf.documents.models import Paper
from scf.documents.selectors import verify_paper
from scf.financing.access import content_hash
from scf.financing.contract_paper import loan_contract
from scf.financing.models import Application, PaperDue
from scf.financing.services import approve_as_lender
from scf.financing.services.issue_papers import make_due_papers, note_papers
from scf.loans.models import Loan
from scf.payments.agreements import terms_of
from scf.payments.models import Payment
from scf.payments.terms import terms_hash_of
from scf.workflow.models import Fact
from tests.api.machine import machine_of
from tests.factories.credit import GOLDEN_TERMS
from tests.factories.parties import party, somebody
from tests.financing.conftest import Deal
from tests.loans.deal import LOAN
from tests.payments.lives import approved, with_code
from tests.portals.rooms import browser_of, text_of

pytestmark = pytest.mark.slow
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def programme_changes():
    return {
        "repayment": "interest_only",
        "recourse": "buy_back",
        "grace_days": 3,
        "fees": (
            Fee("账户管理费", "buyer", minor=100_00, at="instalment"),
            Fee("担保费", "buyer", ppm=1_000, taken_by="guarantor"),
            Fee("服务费", "seller", minor=500_00),
        ),
    }


@pytest.fixture
def contract(deal: Deal) -> Paper:
    make_due_papers()
    return Paper.objects.get(kind="loan_contract")


def rows(said: list[dict]) -> dict[str, str]:
    return {row["zh"]: row["value"] for row in said}


def test_it_says_what_was_approved_and_signed(contract, deal):
    said, application = contract.data, deal.application
    payment = Payment.objects.get(application_id=application.pk)
    assert contract.number.startswith("HT")
    assert [party["name"] for party in said["parties"]] == [
        party("yuanfan").name, party("jinhe").name, party("hengyan").name
    ]  # fmt: skip
    assert said["contract_number"] == application.number
    assert (said["total_minor"], said["own_funds_minor"]) == (1_000_000_00, 200_000_00)
    assert (said["amount_minor"], said["deposit_minor"]) == (LOAN, 0)
    assert sum(line["amount_minor"] for line in said["lines"]) == payment.total_minor
    assert said["lines"][0]["quantity"] == "50 吨"
    # 800,000.00 at 4.35 % over 31, 30 and 29 days; what the buyer was shown and nothing else.
    assert [row["interest_minor"] for row in said["schedule"]] == [2_996_67, 2_900_00, 2_803_33]
    assert sum(row["principal_minor"] for row in said["schedule"]) == LOAN
    assert [row["fees_minor"] for row in said["schedule"]] == [100_00] * 3
    assert (said["interest_minor"], said["fees_total_minor"]) == (8_700_00, 1_100_00)
    assert [(fee["name"], fee["sum_minor"], fee["how"]) for fee in said["fees"]] == [
        ("账户管理费", 300_00, "随贷款收取"), ("担保费", 800_00, "另行收取")
    ]  # fmt: skip
    terms = rows(said["terms"])
    assert terms["贷款利率"] == "4.35 %，固定利率"
    assert terms["年化利率（单利）"].startswith("4.90 %；")
    assert "9,800.00 元" in terms["综合融资成本"]
    assert terms["罚息年利率"].startswith("6.525 %")
    assert (terms["宽限期"], terms["复利"]) == ("3 天", "不计收")
    assert terms["托管到期"] == "2026-05-11 00:00（北京时间）；最迟清理 2026-07-10 00:00"
    assert (terms["到期日"], terms["核心企业责任"]) == ("2026-06-10", "回购")
    chain = rows(said["chain"])
    assert chain["协议编号"] == payment.agreement_id
    assert chain["条款哈希"] == terms_hash_of(terms_of(payment))
    assert chain["审批内容 SHA-256"] == content_hash(application)
    assert chain["提款申请书 SHA-256"] == application.papers["drawdown_request"]["hash"]
    assert [signer["person"] for signer in said["signers"]] == ["罗", "诺", "兰"]
    assert contract.tx_hash == Fact.objects.get(name="payment.opened").details["tx_hash"]


def test_all_of_it_is_said_in_english_too_and_only_what_was_agreed(contract):
    said = contract.data
    for row in said["terms"]:
        assert not HAN.search(row["en"] + row["value_en"]), row
    for clause in said["clauses"]:
        assert clause["parts"], clause["zh"]
        assert not HAN.search(clause["en"] + "".join(part["en"] for part in clause["parts"]))
    text = "".join(part["zh"] for clause in said["clauses"] for part in clause["parts"])
    assert "受托支付" in text
    assert "以结清所需全部金额回购" in text
    assert "不承担担保" not in text
    assert "保证金钱包" not in text
    assert "LPR" not in text
    assert "联合贷款" not in text


def test_told_twice_or_after_the_programme_changed_it_is_the_same_paper(contract, deal):
    (opened,) = Fact.objects.filter(name="payment.opened")
    application = Application.objects.get(pk=deal.application.pk)
    dearer = replace(GOLDEN_TERMS, rate_ppm=60_000, penalty_rate_ppm=90_000, grace_days=9)
    version = propose_version(application.programme_id, terms=dearer, by=somebody("chen"))
    approve_programme(version.pk, seen=version.hash, by=somebody("yi"))

    note_papers(opened)
    make_due_papers()
    assert Paper.objects.get(kind="loan_contract") == contract
    assert PaperDue.objects.filter(kind="loan_contract").count() == 1
    payment = Payment.objects.get(application_id=application.pk)
    assert loan_contract(application, payment, opened).data == contract.data
    assert verify_paper(contract.number).amount_minor == LOAN


def test_bank_and_borrower_find_it_at_deal_and_loan_and_by_api_and_nobody_else(contract, deal):
    file, api = f"/documents/{contract.document_id}", f"/documents/{contract.document_id}"
    pages = (f"/deals/{deal.application.deal_id}/", f"/loans/{Loan.objects.get().pk}/")
    for key in ("ma", "luo"):
        browser, machine = browser_of(key), machine_of(somebody(key))
        for page in pages:
            assert contract.number in text_of(browser.get(page))
        assert browser.get(file).content.startswith(b"%PDF-")
        listed = machine.get("/documents", {"deal_id": str(contract.deal_id)}).json()["results"]
        assert str(contract.document_id) in [each["id"] for each in listed]
        assert machine.get(f"{api}/content").content.startswith(b"%PDF-")
    assert contract.number not in text_of(browser_of("lan").get(pages[0]))
    for key in ("lan", "sly"):
        assert browser_of(key).get(file).status_code == 404
        assert machine_of(somebody(key)).get(f"{api}/content").status_code == 404


class TestJoint:
    @pytest.fixture
    def begins(self) -> None:
        """A chain of today."""

    def test_it_names_each_lender_its_share_and_who_approved_for_it(self, stack, settings):
        settings.RPC_URL = stack.chain.url
        bank = party("dongling")
        life = approved(stack, partners=(Partner(str(bank.pk), 400_000),))
        seen = content_hash(life.application)
        approve_as_lender(life.application.pk, seen=seen, by=with_code("sly"))
        life.sign()
        make_due_papers()

        paper = Paper.objects.get(kind="loan_contract")
        said = paper.data
        own, beside = said["lenders"]
        assert (own["name"], own["share"]) == (party("yuanfan").name, "60.00 %")
        assert (beside["name"], beside["share"]) == (bank.name, "40.00 %")
        assert own["amount_minor"] + beside["amount_minor"] == said["amount_minor"]
        assert [each["zh"] for each in said["parties"]][:2] == ["贷款人", "联合贷款人"]
        assert (said["signers"][-1]["zh"], said["signers"][-1]["name"]) == ("联合贷款人", bank.name)
        text = "".join(part["zh"] for clause in said["clauses"] for part in clause["parts"])
        assert "本笔贷款为联合贷款" in text
        assert browser_of("sly").get(f"/documents/{paper.document_id}").status_code == 200
        assert browser_of("lan").get(f"/documents/{paper.document_id}").status_code == 404
