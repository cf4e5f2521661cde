"""Single values of a landed-cost question, each read strictly: a sentence says what is wrong and what is allowed.

No database. Readers raise ValueError with the sentence; who calls them knows the field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.field_errors import FieldError, shortened

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,6})?", re.ASCII | re.IGNORECASE)
_HTS = re.compile(r"\d{4}(\.?\d{2})(\.?\d{2})?(\.?\d{2})?\Z")
# ISO 3166-1: where a thing can have been made.
_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())


class Reader:
    """The keys of one object of a question, read one by one; what is wrong is collected and a default returned.

    ``path`` stands before the field's name in errors: "lines[0].".
    """

    def __init__(self, data: Any, path: str, known: tuple[str, ...], errors: list[FieldError]) -> None:
        self.path = path
        self.errors = errors
        self.wrong: set[str] = set()
        self.is_object = isinstance(data, Mapping)
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            given = "is missing" if data is None else f"is '{shortened(data)}'"
            self.refuse("", f"{given}; give an object with {', '.join(known)}")
        for key in self.data:
            if key not in known:
                self.refuse(str(key), f"is not a key; keys are {', '.join(known)}")

    def refuse(self, key: str, message: str) -> None:
        self.wrong.add(key)
        field = f"{self.path}{shortened(key)}".rstrip(".")
        self.errors.append(FieldError(field, f"{field or 'The question'}: {message}."))

    def read(self, key: str, reader: Callable[[Any], Any], default: Any = None) -> Any:
        """The value of a key; the default where it is missing, null or empty, or cannot be used."""
        value = self.data.get(key)
        if value is None or value == "":
            return default
        try:
            return reader(value)
        except ValueError as error:
            self.refuse(key, str(error))
            return default


def amount(low: str, high: str, unit: str = "") -> Callable[[Any], Decimal]:
    """A reader of decimal numbers within bounds; a number of JSON is taken as it is written."""
    least, most = Decimal(low), Decimal(high)
    allowed = f'a number from {least:,f} to {most:,f}{f" {unit}" if unit else ""}, such as "12.50"'

    def read(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal) or len(str(value)) > 40:
            raise ValueError(f"'{shortened(value)}' is not a number; give {allowed}")
        # Decimal alone would read underscores and the digits of other scripts too.
        if not _NUMBER.fullmatch(str(value).strip()):
            raise ValueError(f"'{shortened(value)}' is not a number; give {allowed}")
        number = Decimal(str(value).strip())
        # Decimals of a thousand digits would be computed with in full.
        if number.adjusted() < -12 or not least <= number <= most:
            raise ValueError(f"'{shortened(value)}' is out of range; give {allowed}")
        return number

    return read


def quantity(value: Any) -> int:
    wrong = ValueError(f"'{shortened(value)}' is not a count; give a whole number from 1 to 10,000")
    try:
        number = amount("1", "10000")(value)
    except ValueError:
        raise wrong from None
    if number != int(number):
        raise wrong
    return int(number)


def flag(value: Any) -> bool:
    words = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError(f"'{shortened(value)}' is not allowed; give true or false")


def day(value: Any) -> date:
    try:
        if isinstance(value, date):
            found = value
        else:
            if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
                raise ValueError
            found = date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"'{shortened(value)}' is not a date; give one such as 2026-11-23") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(f"{found.isoformat()} is out of range; give a day from {FIRST_DAY} to {LAST_DAY}")
    return found


def text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 80:
        raise ValueError(f"'{shortened(value)}' is not allowed; give a short text")
    return value.strip()


def one_of(*allowed: str) -> Callable[[Any], str]:
    """A reader of one of a few words."""

    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"'{shortened(value)}' is not allowed; give one of {', '.join(allowed)}")
        return str(value)

    return read


def made_in(value: Any) -> str:
    code = value.strip().upper() if isinstance(value, str) else ""
    if code == "UK":
        code = "GB"
    if code not in COUNTRIES:
        raise ValueError(f"'{shortened(value)}' is not a country; give a code of two letters, such as CN, TW or MX")
    return code


def tariff_code(value: Any) -> str:
    """A code with its dots in place: "8473301180" is 8473.30.1180."""
    given = value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    if not _HTS.match(given):
        raise ValueError(f"'{shortened(value)}' is not a tariff code; give six to ten digits, such as 8473.30.1180")
    digits = given.replace(".", "")
    return ".".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
