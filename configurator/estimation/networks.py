"""Two hosts with a network between them: what crosses it for each token, and whether that is worth it. Pure.

Pipeline split, the second half of the layers on the second host. One activation crosses for each token of each stream,
and nothing has to come back before the next host may begin::

    bytes a token = hidden size x 2
    ms a token    = hand-over + latency + bytes / bandwidth

Tensor split, every matrix on the GPUs of both hosts. Two all-reduces a layer, each as soon as the layer before is done,
so that latency counts every time. Between two hosts a ring takes 2 (n - 1) = 2 steps::

    bytes a token = 2 x layers x 2 (n - 1) / n x hidden size x 2, n = 2
    ms a token    = 2 x layers x (2 x latency + bytes of one / bandwidth)

Ring all-reduce: Patarasuk and Yuan, Bandwidth optimal all-reduce algorithms for clusters of workstations, 2009.
Two all-reduces a layer: Shoeybi et al., Megatron-LM, 2019. A latency is that between two programs, not between two
sockets of a card, and given as a range.
"""

from dataclasses import dataclass

from catalog.provenance import Source
from configurator.estimation.calibration import VALUES
from configurator.estimation.types import DecodeMs, Range

ACTIVATION_BYTES = 2  # FP16
HOSTS = 2
FINE_SHARE = 0.10  # of the time of a token: nobody notices
POOR_SHARE = 0.50


@dataclass(frozen=True, slots=True)
class Network:
    """A link between two hosts. ``gb_s`` is the payload it carries one way; latencies are one way, microseconds."""

    slug: str
    name: str
    gb_s: float
    latency_us_low: float
    latency_us_high: float
    rate_source: Source
    latency_source: Source
    note: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """What one way of splitting over two hosts costs on one network."""

    network: Network
    bytes_per_token: float
    added_ms: Range  # to the time of a token
    token_ms: float  # of one host, or what it would be if the model fitted one
    saved_ms: float  # what the second host's GPUs take off the time of a token
    verdict: str  # ok, caution, blocker
    words: str

    @property
    def share(self) -> float:
        """The most that is added, as a part of the time of a token."""
        return self.added_ms.high / self.token_ms


def pipeline_bytes(hidden_size: int, streams: int = 1) -> int:
    """Bytes that cross the network once for each token: one activation of every stream."""
    return streams * hidden_size * ACTIVATION_BYTES


def tensor_bytes(hidden_size: int, layers: int, streams: int = 1) -> int:
    """Bytes that cross the network for each token, both all-reduces of every layer."""
    return 2 * layers * 2 * (HOSTS - 1) * pipeline_bytes(hidden_size, streams) // HOSTS


def pipeline_crossing(network: Network, hidden_size: int, step: DecodeMs, streams: int = 1) -> Crossing:
    """Layers split over two hosts. ``step`` is the decode step of one host, ms."""
    payload = pipeline_bytes(hidden_size, streams)
    moved_ms = payload / network.gb_s / 1e6
    added = Range(
        *(
            VALUES["hop_ms"] + latency_us / 1000 + moved_ms
            for latency_us in (network.latency_us_low, _middle(network), network.latency_us_high)
        )
    )
    share = added.high / step.total
    if share <= FINE_SHARE:
        verdict, words = "ok", "fine"
    elif added.low / step.total <= POOR_SHARE:
        verdict, words = "caution", "works, noticeably slower"
    else:
        verdict, words = "blocker", "most of the time goes to the network"
    return Crossing(network, payload, added, step.total, 0.0, verdict, words)


def tensor_crossing(network: Network, hidden_size: int, layers: int, step: DecodeMs, streams: int = 1) -> Crossing:
    """Every matrix split over two hosts, ``step`` being that of one host with its own tensor split, ms. Twice the GPUs
    read half as much each, which is what can be won."""
    payload = tensor_bytes(hidden_size, layers, streams)
    moved_ms = payload / network.gb_s / 1e6
    added = Range(
        *(
            2 * layers * 2 * (HOSTS - 1) * latency_us / 1000 + moved_ms
            for latency_us in (network.latency_us_low, _middle(network), network.latency_us_high)
        )
    )
    saved_ms = (step.weights + step.kv) / 2
    if added.high < saved_ms:
        verdict, words = "ok", "gains over one host"
    elif added.low < saved_ms:
        verdict, words = "caution", "gains at best little: latency decides"
    else:
        verdict, words = "blocker", "slower than one host: latency eats the gain"
    return Crossing(network, payload, added, step.total, saved_ms, verdict, words)


def prompt_seconds(network: Network, hidden_size: int, prompt_tokens: int) -> float:
    """Seconds that the activations of a whole prompt take over the network in a pipeline split."""
    return prompt_tokens * hidden_size * ACTIVATION_BYTES / network.gb_s / 1e9


def _middle(network: Network) -> float:
    return float((network.latency_us_low * network.latency_us_high) ** 0.5)
