"""The pages on scaling out and on training: forms in the address, figures with sources, the guide's claims beside."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator.guide_claims import claims_on, guide_rows

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def page_of(client: Client, address: str, **headers: Any) -> BeautifulSoup:
    response = client.get(address, **headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def part(page: BeautifulSoup, title: str) -> Tag:
    found = page.select_one(f"section[aria-labelledby={title}]")
    assert found is not None, title
    return found


def text(tag: Tag) -> str:
    return re.sub(r"\s+", " ", tag.text.replace("\u00a0", " "))


def test_scaling_out_counts_slots_lanes_circuits_and_stops_llama_cpp_at_fifteen(client: Client) -> None:
    page = page_of(client, "/scale-out/?boards=4&power_limit_w=200&circuit=us-120v-20a")
    assert not page.select("[style], script:not([src])")
    host = text(part(page, "host-title"))
    assert "16 GPUs are more than the 15 that llama.cpp takes as published; 1Cat-vLLM runs it." in host
    for figure in ("16 in 4", "256 GB", "4 of 7", "x4", "3.2 GB/s", "3,832 W / 5,610 W"):
        assert figure in host
    rows = [[text(cell) for cell in row.select("th, td")] for row in part(page, "counts-title").select("tbody tr")]
    assert rows[3] == ["4", "16", "256 GB", "4 / 7", "4", "3.2", "2", "3"]
    speeds = [text(row) for row in part(page, "splits-title").select("tbody tr")]
    assert len(speeds) == 4
    assert "Too many GPUs for the runtime" in speeds[3]
    networks = {text(row.select("th")[0]): text(row) for row in part(page, "nodes-title").select("tbody tr")}
    assert "fine" in networks["10 GbE"]
    assert "slower than one host" in networks["10 GbE"]
    assert "2,621,440" in networks["InfiniBand FDR, 56 Gb"]
    # Every sum names where its figures are from.
    for row in page.select(".reckoned tbody tr"):
        assert row.select(".source .confidence"), row.text


def test_the_guides_table_stands_beside_ours_and_is_corrected(client: Client) -> None:
    page = page_of(client, "/scale-out/?boards=1")
    rows = [text(row) for row in part(page, "guide-table-title").select("tbody tr")]
    assert len(rows) == len(guide_rows()) == 4
    assert "1 / 7" in rows[0]
    assert "fits" in rows[0]
    assert "more GPUs than llama.cpp takes" in rows[2]
    assert "17 / 7" in rows[3]
    assert "no slot for the cards (10 too few)" in rows[3]
    assert [
        row.select(".claim-number")[0]["href"][-4:] for row in part(page, "guide-table-title").select("tbody tr")
    ] == [
        "C140",
        "C028",
        "C139",
        "C139",
    ]
    claims = {row.select(".claim-number")[0].text: row for row in part(page, "claims-title").select("tbody tr")}
    assert list(claims) == ["C026", "C028", "C138", "C139", "C140", "C141"]
    assert "140 GPUs on a ROMED8-2T" in text(claims["C138"])
    assert "Wrong" in text(claims["C138"])
    assert "Seven x16 slots are 112 lanes: 28 GPUs at x4." in text(claims["C138"])
    assert claims["C138"].select_one("a.claim-number[href='/audit/#C138']")
    assert claims["C026"].select_one(".source a[href='https://github.com/NVIDIA/nccl/issues/1054']")
    assert [claim.number for claim in claims_on("training")] == ["C033", "C142", "C143", "C144", "C145", "C147"]


def test_too_few_slots_and_unknown_slots_are_said_at_once(client: Client) -> None:
    few = text(part(page_of(client, "/scale-out/?boards=9"), "host-title"))
    assert "9 boards want 9 link cards, and the host has 7 x16 slots: 2 too few. 7 boards are the most." in few
    page = page_of(client, "/scale-out/?host=existing-pc&boards=1&io_card=passive-riser-kit")
    home = text(part(page, "host-title"))
    assert "No switch on this card: the host's firmware must split each slot" in home
    assert "a figure is missing" in home
    assert "2 of unknown" in home
    assert text(part(page, "counts-title").select("tbody td")[3]) == "unknown"


def test_training_says_what_fits_by_sharding_and_shows_the_guides_claims(client: Client) -> None:
    address = "/training/?model=llama-2-70b&method=qlora&gpu=v100-sxm2-16gb&gpus=4&sharding=ddp"
    page = page_of(client, address)
    assert not page.select("[style], script:not([src])")
    memory = text(part(page, "memory-title"))
    assert "Does not fit with DDP" in memory
    assert "It would fit with ZeRO-3, FSDP." in memory
    assert len(page.select(".training-row")) == 4
    claims = {row.select(".claim-number")[0].text: text(row) for row in part(page, "claims-title").select("tbody tr")}
    assert "~4.5 bytes + LoRA overhead" in claims["C145"]
    assert "Wrong" in claims["C145"]
    tiers = {
        text(row.select("th")[0]).split(" 1 ×")[0]: text(row) for row in part(page, "scaling-title").select("tbody tr")
    }
    assert len(tiers) == 6
    assert "6–7 below ours" in next(row for name, row in tiers.items() if name.startswith("Hybrid cube mesh"))
    assert "FlashAttention 2 does not run on this chip" in text(part(page, "rules-title"))
    for row in page.select(".reckoned tbody tr"):
        assert row.select(".source .confidence"), row.text
    full = "/training/?model=llama-3.1-8b&method=full&gpu=v100-sxm2-32gb&gpus=8&carrier=server-nf5288m5&sharding=zero3"
    assert "Fits with ZeRO-3, FSDP" in text(part(page_of(client, full), "memory-title"))
    one = page_of(
        client, "/training/?gpu=v100-pcie-16gb&gpus=1&carrier=none&method=lora&scores_kept=yes&checkpointing=no"
    )
    assert "Attention writes its scores to memory" in one.text


REFUSED = (
    ("/scale-out/?boards=0", "boards", "greater than or equal to 1"),
    ("/scale-out/?boards=many", "boards", "whole number"),
    ("/scale-out/?gpu=%3Cscript%3E", "gpu", "Not in the list"),
    ("/scale-out/?streams=1e9", "streams", "whole number"),
    ("/training/?carrier=none", "carrier", "is a module: choose what it sits on"),
    ("/training/?carrier=server-nf5488m5", "carrier", "takes SXM3, NVIDIA Tesla V100 SXM2 16 GB is SXM2"),
    ("/training/?model=kimi-nope", "model", "Not in the list"),
    ("/training/?gpus=65", "gpus", "less than or equal to 64"),
)


def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_computed(client: Client) -> None:
    for address, field, said in REFUSED:
        page = page_of(client, address)
        error = page.select_one(f"#id_{field}_error")
        assert error is not None, address
        assert said in error.text, address
        assert "need a change" in page.select("#figures")[0].text, address
        assert not page.select("script:not([src])"), address


def test_htmx_gets_the_figures_only_with_the_errors_of_every_field(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in ("/scale-out/", "/training/"):
        response = client.get(address, headers=HTMX)
        partial = BeautifulSoup(response.content, "html.parser")
        assert "HX-Request" in response["Vary"]
        assert not partial.select("h1, form")
        assert partial.select("#figures > section")
        assert partial.select_one("#id_model_error[hx-swap-oob]")
        refused = BeautifulSoup(client.get(f"{address}?model=x", headers=HTMX).content, "html.parser")
        assert "Not in the list" in refused.select("#id_model_error")[0].text
    with django_assert_num_queries(1):  # the catalog's stamp, however many boards there are
        client.get("/scale-out/?boards=12")
