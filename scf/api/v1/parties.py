"""An organization as every resource names it."""

from typing import Any

from rest_framework import serializers


class PartyOut(serializers.Serializer[Any]):
    """Id, name and 统一社会信用代码 of an organization."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    uscc = serializers.CharField()
