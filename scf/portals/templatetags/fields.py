"""A form's field with its label, help and errors, wired for screen readers."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.html import format_html

from scf.core.ids import new_id

register = template.Library()


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, *, mono: bool = False) -> dict[str, Any]:
    """The field as ``parts/field.html`` shows it; a widget keeps its own attributes."""
    widget = bound.field.widget
    attributes: dict[str, str | bool] = {
        "class": _class_of(widget) + (" font-monospace" if mono else "")
    }
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        attributes |= {"class": f"{attributes['class']} is-invalid", "aria-invalid": "true"}
        described.append(f"{bound.auto_id}_error")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "is_checkbox": isinstance(widget, CheckboxInput),
        "boxes": bound.subwidgets if isinstance(widget, CheckboxSelectMultiple) else (),
        "described": attributes.get("aria-describedby", ""),
        # A field may be left empty while trying out and still be needed in the end.
        "is_needed": bound.field.required or hasattr(bound.field, "is_needed_to_submit"),
    }


@register.simple_tag
def once() -> str:
    """A hidden field ``key`` for a form whose act must happen once, however often it is sent."""
    return format_html('<input type="hidden" name="key" value="{}">', new_id())


def _class_of(widget: object) -> str:
    if isinstance(widget, CheckboxInput | RadioSelect):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control"
