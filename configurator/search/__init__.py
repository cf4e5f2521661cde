"""From "I want to run X" to the machines that do: candidates, bounds, and the front of what cannot be bettered.

Pure: no Django, no clock, no I/O. What a machine costs at the door comes in as a function.
"""

from configurator.search.front import Front, Point
from configurator.search.goal import Cost, Goal
from configurator.search.machines import Machine, machines, whole_machine
from configurator.search.search import Candidate, Found, Known, Loss, Prices, Stage, search

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
    "machines",
    "search",
    "whole_machine",
]
