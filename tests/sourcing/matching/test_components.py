"""Boards, adapters, cables, coolers and servers: accepted by what tells them apart."""

import pytest

from tests.sourcing.matching.listings import matched


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("TAQ-SXM2-4P5A5 quad board", "quad-board-taq-sxm2-4p5a5"),
        ("YMZX-4GPU-Q1", "quad-board-ymzx-4gpu-q1"),
        ("39com dual SXM2 board 300G", "dual-board-tns-2sxm2-4p54"),
        ("SXM2 auf PCIe Adapter", "single-adapter-sxm2-pcie"),
        ("PEX8749 switch card", "plx8749-card"),
        ("SlimSAS SFF-8654 8i cable 1m", "sff-8654-8i-cable-75cm"),
        ("OEM V100 SXM2 heatsink", "heatsink-v100-stock"),
        ("A100 SXM4 原装散热器", "heatsink-a100-passive"),
        ("Bykski N-NVV100-32G-X", "waterblock-bykski-n-nvv100-32g-x"),
        ("4029GP-TVRT barebone", "server-4029gp-tvrt"),
        ("DGX-2 without GPUs", "server-dgx-2"),
    ],
)
def test_accepted(title: str, part: str) -> None:
    assert matched(title).part == part


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("quad SXM2 board", "not-in-catalogue"),
        ("39com dual SXM2 board", "not-in-catalogue"),
        ("TAQ-SXM2-4P5A5 / YMZX-4GPU-Q1", "not-in-catalogue"),
        ("SXM4 to PCIe adapter", "not-in-catalogue"),
        ("PLX8747 card", "not-in-catalogue"),
        ("SFF-8654 4i cable", "not-in-catalogue"),
        ("SFF-8654 8i to 2x 8643 cable", "not-in-catalogue"),
        ("V100 SXM2 heatsink", "accessory-only"),
        ("Bykski A100SXM2 block", "accessory-only"),
        ("4029GP-TVRT", "bundle"),
        ("DGX-1 8x V100 32GB", "bundle"),
        ("PLX8749 with cables", "bundle"),
        ("4029GP-TVRT power supply", "accessory-only"),
        ("Supermicro 4029GP-TRT barebone", "not-in-catalogue"),
    ],
)
def test_refused(title: str, reason: str) -> None:
    assert matched(title).reason == reason
