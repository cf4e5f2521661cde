"""eBay's notifications that a user has closed an account, which the owner of a keyset must take or opt out of.

Nothing is deleted because nothing of a user is kept: no name, no id, no rating. What comes in is not even read.
"""

import hashlib
import re

from django.conf import settings

_CHALLENGE = re.compile(r"[\x21-\x7e]{1,200}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,80}")


def is_configured() -> bool:
    """Whether the operator has given token and address, which both go into the answer."""
    return bool(_TOKEN.fullmatch(settings.EBAY_DELETION_TOKEN) and settings.EBAY_DELETION_ENDPOINT)


def challenge_response(challenge_code: str) -> str:
    """What eBay wants to hear before it sends notifications: SHA-256 over its code, our token and our address.

    Raises ValueError for a code that cannot be one.
    """
    if _CHALLENGE.fullmatch(challenge_code) is None:
        raise ValueError("challenge_code must be 1 to 200 printable characters.")
    told = challenge_code + settings.EBAY_DELETION_TOKEN + settings.EBAY_DELETION_ENDPOINT
    return hashlib.sha256(told.encode()).hexdigest()
