"""A person's choice of machine and workload, and its one canonical written form: the query string.

Page, API and command line all read a choice with :func:`parse` and so give the same answers and the same
errors. Pure: no Django, no clock, no I/O; whether a slug exists is asked later, of the catalog.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from catalog.field_errors import FieldError, InvalidFields, shortened
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.fields import FIELD_BY_NAME, FIELDS, FIRST_DAY, LAST_DAY, MAX_SLUG_LENGTH, SLOTS, Field


class InvalidChoice(InvalidFields):
    """One or more settings of a build are not usable."""


@dataclass(frozen=True, slots=True)
class Parallelism:
    """How the model is cut: ``tensor_parallel`` x ``pipeline_parallel`` is the number of GPUs that work."""

    split: str
    tensor_parallel: int
    pipeline_parallel: int


@dataclass(frozen=True, slots=True)
class BuildChoice:
    """Every setting, checked for form and range, with defaults filled in. Empty slug = nothing chosen.

    ``parallelism`` is worked out from split, tensor_parallel and pipeline_parallel, of which a person may leave
    any out; the settings themselves stay as given, so that changing the GPU count later does not contradict them.
    """

    values: tuple[tuple[str, Any], ...]
    parallelism: Parallelism

    def __getitem__(self, name: str) -> Any:
        return dict(self.values)[name]

    def as_dict(self) -> dict[str, Any]:
        return dict(self.values)

    def to_query(self) -> str:
        """The canonical query string: fixed order, defaults left out, so that equal choices have equal addresses."""
        return urlencode([(name, written(value)) for name, value in self._set()])

    def to_question(self) -> dict[str, Any]:
        """The same settings as a question in JSON: numbers and flags as such, money and dates as text."""
        return {
            name: value if isinstance(value, bool | int | float | str) else written(value)
            for name, value in self._set()
        }

    def _set(self) -> list[tuple[str, Any]]:
        """The settings that say something, in their fixed order."""
        pairs = [
            (name, value)
            for name, value in self.values
            if value is not None and value != "" and value != FIELD_BY_NAME[name].default
        ]
        # A count and the source of a price say something only beside a part.
        chosen = {name for name, _ in pairs}
        return [(name, value) for name, value in pairs if (slot := _slot_of(name)) is None or slot in chosen]

    def replacing(self, changes: Mapping[str, Any]) -> "BuildChoice":
        """The same choice with some settings changed, checked anew."""
        return parse({**self.as_dict(), **changes})


def _slot_of(name: str) -> str | None:
    """``cooler_count``, ``cooler_owned`` -> ``cooler``; None for GPU and carrier and for what belongs to no slot."""
    slot = name.removesuffix("_count").removesuffix("_price_from").removesuffix("_owned")
    return slot if slot != name and slot in {s.key for s in SLOTS} else None


def written(value: Any) -> str:
    """A setting's value as it stands in a query string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return str(value)


def parse(given: Mapping[str, Any]) -> BuildChoice:
    """Read settings from a query string's or a JSON object's values.

    Missing, empty and null settings take their default. Unknown names are an error here; a page that wants
    to be lenient with them uses :func:`unknown_names` first.

    Raises:
        InvalidChoice: with one message for each setting that is not usable.
    """
    errors = [
        FieldError(str(name), f"'{shortened(name)}' is not a setting. Settings are: {', '.join(FIELD_BY_NAME)}.")
        for name in unknown_names(given)
    ]
    values: dict[str, Any] = {}
    for field in FIELDS:
        try:
            values[field.name] = _read(field, given.get(field.name))
        except ValueError as error:
            errors.append(FieldError(field.name, str(error)))
    if errors:
        raise InvalidChoice(errors)
    return BuildChoice(tuple(values.items()), _parallelism(values))


def unknown_names(given: Mapping[str, Any]) -> list[str]:
    return [name for name in given if name not in FIELD_BY_NAME]


def _refuse(field: Field, given: object) -> ValueError:
    return ValueError(
        f"{field.label or field.name} ({field.name}): '{shortened(given)}' is not allowed; give {field.allowed}."
    )


def _read(field: Field, given: Any) -> Any:
    """One setting's value, or its default where nothing was given. Raises ValueError with a sentence."""
    if given is None or given == "":
        return field.default if field.default is not None else ("" if field.kind == "slug" else None)
    reader = {"option": _read_option, "slug": _read_slug, "flag": _read_flag, "date": _read_date}
    return reader.get(field.kind, _read_number)(field, given)


def _read_option(field: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise _refuse(field, given)
    if field.name == "quant":
        try:
            return canonical_quant(given[:MAX_SLUG_LENGTH])
        except ValueError:
            raise _refuse(field, given) from None
    if given not in field.options:
        raise _refuse(field, given)
    return given


def _read_slug(field: Field, given: Any) -> str:
    if not isinstance(given, str) or len(given) > MAX_SLUG_LENGTH:
        raise _refuse(field, given)
    return given


def _read_flag(field: Field, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    words = {"true": True, "on": True, "1": True, "yes": True, "false": False, "off": False, "0": False, "no": False}
    if isinstance(given, str) and given.lower() in words:
        return words[given.lower()]
    raise _refuse(field, given)


def _read_date(field: Field, given: Any) -> date:
    try:
        found = given if isinstance(given, date) else date.fromisoformat(given)
    except (TypeError, ValueError):
        raise _refuse(field, given) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise _refuse(field, given)
    return found


def _read_number(field: Field, given: Any) -> int | float | Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal) or len(str(given)) > 40:
        raise _refuse(field, given)
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation:
        raise _refuse(field, given) from None
    # The exponent is looked at first: int(Decimal("1e999999")) would take for ever.
    if not number.is_finite() or number.adjusted() > 20:
        raise _refuse(field, given)
    if (field.minimum is not None and number < Decimal(field.minimum)) or (
        field.maximum is not None and number > Decimal(field.maximum)
    ):
        raise _refuse(field, given)
    if field.kind == "money":
        if number != round(number, 2):
            raise _refuse(field, given)
        return number
    if field.kind == "int":
        if number != int(number):
            raise _refuse(field, given)
        return int(number)
    value = float(number)
    if not isfinite(value):
        raise _refuse(field, given)
    return value


def _parallelism(values: Mapping[str, Any]) -> Parallelism:
    """Split, tensor and pipeline parallelism, each worked out from the others where it was left out.

    Raises:
        InvalidChoice: where they contradict each other or the number of GPUs.
    """
    gpus: int = values["gpu_count"]
    tensor: int | None = values["tensor_parallel"]
    pipeline: int | None = values["pipeline_parallel"]
    split: str = values["split"] or _default_split(gpus, tensor, values["runtime"])
    if split == "none":
        if (tensor or 1) * (pipeline or 1) != 1:
            raise _contradiction(
                "split",
                "Split (split): 'none' uses one GPU, so tensor_parallel and pipeline_parallel must be 1 or left out.",
            )
        return Parallelism("none", 1, 1)
    if tensor is None:
        tensor = (1 if split == "layer" else gpus) if pipeline is None else max(1, gpus // pipeline)
    if pipeline is None:
        pipeline = max(1, gpus // tensor)
    if split == "layer" and tensor != 1:
        raise _contradiction(
            "split",
            f"Split (split): 'layer' has tensor_parallel 1, not {tensor}. "
            "Choose 'tensor', or leave tensor_parallel out.",
        )
    if tensor * pipeline != gpus:
        raise _contradiction(
            "tensor_parallel",
            f"Tensor parallel x pipeline parallel ({tensor} x {pipeline}) must be "
            f"the number of GPUs (gpu_count = {gpus}).",
        )
    return Parallelism(split, tensor, pipeline)


def _default_split(gpus: int, tensor: int | None, runtime: str) -> str:
    if gpus == 1:
        return "none"
    if tensor is not None:
        return "tensor" if tensor > 1 else "layer"
    return "layer" if runtime in LLAMA_CPP_FAMILY else "tensor"


def _contradiction(field: str, message: str) -> InvalidChoice:
    return InvalidChoice([FieldError(field, message)])
