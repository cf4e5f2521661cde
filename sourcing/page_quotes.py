"""A page that a browser sends: what it says, as the first entries of the form, and the bookmarklet that sends it."""

import json
from urllib.parse import quote

from sourcing.buying import read_link
from sourcing.links import LONGEST, canonical
from sourcing.marketplaces.agent_pages import MOST_CHARACTERS, read_item_page
from sourcing.matching.types import ListingText
from sourcing.reading import read_title

# What the browser runs on the agent's page: the page as it stands there, posted to us in a new tab.
_SENDS = (
    "(()=>{const f=document.createElement('form');f.method='post';f.action=%s;f.target='_blank';"
    "f.enctype='multipart/form-data';"
    "for(const [n,v] of [['address',location.href.slice(0,%d)],"
    "['page',document.documentElement.outerHTML.slice(0,%d)]])"
    "{const t=document.createElement('textarea');t.name=n;t.value=v;f.append(t);}"
    "document.body.append(f);f.submit();f.remove();})()"
)


def question_of_page(page: str, address: str) -> dict[str, str]:
    """Part, price and link that an item's page states, for the form to show. Raises UnreadablePage."""
    # Not every address under which a shop shows an item says which.
    read = read_item_page(page, address if read_link(address).item else "")
    matched = read_title(ListingText("agents", read.title, price=f"{read.price}", currency=read.currency))
    part = matched.part if matched.accept and matched.quantity == 1 else None
    return {
        **({"part": part} if part else {}),
        "price": f"{read.price:f} {read.currency}",
        "link": canonical(read.item),
    }


def bookmarklet(address: str) -> str:
    """The text to keep as a bookmark. It is shown to be copied, and never runs on a page of ours."""
    return "javascript:" + quote(_SENDS % (json.dumps(address), LONGEST, MOST_CHARACTERS), safe="(){}[]=>;:,.'/_-")
