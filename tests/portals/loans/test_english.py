"""The bank's pages of an overdue loan in English: nothing Chinese but names and written words."""

import re

from scf.parties.models import Organization, Person
from tests.factories.parties import user_of
from tests.loans.lives import decided
from tests.portals.rooms import browser_of, text_of

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WRITTEN = ("客户申请", "简体中文")  # a reason a person gave; the switch to the other language
KINDS = ("cost", "waive", "write_off", "grade", "call_technical", "undo")


def names() -> list[str]:
    rows = Organization.objects.values_list("name", "short_name", "legal_representative",
                                            "registered_address")  # fmt: skip
    found = {part for row in rows for part in row if part}
    found |= set(Person.objects.values_list("name", flat=True))
    return sorted(found, key=len, reverse=True)


def chinese_left(page: str) -> set[str]:
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    for known in (*names(), *WRITTEN):
        text = text.replace(known, "")
    return set(CHINESE.findall(text))


def test_every_page_of_an_overdue_loan_is_english(overdue):
    decided(overdue, "cost", amount_minor=500_00, nature="enforcement")
    task = overdue.collection_tasks.get()
    user = user_of("chen")
    user.language = "en"
    user.save()
    chen = browser_of("chen")
    one = f"/loans/{overdue.pk}/"
    asked = "dates=2026-07-15%0A2026-08-17&product=bullet&rate=4.00&penalty_rate=5.60"
    left = {}
    for address in (
        "/loans/", one, f"{one}accruals", f"{one}postings", "/loans/arrears/",
        "/loans/collections/", f"/loans/collections/{task.pk}/", "/loans/report/",
        f"{one}what-if?{asked}", *(f"{one}propose/{kind}" for kind in KINDS),
    ):  # fmt: skip
        answer = chen.get(address)
        assert answer.status_code == 200, address
        if words := chinese_left(text_of(answer)):
            left[address] = words
    assert left == {}
