"""From a choice to everything the page, the API, the command line and a shared build show: one function.

The choice names parts by slug; here they become specs (catalog) and prices (sourcing), and go through the pure core.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from catalog import snapshot
from catalog.field_errors import FieldError
from catalog.snapshot import Catalog, UnknownSlug
from catalog.specs import ModelSpec
from configurator.changes import Figures
from configurator.choice import BuildChoice, InvalidChoice, parse
from configurator.estimation.estimate import estimate
from configurator.estimation.findings import SEVERITIES
from configurator.estimation.layers import mtp_blocks
from configurator.estimation.memory import CannotEstimate
from configurator.estimation.rules.offload import moved
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.estimation.speculation import RUNTIMES_WITH_MTP
from configurator.estimation.types import Build, Estimate, LinePrice, Market, PartLine, Supply, Workload
from configurator.fields import FIELD_BY_NAME, SLOTS
from configurator.launch import Launch, launch
from configurator.own_models.find import find_model
from sourcing import prices
from sourcing.landed.cost import Order
from sourcing.landed.types import Destination, LandedCost, Money, PartCost, PricedLine
from sourcing.line_prices import NOTHING_TOLD, LinePrices, Told, WantedLine, price_lines
from sourcing.prices import OtherDay, RefusedAgent

# Setting -> the catalog's table its slug is looked up in.
SLUG_TABLES = {"model": "models", "gpu": "gpus", "carrier": "carriers", "circuit": "circuits"} | {
    slot.key: "parts" for slot in SLOTS
}
LABELS = {"carrier": "Platform", "gpu": "GPU"} | {slot.key: slot.label for slot in SLOTS}


@dataclass(frozen=True)
class BuildLine:
    """One row of the part list with its price. ``count`` are in the machine, ``priced.quantity`` of them to buy."""

    slot: str
    label: str
    count: int
    priced: PricedLine
    landed: PartCost
    prices: LinePrices | None = None  # None: the price was frozen

    @property
    def owned(self) -> int:
        """Pieces that are there already."""
        return self.count - self.priced.quantity

    @property
    def subtotal(self) -> Money | None:
        return _subtotal(self.priced)

    @property
    def others(self) -> list[tuple[str, Money]]:
        """What it would come to by the prices it does not count at, and where each is from; none beside one's own."""
        if self.prices is None or self.prices.used == "own":
            return []
        others = [(name, _subtotal(line)) for name, line in self.prices.options.items() if name != self.prices.used]
        return [(name, subtotal) for name, subtotal in others if subtotal is not None]


def _subtotal(line: PricedLine) -> Money | None:
    unit, quantity = line.unit, line.quantity
    if not quantity:
        return Money(Decimal(0), Decimal(0), Decimal(0))
    return Money(unit.low * quantity, unit.mid * quantity, unit.high * quantity) if unit else None


@dataclass(frozen=True)
class EstimateResult:
    """One answer. ``lines`` are the part list in order; ``as_of`` is the day whose prices and duties count."""

    choice: BuildChoice
    build: Build
    workload: Workload
    supply: Supply
    estimate: Estimate
    order: Order
    cost: LandedCost
    lines: tuple[BuildLine, ...]
    as_of: date

    @property
    def query(self) -> str:
        return self.choice.to_query()

    @cached_property
    def other_day(self) -> OtherDay | None:
        """What the order costs on another day: the chosen one, or the last before its duty changed."""
        return prices.other_day(self.order, self.cost, self.choice["compare_date"])

    @property
    def engine_version(self) -> str:
        return self.estimate.engine_version

    @cached_property
    def severity_counts(self) -> dict[str, int]:
        counts = Counter(finding.severity for finding in self.estimate.findings)
        return {severity: counts[severity] for severity in SEVERITIES}

    @property
    def worst(self) -> str:
        return next((severity for severity in SEVERITIES if self.severity_counts[severity]), "ok")

    @property
    def worst_count(self) -> int:
        return self.severity_counts[self.worst]

    @property
    def has_offers(self) -> bool:
        """Whether a price of today's offers is in it, which is for the person who looks at it only."""
        return any(line.priced.basis == "offer" for line in self.lines)

    @property
    def has_quotes(self) -> bool:
        """Whether a quote that only this browser knows could get into what is saved of it."""
        told = [line.prices for line in self.lines if line.prices is not None and "quote" in line.prices.options]
        return any(one.used in ("quote", "offer") for one in told)

    @property
    def prices_from(self) -> date | None:
        """The oldest day among the prices in the total."""
        days = [line.priced.as_of for line in self.lines if line.priced.unit and line.priced.as_of]
        return min(days, default=None)

    @property
    def figures(self) -> Figures:
        """What people choose by; no speed where the software does not start."""
        speed = None if self.cannot_run or self.estimate.speed is None else self.estimate.speed.decode_tok_s.mid
        return Figures(speed, self.estimate.power.wall_w, self.cost.total.mid, frozenset(self.cost.unknown))

    @property
    def cannot_run(self) -> bool:
        """True where a blocker says that this software or this socket will not do, whatever the memory says."""
        return not all(finding.starts for finding in self.estimate.findings)

    @cached_property
    def launch(self) -> Launch:
        """The commands that start it."""
        refusals = tuple(f"{finding.title}. {finding.why}" for finding in self.estimate.findings if not finding.starts)
        return launch(self.build, self.workload, self.supply, self.estimate, refusals)

    @property
    def moved(self) -> str:
        """What the host's memory holds in the arrangement whose speed is shown; empty where all is on the GPUs."""
        return moved(self.estimate.offload) if self.estimate.offload else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the sum must know: the audit's verdicts on the prices in it, then what limits the rows."""
        bands = prices.band_lines([line.priced.part for line in self.lines if line.priced.basis == "band"])
        doubted = [
            f"{line.priced.name}: our audit calls this price {bands[line.priced.part].verdict}. "
            f"{bands[line.priced.part].note}"
            for line in self.lines
            if line.priced.part in bands and bands[line.priced.part].verdict not in ("confirmed", "unverifiable")
        ]
        open_offers = [line.prices.note for line in self.lines if line.prices is not None and line.prices.note]
        return (*open_offers, *doubted, *self.cost.warnings)

    @property
    def size_basis(self) -> str:
        """How the size of the weights is known."""
        if self.workload.weights_bytes is not None:
            return "as given"
        own_file = self.workload.model.file
        return "by the file's head" if own_file and own_file.quant == self.workload.quant else "computed"

    @property
    def used_mib(self) -> float:
        return sum(gpu.total_mib for gpu in self.estimate.memory.per_gpu)

    @property
    def capacity_mib(self) -> float:
        return sum(gpu.capacity_mib for gpu in self.estimate.memory.per_gpu)

    @property
    def tightest(self) -> tuple[int, float]:
        """Index of the GPU with the least memory left, and how many MiB are left there (negative = short)."""
        free = [gpu.capacity_mib - gpu.total_mib for gpu in self.estimate.memory.per_gpu]
        index = min(range(len(free)), key=free.__getitem__)
        return index, free[index]


def _nothing_to_buy(line: PricedLine) -> PartCost:
    zero = Money(Decimal(0), Decimal(0), Decimal(0))
    return PartCost(line.part, line.name, 0, zero, None)


def chosen_slots(choice: BuildChoice) -> list[tuple[str, str, int]]:
    """(slot, slug, quantity) of every line that holds something, in the order of the part list."""
    keys = ("carrier", "gpu", *(slot.key for slot in SLOTS))
    return [(key, choice[key], choice[f"{key}_count"]) for key in keys if choice[key] and choice[f"{key}_count"]]


@snapshot.one_state()
def estimate_choice(
    choice: BuildChoice,
    *,
    as_of: date,
    model: ModelSpec | None = None,
    frozen_prices: Sequence[PricedLine] | None = None,
    told: Told = NOTHING_TOLD,
) -> EstimateResult:
    """Estimate a choice with the prices and duties of a day.

    ``model`` stands in for the catalog's (a pasted architecture); ``frozen_prices`` for today's prices
    (a shared build). ``told`` are the quotes and offers of today: for the page of the person who looks at them only,
    since marketplaces do not let their offers be passed on or stored.

    Raises:
        InvalidChoice: where a slug is not in the catalog, something needed is missing, or the model
            cannot be estimated.
    """
    catalog = snapshot.current()
    build, workload, supply = specs(choice, catalog, model)
    slots = chosen_slots(choice)
    found = _line_prices(choice, slots, as_of, told) if frozen_prices is None else ()
    priced = tuple(each.line for each in found) if frozen_prices is None else tuple(frozen_prices)
    entry_date = choice["entry_date"] or as_of
    order = _order(choice, [line for line in priced if line.quantity], entry_date, as_of)
    quoted = [line.part for line in priced if line.basis in ("quote", "offer")]
    bands = prices.band_lines(quoted) if quoted else {}
    market = Market(
        as_of=as_of,
        prices=tuple(
            LinePrice(
                line.part,
                line.quantity,
                line.unit.mid if line.unit else None,
                line.as_of,
                line.basis,
                bands[line.part].low if line.part in bands else None,
            )
            for line in order.lines
        ),
        agent=choice["agent"],
        destination=choice["country"],
        entry_date=entry_date,
        exclusions_extended=choice["exclusions_extended"],
        excluded_parts=prices.lapsed_exclusions(priced, choice["country"], entry_date),
    )
    try:
        answer = estimate(build, workload, supply, market)
    except CannotEstimate as refused:
        raise InvalidChoice([FieldError("model", f"Model (model): {refused}")]) from None
    cost = prices.landed(order)
    bought = iter(cost.parts)
    lines = tuple(
        BuildLine(key, LABELS[key], count, line, next(bought) if line.quantity else _nothing_to_buy(line), line_prices)
        for (key, _, count), line, line_prices in zip(slots, priced, found or [None] * len(slots), strict=True)
    )
    return EstimateResult(choice, build, workload, supply, answer, order, cost, lines, as_of)


def _to_buy(choice: BuildChoice, key: str, count: int) -> int:
    """Pieces of a line that are not there already."""
    return max(0, count - int(choice[f"{key}_owned"]))


def _line_prices(
    choice: BuildChoice, slots: Sequence[tuple[str, str, int]], as_of: date, told: Told
) -> tuple[LinePrices, ...]:
    wanted = [
        WantedLine(slug, _to_buy(choice, key, count), choice[f"{key}_price"], choice[f"{key}_price_from"])
        for key, slug, count in slots
    ]
    return price_lines(wanted, Destination(choice["country"], choice["region"]), as_of, told)


def _order(choice: BuildChoice, lines: Sequence[PricedLine], entry_date: date, as_of: date) -> Order:
    """The lines as an order that enters on a day, at the exchange rates of ``as_of``.

    Raises InvalidChoice where the agent or the state cannot be.
    """
    country, region = choice["country"], choice["region"]
    regions = prices.region_names(country)
    if region and region not in regions:
        allowed = f"one of {', '.join(regions)}" if regions else f"nothing, for {country} has one tax"
        raise InvalidChoice(
            [FieldError("region", f"State or province (region): '{region}' is not of {country}; give {allowed}.")]
        )
    try:
        return prices.order_of(
            lines,
            Destination(country, region),
            entry_date=entry_date,
            agent=choice["agent"],
            freight_mode=choice["freight_mode"],
            freight_usd=choice["freight_usd"],
            exclusions_extended=choice["exclusions_extended"],
            rates_of=as_of,
        )
    except (UnknownSlug, RefusedAgent) as refused:
        raise InvalidChoice([FieldError("agent", f"Agent (agent): {refused}")]) from None


def read_choice(given: Mapping[str, Any]) -> BuildChoice:
    """The choice that settings describe, every mistake in them reported at once: malformed values and unknown slugs.

    Raises:
        InvalidChoice: naming each setting that is not usable.
    """
    try:
        return parse(given)
    except InvalidChoice as refused:
        named = {error.field for error in refused.errors}
        catalog = snapshot.current()
        slugs = {field: given.get(field) for field in SLUG_TABLES if field not in named}
        unknown = [_unknown(catalog, field, slug) for field, slug in slugs.items() if slug and isinstance(slug, str)]
        raise InvalidChoice([*refused.errors, *(error for error in unknown if error is not None)]) from None


# Bits a parameter that a file may have: none is below the 1.56 of IQ1_S, and none above the 32 of F32 by more than what
# stands beside the weights.
FEWEST_BITS, MOST_BITS = 1, 40


def _impossible_size(workload: Workload) -> list[FieldError]:
    """A size of the file that no quantisation of this model has."""
    size, params = workload.weights_bytes, workload.model.params_total
    low, high = params * FEWEST_BITS // 8, params * MOST_BITS // 8
    if size is None or not params or low <= size <= high:
        return []
    label = FIELD_BY_NAME["weights_bytes"].label
    return [
        FieldError(
            "weights_bytes",
            f"{label} (weights_bytes): {size:,} bytes cannot be {workload.model.name}; give from {low:,} to {high:,} "
            f"bytes, from {FEWEST_BITS} to {MOST_BITS} bits for each of {params / 1e9:.1f} billion parameters.",
        )
    ]


def _unusable(workload: Workload) -> list[FieldError]:
    """Options that this model or runtime does not have."""
    errors = _impossible_size(workload)
    offloading = (("expert_layers_in_ram", workload.expert_layers_in_ram), ("gpu_layers", workload.gpu_layers))
    named = [(name, FIELD_BY_NAME[name].label) for name, value in offloading if value not in (0, None)]
    if workload.gpu_layers == 0:
        named.append(("gpu_layers", FIELD_BY_NAME["gpu_layers"].label))
    for name, label in named:
        if workload.runtime not in LLAMA_CPP_FAMILY:
            errors.append(
                FieldError(name, f"{label} ({name}): {workload.runtime} keeps all weights on the GPUs. Clear it.")
            )
        elif workload.split == "tensor" and workload.tensor_parallel > 1:
            errors.append(FieldError(name, f"{label} ({name}): not with a tensor split. Split by layer, or clear it."))
    if workload.expert_layers_in_ram and workload.model.moe is None:
        errors.append(
            FieldError(
                "expert_layers_in_ram",
                f"Experts in RAM (expert_layers_in_ram): {workload.model.name} has no experts. "
                "Set 0, or use Layers on GPUs (gpu_layers).",
            )
        )
    if workload.speculative_tokens and not mtp_blocks(workload.model):
        errors.append(
            FieldError(
                "speculative_tokens",
                f"Drafted tokens (speculative_tokens): {workload.model.name} has no multi-token-prediction layers "
                "to draft with. Set 0.",
            )
        )
    elif workload.speculative_tokens and workload.runtime not in RUNTIMES_WITH_MTP:
        errors.append(
            FieldError(
                "speculative_tokens",
                f"Drafted tokens (speculative_tokens): nobody has shown {workload.runtime} drafting with MTP layers. "
                f"Set 0, or take one of {', '.join(RUNTIMES_WITH_MTP)}.",
            )
        )
    return errors


def _unknown(catalog: Catalog, field: str, slug: str) -> FieldError | None:
    """The error of a setting whose slug the catalog does not have, with its close neighbours; None where it has it."""
    try:
        _find(catalog, field, slug)
    except UnknownSlug as unknown:
        return FieldError(field, f"{LABELS.get(field, field.capitalize())} ({field}): {unknown}")
    return None


def _find(catalog: Catalog, field: str, slug: str) -> Any:
    """What a setting's slug names. Raises UnknownSlug."""
    return find_model(catalog, slug) if field == "model" else catalog.find(SLUG_TABLES[field], slug)


def specs(choice: BuildChoice, catalog: Catalog, model: ModelSpec | None) -> tuple[Build, Workload, Supply]:
    """The choice as what the estimator takes. All unknown slugs are reported at once.

    Raises:
        InvalidChoice: naming each setting that is not usable.
    """
    errors: list[FieldError] = []

    def look_up(field: str) -> Any:
        slug = choice[field]
        if not slug:
            return None
        if (error := _unknown(catalog, field, slug)) is not None:
            errors.append(error)
            return None
        return _find(catalog, field, slug)

    gpu, carrier, circuit = look_up("gpu"), look_up("carrier"), look_up("circuit")
    language_model = model or look_up("model")
    parts = []
    for slot in SLOTS:
        part = look_up(slot.key)
        if part is None or not choice[f"{slot.key}_count"]:
            continue
        if part.kind != slot.kind:
            errors.append(
                FieldError(slot.key, f"{slot.label} ({slot.key}): '{part.slug}' is a {part.kind}, not a {slot.kind}.")
            )
        parts.append(PartLine(part, choice[f"{slot.key}_count"]))
    wanted = (
        ("gpu", gpu, "GPU (gpu): choose one, for example v100-sxm2-16gb."),
        ("model", language_model, "Model (model): choose one, for example llama-3.3-70b."),
        ("circuit", circuit, "Circuit (circuit): choose one, for example us-120v-15a."),
    )
    named = {error.field for error in errors}
    errors.extend(FieldError(field, text) for field, found, text in wanted if found is None and field not in named)
    if errors:
        raise InvalidChoice(errors)
    build = Build(gpu, choice["gpu_count"], carrier, choice["carrier_count"] if carrier else 0, tuple(parts))
    parallelism = choice.parallelism
    workload = Workload(
        model=language_model,
        quant=choice["quant"],
        weights_bytes=choice["weights_bytes"],
        runtime=choice["runtime"],
        split=parallelism.split,
        tensor_parallel=parallelism.tensor_parallel,
        pipeline_parallel=parallelism.pipeline_parallel,
        context_tokens=choice["context_tokens"],
        depth_tokens=choice["depth_tokens"],
        prompt_tokens=choice["prompt_tokens"],
        streams=choice["streams"],
        kv_dtype=choice["kv_dtype"],
        ubatch=choice["ubatch"],
        flash_attention=choice["flash_attention"],
        expert_layers_in_ram=choice["expert_layers_in_ram"],
        gpu_layers=choice["gpu_layers"],
        speculative_tokens=choice["speculative_tokens"],
    )
    if refusals := _unusable(workload):
        raise InvalidChoice(refusals)
    supply = Supply(
        choice["power_limit_w"],
        circuit,
        choice["electricity_usd_per_kwh"],
        choice["hours_per_day"],
        choice["circuit_count"],
    )
    return build, workload, supply
