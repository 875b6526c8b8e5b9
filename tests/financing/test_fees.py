"""Fees from the programme's terms over the buyer's quote to the claims of the loan."""

from datetime import date

from scf.credit.terms import Fee
from scf.loans.actions import Action, Draw, Repay
from scf.loans.apr import Flow, xirr
from scf.loans.book import fold
from scf.loans.offer import Fee as OfferedFee
from scf.loans.quotes import due_quote
from scf.loans.reading import fees_shown
from tests.financing.test_products import PLANNED, asked, registered

FEES = (
    Fee("手续费", "buyer", minor=100_00, ppm=500),
    Fee("账户管理费", "buyer", minor=50_00, at="instalment"),
    Fee("贷后管理费", "buyer", ppm=250, at="maturity"),
    Fee("年费", "buyer", minor=80_00, at="year"),
    Fee("担保费", "buyer", minor=600_00, taken_by="guarantor"),
    Fee("服务费", "seller", minor=900_00),
)


def test_the_banks_fees_become_claims_of_the_loan_and_others_stay_outside(db):
    application = asked(date(2026, 6, 12), repayment="interest_only", fees=FEES)
    quote, terms = application.quote, registered(application)

    assert [(fee.code, fee.on.isoformat(), fee.amount_minor) for fee in terms.fees] == [
        ("手续费", "2026-03-12", 500_00),  # 100.00 and 0.05 % of 800,000.00
        ("账户管理费", "2026-04-12", 50_00),
        ("账户管理费", "2026-05-12", 50_00),
        ("账户管理费", "2026-06-12", 50_00),
        ("贷后管理费", "2026-06-12", 200_00),
        ("年费", "2026-03-12", 80_00),
    ]
    assert sum(fee.amount_minor for fee in terms.fees) == 930_00
    assert quote["fees_minor"] == 930_00 + 600_00
    assert [row["fees_minor"] for row in quote["schedule"]] == [50_00, 50_00, 250_00]
    assert [item["amount_minor"] for item in quote["cost"]["items"][1:]] == [
        500_00, 150_00, 200_00, 80_00, 600_00
    ]  # fmt: skip
    said = application.papers["drawdown_request"]["fees"].split("；")
    assert said[1] == (
        "账户管理费 50.00 元，每个还款日，共 3 次 150.00 元，"
        "由贷款银行随贷款收取，不从贷款本金中扣除"
    )
    assert said[4].endswith("由担保或增信机构另行收取，不经本贷款扣收")


def test_what_is_paid_as_it_falls_due_bears_the_rate_the_buyer_was_shown(db):
    fees = [fee for fee in FEES if fee.taken_by == "bank" and fee.payer == "buyer"]
    application = asked(date(2026, 6, 10), interest_from="funding", fees=tuple(fees))
    terms, flows = registered(application), [Flow(PLANNED, 800_000_00)]
    actions: list[Action] = [Draw(key="fund", on=PLANNED, amount_minor=800_000_00)]

    for day in (PLANNED, terms.maturity_on):
        due = due_quote(fold(terms, actions, as_of=day), on=day).total_minor
        actions.append(Repay(key=f"sweep:{day}", on=day, amount_minor=due))
        flows.append(Flow(day, -due))

    book = fold(terms, actions, as_of=terms.maturity_on)
    assert book.status == "settled"
    # The fee with each due date comes once: there is one.
    assert book.state.costs_paid_minor == application.quote["fees_minor"] == 830_00
    assert str(xirr(flows)) == application.quote["annual_rate_xirr"]
    assert application.quote["annual_rate_compound"] == application.quote["annual_rate_xirr"]


def test_an_application_quoted_before_fees_were_claims_registers_none(db):
    application = asked(date(2026, 6, 10), fees=FEES[:1])
    old = [{"on": "2026-03-12", "amount_minor": 500_00}]
    application.quote = {**application.quote, "fees": old}
    application.save(update_fields=["quote"])

    assert registered(application).fees == ()
    assert fees_shown(application.quote) == [OfferedFee(PLANNED, 500_00)]
