"""The form of a programme: every term once, in groups, and errors that lead to their fields."""

from dataclasses import fields

import pytest

from scf.credit.terms import ProgrammeTerms
from scf.portals.bank.forms import TermsForm
from tests.portals.rooms import browser_of, text_of

pytestmark = pytest.mark.django_db


def test_a_long_form_that_is_refused_leads_to_each_field_to_correct():
    answer = browser_of("chen").post("/b/programmes/new/", {"name": "样例"})
    page = text_of(answer)
    assert answer.status_code == 400
    alert = page.split('alert-danger" role="alert"', 1)[1].split("</div>", 1)[0]
    for name in ("enterprise", "limit_minor", "rate_ppm"):
        assert f'href="#id_{name}"' in alert, alert
        assert f'id="id_{name}"' in page
    assert 'href="#id_name"' not in alert


def test_the_form_of_a_programme_asks_for_each_term_once_under_what_it_is_about():
    asked = [bound.name for _title, bounds in TermsForm().groups for bound in bounds]
    terms = {each.name for each in fields(ProgrammeTerms)} - {"waterfall", "fees", "partners"}
    assert sorted(asked) == sorted(terms)
    page = text_of(browser_of("chen").get("/b/programmes/new/"))
    for title in ("项目与额度", "利率", "还款", "付款与托管", "收货与争议", "联合贷", "费用"):
        assert f">{title}</legend>" in page
