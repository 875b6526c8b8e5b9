"""Fields that take exactly what the API documents: fen as whole numbers, decimals as strings."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scf.core.money import MAX_MINOR

LANGUAGES = ("zh-hans", "en")
MOST_NAMED = 20  # unknown fields named in one refusal
DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


class WrongFields(serializers.ValidationError):
    """Which fields are wrong, in the reader's language and in ``both``, in the same order."""

    def __init__(self, detail: Any, *, both: Mapping[str, Any]) -> None:
        super().__init__(detail)
        self.both = both


def in_both(said: Callable[[], Any]) -> dict[str, Any]:
    """What ``said`` says in each of the two languages."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = said()
    return found


class Strict(serializers.Serializer[Any]):
    """What a client may send: a name that is not a field is refused, never ignored."""

    def is_valid(self, *, raise_exception: bool = False) -> bool:
        """Whether the values can be taken. Raises WrongFields, in both languages, when asked to."""
        is_right = super().is_valid()
        if raise_exception and not is_right:
            raise WrongFields(self.errors, both=in_both(self._said_again))
        return is_right

    def _said_again(self) -> Any:
        again = type(self)(data=self.initial_data, context=self.context)
        again.is_valid()
        return again.errors

    def to_internal_value(self, data: Any) -> Any:
        """The values by field name. Raises ValidationError by field."""
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))[:MOST_NAMED]
            if unknown:
                raise serializers.ValidationError(
                    {name[:80]: [_("没有这个字段")] for name in unknown}, code="unknown_field"
                )
        return super().to_internal_value(data)


class Nothing(Strict):
    """A verb that needs no words: the body is empty or ``{}``."""


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 0})
class Fen(serializers.Field[int, Any, int, Any]):
    """An amount in fen: a JSON whole number from 0, never a string or a fraction."""

    default_error_messages = {
        "invalid": _("须为整数（分）"),
        "positive": _("须为大于零的整数（分）"),
        "large": _("金额过大"),
    }

    def __init__(self, *, is_positive: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.is_positive = is_positive

    def to_internal_value(self, data: Any) -> int:
        """Fen. Raises ValidationError for anything but a whole number in bounds."""
        if isinstance(data, bool) or not isinstance(data, int) or data < 0:
            self.fail("invalid")
        if self.is_positive and data == 0:
            self.fail("positive")
        if data > MAX_MINOR:
            self.fail("large")
        return data

    def to_representation(self, value: int) -> int:
        """The fen as they are."""
        return value


@extend_schema_field(
    {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$", "example": "50.125"}
)
class DecimalText(serializers.Field[Decimal, Any, str, Any]):
    """A quantity or unit price as text with at most six decimals: ``"50"``, ``"7604.13"``."""

    default_error_messages = {
        "invalid": _("须为字符串形式的非负小数，最多六位小数，例如 “50.125”"),
        "positive": _("须大于零"),
    }

    def __init__(self, *, is_positive: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.is_positive = is_positive

    def to_internal_value(self, data: Any) -> Decimal:
        """The number, exact. Raises ValidationError for NaN, exponents, signs, and JSON numbers."""
        if not isinstance(data, str) or not DECIMAL.fullmatch(data):
            self.fail("invalid")
        value = Decimal(data)
        if self.is_positive and value == 0:
            self.fail("positive")
        return value

    def to_representation(self, value: Decimal) -> str:
        """The number without needless zeros or exponent."""
        return f"{value.normalize():f}"


@extend_schema_field(OpenApiTypes.STR)
class Text(serializers.CharField):
    """Text only: a number or a boolean is not taken for its letters."""

    def to_internal_value(self, data: Any) -> str:
        """The text. Raises ValidationError for any other kind of value."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
