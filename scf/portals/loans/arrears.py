"""The bank's arrears: by bucket as a picture, then loan by loan with who is asked and what came."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.loans.buckets import BY_CODE
from scf.loans.collections.models import CollectionNote, CollectionTask
from scf.loans.collections.selectors import last_notes, list_collection_tasks
from scf.loans.portfolio import BucketSum, Glance, list_arrears, sum_buckets
from scf.parties.selectors import list_organizations
from scf.portals.access import require_lender
from scf.portals.deal.words import Words
from scf.portals.lists import address, page_at
from scf.portals.loans.words import bucket_words, claims_of, tier_chip
from scf.portals.parts import BAR_WIDTH, Chip, Empty
from scf.portals.session import actor_of


@dataclass(frozen=True)
class BucketRow:
    """A bucket as a bar; ``width`` is in thousandths of the longest."""

    sums: BucketSum
    label: Words
    tone: str
    width: int
    url: str
    is_here: bool


@dataclass(frozen=True)
class ArrearsRow:
    """An overdue loan: what is overdue by part, whom to ask, what was said last."""

    glance: Glance
    borrower: str
    contact: str
    claims: Sequence[tuple[Words, int]]
    tier: Chip
    note: CollectionNote | None
    task: CollectionTask | None


@require_GET
def arrears(request: HttpRequest) -> HttpResponse:
    """All that is overdue on the open bank day; ``bucket`` of the address narrows the list."""
    by = actor_of(request)
    require_lender(by)
    found = list_arrears(by=by)
    bucket = BY_CODE.get(request.GET.get("bucket", ""))
    shown = [each for each in found if not bucket or bucket.holds(each.days_past_due)]
    page = page_at(shown, request)
    context = {
        "buckets": _bucket_rows(sum_buckets(found), request),
        "total": sum(each.due.total_minor for each in found),
        "loans": len(found),
        "page": page,
        "rows": _rows(page.rows, by),
        "bucket": bucket_words(bucket) if bucket else "",
        "section": "arrears",
        "empty": Empty(_("没有逾期贷款"), _("到期日日终没有还清的贷款会显示在这里。")),
    }
    return render(request, "loans/arrears.html", context)


def _bucket_rows(sums: Sequence[BucketSum], request: HttpRequest) -> list[BucketRow]:
    longest = max((each.overdue_minor for each in sums), default=0)
    chosen = request.GET.get("bucket", "")
    return [
        BucketRow(
            sums=each,
            label=bucket_words(each.bucket),
            tone="orange" if each.bucket.least <= 90 else "red",
            width=each.overdue_minor * BAR_WIDTH // longest if longest else 0,
            url=address(request, bucket=each.bucket.code, skip=""),
            is_here=each.bucket.code == chosen,
        )
        for each in sums
    ]


def _rows(found: Sequence[Glance], by: Actor) -> list[ArrearsRow]:
    ids = [each.loan.pk for each in found]
    notes = last_notes(ids, by=by)
    tasks = {task.loan_id: task for task in list_collection_tasks(by=by).filter(loan_id__in=ids)}
    buyers = list_organizations(by=by).filter(pk__in={each.loan.buyer_id for each in found})
    known = {each.pk: each for each in buyers}
    return [
        ArrearsRow(
            glance=each,
            borrower=known[each.loan.buyer_id].short_name,
            contact=notes[each.loan.pk].contact
            if each.loan.pk in notes
            else known[each.loan.buyer_id].legal_representative,
            claims=claims_of(each.due),
            tier=tier_chip(each.loan.tier),
            note=notes.get(each.loan.pk),
            task=tasks.get(each.loan.pk),
        )
        for each in found
    ]
