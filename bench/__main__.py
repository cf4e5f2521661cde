"""How long an estimate takes, how many listings a second are matched, and how many fragments a second one web process
serves next to an empty view.

    python -m bench

Both are asked in the same run and in turn, over one kept connection, from a process of its own.
"""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import django

SEED = 20
ROUNDS = 6
WARM_UP = 40
SECONDS_A_ROUND = 1.5
ESTIMATES = 2000
GOAL_MS = 2.0
GOAL_RATIO = 1 / 3
QUESTIONS_PER_CATALOG = 400
TITLES = 5000
GOAL_TITLES = 2000


def questions(amount: int) -> list[dict[str, Any]]:
    """As many different choices: models, quantisations, GPUs, boards, splits, contexts, limits."""
    from catalog import snapshot
    from configurator.choice import InvalidChoice
    from configurator.estimates import read_choice

    chance = random.Random(SEED)  # noqa: S311 - the same questions in every run
    models = [slug for slug, spec in snapshot.current().models.items() if spec.refusal is None]
    found: list[dict[str, Any]] = []
    while len(found) < amount:
        count = chance.choice((1, 2, 4, 8))
        question: dict[str, Any] = {
            "model": chance.choice(models),
            "quant": chance.choice(("Q3_K_M", "Q4_K_M", "Q5_K_M", "Q8_0")),
            "gpu": chance.choice(("v100-sxm2-16gb", "v100-sxm2-32gb")),
            "gpu_count": count,
            "carrier": "server-4029gp-tvrt" if count == 8 else "quad-board-taq-sxm2-4p5a5",
            "context_tokens": chance.randrange(1, 128) * 1024,
            "streams": chance.choice((1, 1, 1, 4)),
            "kv_dtype": chance.choice(("f16", "q8_0")),
            "power_limit_w": chance.randrange(150, 301),
        }
        try:
            read_choice(question)
        except InvalidChoice:
            continue
        found.append(question)
    return found


def time_estimates() -> tuple[float, float, float]:
    """Milliseconds of an estimate in process: first time asked (median), again (median), again (95 of 100)."""
    from catalog import snapshot
    from configurator.choice import InvalidChoice, parse
    from configurator.estimates import specs
    from configurator.estimation.estimate import estimate

    asked = []
    for question in questions(QUESTIONS_PER_CATALOG):
        try:
            asked.append(specs(parse(question), snapshot.current(), None))
        except InvalidChoice:
            continue

    def once(index: int) -> float:
        begun = time.perf_counter()
        estimate(*asked[index % len(asked)])
        return (time.perf_counter() - begun) * 1000

    first = [once(index) for index in range(len(asked))]
    again = [once(index) for index in range(ESTIMATES)]
    return median(first), median(again), quantiles(again, n=20)[-1]


def titles(amount: int) -> list[str]:
    """As many different titles, put together from what sellers write."""
    chance = random.Random(SEED)  # noqa: S311 - the same titles in every run
    parts = (
        (
            "NVIDIA Tesla V100",
            "英伟达 V100",
            "Lot of 4 Nvidia V100",
            "2x Tesla P100",
            "Heatsink for V100",
            "PLX8749",
            "DGX-1",
        ),
        ("SXM2", "PCIe", "SXM3", "SXM2 to PCIe adapter", "服务器拆机", "four-way board"),
        ("16GB", "32G", "16GB/32GB", "12GB", "699-2G503-0203-200", ""),
        (
            "tested working, no heatsink",
            "不含散热器 单价",
            "with adapter and fan",
            "for parts, untested",
            "12 available 🔥",
        ),
        ("fast shipping", "free returns", "包邮 95新", "from a working data center server", "ohne Kühler"),
    )
    return [" ".join((*(chance.choice(words) for words in parts), f"#{number}")) for number in range(amount)]


def time_matching() -> float:
    """Titles a second that one core reads, none of them twice."""
    from sourcing.matching.decide import match
    from sourcing.matching.types import ListingText

    listings = [ListingText("ebay", title, 3000) for title in titles(TITLES)]
    match(listings[0])  # the vocabulary is read once in a process
    begun = time.perf_counter()
    for listing in listings:
        match(listing)
    return TITLES / (time.perf_counter() - begun)


def serve(port: int) -> subprocess.Popen[bytes]:
    """One web process as the product starts it."""
    command = [sys.executable, "-m", "gunicorn", "project.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    server = subprocess.Popen([*command, "--worker-class", "gthread", "--threads", "4"], env=environment)  # noqa: S603
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    server.kill()
    raise SystemExit("The web server did not start.")


def per_second(
    connection: http.client.HTTPConnection, path: Callable[[int], str], begin: int
) -> tuple[float, list[float]]:
    """Answers a second, and the time of each, over one connection."""
    times: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS_A_ROUND:
        asked = time.perf_counter()
        connection.request("GET", path(begin + len(times)), headers={"HX-Request": "true"})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise SystemExit(f"{path(begin + len(times))} answered {response.status}.")
        times.append((time.perf_counter() - asked) * 1000)
    return len(times) / (time.perf_counter() - begun), times


def main() -> None:
    """Print the figures and whether the goals are met."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    first, again, slow = time_estimates()
    print(f"estimate, first time asked   median {first:6.2f} ms")  # noqa: T201
    print(f"estimate, model known        median {again:6.2f} ms   95 % {slow:6.2f} ms   goal <= {GOAL_MS:g} ms")  # noqa: T201
    print(f"listings matched {time_matching():8.0f} a second   goal >= {GOAL_TITLES} a second")  # noqa: T201
    paths = [f"/build/?{urlencode(question)}" for question in questions(4000)]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(port)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for path in paths[:WARM_UP]:
            connection.request("GET", path, headers={"HX-Request": "true"})
            connection.getresponse().read()
        kinds: dict[str, Callable[[int], str]] = {
            "empty view": lambda _: "/bench/empty/",
            "fragment, another choice each time": lambda index: paths[index % len(paths)],
            "fragment, the same choice": lambda _: paths[0],
        }
        rates: dict[str, list[float]] = {name: [] for name in kinds}
        spent: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(ROUNDS):
            for name, path_of in kinds.items():
                # Each round goes on where the last one ended, so that another choice is one never asked before.
                rate, times = per_second(connection, path_of, WARM_UP + len(spent[name]))
                rates[name].append(rate)
                spent[name] += times
    finally:
        server.terminate()
        server.wait(timeout=20)
    base = median(rates["empty view"])
    for name in kinds:
        rate = median(rates[name])
        high = quantiles(spent[name], n=20)[-1]
        print(  # noqa: T201
            f"{name:36} {rate:7.0f} a second   median {median(spent[name]):6.2f} ms   95 % {high:6.2f} ms   "
            f"{rate / base:.2f} of the empty view"
        )
    print(f"goal: a fragment at {GOAL_RATIO:.2f} of the empty view")  # noqa: T201


if __name__ == "__main__":
    main()
