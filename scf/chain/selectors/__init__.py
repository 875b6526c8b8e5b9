"""The questions other rooms and the doors may ask of this room."""

from scf.chain.refusals import words_of
from scf.chain.selectors.identity import (
    bank_number,
    chain_id,
    contract_address,
    is_registered,
    party_id,
    vault_address,
)
from scf.chain.selectors.stuck import (
    ChainHealth,
    StuckCommand,
    StuckEvent,
    get_chain_health,
    get_stuck_command,
    get_stuck_event,
    list_open_retries,
    list_stuck_commands,
    list_stuck_events,
    words_of_retry,
)
from scf.chain.selectors.transactions import (
    EventInWords,
    TransactionView,
    confirmations_of,
    get_transaction,
    list_block_events,
    list_deal_events,
)
from scf.chain.signatures import approval_of_key

__all__ = [
    "ChainHealth",
    "EventInWords",
    "StuckCommand",
    "StuckEvent",
    "TransactionView",
    "approval_of_key",
    "bank_number",
    "chain_id",
    "confirmations_of",
    "contract_address",
    "get_chain_health",
    "get_stuck_command",
    "get_stuck_event",
    "get_transaction",
    "is_registered",
    "list_block_events",
    "list_deal_events",
    "list_open_retries",
    "list_stuck_commands",
    "list_stuck_events",
    "party_id",
    "vault_address",
    "words_of",
    "words_of_retry",
]
