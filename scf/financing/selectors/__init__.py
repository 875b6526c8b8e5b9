"""Questions about financings, always within what the asker may see: applications, turns, money."""

from scf.financing.selectors.acceptances import (
    list_unsigned_acceptances,
    list_waiting_acceptances,
)
from scf.financing.selectors.applications import (
    get_application,
    get_deal,
    list_applications,
    list_checks,
    list_opinions,
    signed_sides,
)
from scf.financing.selectors.mine import list_my_turn
from scf.financing.selectors.money import (
    EscrowSums,
    LastRelease,
    ReadyToShip,
    escrow_sums,
    last_release,
    list_ready_to_ship,
)
from scf.financing.selectors.turns import Turn, is_mine, turn_of, turns_of

__all__ = [
    "EscrowSums",
    "LastRelease",
    "ReadyToShip",
    "Turn",
    "escrow_sums",
    "get_application",
    "get_deal",
    "is_mine",
    "last_release",
    "list_applications",
    "list_checks",
    "list_my_turn",
    "list_opinions",
    "list_ready_to_ship",
    "list_unsigned_acceptances",
    "list_waiting_acceptances",
    "signed_sides",
    "turn_of",
    "turns_of",
]
