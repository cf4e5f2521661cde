"""The shipped catalog without a database, and prices that a test makes up."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from catalog.load import DATA_DIR, read
from catalog.specs import CarrierSpec, CircuitSpec, GpuSpec, ModelSpec, PartSpec
from configurator.search import Cost, Machine, Prices, machines


@cache
def _rows() -> tuple[
    dict[str, GpuSpec], dict[str, CarrierSpec], dict[str, PartSpec], dict[str, CircuitSpec], dict[str, ModelSpec]
]:
    rows = read(DATA_DIR)
    specs = [part.spec() for part in rows.parts]
    return (
        {spec.slug: spec for spec in specs if isinstance(spec, GpuSpec)},
        {spec.slug: spec for spec in specs if isinstance(spec, CarrierSpec)},
        {part.slug: part.line_spec() for part in rows.parts},
        {row.slug: row.spec() for row in rows.circuits},
        {row.slug: row.spec() for row in rows.models},
    )


def part(slug: str) -> PartSpec:
    return _rows()[2][slug]


def parts() -> Mapping[str, PartSpec]:
    return _rows()[2]


def circuits(*slugs: str) -> tuple[CircuitSpec, ...]:
    return tuple(_rows()[3][slug] for slug in slugs)


def model(slug: str) -> ModelSpec:
    return _rows()[4][slug]


@cache
def all_machines(voltage_v: int = 120) -> tuple[Machine, ...]:
    gpus, carriers, every_part = _rows()[:3]
    return machines(gpus, carriers, every_part, voltage_v)


def machine(gpu: str, count: int, carrier: str = "") -> Machine:
    """The one of these GPUs on this board or server; cards without one."""
    return next(
        one
        for one in all_machines()
        if (one.gpu.slug, one.gpu_count, one.carrier.slug if one.carrier else "") == (gpu, count, carrier)
    )


def priced(units: Mapping[str, int | None], usual: int = 100, freight: int = 50) -> Prices:
    """Each part at its own price, the usual one where it has none of its own, None = nobody knows; freight on top."""

    def unpriced(one: Machine) -> tuple[str, ...]:
        return tuple(slug for _, slug, _ in one.lines if units.get(slug, usual) is None)

    def goods(one: Machine) -> Decimal | None:
        return None if unpriced(one) else Decimal(sum((units.get(slug, usual) or 0) * n for _, slug, n in one.lines))

    def landed(one: Machine) -> Cost:
        total = (goods(one) or Decimal(0)) + freight
        return Cost(total, total, total)

    return Prices(goods, unpriced, landed)
