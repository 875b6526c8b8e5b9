"""Rows of a list as JSON text that the database writes, where a serializer only names columns.

The serializer stays the one description: what it says of a row is turned into one SQL expression
the first time, and a test holds both to the same text. A field that is worked out in Python (a
method, a property, rows of another table) leaves the whole list to the serializer.
"""

from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Func, TextField
from django.db.models.expressions import Combinable
from rest_framework import serializers

from scf.api.fields import DecimalText, Fen

Out = type[serializers.BaseSerializer[Any]]

# The columns whose value JSON writes as the field would.
SAME: dict[type[Any], tuple[type[Any], ...]] = {
    serializers.UUIDField: (models.UUIDField,),
    serializers.CharField: (models.CharField, models.TextField),
    serializers.ChoiceField: (models.CharField,),
    serializers.IntegerField: (models.IntegerField,),
    serializers.BooleanField: (models.BooleanField,),
    serializers.DateField: (models.DateField,),
    Fen: (models.IntegerField,),
}


class JsonObject(Func):
    """``json_build_object``: the names in their order, each with its expression."""

    function = "json_build_object"
    output_field = TextField()

    def __init__(self, *values: Any, names: tuple[str, ...]) -> None:
        super().__init__(*values)
        self.names = names

    def as_sql(self, compiler: Any, *_connection: Any, **_context: Any) -> Any:
        """The call; the names are those of Python attributes, so they need no quoting."""
        written, params = [], []
        for name, value in zip(self.names, self.get_source_expressions(), strict=True):
            sql, own = compiler.compile(value)
            written.append(f"'{name}', {sql}")
            params += own
        return f"json_build_object({', '.join(written)})", params


class AsText(Func):
    template = "(%(expressions)s)::text"
    output_field = TextField()


class PlainDecimal(Func):
    """A decimal without needless zeros, as ``DecimalText`` writes it."""

    template = "trim_scale(%(expressions)s)::text"
    output_field = TextField()


class Moment(Func):
    """A time as ``isoformat`` writes it at Asia/Shanghai, which has been +08:00 since 1991."""

    template = (
        "replace(to_char(%(expressions)s AT TIME ZONE 'Asia/Shanghai',"
        " 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '') || '+08:00'"
    )
    output_field = TextField()


@cache
def row_written_by(lists: Any, model: Any) -> Any:
    """One row of ``model`` as the serializer class ``lists`` says it, as JSON text; None when that
    is more than columns.
    """
    found = _object(lists(), model, at="")
    return None if found is None else AsText(found)


def _object(serializer: Any, model: type[models.Model], *, at: str) -> Combinable | None:
    """What a serializer says of the row that ``at`` leads to."""
    if type(serializer).to_representation is not serializers.Serializer.to_representation:
        return None
    values = [_value(field, model, at=at) for field in serializer.fields.values()]
    if None in values:
        return None
    return JsonObject(*values, names=tuple(serializer.fields))


def _value(field: Any, model: type[models.Model], *, at: str) -> Combinable | None:
    column = _column(model, field.source_attrs)
    path = "__".join([*filter(None, [at]), *field.source_attrs])
    if isinstance(column, models.ForeignKey) and isinstance(field, serializers.Serializer):
        # A reference to nothing is null, not an object of nulls.
        return None if column.null else _object(field, column.related_model, at=path)
    held = column.target_field if isinstance(column, models.ForeignKey) else column
    if type(field) is serializers.DateTimeField and isinstance(held, models.DateTimeField):
        return Moment(F(path))
    if type(field) is DecimalText and isinstance(held, models.DecimalField):
        return PlainDecimal(F(path))
    return F(path) if isinstance(held, SAME.get(type(field), ())) else None


def _column(model: type[models.Model], names: list[str]) -> Any:
    """The column that the names lead to over references; None when there is none."""
    for name in names[:-1]:
        step = _field(model, name)
        if not isinstance(step, models.ForeignKey) or step.null:
            return None
        model = step.related_model
    return _field(model, names[-1]) if names else None


def _field(model: type[models.Model], name: str) -> Any:
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None
