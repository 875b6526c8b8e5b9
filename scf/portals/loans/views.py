"""The list of loans, the same for bank and borrower, scoped by who looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core import clock
from scf.core.actor import Actor
from scf.financing.selectors import Turn, is_mine, list_applications, turns_of
from scf.loans.machine import S
from scf.loans.portfolio import Glance, find_loans, glance_at, sum_loans
from scf.loans.seen import bears_a_tier, counts_for, label_for, reads_as, status_for
from scf.parties.permissions import Permission
from scf.portals import parts
from scf.portals.access import require_view
from scf.portals.deal.words import chip_of
from scf.portals.lists import count_by_status, page_of, tabs_of
from scf.portals.loans.forms import LoanFilter
from scf.portals.loans.words import tier_chip, turn_of
from scf.portals.models import SavedList
from scf.portals.names import short_names
from scf.portals.parts import Empty
from scf.portals.saved import saved_views
from scf.portals.session import actor_of, session_of

P = Permission


@dataclass(frozen=True)
class LoanRow:
    """One line of the list."""

    glance: Glance
    borrower: str
    lender: str
    chip: parts.Chip
    tier: parts.Chip | None
    turn: parts.Turn | None


@require_GET
def loans(request: HttpRequest) -> HttpResponse:
    """The list: search, arrears, due dates, amounts and status live in the address."""
    by = actor_of(request)
    require_view(by, P.LOAN_VIEW)
    form = LoanFilter(request.GET)
    form.is_valid()
    found = find_loans(form.wanted(), by=by)
    status = form.cleaned_data.get("status", "")
    shown = found.filter(reads_as(status, by=by)) if status else found
    is_lender = session_of(request).portal == "bank"
    counts = counts_for(count_by_status(found), is_lender=is_lender)
    page = page_of(shown, request)
    context = {
        "form": form,
        "tabs": tabs_of(request, counts, S.choices),
        "page": page,
        "saved": saved_views(request, SavedList.LOANS),
        "rows": loan_rows(page.rows, by),
        "sums": sum_loans(shown, by=by),
        "is_lender": is_lender,
        "empty": _empty(is_filtered=any(form.cleaned_data.values())),
    }
    return render(request, "loans/list.html", context, status=400 if form.errors else 200)


def loan_rows(found: Iterable[Any], by: Actor) -> Sequence[LoanRow]:
    """Each loan as a line, with the names of both sides."""
    glances = glance_at(found)
    turns = _deals_turns(glances, by)
    parties = {party for each in glances for party in each.loan.parties().values()}
    parties |= {turn.party_id for turn in turns.values() if turn.party_id}
    names = short_names(parties, by=by)
    return [_row(each, turns.get(each.loan.application_id), names, by) for each in glances]


def _deals_turns(glances: Iterable[Glance], by: Actor) -> dict[UUID, Turn]:
    """Before it is drawn, and while nothing is due, a loan waits for what its deal waits for."""
    early = (S.AWAITING, S.ACTIVE)
    ids = [each.loan.application_id for each in glances if each.loan.status in early]
    return turns_of(list(list_applications(by=by).filter(pk__in=ids)))


def _row(glance: Glance, turn: Turn | None, names: dict[UUID, str], by: Actor) -> LoanRow:
    loan = glance.loan
    borrower, lender = names.get(loan.buyer_id, ""), names.get(loan.bank_id, "")
    is_borrower = loan.buyer_id == by.organization_id
    turn_now = turn_of(glance, borrower=borrower, lender=lender, is_borrower=is_borrower)
    if turn_now and by.organization_id not in (loan.bank_id, loan.buyer_id):
        turn_now = replace(turn_now, is_mine=False)  # who lends beside leaves it to the lender
    return LoanRow(
        glance=glance,
        borrower=borrower,
        lender=lender,
        chip=chip_of(status_for(loan, by=by), label_for(loan, by=by)),
        tier=tier_chip(loan.tier) if bears_a_tier(loan) else None,
        turn=turn_now or _worded(turn, names, by),
    )


def _worded(turn: Turn | None, names: dict[UUID, str], by: Actor) -> parts.Turn | None:
    if turn is None or not turn.what:
        return None
    who = names.get(turn.party_id, "") if turn.party_id else _("系统")
    late = turn.due_at is not None and turn.due_at < clock.now()
    return parts.Turn(who, turn.what, turn.due_at, is_mine(turn, by=by), late)


def _empty(*, is_filtered: bool) -> Empty:
    if is_filtered:
        return Empty(_("没有符合条件的贷款"), _("请放宽筛选条件"), _("清除筛选"), reverse("loans"))
    return Empty(_("还没有贷款"), _("申请放款后，贷款、还款计划和应还金额会显示在这里。"))
