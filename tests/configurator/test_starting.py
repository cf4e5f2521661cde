"""Starting points are builds that stand on their own, and a model's page says what holds it."""

from datetime import date

import pytest
from django.test import Client

from catalog import snapshot
from configurator.choice import parse
from configurator.estimates import estimate_choice
from configurator.model_sizes import size_rows
from configurator.starting import STARTING_MACHINE, STARTING_MODEL, machine_with

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
WIRED_RIGHT = ("form-factor-mismatch", "sxm2-in-sxm3-server", "too-many-gpus", "cables-for-every-gpu",
               "heatsink-for-every-module", "link-card-ports", "airflow", "board-connectors")  # fmt: skip


def test_the_first_visit_has_no_blocker() -> None:
    result = estimate_choice(parse({**STARTING_MODEL, **STARTING_MACHINE}), as_of=TODAY)
    assert result.severity_counts["blocker"] == 0


def test_every_gpu_and_platform_is_the_start_of_a_machine_put_together_right() -> None:
    catalog = snapshot.current()
    for slug in [*catalog.gpus, *catalog.carriers]:
        gpu = catalog.gpus.get(slug)
        if gpu is not None and (gpu.form_factor == "sxm4" or gpu.slug == "drive-a100-pg199"):
            continue  # nothing in the catalog takes the one, and no board's power inputs carry the other
        result = estimate_choice(parse(machine_with(slug, catalog)), as_of=TODAY)
        wrong = [f.id for f in result.estimate.findings if f.severity == "blocker" and f.id in WIRED_RIGHT]
        assert not wrong, slug


def test_build_with_a_part_leads_to_the_configurator(client: Client) -> None:
    response = client.get("/build/with/server-4029gp-tvrt/?model=llama-3.1-405b&quant=Q3_K_M")
    assert response.status_code == 302
    assert "carrier=server-4029gp-tvrt" in response["Location"]
    assert "model=llama-3.1-405b" in response["Location"]
    assert client.get("/build/with/nothing/").status_code == 404


def test_the_smallest_machine_for_70b_at_q4_is_four_16_gb_or_two_32_gb_modules() -> None:
    # 42.5 GB of weights: three 16 GB modules would hold them in sum, but machines have 1, 2, 4 or 8 sockets.
    catalog = snapshot.current()
    rows = size_rows(catalog.models["llama-3.1-70b"], [catalog.gpus["v100-sxm2-16gb"], catalog.gpus["v100-sxm2-32gb"]])
    row = next(row for row in rows if row.quant == "Q4_K_M")
    assert [holder.gpu_count for holder in row.holders] == [4, 2]
    assert row.file_bytes / 1e9 == pytest.approx(42.52, abs=0.02)


def test_sizes_grow_with_bits_and_machines_never_shrink() -> None:
    catalog = snapshot.current()
    rows = size_rows(catalog.models["qwen3-32b"], [catalog.gpus["v100-sxm2-16gb"]])
    by_quant = {row.quant: row for row in rows}
    ladder = [by_quant[quant] for quant in ("Q2_K", "Q4_K_M", "Q6_K", "Q8_0", "F16")]
    assert [row.file_bytes for row in ladder] == sorted(row.file_bytes for row in ladder)
    counts = [row.holders[0].gpu_count or 99 for row in ladder]
    assert counts == sorted(counts)


@pytest.mark.parametrize(("slug", "says"), [("llama-3.1-70b", "42.5"), ("llama-4-behemoth", "nothing to size")])
def test_the_sizes_page_is_a_page_and_a_fragment(client: Client, slug: str, says: str) -> None:
    assert says in client.get(f"/models/{slug}/sizes/").content.decode()
    fragment = client.get(f"/models/{slug}/sizes/", headers={"HX-Request": "true"}).content.decode()
    assert says in fragment
    assert "<html" not in fragment


def test_sizes_of_an_unknown_model_are_404(client: Client) -> None:
    assert client.get("/models/nothing/sizes/").status_code == 404
