"""From a model, a method and a machine to everything the page on training shows: one function."""

from dataclasses import dataclass, replace

from catalog.snapshot import Catalog
from catalog.specs import CarrierSpec, GpuSpec
from configurator.estimation.topology import topology
from configurator.estimation.training import METHODS, MIB, SHARDINGS, TrainingMemory, TrainingRun, training_memory
from configurator.estimation.training_rules import training_findings
from configurator.estimation.training_speed import MFU, Scaling, scaling
from configurator.estimation.types import Build, Finding, Range
from configurator.guide_claims import guide_scaling
from configurator.pictures import RangeBar, Segment
from configurator.scaling_out import Reckoned
from configurator.training_sums import SHARDING_WORDS, reckon

METHOD_WORDS = {"full": "Full fine-tune", "lora": "LoRA", "qlora": "QLoRA"}
TIER_GPUS = 8
# The tiers of servers and boards that are compared with eight GPUs: name, carrier, how many, GPU.
TIERS: tuple[tuple[str, str, int, str], ...] = (
    ("PCIe only", "server-nf5468m5", 1, "v100-pcie-32gb"),
    ("Four dual boards", "dual-board-tns-2sxm2-4p54", 4, "v100-sxm2-32gb"),
    ("Two quad boards", "quad-board-taq-sxm2-4p5a5", 2, "v100-sxm2-32gb"),
    ("Hybrid cube mesh", "server-nf5288m5", 1, "v100-sxm2-32gb"),
    ("NVSwitch", "server-nf5488m5", 1, "v100-sxm3-32gb"),
)


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """One sharding: the plan of each method, and a bar of the chosen one."""

    name: str
    plans: tuple[TrainingMemory, ...]
    chosen: TrainingMemory
    segments: tuple[Segment, ...]
    capacity_x: float


@dataclass(frozen=True, slots=True)
class Tier:
    """One machine of eight GPUs. ``bar`` is its speed-up on an axis to the number of GPUs, ``guide`` what the guide
    says they are worth."""

    name: str
    machine: str
    scaling: Scaling
    bar: RangeBar | None
    guide: tuple[float, float] | None = None

    @property
    def guide_beside_ours(self) -> str:
        """Where the guide's figure lies next to our range."""
        ours = self.scaling.speedup
        if self.guide is None or ours is None:
            return ""
        low, high = self.guide
        if high < ours.low:
            return "below ours"
        if low > ours.high:
            return "above ours"
        return "within ours" if ours.low <= low and high <= ours.high else "overlaps ours"


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    run: TrainingRun
    gpu: GpuSpec
    gpus: int
    carrier: CarrierSpec | None
    carrier_count: int
    sharding: str
    memory: tuple[MemoryRow, ...]
    yours: Tier
    tiers: tuple[Tier, ...]
    findings: tuple[Finding, ...]
    reckoned: tuple[Reckoned, ...]

    @property
    def chosen(self) -> TrainingMemory:
        return next(row.chosen for row in self.memory if row.chosen.sharding == self.sharding)

    @property
    def method_words(self) -> str:
        return METHOD_WORDS[self.run.method]

    @property
    def sharding_words(self) -> str:
        return SHARDING_WORDS[self.sharding]

    @property
    def mfu(self) -> Range:
        return MFU

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(METHOD_WORDS[method] for method in METHODS)

    @property
    def fitting(self) -> str:
        """A sharding that fits where the chosen one does not; empty where none does."""
        return next((row.name for row in self.memory if row.chosen.verdict != "blocker"), "")


def training_plan(
    run: TrainingRun,
    gpu: GpuSpec,
    gpus: int,
    carrier: CarrierSpec | None,
    sharding: str,
    catalog: Catalog,
) -> TrainingPlan:
    """Memory by method and sharding, scaling by machine, findings, and the sums behind them. A carrier takes as many
    GPUs as it has sockets; as many of it are used as that needs."""
    carrier_count = -(-gpus // carrier.sockets) if carrier else 0
    wiring = topology(Build(gpu, gpus, carrier, carrier_count))
    own = scaling(run, gpu, wiring, sharding)
    name = f"{carrier_count} × {carrier.name}" if carrier else "cards in slots"
    return TrainingPlan(
        run=run,
        gpu=gpu,
        gpus=gpus,
        carrier=carrier,
        carrier_count=carrier_count,
        sharding=sharding,
        memory=_memory_rows(run, gpu, gpus),
        yours=Tier("Your machine", name, own, _bar(own)),
        tiers=tuple(_tier(run, sharding, catalog, *row) for row in TIERS),
        findings=training_findings(run, gpu, gpus, sharding),
        reckoned=reckon(run, training_memory(run, gpu, gpus, sharding), own, gpu, catalog.sources),
    )


def _memory_rows(run: TrainingRun, gpu: GpuSpec, gpus: int) -> tuple[MemoryRow, ...]:
    rows = []
    plans = {
        sharding: tuple(training_memory(replace(run, method=method), gpu, gpus, sharding) for method in METHODS)
        for sharding in SHARDINGS
    }
    chosen = {sharding: found[METHODS.index(run.method)] for sharding, found in plans.items()}
    top = max(gpu.memory_mib * 1.25, *(plan.total_mib for plan in chosen.values()))
    for sharding in SHARDINGS:
        plan = chosen[sharding]
        rows.append(
            MemoryRow(SHARDING_WORDS[sharding], plans[sharding], plan, _segments(plan, top), 100 * gpu.memory_mib / top)
        )
    return tuple(rows)


def _segments(plan: TrainingMemory, top_mib: float) -> tuple[Segment, ...]:
    parts = (
        ("weights", "weights", plan.states.frozen + plan.states.weights),
        ("kv", "gradients and Adam", plan.states.gradients + plan.states.optimizer),
        ("buffers", "activations", plan.activations.total),
        ("runtime", "runtime", plan.working + plan.runtime),
    )
    found, x = [], 0.0
    for kind, label, size in parts:
        width = 100 * size / MIB / top_mib
        found.append(Segment(kind, label, size / MIB, x, width))
        x += width
    return tuple(found)


def _tier(run: TrainingRun, sharding: str, catalog: Catalog, name: str, carrier: str, count: int, gpu: str) -> Tier:
    module, board = catalog.gpus[gpu], catalog.carriers[carrier]
    found = scaling(run, module, topology(Build(module, TIER_GPUS, board, count)), sharding)
    machine = f"{count} × {board.name}" if count > 1 else board.name
    return Tier(name, machine, found, _bar(found), guide_scaling().get(carrier))


def _bar(found: Scaling) -> RangeBar | None:
    speedup = found.speedup
    if speedup is None:
        return None
    low, mid, high = (100 * value / found.gpus for value in (speedup.low, speedup.mid, speedup.high))
    return RangeBar(low, mid, max(high - low, 0.5), found.gpus)
