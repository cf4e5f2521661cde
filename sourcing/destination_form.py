"""Where offers are delivered to, on pages that show what they come to at the door."""

from collections.abc import Mapping

from django import forms

from sourcing import prices
from sourcing.landed.types import Destination

DEFAULT_COUNTRY = "US"


class DestinationForm(forms.Form):
    """Country, and state or province where taxes differ by it."""

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({"country": query.get("country") or DEFAULT_COUNTRY, "region": query.get("region", "")})
        self.fields["country"] = forms.ChoiceField(label="Delivered to", choices=list(prices.country_names().items()))
        self.fields["region"] = forms.ChoiceField(
            label="State or province", required=False, choices=[("", "not told"), *prices.region_choices()]
        )

    @property
    def destination(self) -> Destination:
        """As chosen; where that is not known, the default country, and the form says what is wrong."""
        chosen = self.cleaned_data if self.is_valid() else {}
        country = chosen.get("country", DEFAULT_COUNTRY)
        region = chosen.get("region", "")
        return Destination(country, region if region in prices.region_names(country) else "")
