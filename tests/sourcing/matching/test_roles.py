"""A thing named in a title is not always for sale."""

import pytest

from sourcing.matching.items import Role, items
from sourcing.matching.normalize import read
from sourcing.matching.roles import assign
from sourcing.matching.vocabulary import vocabulary


def roles(title: str) -> dict[str, Role]:
    row = items(read(title), vocabulary())
    assign(row)
    return {item.text: item.role for item in row}


@pytest.mark.parametrize(
    ("title", "word", "role"),
    [
        ("V100 without heatsink", "heatsink", Role.NOT),
        ("V100, heatsink not included", "heatsink", Role.NOT),
        ("V100 无散热器", "散热器", Role.NOT),
        ("no CPU, RAM or GPU", "gpu", Role.NOT),
        ("no heatsink V100", "v100", Role.SOLD),
        ("not a PCIe card", "card", Role.SOLD),
        ("PCIe, not SXM2", "sxm2", Role.NOT),
        ("fan for V100", "v100", Role.FOR),
        ("V100专用散热器", "v100", Role.FOR),
        ("V100 pulled from DGX-1", "dgx-1", Role.FROM),
        ("V100 DGX-2拆下", "dgx-2", Role.FROM),
        ("P40, cheaper than V100", "v100", Role.LIKE),
        ("P40 平替V100", "v100", Role.LIKE),
        ("V100 with heatsink", "heatsink", Role.WITH),
        ("V100 + heatsink", "heatsink", Role.WITH),
        ("V100 送散热器", "散热器", Role.WITH),
        ("no GPU, cables included", "cables", Role.WITH),
        ("V100, no power cable included", "power cable", Role.NOT),
        ("sans dissipateur", "dissipateur", Role.NOT),
    ],
)
def test_words_around_it_tell_what_a_thing_is_to_the_sale(title: str, word: str, role: Role) -> None:
    assert roles(title)[word] is role
