"""Who and where things are on the chain: contracts, parties, and who listens to which reference."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

ADDRESS = 42  # characters of an address
WORD = 66  # characters of 32 bytes


class Reference(models.Model):
    """An agreement or wallet that upper rooms listen to: its deal, and the organizations that see
    its facts. ``readers`` look at its transactions and repair nothing.
    """

    reference = models.CharField(max_length=WORD, primary_key=True)
    deal_id = models.UUIDField(null=True, blank=True)
    audience = ArrayField(models.UUIDField(), default=list)
    readers = ArrayField(
        models.UUIDField(),
        default=list,
        db_default=models.Value([], ArrayField(models.UUIDField())),
    )

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


def watchers(references: set[str]) -> Mapping[str, UUID]:
    """The organizations that listen to any of these references, keyed by themselves: for
    ``parties()``.
    """
    audiences = Reference.objects.filter(reference__in=references).values_list(
        "audience", flat=True
    )
    return {str(each): each for audience in audiences for each in audience}


class Contract(models.Model):
    """A contract of ours on a chain: ``name`` is its artefact's, with ``:bank number`` for a
    bank's vault.
    """

    name = models.CharField(max_length=60)
    address = models.CharField(max_length=ADDRESS)
    chain_id = models.BigIntegerField()
    block_number = models.BigIntegerField()
    tx_hash = models.CharField(max_length=WORD, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["chain_id", "name"], name="contract_name_on_chain"),
            models.UniqueConstraint(
                fields=["chain_id", "address"], name="contract_address_on_chain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.address}"


class ChainParty(models.Model):
    """An organization as a party on the chain: its salted id, the key that signs for it, and its
    bank.
    """

    organization_id = models.UUIDField(primary_key=True)
    party_id = models.CharField(max_length=WORD, unique=True)
    bank_number = models.PositiveSmallIntegerField()  # its own when it is a bank
    is_bank = models.BooleanField(default=False)
    key_address = models.CharField(
        max_length=ADDRESS, blank=True
    )  # told by the signer that holds the key
    registered_at = models.DateTimeField(null=True, blank=True)  # once the chain confirmed it

    class Meta:
        ordering = ["bank_number", "organization_id"]
        verbose_name_plural = "chain parties"
        constraints = [
            models.UniqueConstraint(
                fields=["bank_number"],
                condition=Q(is_bank=True),
                name="chain_party_one_bank_per_number",
            ),
        ]

    def __str__(self) -> str:
        return self.party_id

    deal_id = None  # a party belongs to no deal

    def parties(self) -> Mapping[str, UUID]:
        """The organization itself."""
        return {"party": self.organization_id}
