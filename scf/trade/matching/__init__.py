"""Matches papers about an order to that order: responses, despatch advices, invoices.

Reads rows, writes none. ``match_paper`` gives what a paper asks to be done as plain values, with
every error by line and element, every difference with both figures, and what else to know. What
must stay true: a paper that names another order, other parties or other goods gives an error.
"""

from scf.trade.matching.papers import Matched, match_paper
from scf.trade.matching.responses import Response, Verdict
from scf.trade.matching.shipments import Shipment

__all__ = ["Matched", "Response", "Shipment", "Verdict", "match_paper"]
