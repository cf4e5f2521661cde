"""A count is a quantity only where it counts what is sold."""

import pytest

from tests.sourcing.matching.listings import matched


@pytest.mark.parametrize(
    ("title", "quantity"),
    [
        ("Lot of 4 Tesla V100 SXM2 16GB", 4),
        ("LOT (6) V100 SXM2 16GB", 6),
        ("V100 SXM2 16GB x10", 10),
        ("V100 SXM2 16GB ×3", 3),
        ("Set of four V100 SXM2 16GB", 4),
        ("4pcs V100 SXM2 16GB", 4),
        ("(2) V100 SXM2 16GB", 2),
        ("Pair of V100 SXM2 16GB", 2),
        ("V100 SXM2 16G 两张", 2),
        ("V100 SXM2 16G 四片打包", 4),
        ("5 Stück V100 SXM2 16GB", 5),
        ("V100 SXM2 (4x16GB)", 4),
        ("Tesla V100 SXM2 16GB, 12 available", 1),
        ("V100 SXM2 16GB price per unit, 20 pcs", 1),
        ("V100 SXM2 16G 库存30张 单价", 1),
        ("V100 SXM2 16GB lot 318", 1),
        ("V100 PCIe x16 16GB", 1),
        ("8 off Tesla V100 SXM2 16GB", 8),
        ("2 No. Tesla V100 PCIe 16GB", 2),
        ("6 qty Tesla V100 SXM2 16GB", 6),
        ("(x3) Tesla V100 SXM2 16GB", 3),
        ("[4] Tesla V100 SXM2 16GB", 4),
        ("V100 PCIe 16GB (x8)", 8),
        ("A foursome of V100 SXM2 16GB", 4),
        ("V100 SXM2 16GB modules, two of them", 2),
        ("V100 SXM2 16G 保三个月", 1),
    ],
)
def test_units_of_modules_are_counted(title: str, quantity: int) -> None:
    found = matched(title)
    assert (found.accept, found.quantity) == (True, quantity)


@pytest.mark.parametrize(
    ("title", "quantity"),
    [
        ("一拖四 V100 SXM2 底板 TAQ-SXM2-4P5A5", 1),
        ("TAQ-SXM2-4P5A5 for 4x V100", 1),
        ("2x TAQ-SXM2-4P5A5", 2),
        ("PLX8749 card 4x SFF-8654 8i ports", 1),
        ("Supermicro 4029GP-TVRT barebone, 8x SXM2 sockets, 4x 2200W PSU", 1),
        ("4x SFF-8654 8i cable", 4),
        ("3 pcs SXM2 to PCIe adapter", 3),
    ],
)
def test_ports_sockets_and_gpus_of_a_board_are_no_units(title: str, quantity: int) -> None:
    found = matched(title)
    assert (found.accept, found.quantity) == (True, quantity)


@pytest.mark.parametrize("title", ["Lot of 4, 2x V100 SXM2 16GB", "Lot of V100 SXM2 16GB", "Dual V100 SXM2 16GB"])
def test_an_unclear_count_refuses(title: str) -> None:
    assert not matched(title).accept


def test_a_plural_without_a_count_is_refused() -> None:
    assert matched("Tesla V100 SXM2 16GB modules").reason == "bundle"
