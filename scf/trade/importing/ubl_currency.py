"""In which money a UBL document is written, and in which it is to be taken."""

from dataclasses import dataclass

from scf.trade.importing.currencies import check_currency
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.xml_tree import Node


@dataclass(frozen=True, slots=True)
class Currency:
    """``stated`` by the file; ``used`` is another one only when the caller asked for it."""

    stated: str
    used: str


def settle_currency(root: Node, *, read_as: str | None) -> Currency:
    """The document's currency, checked against every amount in it.

    ``read_as`` relabels a stated currency and converts nothing. Raises ``unknown_currency``, and
    ``mixed_currency`` when an amount is in another money than the document (a second tax total in
    the tax office's currency is allowed).
    """
    if read_as is not None:
        check_currency(read_as)
    used = _currencies_of_amounts(root)
    stated = root.text_of("DocumentCurrencyCode") or next(iter(used), "")
    if not stated:
        return Currency("", "")
    check_currency(stated, where=f"/{root.name}/DocumentCurrencyCode")
    tax_currency = root.text_of("TaxCurrencyCode")
    for code, (node, in_tax_total) in used.items():
        if code != stated and not (in_tax_total and code == tax_currency):
            raise ImportRefused(
                "mixed_currency",
                f"单据币种为 {stated}，但有金额标为 {code[:20]}",
                f"the document is in {stated} but an amount is in {code[:20]}",
                where=node.path,
            )
    return Currency(stated, read_as or stated)


def _currencies_of_amounts(root: Node) -> dict[str, tuple[Node, bool]]:
    # Per code one amount that bears it, one outside a tax total if there is any.
    found: dict[str, tuple[Node, bool]] = {}
    waiting = [(root, False)]
    while waiting:
        node, in_tax_total = waiting.pop()
        code = node.attributes.get("currencyID")
        if code is not None and (code not in found or not in_tax_total):
            found[code] = (node, in_tax_total)
        inside = in_tax_total or (node.name == "TaxTotal" and node.parent is root)
        waiting.extend((child, inside) for child in reversed(node.children))
    return found
