"""What can go wrong between a marketplace and us. Each message is one sentence that a person can be shown.

None of them says anything about a price or about what is on offer: whoever catches one changes nothing.
"""


class MarketplaceError(Exception):
    """A marketplace was not asked, or gave no answer that can be used."""


class NotConfigured(MarketplaceError):
    """The operator has not set the marketplace up; nothing was asked."""


class Refused(MarketplaceError):
    """The marketplace does not want us there (403, a challenge page, robots.txt). Do not try again by yourself."""


class Unauthorised(MarketplaceError):
    """The marketplace does not know our credentials, or not even a fresh token (401)."""


class Broken(MarketplaceError):
    """No usable answer: 5xx, a timeout, cut or wrong JSON, a wrong shape. Worth trying again later."""


class BadQuestion(Broken):
    """The marketplace calls the question itself wrong (4xx): the same question again gets the same answer."""


class Gone(MarketplaceError):
    """The marketplace itself says that there is no such item (any more)."""


class Wait(MarketplaceError):
    """Not now. ``retry_after_s``: seconds until asking again makes sense."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message, retry_after_s)
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return str(self.args[0])


class Throttled(Wait):
    """The marketplace says that it is asked too often (429)."""


class OverBudget(Wait):
    """Our own calls of the day are used up; nothing was asked."""


class BreakerOpen(Wait):
    """The marketplace has failed too often in a row, or has told us to wait; nothing was asked."""
