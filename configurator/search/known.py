"""What searches of one model have worked out and the next one can use: nothing here depends on budget, speed, circuit
or power limit wished for. Pure."""

from itertools import count

from configurator.estimation.calibration import RUNTIME_FAMILY
from configurator.estimation.memory import fits, memory, smallest_offload
from configurator.estimation.power import power
from configurator.estimation.quantization import canonical_quant
from configurator.estimation.throughput import DecodePace
from configurator.estimation.topology import Topology, topology
from configurator.estimation.types import Build, Finding, Supply, Workload
from configurator.estimation.weights import file_weights
from configurator.search import refusals
from configurator.search.arrangements import workloads
from configurator.search.goal import Goal

MIB = 2**20


class Known:
    """Of one model, asked for one context, depth, prompt and number of streams."""

    def __init__(self) -> None:
        self.others: dict[str, Known] = {}  # the other models that the same machine is to run
        self._wirings: dict[Topology, int] = {}
        self._numbers = count()  # never gives one twice, whatever threads ask
        self._workloads: dict[tuple[object, ...], tuple[Workload, ...]] = {}
        self._fitting: dict[tuple[object, ...], tuple[tuple[Workload, float], ...]] = {}
        self._most: dict[tuple[object, ...], float] = {}
        self._paces: dict[tuple[object, ...], DecodePace] = {}
        self._runtimes: dict[tuple[str, str], Finding | None] = {}
        self._refusals: dict[tuple[object, ...], Finding | None] = {}
        self._offloads: dict[tuple[object, ...], tuple[Workload, float] | None] = {}

    def wiring(self, build: Build) -> int:
        """The same number for GPUs that are wired alike: on such boards they are equally fast."""
        return self._wirings.setdefault(topology(build), next(self._numbers))

    def workloads(self, goal: Goal, gpu_count: int) -> tuple[Workload, ...]:
        key = (gpu_count, goal.formats, goal.runtimes, goal.kv_dtypes)
        if key not in self._workloads:
            self._workloads[key] = tuple(workloads(goal, gpu_count))
        return self._workloads[key]

    def fitting(self, goal: Goal, build: Build) -> tuple[tuple[Workload, float], ...]:
        """The workloads that fit on every GPU, with the bits of their weights; with a smaller cache only where it does
        not fit with a larger one. Boards make no difference to memory."""
        key = (build.gpu.slug, build.gpu_count, goal.formats, goal.runtimes, goal.kv_dtypes)
        if key not in self._fitting:
            room = build.gpu.memory_mib * MIB * build.gpu_count
            least = {quant: _least_bytes(goal, quant) for quant in goal.formats}
            found: dict[tuple[object, ...], tuple[Workload, float]] = {}
            refused = [one for one in goal.runtimes if self.runtime_refusal(goal, build, one) is not None]
            alike: dict[tuple[object, ...], bool] = {}
            for workload in self.workloads(goal, build.gpu_count):
                way = _way(workload)
                if way in found or least[workload.quant] > room or workload.runtime in refused:
                    continue
                plan = (_planner(workload.runtime), *way[1:], workload.kv_dtype)
                if plan not in alike:
                    alike[plan] = fits(build, workload)
                if alike[plan]:
                    found[way] = (workload, bits(goal, workload.quant))
            self._fitting[key] = tuple(found.values())
        return self._fitting[key]

    def runtime_refusal(self, goal: Goal, build: Build, runtime: str) -> Finding | None:
        """What is against a runtime on these GPUs, whatever it runs."""
        key = (build.gpu.slug, runtime)
        if key not in self._runtimes:
            workload, supply = Workload(goal.model, runtime=runtime), Supply(None, goal.circuits[0])
            drawn = power(build, workload, supply, None)
            self._runtimes[key] = refusals.of_runtime(build, workload, supply, drawn)
        return self._runtimes[key]

    def most(self, build: Build, workload: Workload, wired: int) -> float:
        """Tokens a second that no wiring of these GPUs exceeds."""
        key = (build.gpu.slug, _cut(workload))
        if key not in self._most:
            self._most[key] = self.pace(build, workload, wired).most_tok_s
        return self._most[key]

    def pace(self, build: Build, workload: Workload, wired: int) -> DecodePace:
        # Runtimes of one family decode alike.
        key = (build.gpu.slug, wired, RUNTIME_FAMILY[workload.runtime], _cut(workload)[1:])
        if key not in self._paces:
            self._paces[key] = DecodePace(build, workload, topology(build))
        return self._paces[key]

    def refusal(self, build: Build, workload: Workload, wired: int, supply: Supply) -> Finding | None:
        """What the rules of memory and software have against a workload on GPUs wired like this."""
        key = (build.gpu.slug, wired, _cut(workload))
        if key not in self._refusals:
            drawn = power(build, workload, supply, None)
            self._refusals[key] = refusals.of_software(build, workload, supply, drawn)
        return self._refusals[key]

    def with_host_memory(self, build: Build, workload: Workload) -> tuple[Workload, float] | None:
        """The workload with as little in host memory as makes it fit, and how much that is, MiB; None where it fits
        without, and where nothing helps."""
        key = (build.gpu.slug, build.gpu_count, _cut(workload))
        if key not in self._offloads:
            found = None if fits(build, workload) else smallest_offload(build, workload)
            self._offloads[key] = None if found is None else (found, memory(build, found).host_mib)
        return self._offloads[key]


def bits(goal: Goal, quant: str) -> float:
    """Bits a weight on average, by the size of the file."""
    return 8 * file_weights(goal.model, canonical_quant(quant)).file / goal.model.params_total


def _least_bytes(goal: Goal, quant: str) -> int:
    """Bytes of the blocks and the output: what has to lie on the GPUs in any arrangement."""
    weights = file_weights(goal.model, canonical_quant(quant))
    return sum(weights.blocks) + weights.output


def _planner(runtime: str) -> str:
    """Whose plan of memory it is: Ollama runs llama.cpp's."""
    return "llama.cpp" if runtime == "ollama" else runtime


def _cut(workload: Workload) -> tuple[object, ...]:
    """A workload among the others of one question."""
    return (*_way(workload), workload.kv_dtype)


def _way(workload: Workload) -> tuple[object, ...]:
    """The same but for the cache's type."""
    moved = workload.expert_layers_in_ram, workload.gpu_layers
    split = workload.split, workload.tensor_parallel, workload.pipeline_parallel
    return workload.runtime, *split, workload.quant, *moved
