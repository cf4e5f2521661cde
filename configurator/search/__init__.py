"""From "I want to run X" to the machines that do: candidates, bounds, and the front of what cannot be bettered.

Pure: no Django, no clock, no I/O. What a machine costs at the door comes in as a function.
"""

from configurator.search.front import Front, Point
from configurator.search.goal import Cost, Goal
from configurator.search.known import Known
from configurator.search.machines import Machine, machines, whole_machine
from configurator.search.outcome import Candidate, Found, Loss, Prices, Stage
from configurator.search.search import search
from configurator.search.stand import Stands

__all__ = [
    "Candidate",
    "Cost",
    "Found",
    "Front",
    "Goal",
    "Known",
    "Loss",
    "Machine",
    "Point",
    "Prices",
    "Stage",
    "Stands",
    "machines",
    "search",
    "whole_machine",
]
