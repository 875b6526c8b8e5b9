"""The order of a court or regulator under which a wallet is frozen or freed again."""

from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken

LONGEST_NUMBER, LONGEST_AUTHORITY, LONGEST_REASON = 80, 120, 300


@dataclass(frozen=True)
class LawfulOrder:
    """Its number, who gave it, and why the bank acts on it."""

    number: str
    authority: str
    reason: str

    @property
    def order_id(self) -> str:
        """What stands on the chain: the hash of the number, as a 0x word of 32 bytes."""
        return "0x" + sha256(self.number.encode()).hexdigest()


def checked(order: LawfulOrder) -> LawfulOrder:
    """The order without blanks around its words. Raises RuleBroken(order_incomplete) where one of
    them is missing or too long.
    """
    clean = LawfulOrder(order.number.strip(), order.authority.strip(), order.reason.strip())
    limits = (
        (clean.number, LONGEST_NUMBER),
        (clean.authority, LONGEST_AUTHORITY),
        (clean.reason, LONGEST_REASON),
    )
    if any(not 0 < len(words) <= most for words, most in limits):
        raise RuleBroken(_("请填写文书编号、作出机关和事由"), code="order_incomplete")
    return clean
