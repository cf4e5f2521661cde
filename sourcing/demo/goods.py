"""What is for sale on the demo marketplace: listings as many voices would write them. All of them are made up.

``part`` and ``quantity`` are what a reader should understand; ``reason`` says why a listing is not that part.
"""

from dataclasses import dataclass
from typing import Literal

Shipping = Literal["free", "paid", "calculated", "none"]

GPUS, SERVERS, BOARDS, CABLES, COOLING = "27386", "11211", "90719", "184657", "80151"
USED, NEW, OPENED, REFURBISHED, FOR_PARTS = 3000, 1000, 1500, 2500, 7000


@dataclass(frozen=True, slots=True)
class Good:
    """One stall of the market: what stands on it under changing titles, and what it costs on the whole.

    ``price`` in ``currency`` for all of it. ``auction``: it is sold to the highest bidder. ``variations``: a choice
    with its factor on the price; the listing then shows the lowest price of them all.
    """

    slug: str
    titles: tuple[str, ...]
    price: int
    part: str | None = None
    quantity: int = 1
    reason: str = "ok"
    currency: str = "USD"
    country: str = "US"
    condition_id: int = USED
    category: str = GPUS
    shipping: Shipping = "free"
    auction: bool = False
    variations: tuple[tuple[str, float], ...] = ()
    converted: bool = False


GOODS: tuple[Good, ...] = (
    Good(
        "sxm2-16-single",
        (
            "Nvidia Tesla V100 SXM2 16GB HBM2 module, tested in our rack",
            "V100-SXM2-16GB data center GPU, clean pull",
            "TESLA V100 16GB SXM2 ** 699-2G503-0201 ** GUARANTEED WORKING",
        ),
        92,
        "v100-sxm2-16gb",
    ),
    Good(
        "sxm2-16-private",
        ("my old V100 16gb sxm2, ran llama on it for a year, works", "Selling one V100 SXM2 16GB, moved on to 32GB"),
        84,
        "v100-sxm2-16gb",
        shipping="calculated",
    ),
    Good(
        "sxm2-16-china",
        (
            "NVIDIA V100 SXM2 16GB AI Card Ship From Shenzhen",
            "Tesla V100 SXM2 16G Graphics Module New Seal Bag",
        ),
        79,
        "v100-sxm2-16gb",
        country="CN",
        shipping="paid",
        converted=True,
    ),
    Good(
        "sxm2-16-four",
        ("LOT OF 4 Tesla V100 SXM2 16GB modules, matched, tested", "4x Nvidia V100 SXM2 16GB from one server, works"),
        344,
        "v100-sxm2-16gb",
        quantity=4,
        shipping="paid",
    ),
    Good(
        "sxm2-16-eight",
        ("Eight (8) V100 SXM2 16GB HBM2 GPUs - full DGX set of modules", "V100 SXM2 16GB x8 bulk, decommissioned"),
        640,
        "v100-sxm2-16gb",
        quantity=8,
        shipping="calculated",
    ),
    Good(
        "sxm2-16-auction",
        ("Nvidia V100 SXM2 16GB - no reserve!", "V100 SXM2 16GB auction, tested good, bid with confidence"),
        61,
        "v100-sxm2-16gb",
        auction=True,
        shipping="paid",
    ),
    Good(
        "sxm2-16-uk",
        ("V100 SXM2 16GB Nvidia compute module, London, VAT invoice", "Tesla V100 16GB SXM2 UK seller, tested"),
        88,
        "v100-sxm2-16gb",
        currency="GBP",
        country="GB",
        shipping="none",
    ),
    Good(
        "sxm2-16-dead",
        ("V100 SXM2 16GB - dead, for spares", "Tesla V100 SXM2 16GB NOT DETECTED, parts only"),
        28,
        "v100-sxm2-16gb",
        reason="for-parts",
        condition_id=FOR_PARTS,
    ),
    Good(
        "sxm2-16-untested",
        ("Tesla V100 SXM2 16GB untested, sold as-is, no returns", "V100 SXM2 16GB AS IS from storage unit"),
        45,
        "v100-sxm2-16gb",
        reason="for-parts",
    ),
    Good(
        "sxm2-choice",
        ("Nvidia Tesla V100 SXM2 - choose 16GB or 32GB", "V100 SXM2 HBM2 module, pick your memory"),
        95,
        reason="variation-group",
        variations=(("16GB", 1.0), ("32GB", 3.9)),
    ),
    Good(
        "sxm2-32-single",
        (
            "NVIDIA Tesla V100 32GB SXM2 Volta module, working pull",
            "V100-SXM2-32GB, stress tested 24h, photos of nvidia-smi",
            "Tesla V100 SXM2 32GB 699-2G503-0203 compute GPU",
        ),
        359,
        "v100-sxm2-32gb",
    ),
    Good(
        "sxm2-32-refurb",
        ("V100 SXM2 32GB refurbished by us, 90 days warranty", "Nvidia V100 32GB SXM2 seller refurbished"),
        399,
        "v100-sxm2-32gb",
        condition_id=REFURBISHED,
        shipping="paid",
    ),
    Good(
        "sxm2-32-pair",
        ("Pair of V100 SXM2 32GB modules, NVLink tested together", "2 x Tesla V100 SXM2 32GB, sold as two"),
        705,
        "v100-sxm2-32gb",
        quantity=2,
        shipping="calculated",
    ),
    Good(
        "sxm2-32-auction",
        ("V100 SXM2 32GB starting low", "Nvidia V100 SXM2 32GB HBM2, seven day auction"),
        255,
        "v100-sxm2-32gb",
        auction=True,
    ),
    Good(
        "sxm3-32",
        ("V100 SXM3 32GB from DGX-2, does NOT fit SXM2 boards", "NVIDIA Tesla V100 SXM3 32GB 350W module"),
        189,
        "v100-sxm3-32gb",
    ),
    Good(
        "pcie-16",
        ("Tesla V100 PCIe 16GB full height passive card", "NVIDIA V100-PCIE-16GB 250W accelerator, pulled working"),
        389,
        "v100-pcie-16gb",
        shipping="paid",
    ),
    Good(
        "pcie-32",
        ("Tesla V100 PCIE 32GB HBM2 card, original heatsink", "V100-PCIE-32GB workstation pull, tested, nice"),
        905,
        "v100-pcie-32gb",
    ),
    Good(
        "quad-taq",
        (
            "TAQ-SXM2-4P5A5 quad SXM2 NVLink board for V100, board only",
            "1CATai TAQ-SXM2-4P5A5 four socket V100 carrier, new, no GPUs",
        ),
        719,
        "quad-board-taq-sxm2-4p5a5",
        condition_id=NEW,
        category=BOARDS,
        country="CN",
        shipping="paid",
    ),
    Good(
        "quad-ymzx",
        ("YMZX-4GPU-Q1 four way SXM2 board, NVLink, bare", "New YMZX-4GPU-Q1 V100 SXM2 carrier board"),
        809,
        "quad-board-ymzx-4gpu-q1",
        condition_id=NEW,
        category=BOARDS,
        country="CN",
    ),
    Good(
        "dual-tns",
        ("TNS-2SXM2-4P54 dual SXM2 V100 board with NVLink", "Dual V100 SXM2 baseboard TNS-2SXM2-4P54, new in bag"),
        285,
        "dual-board-tns-2sxm2-4p54",
        condition_id=NEW,
        category=BOARDS,
        country="CN",
        shipping="calculated",
    ),
    Good(
        "adapter",
        ("SXM2 to PCIe x16 adapter board for V100, no GPU", "Single SXM2 to PCIE converter card for Tesla V100 P100"),
        58,
        "single-adapter-sxm2-pcie",
        condition_id=NEW,
        category=BOARDS,
        country="CN",
    ),
    Good(
        "plx",
        ("PLX8749 PCIe 3.0 x16 card, 4x SFF-8654 8i", "PEX8749 switch card with four SlimSAS 8i ports"),
        132,
        "plx8749-card",
        condition_id=NEW,
        category=BOARDS,
        shipping="paid",
    ),
    Good(
        "cable",
        ("SFF-8654 8i to SFF-8654 8i cable 75cm", "SlimSAS 8i cable SFF-8654 74 pin both ends, 0.75m"),
        18,
        "sff-8654-8i-cable-75cm",
        condition_id=NEW,
        category=CABLES,
    ),
    Good(
        "cable-four",
        ("4 pcs SFF-8654 8i cable 75cm", "Set of four SFF-8654 8i to 8i cables, 75 cm"),
        66,
        "sff-8654-8i-cable-75cm",
        quantity=4,
        condition_id=NEW,
        category=CABLES,
        shipping="paid",
    ),
    Good(
        "heatsink",
        ("Heatsink only for V100 SXM2, genuine, 699-2G503-0204", "Original Nvidia V100 SXM2 heatsink, no GPU included"),
        13,
        "heatsink-v100-stock",
        category=COOLING,
        shipping="paid",
    ),
    Good(
        "waterblock",
        ("Bykski N-NVV100-32G-X water block for V100 SXM2", "New Bykski block N-NVV100-32G-X, Tesla V100"),
        138,
        "waterblock-bykski-n-nvv100-32g-x",
        condition_id=NEW,
        category=COOLING,
        country="CN",
    ),
    Good(
        "fan-shroud",
        ("3D printed fan shroud for Tesla V100 PCIe, 80mm fan", "Blower bracket kit fits V100 P100 P40"),
        27,
        reason="accessory-only",
        condition_id=NEW,
        category=COOLING,
    ),
    Good(
        "box",
        ("EMPTY BOX for Nvidia Tesla V100 32GB", "Box only - V100 SXM2 16GB packaging, no card"),
        12,
        reason="box-or-manual-only",
    ),
    Good(
        "unclear",
        ("Nvidia V100 SXM2 module, don't know which memory", "Tesla V100 SXM2 16GB/32GB ??? see photos"),
        118,
        reason="ambiguous-memory",
    ),
    Good(
        "server-4029",
        (
            "Supermicro SYS-4029GP-TVRT barebone, eight SXM2 sockets, no GPU",
            "4029GP-TVRT chassis, no CPU RAM GPU",
        ),
        870,
        "server-4029gp-tvrt",
        category=SERVERS,
        shipping="calculated",
    ),
    Good(
        "server-nf5288",
        ("Inspur NF5288M5 barebone without GPUs, 2U, SXM2", "NF5288M5 Inspur AGX-2 server, GPUs removed"),
        1120,
        "server-nf5288m5",
        category=SERVERS,
        shipping="none",
    ),
    Good(
        "server-full",
        ("Inspur NF5288M5 complete with 8x V100 SXM2 16GB and RAM", "4029GP-TVRT loaded: 8 V100 SXM2 32GB, 512GB RAM"),
        3150,
        reason="bundle",
        category=SERVERS,
        shipping="calculated",
    ),
    Good(
        "other-card",
        ("Tesla P40 24GB, cheaper than a V100", "AMD MI50 32GB instead of V100 SXM2 16GB"),
        215,
        reason="not-in-catalogue",
    ),
)


@dataclass(frozen=True, slots=True)
class AgentGood:
    """An item of a Chinese marketplace, as agents' pages show it. ``price`` in yuan for one piece."""

    market: str
    id: str
    titles: tuple[str, ...]
    price: int
    part: str | None
    reason: str = "ok"


AGENT_GOODS: tuple[AgentGood, ...] = (
    AgentGood("taobao", "700000000001", ("V100 SXM2 16G 拆机 测试好 模拟数据",), 430, "v100-sxm2-16gb"),
    AgentGood("taobao", "700000000002", ("Tesla V100 32G SXM2 算力卡 模拟数据",), 2350, "v100-sxm2-32gb"),
    AgentGood("taobao", "700000000003", ("TAQ-SXM2-4P5A5 四卡主板 模拟数据",), 4680, "quad-board-taq-sxm2-4p5a5"),
    AgentGood("tmall", "700000000004", ("SXM2 转 PCIe 转接板 单卡 模拟数据",), 360, "single-adapter-sxm2-pcie"),
    AgentGood("ali1688", "700000000005", ("SFF-8654 8i 线 75cm 批发 模拟数据",), 68, "sff-8654-8i-cable-75cm"),
    AgentGood("weidian", "7000000006", ("PLX8749 SFF-8654 拆分卡 模拟数据",), 780, "plx8749-card"),
    AgentGood("taobao", "700000000007", ("V100 SXM2 16G 坏卡 配件 模拟数据",), 120, "v100-sxm2-16gb", "for-parts"),
    AgentGood("taobao", "700000000008", ("超微 4029GP-TVRT 准系统 无卡 模拟数据",), 16000, "server-4029gp-tvrt"),
)
