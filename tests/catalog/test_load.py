from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from catalog import load as loading
from catalog.claim_models import Claim
from catalog.load import CatalogError, Counts, load, load_all, register
from catalog.models import CatalogRevision, Circuit, LanguageModel, Part, Preset

pytestmark = pytest.mark.usefixtures("empty_catalog")

Change = Callable[[str, str, str], None]
GPU = "gpus/v100-sxm2-16gb.yaml"
CABLE = "parts/sff-8654-8i-cable-75cm.yaml"
PRESET = "presets/guide-starter.yaml"
CLAIMS = "claims/17-configurations.yaml"
NOTHING = Counts()


def test_files_become_rows(data_dir: Path) -> None:
    done = load(data_dir)
    assert done == {
        "parts": Counts(created=2),
        "circuits": NOTHING,
        "models": NOTHING,
        "presets": Counts(created=1),
        "claims": Counts(created=1),
    }
    gpu = Part.objects.get(slug="v100-sxm2-16gb")
    assert (gpu.kind, gpu.form_factor, gpu.memory_mib, gpu.sockets) == ("gpu", "sxm2", 16145, None)
    assert gpu.figures["memory_mib"]["note"] == "Less than 16384, as the driver keeps some."
    assert gpu.search == {"english": ["V100 SXM2 16GB"], "chinese": ["V100 SXM2 16G"]}
    preset = Preset.objects.get()
    assert preset.total_usd == 175
    assert preset.query_string == "gpu=v100-sxm2-16gb&gpu_count=1"
    claim = Claim.objects.get()
    assert (claim.number, claim.section, claim.verdict, claim.why) == ("C160", "17", "wrong", "")
    assert [source.title for source in claim.references()] == ["Arithmetic"]
    assert claim.questions()[0]["query"] == {"gpu": "v100-sxm2-16gb", "gpu_count": "4"}


def test_circuits_and_models_go_to_their_own_tables(data_dir: Path, llama_values: dict[str, Any]) -> None:
    units = {"max_context_tokens": "tokens", "tie_embeddings": "flag"}
    texts = ("hf_repo", "architecture", "arch_class")
    figures = "".join(
        f"  {name}: {{value: {str(value).lower() if isinstance(value, bool) else value}, "
        f"unit: {'name' if name in texts else units.get(name, 'count')}, source: s}}\n"
        for name, value in llama_values.items()
    )
    head = 'summary: One.\nsources: {s: {title: T, href: "", checked_on: "2026-11-23", confidence: guide}}\nfigures:\n'
    (data_dir / "llama-3.1-8b.yaml").write_text(f"slug: llama-3.1-8b\nname: Llama\nkind: model\n{head}{figures}")
    (data_dir / "us-120v-15a.yaml").write_text(
        f"slug: us-120v-15a\nname: US\nkind: circuit\n{head}"
        '  country: {value: "US", unit: code, source: s}\n'
        "  voltage_v: {value: 120, unit: V, source: s}\n"
        "  breaker_a: {value: 15, unit: A, source: s}\n"
        "  continuous_fraction: {value: 0.8, unit: fraction, source: s}\n"
        "  phases: {value: 1, unit: count, source: s}\n"
        '  socket: {value: "NEMA 5-15", unit: name, source: s}\n'
    )
    done = load(data_dir)
    assert (done["models"], done["circuits"]) == (Counts(created=1), Counts(created=1))
    assert LanguageModel.objects.get().params_total == 8030261248
    assert Circuit.objects.get().spec().continuous_w == 1440


def test_loading_again_writes_nothing(data_dir: Path) -> None:
    load(data_dir)
    before = CatalogRevision.objects.get()
    done = load(data_dir)
    assert done["parts"] == Counts(unchanged=2)
    assert done["presets"] == Counts(unchanged=1)
    assert CatalogRevision.objects.get().number == before.number == 1
    assert CatalogRevision.objects.get().loaded_at == before.loaded_at


def test_a_changed_file_updates_its_row_in_place(data_dir: Path, change: Change) -> None:
    load(data_dir)
    key = Part.objects.get(slug="v100-sxm2-16gb").pk
    change(GPU, "value: 16145", "value: 16144")
    assert load(data_dir)["parts"] == Counts(updated=1, unchanged=1)
    gpu = Part.objects.get(pk=key)
    assert (gpu.slug, gpu.memory_mib) == ("v100-sxm2-16gb", 16144)
    assert CatalogRevision.objects.get().number == 2


def test_a_row_goes_with_its_file(data_dir: Path) -> None:
    load(data_dir)
    (data_dir / PRESET).unlink()
    (data_dir / CABLE).unlink()
    done = load(data_dir)
    assert (done["parts"], done["presets"]) == (Counts(unchanged=1, deleted=1), Counts(deleted=1))
    assert not Part.objects.filter(slug="sff-8654-8i-cable-75cm").exists()
    assert CatalogRevision.objects.get().number == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (GPU, "unit: MiB", "unit: GB", "gpus/v100-sxm2-16gb.yaml:14: memory_mib has unit 'GB', allowed: MiB"),
        (GPU, "unit: GB/s", "unit: furlongs", ":18: memory_bandwidth_gb_s has unit 'furlongs', allowed: GB/s"),
        (GPU, "    unit: MiB\n", "", ":12: memory_mib has unit None, allowed: MiB"),
        (GPU, "value: 16145", 'value: "16145"', ":13: memory_mib is '16145', allowed: a whole number"),
        (GPU, "    value: 16145\n", "", ":12: memory_mib has no value"),
        (GPU, "value: 16145", "value: null", ":13: memory_mib is not known, but every gpu needs it (MiB)"),
        (GPU, "  nvlink_links: {value: 6, unit: count, source: dell}\n", "", ":8: nvlink_links is not known"),
        (GPU, "nvlink_links: {", "nvlink_lanes: {", ":23: unknown figure 'nvlink_lanes' for kind gpu, allowed: archit"),
        (
            GPU,
            "passive: {value: true, unit: flag, source: dell}",
            "passive: true",
            ":24: passive is True, allowed: {va",
        ),
        (GPU, "{value: 900, unit", "{value: 900, note: 3, unit", ":18: note is 3, allowed: text"),
        (GPU, "{value: 900, unit", "{value: 900, sauce: 3, unit", ":18: unknown key 'sauce', allowed: value, unit, so"),
        (GPU, "    source: smi\n", "    source: smu\n", ":15: memory_mib has source 'smu', allowed: smi, dell"),
        (GPU, 'value: "CN"', "value: NO", ":25: origin_country is False, allowed: text (in quotes)"),
        (GPU, "kind: gpu", "kind: gpus", ":3: kind is 'gpus', allowed: gpu, carrier, io-card"),
        (GPU, "kind: gpu\n", "", ":1: kind is '', allowed: gpu, carrier"),
        (GPU, "confidence: measured", "confidence: sure", ":6: confidence is 'sure', allowed: measured, datasheet"),
        (GPU, 'title: "nvidia-smi -q"', 'title: ""', ":6: title is '', allowed: text that is not empty"),
        (
            GPU,
            'title: "nvidia-smi -q", href: ""',
            "title: smi, href: smi.txt",
            ":6: href is 'smi.txt', allowed: an http",
        ),
        (
            GPU,
            'checked_on: "2026-11-23", confidence: measured',
            'checked_on: "2026-13-01", confidence: measured',
            ":6: checked_on is '2026-13-01', allowed: a date in quotes",
        ),
        (GPU, "summary: The module this is about.\n", "", ":1: summary is None, allowed: text that is not empty"),
        (GPU, "name: NVIDIA Tesla V100 SXM2 16 GB", "name: 100", ":2: name is 100, allowed: text"),
        (GPU, "slug: v100-sxm2-16gb", "slug: V100 16", ":1: slug is 'V100 16', allowed: small letters"),
        (GPU, "slug: v100-sxm2-16gb", "slug: v100-16", ":1: slug is 'v100-16', allowed: the file's name, 'v100-sxm2-"),
        (GPU, "search: {english: [", "search: {french: [", ":26: unknown key 'french', allowed: english, chinese"),
        (GPU, '["V100 SXM2 16G"]', "V100", ":26: chinese is 'V100', allowed: a list of search terms"),
        (GPU, "buy: [{label: eBay search, ", "buy: [{", ":27: label is None, allowed: text"),
        (GPU, "search:", "comparator: maybe\nsearch:", ":26: comparator is 'maybe', allowed: true or false"),
        (GPU, "search:", "serch:", ":26: unknown key 'serch', allowed: slug, name, kind"),
        (GPU, "search:", "name: Again\nsearch:", ":26: key 'name' is there twice, first on line 2"),
        (GPU, "  passive: {", "  bf16: {", ":24: key 'bf16' is there twice, first on line 20"),
        (GPU, "search: {english", "search: {no", ":26: key 'no' is not text, put it in quotes"),
        (GPU, "search: {english", "search: {{english", "not valid YAML: "),
        (PRESET, '"175"', '"174"', "guide-starter.yaml:4: total_usd is 174, but the lines add up to 175"),
        (PRESET, '"175"', "175", ":4: total_usd is 175, allowed: dollars in quotes"),
        (PRESET, "part: v100-sxm2-16gb", "part: v100-16", ":8: part is 'v100-16', allowed: the slug of a part"),
        (PRESET, "quantity: 4", "quantity: 0", ":9: quantity is 0, allowed: a whole number above zero"),
        (PRESET, 'unit_usd: "19"', "unit_usd: 19", ":9: unit_usd is 19, allowed: dollars in quotes"),
        (PRESET, "gpu_count: 1", "gpu_count: yes", ":10: gpu_count is True, allowed: text in quotes or a whole number"),
        (PRESET, "claim: C160", "clam: C160", ":12: unknown key 'clam', allowed: claim, text"),
        (PRESET, "claim: C160", "claim: C161", ":12: claim is 'C161', which is not audited"),
        (CLAIMS, 'section: "17"', "section: 17", ":1: section is 17, allowed: QR, 1, 2"),
        (CLAIMS, "number: C160", "number: 160", ":5: number is 160, allowed: C and three digits, as C165"),
        (CLAIMS, "verdict: wrong", "verdict: false", ":8: verdict is False, allowed: confirmed, wrong, misleading"),
        (CLAIMS, "sources: [sum]", "sources: [sun]", ":10: sources names 'sun', which is not there"),
        (CLAIMS, "parts: [v100-sxm2-16gb]", "parts: [v100]", ":11: parts names 'v100', which is not there"),
        (CLAIMS, "figure: supply_load", "figure: load", ":14: figure is 'load', allowed: decode_tok_s, fits"),
        (CLAIMS, "figure: supply_load", "figure: finding", ":13: finding is None, allowed: text"),
        (CLAIMS, "gpu_count: 4}", "gpu_count: [4]}", ":15: gpu_count is [4], allowed: text in quotes or a whole"),
        (CLAIMS, "    holds:", "    hold:", ":9: unknown key 'hold', allowed: number, name, guide"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    data_dir: Path, change: Change, name: str, old: str, new: str, said: str
) -> None:
    change(name, old, new)
    with pytest.raises(CatalogError) as refused:
        load(data_dir)
    assert any(error.startswith(f"catalog/data/{name}:") and said in error for error in refused.value.errors)
    assert not Part.objects.exists()
    assert not CatalogRevision.objects.exists()


def test_one_mistake_makes_one_error(data_dir: Path, change: Change) -> None:
    change(GPU, "unit: MiB", "unit: GB")
    with pytest.raises(CatalogError) as refused:
        load(data_dir)
    assert refused.value.errors == ["catalog/data/gpus/v100-sxm2-16gb.yaml:14: memory_mib has unit 'GB', allowed: MiB"]


def test_all_errors_of_all_files_are_told_at_once(data_dir: Path, change: Change) -> None:
    change(GPU, "unit: MiB", "unit: GB")
    change(CABLE, "value: 750", "value: -750")
    change(PRESET, '"175"', '"176"')
    with pytest.raises(CatalogError) as refused:
        load(data_dir)
    assert len(refused.value.errors) == 3


def test_a_number_that_two_claims_have_is_refused(data_dir: Path) -> None:
    again = data_dir / "claims/18-misconceptions.yaml"
    again.write_text((data_dir / CLAIMS).read_text().replace('"17"', '"18"'))
    with pytest.raises(CatalogError) as refused:
        load(data_dir)
    assert refused.value.errors == [
        "catalog/data/claims/18-misconceptions.yaml:5: number 'C160' is there twice, "
        "first in catalog/data/claims/17-configurations.yaml:5"
    ]


def test_a_slug_in_two_folders_is_refused(data_dir: Path) -> None:
    (data_dir / "gpus" / "sff-8654-8i-cable-75cm.yaml").write_bytes((data_dir / CABLE).read_bytes())
    with pytest.raises(CatalogError, match=r"is there twice, first in catalog/data/gpus/sff-8654-8i-cable-75cm\.yaml"):
        load(data_dir)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "must hold one item"),
        (b"- a\n- b\n", "must hold one item"),
        (b"slug: a\n---\nslug: b\n", "not valid YAML"),
        (b"slug: \xff\n", "not valid YAML"),
        (b"slug: !!python/name:os.system\n", "not valid YAML"),
        (b"slug: [1, 2\n", "not valid YAML"),
    ],
)
def test_a_file_that_holds_no_item_is_refused(data_dir: Path, content: bytes, said: str) -> None:
    (data_dir / "odd.yaml").write_bytes(content)
    with pytest.raises(CatalogError) as refused:
        load(data_dir)
    assert len(refused.value.errors) == 1
    assert refused.value.errors[0].startswith("catalog/data/odd.yaml:")
    assert said in refused.value.errors[0]


def test_a_file_with_another_ending_is_not_passed_over(data_dir: Path) -> None:
    (data_dir / "odd.yml").write_text("slug: odd")
    with pytest.raises(CatalogError, match=r"odd\.yml:1: the name must end in \.yaml"):
        load(data_dir)


def test_an_empty_folder_does_not_empty_the_catalog(data_dir: Path, tmp_path: Path) -> None:
    load(data_dir)
    with pytest.raises(CatalogError, match="holds no data files"):
        load(tmp_path / "nowhere")
    assert Part.objects.count() == 2


@pytest.fixture
def own_loaders(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """load_all reads the small catalog, and only the loaders a test registers."""
    monkeypatch.setattr(loading, "_registered", {})
    monkeypatch.setattr(loading, "load", lambda: load(data_dir))


@pytest.mark.usefixtures("own_loaders")
def test_other_apps_load_after_the_catalog() -> None:
    def bands() -> Counts:
        return Counts(created=Part.objects.count())

    register("bands", bands)
    assert load_all()["bands"] == Counts(created=2)


@pytest.mark.usefixtures("own_loaders")
def test_a_change_in_another_app_is_a_change_of_the_catalog() -> None:
    register("bands", lambda: Counts(unchanged=1))
    load_all()
    load_all()
    assert CatalogRevision.objects.get().number == 1
    register("bands", lambda: Counts(updated=1))
    load_all()
    assert CatalogRevision.objects.get().number == 2


@pytest.mark.usefixtures("own_loaders")
def test_where_another_app_fails_nothing_is_loaded_and_all_errors_are_told() -> None:
    def fail(name: str) -> Callable[[], Counts]:
        def loader() -> Counts:
            raise CatalogError([f"{name}.yaml:1: wrong"])

        return loader

    register("bands", fail("bands"))
    register("tariffs", fail("tariffs"))
    with pytest.raises(CatalogError) as refused:
        load_all()
    assert refused.value.errors == ["bands.yaml:1: wrong", "tariffs.yaml:1: wrong"]
    assert not Part.objects.exists()


@pytest.mark.usefixtures("own_loaders")
def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalog")
    assert "parts: 2 created, 0 updated, 0 unchanged, 0 deleted\n" in capsys.readouterr().out
    call_command("load_catalog", verbosity=0)
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("own_loaders")
def test_the_command_fails_with_every_error(change: Change) -> None:
    change(GPU, "unit: MiB", "unit: GB")
    with pytest.raises(CommandError) as failed:
        call_command("load_catalog")
    assert failed.value.returncode == 1
    assert "nothing was loaded, 1 error:\ncatalog/data/gpus/v100-sxm2-16gb.yaml:14: memory_mib" in str(failed.value)
