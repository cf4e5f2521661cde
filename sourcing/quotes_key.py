"""Which quotes are a browser's own: those under a key that its session holds."""

from secrets import token_hex

from django.http import HttpRequest

NAME = "quotes_key"


def quotes_key(request: HttpRequest) -> str:
    """The key of this browser's quotes; empty where it has none."""
    key = request.session.get(NAME, "")
    return key if isinstance(key, str) else ""


def new_quotes_key(request: HttpRequest) -> str:
    """The key for one more quote. Setting it renews the session, which must last as long as the quote counts."""
    key = quotes_key(request) or token_hex(20)
    request.session[NAME] = key
    return key
