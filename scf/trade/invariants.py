"""What must always be true of trade: counters equal their papers, locks have holders, sums add
up.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from scf.trade.models import (
    DeliveryLine,
    InvoiceLine,
    Order,
    OrderLine,
    ReceiptLine,
    Reservation,
)
from scf.trade.values import accepted_value_minor
from scf.workflow.invariants import Violation, invariant

NOTHING = Decimal(0)
RECEIVED = ("accepted_quantity", "short_quantity", "damaged_quantity", "rejected_quantity")


@invariant("trade.lines_equal_their_papers")
def lines_equal_their_papers() -> Iterator[Violation]:
    """Every counter of an order line is the sum of its delivery, receipt and invoice lines."""
    papers = {
        "shipped_quantity": _sums(DeliveryLine, "order_line_id", "shipped_quantity"),
        "invoiced_quantity": _sums(InvoiceLine, "order_line_id", "quantity"),
        **{name: _sums(ReceiptLine, "delivery_line__order_line_id", name) for name in RECEIVED},
    }
    for line in OrderLine.objects.order_by("pk").iterator():
        for name, sums in papers.items():
            counted, written = getattr(line, name), sums.get(line.pk, NOTHING)
            if counted != written:
                figures = {"counted": str(counted), "papers": str(written)}
                yield Violation(f"order_line {line.pk}", {"counter": name, **figures})


def _sums(model: Any, line: str, column: str) -> dict[UUID, Decimal]:
    rows = model.objects.order_by().values_list(line).annotate(total=Sum(column))
    return {pk: total or NOTHING for pk, total in rows}


@invariant("trade.receipts_sum_to_the_accepted_value")
def receipts_sum_to_the_accepted_value() -> Iterator[Violation]:
    """What receipts of a line are worth together is the value of all that was accepted (K7)."""
    rows = ReceiptLine.objects.order_by().values_list("delivery_line__order_line_id")
    worth = dict(rows.annotate(total=Sum("value_minor")))
    for line in OrderLine.objects.filter(pk__in=worth).order_by("pk").iterator():
        expected = accepted_value_minor(line)
        if worth[line.pk] != expected:
            details = {"receipts_minor": worth[line.pk], "accepted_minor": expected}
            yield Violation(f"order_line {line.pk}", details)


@invariant("trade.locked_lines_have_their_holder")
def locked_lines_have_their_holder() -> Iterator[Violation]:
    """A line is held by the application whose reservation is open, and by nobody without one."""
    open_ones = Reservation.objects.filter(released_at__isnull=True).order_by()
    holders = dict(open_ones.values_list("line_id", "application_id"))
    locked = OrderLine.objects.filter(locked_by__isnull=False).order_by()
    lines = dict(locked.values_list("pk", "locked_by"))
    for pk in sorted(holders.keys() | lines.keys()):
        if holders.get(pk) != lines.get(pk):
            held = {"reservation": str(holders.get(pk)), "locked_by": str(lines.get(pk))}
            yield Violation(f"order_line {pk}", {**held})


@invariant("trade.order_total_is_the_sum_of_its_lines")
def order_total_is_the_sum_of_its_lines() -> Iterator[Violation]:
    """An order's total is what its lines are worth."""
    sums = Order.objects.order_by("pk").annotate(lines_minor=Sum("lines__amount_minor"))
    differing = sums.exclude(total_minor=F("lines_minor"))
    for pk, total, lines in differing.values_list("pk", "total_minor", "lines_minor"):
        yield Violation(f"order {pk}", {"total_minor": total, "lines_minor": lines})
