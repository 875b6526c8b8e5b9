"""What this room itself does when the chain confirms a registration."""

from django.conf import settings

from scf.chain.models import ChainEvent
from scf.chain.registration import confirm_party, confirm_vault
from scf.core import clock
from scf.workflow.facts import on
from scf.workflow.models import Fact


@on("chain.PartyRegistered")
def party_registered(fact: Fact) -> None:
    confirm_party(fact.details["party_id"], at=clock.now())


@on("chain.VaultDeployed")
def vault_deployed(fact: Fact) -> None:
    event = ChainEvent.objects.get(pk=fact.subject_id)
    vault, number = event.args["vault"], event.args["bank_id"]
    confirm_vault(number, vault=vault, event=event, chain_id=settings.CHAIN_ID)
