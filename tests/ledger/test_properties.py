"""Whatever is thrown at it, the ledger stays balanced, in its limits and equal to a plain model."""

from dataclasses import dataclass, field
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scf.ledger.models import Account
from scf.ledger.transfers import Outcome, TransferIn, in_turn
from tests.ledger.book import SmallBook, broken, move, opened_book, post

NAMES = ["tokens", "own", "buyer", "seller", "escrow", "deposits"]
SPACE = UUID(int=7)


@dataclass(frozen=True)
class Step:
    """A transfer as hypothesis draws it."""

    debit: int
    credit: int
    amount: int
    link: int
    is_pending: bool


steps = st.builds(
    Step,
    debit=st.integers(0, 5),
    credit=st.integers(0, 5),
    amount=st.integers(1, 60),
    link=st.integers(0, 3),
    is_pending=st.booleans(),
).filter(lambda step: step.debit != step.credit)
batches = st.lists(st.lists(steps, min_size=1, max_size=12), min_size=1, max_size=4)


@dataclass
class Plain:
    """The same rules, one transfer at a time: the oracle."""

    limits: dict[int, str]
    counters: dict[int, list[int]] = field(default_factory=dict)  # debits, credits, held twice

    def post(self, batch: list[TransferIn]) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        groups: dict[object, list[TransferIn]] = {}
        for each in in_turn(batch):
            groups.setdefault(each.link or each.key, []).append(each)
        for group in groups.values():
            outcomes |= self._post_group(group)
        return outcomes

    def _post_group(self, group: list[TransferIn]) -> dict[str, Outcome]:
        before = {account: list(values) for account, values in self.counters.items()}
        for each in group:
            self._move(each)
            if not (self._holds(each.debit_account_id) and self._holds(each.credit_account_id)):
                self.counters = before
                refused = {other.key: Outcome.LINK_REFUSED for other in group}
                return refused | {each.key: Outcome.OVERDRAWN}
        return {each.key: Outcome.POSTED for each in group}

    def _move(self, each: TransferIn) -> None:
        offset = 2 if each.state == "pending" else 0
        self.counters.setdefault(each.debit_account_id, [0, 0, 0, 0])[offset] += each.amount_minor
        self.counters.setdefault(each.credit_account_id, [0, 0, 0, 0])[offset + 1] += (
            each.amount_minor
        )

    def _holds(self, account: int) -> bool:
        debits, credits, held_debits, held_credits = self.counters[account]
        if self.limits[account] == "debits_within_credits":
            return debits + held_debits <= credits
        if self.limits[account] == "credits_within_debits":
            return credits + held_credits <= debits
        return True


def transfers_of(book: SmallBook, drawn: list[Step], number: int) -> list[TransferIn]:
    """The drawn steps as transfers of this book; link 0 is none."""
    accounts = [getattr(book, name) for name in NAMES]
    prefix = f"{book.book.pk}:{number}"
    return [
        move(
            accounts[step.debit],
            accounts[step.credit],
            step.amount,
            f"{prefix}:{place}",
            state="pending" if step.is_pending else "posted",
            link=uuid5(SPACE, f"{prefix}:{step.link}") if step.link else None,
        )
        for place, step in enumerate(drawn)
    ]


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=batches)
def test_the_database_says_what_the_plain_model_says(drawn: list[list[Step]]) -> None:
    book = opened_book()
    accounts = {account.pk: account for account in Account.objects.filter(book=book.book)}
    plain = Plain({pk: account.limit for pk, account in accounts.items()})

    for number, each in enumerate(drawn):
        batch = transfers_of(book, each, number)
        expected = plain.post(batch)
        assert dict(zip([leg.key for leg in batch], post(*batch), strict=True)) == expected
        if set(expected.values()) == {Outcome.POSTED}:
            assert set(post(*batch)) == {Outcome.DUPLICATE}
        _counters_agree_and_grew(plain, accounts)
    assert broken() == {}


def _counters_agree_and_grew(plain: Plain, accounts: dict[int, Account]) -> None:
    for pk, counters in plain.counters.items():
        before = _counters(accounts[pk])
        accounts[pk].refresh_from_db()
        assert counters == _counters(accounts[pk])
        assert all(now >= then for now, then in zip(counters, before, strict=True))


def _counters(account: Account) -> list[int]:
    return [
        account.debits_posted_minor,
        account.credits_posted_minor,
        account.debits_pending_minor,
        account.credits_pending_minor,
    ]
