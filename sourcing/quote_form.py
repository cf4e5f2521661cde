"""The form for a price that a person was told: typed, on a page they paste or save, or on one that is fetched."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bs4 import UnicodeDammit
from bs4.dammit import EncodingDetector
from django import forms
from django.core.files.uploadedfile import UploadedFile

from catalog import snapshot
from catalog.models import Part
from sourcing import prices, quotes
from sourcing.forms import CURRENCIES, part_choices
from sourcing.landed.money import CENT
from sourcing.links import LONGEST, Item, UnreadableLink, canonical, find_item
from sourcing.listing_models import Quote
from sourcing.marketplaces import new_client
from sourcing.marketplaces.agent_fetch import allowed_agents, fetch_item_page
from sourcing.marketplaces.agent_pages import MOST_CHARACTERS, UnreadablePage, read_item_page
from sourcing.matching.price_text import LONGEST_PRICE, read_price
from sourcing.quotes import StatedPrice

MOST_BYTES = 4 * MOST_CHARACTERS


class QuoteForm(forms.Form):
    """One price of one part. A typed price counts before that of a page."""

    part = forms.ChoiceField(label="Part", choices=lambda: [("", "choose…"), *part_choices(snapshot.current())])
    price = forms.CharField(
        label="Price you were told",
        required=False,
        max_length=LONGEST_PRICE,
        widget=forms.TextInput(attrs={"placeholder": "¥1,680", "autocomplete": "off"}),
        help_text="As it is written there: ¥1,680.00, 1.6万, $289.99.",
    )
    currency = forms.ChoiceField(
        label="Currency", required=False, choices=[("", "as written"), *((code, code) for code in CURRENCIES)]
    )
    quantity = forms.IntegerField(
        label="Pieces for it", required=False, min_value=1, max_value=10_000, help_text="Empty: one."
    )
    agent = forms.ChoiceField(
        label="Agent",
        required=False,
        choices=lambda: [("", "none"), *prices.agent_choices()],
        help_text="Whose fee is added at the door.",
    )
    link = forms.CharField(
        label="Link of the item",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="At Taobao, Tmall, 1688, Weidian or an agent. It is read, not opened.",
    )
    page = forms.CharField(
        label="The page's source, pasted",
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "off"}),
        help_text="Or choose the file your browser saved.",
    )
    page_file = forms.FileField(label="The saved page", required=False, allow_empty_file=True)

    @property
    def fetchable(self) -> list[str]:
        """The agents whose pages the operator lets be fetched."""
        return allowed_agents()

    def save(self, owner: str, now: datetime) -> Quote:
        """Keep the quote. Raises UnreadablePage and MarketplaceError where its page cannot be fetched."""
        part = Part.objects.get(slug=self.cleaned_data["part"])
        return quotes.keep(part, owner, self.cleaned_data.get("stated") or self._fetched(), now)

    def _fetched(self) -> StatedPrice:
        agent, item = self.cleaned_data["fetch"], self.cleaned_data["item"]
        with new_client() as client:
            page = fetch_item_page(client, agent, item)
        return self._of(page.price, page.currency, item=page.item, how="fetched", agent=agent)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        try:
            self.cleaned_data["item"] = find_item(link) if link.strip() else None
        except UnreadableLink as refused:
            raise forms.ValidationError(str(refused)) from None
        return link

    def clean_page_file(self) -> str:
        chosen: UploadedFile | None = self.cleaned_data["page_file"]
        if chosen is None:
            return ""
        if chosen.size and chosen.size > MOST_BYTES:
            raise forms.ValidationError(f"The file has more than {MOST_BYTES // 10**6} MB. Type the price instead.")
        return _decoded(chosen.read(MOST_BYTES))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        page = cleaned["page"] or cleaned["page_file"]
        fetch = str(self.data.get("fetch", ""))
        if cleaned["price"].strip():
            cleaned["stated"] = self._typed(cleaned)
        elif page or cleaned["page_file"]:
            cleaned["stated"] = self._pasted(page, cleaned["item"])
        elif fetch in self.fetchable and cleaned["item"]:
            cleaned["fetch"] = fetch
        elif fetch:
            self.add_error("link", "Paste the link of the item whose page is to be fetched.")
        else:
            self.add_error("price", "Write the price, or give the page it stands on.")
        return cleaned

    def _typed(self, cleaned: Mapping[str, Any]) -> StatedPrice | None:
        text = cleaned["price"]
        found = read_price(text, cleaned["currency"] or None)
        # Nobody but a seller in China counts in tens of thousands.
        currency = found.currency or cleaned["currency"] or ("CNY" if "万" in text else "")
        if found.amount is None:
            self.add_error(
                "price", "This is not one price above zero. Write one amount, such as ¥1,680.00, 1.6万 or $289.99."
            )
        elif found.amount < CENT or found.amount != found.amount.quantize(CENT):
            self.add_error("price", "A price has at most two decimals.")
        elif not currency:
            self.add_error("price", "In which currency? Write ¥1,680 or $289.99, or choose it.")
        elif found.currency and cleaned["currency"] and found.currency != cleaned["currency"]:
            self.add_error(
                "currency", f"The price is written in {found.currency}. Choose “as written”, or leave the sign out."
            )
        elif found.lot and cleaned["quantity"] and found.lot != cleaned["quantity"]:
            self.add_error(
                "quantity", f"The price is written as that of {found.lot} pieces. Write the same number, or leave it."
            )
        else:
            whole = found.of_all(cleaned["quantity"] or found.lot or 1) or found.amount
            return self._of(whole, currency, item=cleaned["item"], how="typed", lot=found.lot)
        return None

    def _pasted(self, page: str, item: Item | None) -> StatedPrice | None:
        try:
            read = read_item_page(page, canonical(item) if item else "")
        except UnreadablePage as refused:
            self.add_error("page", str(refused))
            return None
        return self._of(read.price, read.currency, item=read.item, how="pasted")

    def _of(
        self, price: Decimal, currency: str, *, item: Item | None, how: str, lot: int | None = None, agent: str = ""
    ) -> StatedPrice:
        pieces = self.cleaned_data["quantity"] or lot or 1
        return StatedPrice(price, currency, pieces, item, self.cleaned_data["agent"] or agent, how)


def _decoded(saved: bytes) -> str:
    """A saved page says itself how it is encoded; one that does not is UTF-8, or GBK, which shops of China still write:
    left to a guess, that becomes signs of other scripts."""
    if EncodingDetector.strip_byte_order_mark(saved)[1] or EncodingDetector.find_declared_encoding(saved, is_html=True):
        return UnicodeDammit(saved, is_html=True).unicode_markup or ""
    for encoding in ("utf-8", "gb18030"):
        try:
            return saved.decode(encoding)
        except UnicodeDecodeError:
            continue
    return saved.decode("utf-8", "replace")
