"""The links between two hosts that are compared: data with a source for each rate and latency."""

from functools import lru_cache
from pathlib import Path

import yaml

from catalog.figures import source_of
from configurator.estimation.networks import Network

DATA = Path(__file__).parent / "data" / "networks.yaml"


@lru_cache(maxsize=1)
def networks() -> tuple[Network, ...]:
    """In the order of the file."""
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    known = {name: source_of(stored) for name, stored in data["sources"].items()}
    return tuple(
        Network(
            slug=row["slug"],
            name=row["name"],
            gb_s=row["gb_s"],
            latency_us_low=row["latency_us"][0],
            latency_us_high=row["latency_us"][1],
            rate_source=known[row["rate"]],
            latency_source=known[row["latency"]],
            note=row["note"],
        )
        for row in data["networks"]
    )
