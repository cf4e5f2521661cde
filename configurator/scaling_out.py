"""From a host, a board and a number of them to everything the page on scaling out shows: one function."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.provenance import Source
from configurator.estimation.board_sweep import BoardCount, Machine, Task, refusal, sweep, tensor_workload
from configurator.estimation.networks import Crossing, Network, pipeline_crossing, prompt_seconds, tensor_crossing
from configurator.estimation.rules import sources as rule_sources
from configurator.estimation.runtimes import DEVICES_MAX
from configurator.estimation.scale_out import HostWiring, build_of, host_wiring, most_boards
from configurator.estimation.throughput import speed
from configurator.estimation.training_sources import LANE_RATE
from configurator.estimation.types import DecodeMs, Estimate, Range, Supply
from configurator.guide_claims import GuideRow

Sources = Mapping[str, Mapping[str, Source]]
PROMPT_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One figure with the sum it comes from and the sources of what goes into the sum. ``value`` None = not known."""

    label: str
    value: float | None
    unit: str
    formula: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to cut the model on one number of boards. ``change`` is next to one board, as a part."""

    decode_tok_s: Range | None
    refusal: str
    change: float | None


@dataclass(frozen=True, slots=True)
class SpeedRow:
    boards: int
    gpus: int
    by_layer: Way
    by_tensor: Way
    across: Way | None


@dataclass(frozen=True, slots=True)
class GuideComparison:
    """A row of the guide's table, and the same boards wired by us."""

    row: GuideRow
    ours: HostWiring

    @property
    def over_cap(self) -> bool:
        return self.ours.gpus > DEVICES_MAX


@dataclass(frozen=True, slots=True)
class ScaleOut:
    """The answer. ``counts`` go from one board to the chosen number; networks are those between two such hosts."""

    machine: Machine
    task: Task
    supply: Supply
    counts: tuple[BoardCount, ...]
    speeds: tuple[SpeedRow, ...]
    reckoned: tuple[Reckoned, ...]
    most_boards: int | None
    crossings: tuple[tuple[Crossing, Crossing], ...]  # pipeline and tensor, a network each
    prompt_s: tuple[tuple[Network, float], ...]
    guide: tuple[GuideComparison, ...]

    @property
    def chosen(self) -> BoardCount:
        return self.counts[-1]

    @property
    def token_ms(self) -> float:
        """Of one host, with tensor parallelism inside its boards."""
        return self.crossings[0][0].token_ms

    @property
    def saved_ms(self) -> float:
        """What a second host can take off a token at most, if every matrix is split over both."""
        return self.crossings[0][1].saved_ms

    @property
    def prompt_tokens(self) -> int:
        return PROMPT_TOKENS

    @property
    def devices_max(self) -> int:
        return DEVICES_MAX

    @property
    def cap_source(self) -> Source:
        return rule_sources.LLAMA_CPP_DEVICE_CAP

    @property
    def verdict(self) -> tuple[str, str]:
        """The worst that stands against the chosen number of boards, and its severity."""
        wiring, runs = self.chosen.wiring, not refusal(self.chosen.by_tensor)
        if wiring.fits is False:
            few = "" if self.most_boards is None else f" {self.most_boards} boards are the most."
            return "blocker", (
                f"{wiring.boards} boards want {wiring.cards} link cards, and the host has {wiring.slots} x16 slots: "
                f"{wiring.slots_short} too few.{few}"
            )
        if self.chosen.over_cap:
            rest = "1Cat-vLLM runs it" if runs else "and 1Cat-vLLM does not run it either"
            return "blocker", (
                f"{wiring.gpus} GPUs are more than the {DEVICES_MAX} that llama.cpp takes as published; {rest}."
            )
        if wiring.fits is None:
            return "unknown", "Whether the host has a slot for every link card is not known: a figure is missing."
        if refusal(self.chosen.by_layer) and not runs:
            return "blocker", f"The model does not run on it. By layer: {refusal(self.chosen.by_layer)}."
        return "ok", (
            f"{wiring.boards} board{'s' if wiring.boards > 1 else ''} with {wiring.cards} link "
            f"card{'s' if wiring.cards != 1 else ''} go into {wiring.slots} x16 slots."
        )


def scale_out(
    machine: Machine,
    task: Task,
    supply: Supply,
    boards: int,
    *,
    known: Sources,
    links: tuple[Network, ...],
    guide: tuple[GuideRow, ...],
    guide_machine: Machine,
) -> ScaleOut:
    """Wiring, speeds, power and networks of one to ``boards`` boards. ``known`` are the sources of catalog figures,
    ``guide_machine`` what the guide's table is about.

    Raises:
        CannotEstimate: where the model's architecture is not one the memory plan understands.
    """
    counts = sweep(machine, task, supply, boards)
    step = _step_of_one_host(machine, task, supply, counts[-1])
    hidden, layers = task.model.hidden_size, task.model.n_layers
    return ScaleOut(
        machine=machine,
        task=task,
        supply=supply,
        counts=counts,
        speeds=_speed_rows(counts),
        reckoned=reckon(machine, counts[-1].wiring, known),
        most_boards=most_boards(machine.host, machine.carrier, machine.card),
        crossings=tuple(
            (
                pipeline_crossing(link, hidden, step, task.streams),
                tensor_crossing(link, hidden, layers, step, task.streams),
            )
            for link in links
        ),
        prompt_s=tuple((link, prompt_seconds(link, hidden, PROMPT_TOKENS)) for link in links),
        guide=tuple(
            GuideComparison(
                row,
                host_wiring(
                    guide_machine.host, guide_machine.carrier, guide_machine.card, guide_machine.gpu, row.boards
                ),
            )
            for row in guide
        ),
    )


def _step_of_one_host(machine: Machine, task: Task, supply: Supply, count: BoardCount) -> DecodeMs:
    """The decode step of one host with tensor parallelism inside its boards, as if the model fitted."""
    build = build_of(machine.host, machine.carrier, machine.card, machine.gpu, count.wiring.boards)
    workload = tensor_workload(task, build, machine.carrier.sockets)
    return speed(build, workload, supply, count.by_tensor.memory).decode_ms


def _speed_rows(counts: tuple[BoardCount, ...]) -> tuple[SpeedRow, ...]:
    first = counts[0]
    return tuple(
        SpeedRow(
            count.wiring.boards,
            count.wiring.gpus,
            _way(count.by_layer, first.by_layer),
            _way(count.by_tensor, first.by_tensor),
            None if count.across is None else _way(count.across, first.by_tensor),
        )
        for count in counts
    )


def _way(found: Estimate, first: Estimate) -> Way:
    why = refusal(found)
    if why or found.speed is None:
        return Way(None, why, None)
    decode = found.speed.decode_tok_s
    compared = None
    if first is not found and not refusal(first) and first.speed is not None:
        compared = decode.mid / first.speed.decode_tok_s.mid - 1
    return Way(decode, "", compared)


def reckon(machine: Machine, wiring: HostWiring, known: Sources) -> tuple[Reckoned, ...]:
    """The wiring's figures, each with its sum and where the figures in it are from."""
    host, carrier, card = machine.host, machine.carrier, machine.card

    def of(*figures: tuple[str, str]) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(known[slug][name] for slug, name in figures if name in known.get(slug, {})))

    connectors, ports = carrier.host_connectors, card.number("downstream_ports")
    edge, lanes = card.number("upstream_lanes"), host.number("pcie_lanes")
    unknown = "unknown"
    rate = f"{wiring.gb_s_per_lane:g} GB/s a lane"
    return (
        Reckoned(
            "Link cards",
            wiring.cards,
            "count",
            f"{wiring.boards} boards × {_or(connectors)} connectors ÷ {_or(ports)} ports a card, rounded up",
            of((carrier.slug, "host_connectors"), (card.slug, "downstream_ports")),
        ),
        Reckoned("x16 slots of the host", wiring.slots, "count", "as published", of((host.slug, "pcie_x16_slots"))),
        Reckoned(
            "Lanes of each card",
            wiring.lanes_per_card,
            "lanes",
            f"the smaller of its edge, {_or(edge)}, and {_or(lanes)} lanes ÷ {_or(wiring.cards)} cards, "
            "down to a power of two",
            of((card.slug, "upstream_lanes"), (host.slug, "pcie_lanes")),
        ),
        Reckoned(
            "Lanes used",
            wiring.lanes_used,
            "lanes",
            f"{_or(wiring.cards)} cards × {_or(wiring.lanes_per_card)}",
            (rule_sources.ARITHMETIC,),
        ),
        Reckoned(
            "Fair share of a GPU",
            None if wiring.lanes_per_gpu is None else round(wiring.lanes_per_gpu, 2),
            "lanes",
            f"{_or(wiring.lanes_used)} lanes ÷ {wiring.gpus} GPUs",
            (rule_sources.ARITHMETIC,),
        ),
        Reckoned(
            "One GPU to the host, the others silent",
            None if wiring.gb_s_alone is None else round(wiring.gb_s_alone, 1),
            "GB/s",
            f"the smaller of its own x{_or(wiring.link_lanes)} and its card's x{_or(wiring.lanes_per_card)}, × {rate}",
            (*of((carrier.slug, "host_lanes_per_gpu")), LANE_RATE),
        ),
        Reckoned(
            "Each GPU, all talking at once",
            None if wiring.gb_s_at_once is None else round(wiring.gb_s_at_once, 2),
            "GB/s",
            f"{_or(wiring.lanes_used)} lanes × {rate} ÷ {wiring.gpus} GPUs, at most what one alone gets",
            (LANE_RATE,),
        ),
        Reckoned(
            "NVLink islands",
            wiring.islands,
            "count",
            "one a board; between boards there is no NVLink" if wiring.islands == wiring.boards else unknown,
            of((carrier.slug, "links"), (carrier.slug, "links_verified")),
        ),
        Reckoned(
            "Memory of all GPUs",
            wiring.memory_gb,
            "GB",
            f"{wiring.gpus} × {machine.gpu.memory_label_gb} GB, as labelled; a program sees "
            f"{machine.gpu.memory_mib:,} MiB of each",
            of((machine.gpu.slug, "memory_label_gb"), (machine.gpu.slug, "memory_mib")),
        ),
    )


def _or(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
