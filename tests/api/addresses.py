"""Every address of version 1 read off its URL configuration, with a body each verb takes."""

from typing import Any
from uuid import uuid4

from scf.api.v1.urls import urlpatterns

BODIES: dict[str, dict[str, Any]] = {
    "orders": {
        "number": "PO-X",
        "buyer_id": str(uuid4()),
        "seller_id": str(uuid4()),
        "ordered_on": "2026-03-05",
        "lines": [{"name": "PP", "unit": "TNE", "quantity": "1", "unit_price": "1"}],
    },
    "applications": {
        "programme_id": str(uuid4()),
        "order_line_ids": [str(uuid4())],
        "matures_on": "2026-12-31",
    },
    "deliveries": {
        "application_id": str(uuid4()),
        "number": "FH-X",
        "lines": [{"order_line_id": str(uuid4()), "quantity": "1"}],
    },
    "invoices": {
        "order_id": str(uuid4()),
        "kind": "digital_special",
        "number": "1" * 20,
        "issued_on": "2026-03-12",
        "buyer_name": "买方",
        "buyer_tax_number": "1",
        "seller_name": "卖方",
        "seller_tax_number": "2",
        "net_minor": 100,
        "tax_minor": 13,
        "gross_minor": 113,
        "lines": [{"name": "PP", "net_minor": 100, "tax_ppm": 130_000, "tax_minor": 13}],
    },
    "recommend": {"seen": "0" * 64, "opinion": "好"},
    "approve": {"seen": "0" * 64},
    "lend": {"seen": "0" * 64},
    "not-lend": {"reason": "集中度已满"},
    "return": {"codes": ["papers"]},
    "reject": {"codes": ["papers"]},
    "cancel": {"reason": "x"},
    "resubmit": {"purpose": "采购"},
    "accept": {"accepted": "1"},
    "repay": {"amount_minor": 1},
    "pay": {"amount_minor": 1},
    "decline": {"reason": "有争议"},
}
BODIES["applications/preview"] = BODIES["applications"]
BODIES["applications/<uuid:application_id>/cancel"] = {}


def _routes(method: str) -> list[str]:
    return [
        str(each.pattern)
        for each in urlpatterns
        if "Nowhere" not in each.lookup_str and hasattr(each.callback.view_class, method)
    ]


READS, VERBS = _routes("get"), _routes("post")


def address_of(route: str, ids: dict[str, Any]) -> str:
    """The path of a route with these ids, and unknown ones where none is given."""
    parts = []
    for part in route.split("/"):
        kind, _colon, name = part.strip("<>").partition(":")
        if part.startswith("<"):
            parts.append(str(ids.get(name, uuid4() if kind == "uuid" else 999_999)))
        else:
            parts.append(part)
    return "/" + "/".join(parts)


def body_of(route: str) -> dict[str, Any]:
    """A body of the right shape."""
    return BODIES.get(route, BODIES.get(route.rsplit("/", 1)[-1], {}))
