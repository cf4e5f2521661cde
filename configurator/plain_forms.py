"""Forms bound to a query string in which whatever is left out has its default: a link gives what it knows."""

from collections.abc import Iterable, Mapping

from django import forms

Choices = Iterable[tuple[str, str]]
NOT_IN_LIST = "Not in the list; choose one of those shown."


class QueryForm(forms.Form):
    """Every field has an initial value, which stands where the query has none."""

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({name: query.get(name) or str(field.initial) for name, field in self.base_fields.items()})

    def _offer(self, **choices: Choices) -> None:
        """What lists of the catalog's items hold."""
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            field.choices = list(offered)


def whole(label: str, initial: int, lowest: int, highest: int, unit: str = "", help_text: str = "") -> forms.Field:
    """A whole number within bounds."""
    field = forms.IntegerField(
        label=label,
        initial=initial,
        min_value=lowest,
        max_value=highest,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": "1", "inputmode": "numeric"}),
    )
    field.unit = unit  # type: ignore[attr-defined]
    return field


def one_of(label: str, initial: str, choices: Choices = (), help_text: str = "") -> forms.ChoiceField:
    """A list to choose from; ``choices`` may be set once the catalog is known."""
    return forms.ChoiceField(
        label=label,
        initial=initial,
        choices=list(choices),
        help_text=help_text,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )
