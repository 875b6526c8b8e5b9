"""Doors from what the chain and the signer said to the services of this room."""

from datetime import date

from scf.chain.signatures import approval_of_key
from scf.wallets import acts, outcomes, services
from scf.workflow.facts import on
from scf.workflow.models import Fact


@on("chain.Signed")
def signed(fact: Fact) -> None:
    key = fact.details["key"]
    acts.collect_signature(key, approval_of_key(key))


@on("chain.SignatureRefused")
def signature_refused(fact: Fact) -> None:
    outcomes.mark_failed(fact.details["key"].rpartition("@")[0], reason=fact.details["reason"])


@on("chain.CommandFailed")
def command_failed(fact: Fact) -> None:
    outcomes.mark_failed(fact.details["key"], reason=fact.details["error"])


@on("chain.WalletRegistered")
def wallet_registered(fact: Fact) -> None:
    services.confirm_registered(fact.details["wallet"], tx_hash=fact.details["tx_hash"])


@on("chain.WalletStatusChanged")
def wallet_status_changed(fact: Fact) -> None:
    details = fact.details
    outcomes.mark_done(details["instruction_id"], tx_hash=details["tx_hash"])
    services.confirm_status(
        details["wallet"],
        status=details["status"],
        order_id=details["order_id"],
        tx_hash=details["tx_hash"],
    )


@on("chain.MandateSet")
def mandate_set(fact: Fact) -> None:
    outcomes.mark_done(fact.details["instruction_id"], tx_hash=fact.details["tx_hash"])


@on("chain.Minted")
def minted(fact: Fact) -> None:
    services.confirm_minted(
        fact.details["wallet"],
        amount_minor=fact.details["amount"],
        instruction_id=fact.details["instruction_id"],
        tx_hash=fact.details["tx_hash"],
        value_date=date.fromisoformat(fact.details["value_date"]),
    )


@on("chain.TransferredBySignature")
def transferred(fact: Fact) -> None:
    services.confirm_moved(fact.details, value_date=date.fromisoformat(fact.details["value_date"]))


@on("chain.Drawn")
def drawn(fact: Fact) -> None:
    event = {**fact.details, "to": fact.details["payee"]}
    services.confirm_moved(event, value_date=date.fromisoformat(fact.details["value_date"]))
