"""A payment from the general wallet, as repaying a loan and answering a demand ask for it."""

from typing import Any

from rest_framework import serializers

from scf.api.fields import Fen, Strict


class Payment(Strict):
    """How much, in fen."""

    amount_minor = Fen(is_positive=True)


class PaymentOut(serializers.Serializer[Any]):
    """The order of a payment; who it is about hears of it from the chain."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    amount_minor = Fen()
