"""The commands that start the chosen runtime as estimated, each option with its reason. Pure: no Django, no I/O.

The options are those of the runtimes' own documents, read on the day below; versions move, so each block names its
document. A machine on which the runtime will not run gets the reason instead of a command.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from shlex import quote

from catalog.provenance import Confidence, Source
from configurator.estimation.power import effective_limit_w
from configurator.estimation.runtimes import LLAMA_CPP_FAMILY
from configurator.estimation.topology import topology
from configurator.estimation.types import Build, Estimate, Offload, Supply, Workload
from configurator.estimation.vllm_plan import GPU_MEMORY_UTILIZATION

_READ_ON = date(2026, 11, 24)
ALL_LAYERS = 999  # llama.cpp takes as many as there are


def _document(title: str, href: str) -> Source:
    return Source(title, href, _READ_ON, Confidence.OFFICIAL)


LLAMA_SERVER = _document(
    "llama-server, options", "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"
)
LLAMA_BUILD = _document(
    "llama.cpp, building with CUDA", "https://github.com/ggml-org/llama.cpp/blob/master/docs/build.md"
)
OLLAMA_FAQ = _document("Ollama, FAQ", "https://github.com/ollama/ollama/blob/main/docs/faq.mdx")
VLLM_SERVE = _document("vLLM, engine arguments", "https://docs.vllm.ai/en/latest/configuration/engine_args.html")
ONE_CAT = _document("1Cat-vLLM", "https://github.com/1CatAI/1Cat-vLLM")
LMDEPLOY = _document("LMDeploy, serving with an OpenAI-compatible server", "https://github.com/InternLM/lmdeploy")
SGLANG = _document("SGLang, server arguments", "https://docs.sglang.io/advanced_features/server_arguments.html")
NVIDIA_SMI = _document("nvidia-smi, manual", "https://docs.nvidia.com/deploy/nvidia-smi/index.html")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command and why it stands there. ``finding`` is the id of the finding that asks for it."""

    text: str
    why: str
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A block to copy: what it is for, its text, its options explained, and the document it follows."""

    slug: str
    title: str
    text: str
    options: tuple[Option, ...]
    source: Source

    @property
    def rows(self) -> int:
        return self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Launch:
    """All commands in the order they are run. ``refusals`` are the reasons why there is none for the runtime."""

    commands: tuple[Command, ...]
    refusals: tuple[str, ...] = ()


def launch(
    build: Build, workload: Workload, supply: Supply, estimate: Estimate, refusals: tuple[str, ...] = ()
) -> Launch:
    """The commands for this machine and workload.

    ``refusals`` are the titles of findings that rule the runtime out. What does not fit, not even with host memory, is
    refused likewise. Options name a finding only where the estimate has it and it did not pass.
    """
    if not estimate.memory.fits and estimate.offload is None:
        refusals = (*refusals, "The model does not fit.")
    if build.gpu.compute_capability is None:
        refusals = (*refusals, f"{build.gpu.name} is no NVIDIA GPU, and these commands are for those.")
    if refusals:
        return Launch((), refusals)
    found = frozenset(finding.id for finding in estimate.findings if finding.severity != "ok")
    commands = [*_system(build, supply, found), *_server(build, workload, estimate.offload, found)]
    return Launch(tuple(commands))


def _known(options: list[Option], found: frozenset[str]) -> tuple[Option, ...]:
    return tuple(Option(o.text, o.why, o.finding if o.finding in found else "") for o in options)


def _command(slug: str, title: str, text: str, options: list[Option], source: Source, found: frozenset[str]) -> Command:
    return Command(slug, title, text, _known(options, found), source)


def _system(build: Build, supply: Supply, found: frozenset[str]) -> Iterator[Command]:
    gpu = build.gpu
    checks = ["nvidia-smi --query-gpu=index,name,driver_version,memory.total,power.limit --format=csv"]
    options = [Option("driver_version", "Which driver runs, and how much memory and power each card reports.")]
    if gpu.architecture in ("volta", "pascal"):
        options[0] = Option("driver_version", f"Must be 580 or older: R595 no longer drives {gpu.name}.", "driver-595")
    if build.gpu_count > 1 and gpu.nvlink_links:
        checks += ["nvidia-smi topo -m", "nvidia-smi nvlink --status"]
        options.append(Option("topo -m", "NV1 or more between two cards is NVLink; PHB, NODE or SYS is PCIe."))
        options.append(Option("nvlink --status", "Every link should show a rate; inactive ones are lost speed."))
    yield _command("check", "Check the cards first", "\n".join(checks), options, NVIDIA_SMI, found)
    limit_w = supply.power_limit_w
    if limit_w is None or effective_limit_w(gpu, limit_w) >= gpu.default_power_w:  # none, or one that the card refuses
        return
    unit = "\n".join(
        (
            "sudo tee /etc/systemd/system/gpu-power-limit.service > /dev/null <<'UNIT'",
            "[Unit]",
            f"Description=Power limit of {limit_w} W for every GPU",
            "After=nvidia-persistenced.service",
            "",
            "[Service]",
            "Type=oneshot",
            "ExecStart=/usr/bin/nvidia-smi -pm 1",
            f"ExecStart=/usr/bin/nvidia-smi -pl {limit_w}",
            "RemainAfterExit=yes",
            "",
            "[Install]",
            "WantedBy=multi-user.target",
            "UNIT",
            "sudo systemctl enable --now gpu-power-limit.service",
        )
    )
    yield _command(
        "power-limit",
        "Limit the power at every start",
        unit,
        [
            Option("-pm 1", "Keeps the driver loaded, so that the limit is not lost when the last program ends."),
            Option(
                f"-pl {limit_w}",
                f"Watts for each card instead of {gpu.default_power_w}. The limit is back at the default after every "
                "restart, hence the unit.",
                "psu-at-default-limits",
            ),
        ],
        NVIDIA_SMI,
        found,
    )


def _server(build: Build, workload: Workload, offload: Offload | None, found: frozenset[str]) -> Iterator[Command]:
    if workload.runtime == "ollama":
        yield _ollama(build, workload, found)
    elif workload.runtime in LLAMA_CPP_FAMILY:
        yield _compile(build, workload, found)
        yield _llama_server(build, workload, offload, found)
    elif workload.runtime == "lmdeploy":
        yield _lmdeploy(build, workload, found)
    elif workload.runtime == "sglang":
        yield _sglang(build, workload, found)
    else:
        yield _vllm(build, workload, found)


def _visible(build: Build, workload: Workload) -> list[Option]:
    """Which cards the runtime may see and in which order, where that matters."""
    ranks = workload.tensor_parallel if workload.split != "row" else 1
    order = list(range(build.gpu_count))
    if workload.split == "none" and build.gpu_count > 1:
        order = [0]
        why = "One card works; the others stay free for something else."
    elif ranks > 1 and build.gpu_count > 2:
        groups = topology(build).tensor_groups(ranks, workload.pipeline_parallel)
        order = [gpu for group in groups for gpu in group.gpus]
        joined = "every pair of which has NVLink" if groups[0].wiring == "mesh" else "the best joined"
        why = f"The cards that split each layer come first: {', '.join(map(str, groups[0].gpus))}, {joined}."
    else:
        return []
    return [
        Option("CUDA_DEVICE_ORDER=PCI_BUS_ID", "Numbers the cards as nvidia-smi does."),
        Option(
            f"CUDA_VISIBLE_DEVICES={','.join(map(str, order))}",
            f"{why} Compare with nvidia-smi topo -m: slots may be numbered otherwise in your machine.",
            "group-leaves-quad",
        ),
    ]


def _text(before: list[Option], program: str, options: list[Option]) -> str:
    """A command over several lines, options in the order given."""
    return " \\\n  ".join([" ".join([*(o.text for o in before), program]), *(o.text for o in options)])


def _compile(build: Build, workload: Workload, found: frozenset[str]) -> Command:
    capability = int((build.gpu.compute_capability or 0) * 10)
    address = "ikawrakow/ik_llama.cpp" if workload.runtime == "ik_llama.cpp" else "ggml-org/llama.cpp"
    options = [
        Option("-DGGML_CUDA=ON", "Builds for NVIDIA cards."),
        Option(
            f"-DCMAKE_CUDA_ARCHITECTURES={capability}",
            "Only for these cards, which is quicker to build."
            + (" CUDA 12 is needed: version 13 cannot build for them." if capability < 75 else ""),
            "cuda-13",
        ),
    ]
    text = "\n".join(
        (
            f"git clone https://github.com/{address} && cd {address.partition('/')[2]}",
            f"cmake -B build {' '.join(option.text for option in options)}",
            "cmake --build build --config Release -j",
        )
    )
    return _command("compile", f"Build {workload.runtime}", text, options, LLAMA_BUILD, found)


def _llama_server(build: Build, workload: Workload, offload: Offload | None, found: frozenset[str]) -> Command:
    streams = workload.streams
    context = workload.context_tokens * streams
    gpu_layers = ALL_LAYERS if offload is None or offload.gpu_layers is None else offload.gpu_layers
    options = [
        Option(
            f"-m {quote(f'{workload.model.slug}-{workload.quant}.gguf')}", "Your file; for one in parts, the first."
        ),
        Option(
            f"-ngl {gpu_layers}",
            "All layers on the GPUs." if gpu_layers == ALL_LAYERS else "So many layers on the GPUs, the rest in RAM.",
            "fits-with-host-memory",
        ),
    ]
    if offload is not None and offload.expert_layers_in_ram:
        options.append(
            Option(
                f"-ncmoe {offload.expert_layers_in_ram}",
                "The experts of so many layers stay in RAM: without that it does not fit.",
                "fits-with-host-memory",
            )
        )
    options.append(
        Option(
            f"-c {context}",
            f"{workload.context_tokens:,} tokens for each of {streams} streams." if streams > 1 else "Tokens of cache.",
            "does-not-fit",
        )
    )
    options.append(Option(f"-np {streams}", "Conversations at once; the context is shared out among them."))
    if build.gpu_count > 1:
        mode = {"layer": "layer", "row": "row", "tensor": "tensor", "none": "none"}[workload.split]
        why = {
            "layer": "GPUs take turns, each with its layers: memory adds up, speed does not.",
            "row": "Matrices are cut by rows.",
            "tensor": "All GPUs work on each layer at once.",
            "none": "One GPU does it all.",
        }[workload.split]
        options.append(Option(f"-sm {mode}", why, "layer-split-one-gpu" if mode == "layer" else "row-split"))
    options.append(
        Option(
            f"-fa {'on' if workload.flash_attention else 'off'}",
            "Flash attention: smaller buffers, and needed for a quantised cache and a tensor split.",
            "tensor-split-flash-attention",
        )
    )
    if workload.kv_dtype != "f16":
        options.append(
            Option(f"-ctk {workload.kv_dtype} -ctv {workload.kv_dtype}", "The type of the cache.", "cache-format")
        )
    if workload.ubatch != 512:
        options.append(Option(f"-b {max(2048, workload.ubatch)} -ub {workload.ubatch}", "Tokens of a prompt at once."))
    options.append(Option("--host 127.0.0.1 --port 8080", "Reached from this machine only; it has no password."))
    before = _visible(build, workload)
    text = _text(before, "./build/bin/llama-server", options)
    drafting = " (drafting: see the options of your version)" if workload.speculative_tokens else ""
    return _command("serve", f"Start {workload.runtime}{drafting}", text, before + options, LLAMA_SERVER, found)


def _ollama(build: Build, workload: Workload, found: frozenset[str]) -> Command:
    options = [
        Option(f"OLLAMA_CONTEXT_LENGTH={workload.context_tokens}", "Tokens for each conversation."),
        Option(f"OLLAMA_NUM_PARALLEL={workload.streams}", "Conversations at once."),
        Option(
            f"OLLAMA_FLASH_ATTENTION={int(workload.flash_attention)}", "Smaller buffers; a quantised cache needs it."
        ),
        Option(f"OLLAMA_KV_CACHE_TYPE={workload.kv_dtype}", "The type of the cache.", "cache-format"),
    ]
    if build.gpu_count > 1:
        spread = int(workload.split != "none")
        options.append(
            Option(f"OLLAMA_SCHED_SPREAD={spread}", "1: over all GPUs; 0: over as few as hold it.", "ollama-split")
        )
    before = _visible(build, workload)
    text = " \\\n  ".join([*(option.text for option in before + options), "ollama serve"])
    text += "\n# in another window, with the name and tag from ollama.com/library:\n"
    text += f"ollama run {quote(workload.model.slug)}"
    return _command("serve", "Start Ollama", text, before + options, OLLAMA_FAQ, found)


def _vllm(build: Build, workload: Workload, found: frozenset[str]) -> Command:
    bf16 = build.gpu.bf16
    options = [
        Option(
            f"--dtype {'auto' if bf16 else 'float16'}",
            "The checkpoint's own type." if bf16 else "These cards have no BF16, in which most checkpoints are stored.",
            "bf16-weights",
        ),
        Option(
            f"--tensor-parallel-size {workload.tensor_parallel}", "Cards that share each layer.", "group-spans-islands"
        ),
    ]
    if workload.pipeline_parallel > 1:
        options.append(Option(f"--pipeline-parallel-size {workload.pipeline_parallel}", "Groups that take turns."))
    options += [
        Option(f"--max-model-len {workload.context_tokens}", "Tokens of one conversation at most.", "does-not-fit"),
        Option(f"--max-num-seqs {workload.streams}", "Conversations at once.", "deadlock-at-many-streams"),
        Option(f"--gpu-memory-utilization {GPU_MEMORY_UTILIZATION:.2f}", "The part of each card it may fill."),
    ]
    if workload.kv_dtype == "fp8":
        options.append(Option("--kv-cache-dtype fp8", "The type of the cache.", "cache-format"))
    if workload.speculative_tokens:
        config = f'{{"method": "mtp", "num_speculative_tokens": {workload.speculative_tokens}}}'
        options.append(
            Option(f"--speculative-config {quote(config)}", "Drafts with the model's own layers.", "drafting")
        )
    options.append(Option("--host 127.0.0.1 --port 8000", "Reached from this machine only."))
    before = _visible(build, workload)
    repository = quote(workload.model.hf_repo or workload.model.slug)
    text = _text(before, f"vllm serve {repository}", options)
    if workload.quant not in ("BF16", "F16"):
        text = f"# the {workload.quant} copy of this checkpoint: put its name in place of {repository}\n{text}"
    source = ONE_CAT if workload.runtime == "1cat-vllm" else VLLM_SERVE
    return _command("serve", f"Start {workload.runtime}", text, before + options, source, found)


def _sglang(build: Build, workload: Workload, found: frozenset[str]) -> Command:
    options = [
        Option(f"--dtype {'auto' if build.gpu.bf16 else 'float16'}", "What these cards compute in.", "bf16-weights"),
        Option(f"--tp {workload.tensor_parallel}", "Cards that share each layer.", "group-spans-islands"),
        Option(f"--context-length {workload.context_tokens}", "Tokens of one conversation at most.", "does-not-fit"),
        Option(f"--max-running-requests {workload.streams}", "Conversations at once."),
        Option("--host 127.0.0.1 --port 30000", "Reached from this machine only."),
    ]
    if workload.pipeline_parallel > 1:
        options.insert(2, Option(f"--pp-size {workload.pipeline_parallel}", "Groups that take turns."))
    before = _visible(build, workload)
    model = quote(workload.model.hf_repo or workload.model.slug)
    text = _text(before, f"python3 -m sglang.launch_server --model-path {model}", options)
    return _command("serve", "Start SGLang", text, before + options, SGLANG, found)


_LMDEPLOY_FORMATS = {"AWQ": "awq", "GPTQ-Int4": "gptq", "FP8": "fp8", "MXFP4_MOE": "mxfp4"}
_LMDEPLOY_CACHES = {"q8_0": 8, "fp8": 8, "q4_0": 4}


def _lmdeploy(build: Build, workload: Workload, found: frozenset[str]) -> Command:
    options = [
        Option("--backend turbomind", "The engine with kernels for Volta.", "runtime-on-gpu"),
        Option(f"--dtype {'auto' if build.gpu.bf16 else 'float16'}", "These cards compute in FP16.", "bf16-weights"),
        Option(f"--tp {workload.tensor_parallel}", "Cards that share each layer.", "group-spans-islands"),
        Option(f"--session-len {workload.context_tokens}", "Tokens of one conversation at most.", "does-not-fit"),
        Option(f"--max-batch-size {workload.streams}", "Conversations at once."),
        Option("--cache-max-entry-count 0.8", "The part of the memory left after the weights that the cache may take."),
    ]
    if workload.quant in _LMDEPLOY_FORMATS:
        options.append(
            Option(
                f"--model-format {_LMDEPLOY_FORMATS[workload.quant]}",
                "How the checkpoint is quantised.",
                "quant-format",
            )
        )
    if workload.kv_dtype in _LMDEPLOY_CACHES:
        options.append(
            Option(f"--quant-policy {_LMDEPLOY_CACHES[workload.kv_dtype]}", "Bits of the cache.", "cache-format")
        )
    options.append(Option("--server-name 127.0.0.1 --server-port 23333", "Reached from this machine only."))
    before = _visible(build, workload)
    text = _text(before, f"lmdeploy serve api_server {quote(workload.model.hf_repo or workload.model.slug)}", options)
    return _command("serve", "Start LMDeploy", text, before + options, LMDEPLOY, found)
