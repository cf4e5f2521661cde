"""Eight worker processes at once. Run as `python -m tests.sourcing.marketplaces.workers budget|search …` with the
settings in the environment; prints what each of them got, one a line."""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import django

WORKERS = 8


def take(start: "Barrier", name: str, per_day: str, tries: str) -> int:
    """How many calls one worker gets out of the day's budget in a number of tries."""
    from sourcing.marketplaces import OverBudget, budget

    taken = 0
    start.wait()
    for _ in range(int(tries)):
        try:
            budget.take(name, int(per_day))
        except OverBudget:
            continue
        taken += 1
    return taken


def search(start: "Barrier", times: str) -> int:
    """How many offers one worker finds in a number of searches."""
    from sourcing import marketplaces

    start.wait()
    with marketplaces.new_client() as client:
        query = marketplaces.SearchQuery("SXM3")
        return sum(len(marketplaces.search("demo", client, query).offers) for _ in range(int(times)))


def main() -> None:
    django.setup()
    from django.db import connection

    from sourcing.models import CallBudget

    if CallBudget._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(CallBudget)
    connection.close()
    what, *asked = sys.argv[1:]
    fork = multiprocessing.get_context("fork")
    start, answers = fork.Barrier(WORKERS), fork.SimpleQueue()
    works: dict[str, Callable[..., int]] = {"budget": take, "search": search}
    work = works[what]
    workers = [fork.Process(target=lambda: answers.put(work(start, *asked))) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for worker in workers:
        sys.stdout.write(f"{answers.get() if worker.exitcode == 0 else 'failed'}\n")


if __name__ == "__main__":
    main()
