"""The lines of the summary above a form that was refused."""

from django import template
from django.forms import BoundField

register = template.Library()

OF_ANY_FIELD = {"max_length", "hours"}  # codes of errors that do not say what was written there


@register.filter
def in_summary(field: BoundField) -> str:
    """The field's first error; with the field's label before it, if it could be the error of another field, too.

    One that names the field itself stays as it is.
    """
    first = str(field.errors[0])
    if f"“{field.label}”" in first:
        return first
    same = [errors for errors in field.form.errors.values() if str(errors[0]) == first]
    if len(same) > 1 or field.errors.as_data()[0].code in OF_ANY_FIELD:
        return f"{field.label}: {first}"
    return first
