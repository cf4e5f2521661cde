"""Which builds of a front lead in something. Pure."""

from collections.abc import Iterable, Mapping

from configurator.search import Candidate


def cheapest(front: Iterable[Candidate]) -> Candidate:
    return min(front, key=lambda one: (one.point.usd, -one.point.tok_s))


def fastest(front: Iterable[Candidate]) -> Candidate:
    return max(front, key=lambda one: (one.point.tok_s, -one.point.usd))


def most_exact(front: Iterable[Candidate]) -> Candidate:
    return max(front, key=lambda one: (one.point.bits, -one.point.usd))


def most_frugal(front: Iterable[Candidate]) -> Candidate:
    return min(front, key=lambda one: (one.point.wall_w, one.point.usd))


LEADS = {"cheapest": cheapest, "fastest": fastest, "most exact": most_exact, "least power": most_frugal}


def marks(front: Iterable[Candidate]) -> Mapping[int, list[str]]:
    """In what which candidate leads, by the candidate's id."""
    front = list(front)
    found: dict[int, list[str]] = {}
    for word, best in LEADS.items():
        if front:
            found.setdefault(id(best(front)), []).append(word)
    return found


def chosen(front: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The leaders in every respect, of each machine its fastest arrangement, then what else is on the front, as many
    as are wanted; the cheapest first."""
    front = list(front)
    by_machine: dict[int, list[Candidate]] = {}
    for candidate in front:
        by_machine.setdefault(candidate.place, []).append(candidate)
    leaders = [best(front) for best in LEADS.values()] if front else []
    first = sorted((fastest(group) for group in by_machine.values()), key=_by_price)
    wanted = list({id(one): one for one in (*leaders, *first, *sorted(front, key=_by_price))}.values())[:limit]
    return sorted(wanted, key=_by_price)


def _by_price(candidate: Candidate) -> tuple[float, int, float]:
    return candidate.point.usd, candidate.place, -candidate.point.tok_s
