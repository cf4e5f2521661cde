"""Where a figure comes from and how sure we are of it. Pure: no Django, no clock, no I/O."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """How a figure came to be known, from the surest to the least sure."""

    MEASURED = "measured"  # somebody ran it and published the number
    DATASHEET = "datasheet"  # the maker's own document or device output
    OFFICIAL = "official"  # text of law, ruling, or a project's own documentation
    COMPUTED = "computed"  # arithmetic on figures that have a source of their own
    GUIDE = "guide"  # the community guide says so; user-generated and unverified
    UNVERIFIED = "unverified"  # general knowledge or one weak source


@dataclass(frozen=True, slots=True)
class Source:
    """One reference: what it is called, where it stands, when it was read, how sure it makes us."""

    title: str
    href: str
    checked_on: date
    confidence: Confidence

    @property
    def was_read(self) -> bool:
        """False for arithmetic, and for what is known without a text that could be read again."""
        return self.confidence is not Confidence.COMPUTED and (
            bool(self.href) or self.confidence is not Confidence.UNVERIFIED
        )
