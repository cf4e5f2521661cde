"""What to mind when the machine is set up: driver, CUDA, operating system. Nobody asks for these in a build, so they
are notes for those GPUs they concern, not checks. Pure."""

from configurator.estimation.rules import sources
from configurator.estimation.rules.rule import Facts, Rule, Verdict, caution, note, ok
from configurator.estimation.rules.sockets import has_nvlink

TURING = 7.5
PYTORCH_RUNTIMES = frozenset({"1cat-vllm", "vllm"})


def _before_turing(facts: Facts) -> bool:
    capability = facts.build.gpu.compute_capability
    return capability is not None and capability < TURING


def _on_nvlink(facts: Facts) -> bool:
    build = facts.build
    return (
        build.gpu_count > 1 and build.gpu.nvlink_links > 0 and build.carrier is not None and has_nvlink(build.carrier)
    )


def cuda_13(facts: Facts) -> Verdict | None:
    if not _before_turing(facts):
        return None
    gpu = facts.build.gpu
    return note(
        "Stay with CUDA 12",
        f"CUDA 13 dropped everything before 7.5; {gpu.name} has {gpu.compute_capability:.1f}. 12.9 is the last toolkit "
        f"for it, and builds of {facts.workload.runtime} must be made with CUDA 12.",
        "Install CUDA 12.9 or older.",
    )


def driver_595(facts: Facts) -> Verdict | None:
    if not _before_turing(facts):
        return None
    return note(
        "Stay with driver branch R580",
        f"R595 no longer drives {facts.build.gpu.name}; R580 is the last branch that does, and runs CUDA 12 programs.",
        "Install R580 (or R570) and hold it back from updates.",
    )


def open_kernel_modules(facts: Facts) -> Verdict | None:
    if not _before_turing(facts):
        return None
    return note(
        "Use the proprietary kernel modules",
        f"The open ones start at Turing and do not drive {facts.build.gpu.name}; nouveau has crashed the kernel when "
        "it let go of such cards.",
        "Install the proprietary driver and put nouveau on the blacklist of the initial RAM disk.",
    )


def pytorch_wheels(facts: Facts) -> Verdict | None:
    if not _before_turing(facts) or facts.workload.runtime not in PYTORCH_RUNTIMES:
        return None
    return note(
        "Mind the PyTorch wheel",
        f"From 2.11 only the cu126 wheels hold code for {facts.build.gpu.name}; up to 2.10 the cu128 ones do as well.",
        "Use a cu126 wheel, or 2.10 and older.",
    )


def pytorch_removal(facts: Facts) -> Verdict | None:
    if not _before_turing(facts) or facts.workload.runtime not in PYTORCH_RUNTIMES:
        return None
    return note(
        "PyTorch may end with 2.14",
        f"Removing wheels for {facts.build.gpu.name} in 2.15 is proposed; whether it was decided is not known.",
        "Keep the wheels that work.",
    )


def fabric_manager_needed(facts: Facts) -> Verdict | None:
    carrier = facts.build.carrier
    if carrier is None or not carrier.needs_fabric_manager:
        return None
    return caution(
        "Fabric Manager is needed",
        f"{carrier.name} joins its {carrier.sockets} sockets by NVSwitch: without Fabric Manager of exactly the "
        "driver's version, CUDA does not start on any GPU.",
        "Install it together with the driver and hold both at one version.",
    )


def fabric_manager_not_needed(facts: Facts) -> Verdict | None:
    carrier = facts.build.carrier
    if carrier is None or carrier.needs_fabric_manager or not has_nvlink(carrier):
        return None
    return ok("No Fabric Manager needed", f"{carrier.name} links its sockets directly, without NVSwitch.")


def windows(facts: Facts) -> Verdict | None:
    if facts.build.gpu.architecture != "volta":
        return None
    return note(
        "Linux is the easier way",
        "On Windows use TCC mode: 99.8 tokens a second were measured with it, 56.8 in MCDM mode and 47 under WSL2 on "
        f"the same card; there is no official NCCL. {facts.build.gpu_count} GPUs also want Above 4G Decoding there.",
    )


def killed_jobs(facts: Facts) -> Verdict | None:
    if not _on_nvlink(facts):
        return None
    return note(
        "Do not kill jobs that use NVLink",
        f"kill -9 on a job over {facts.build.gpu_count} GPUs can leave the links in error (Xid 74), which only a cold "
        "start mends.",
        "End them with an ordinary signal.",
    )


def nccl_version(facts: Facts) -> Verdict | None:
    if not _before_turing(facts) or facts.workload.tensor_parallel < 2:
        return None
    return note(
        "Use a recent NCCL",
        f"NCCL 2.18 fails with driver R580; tensor parallelism over {facts.workload.tensor_parallel} GPUs uses it.",
        "Install 2.29 or newer.",
    )


RULES = (
    Rule("cuda-13", 43, "GPUs before Turing", sources.CUDA_13, cuda_13),
    Rule("driver-595", 44, "GPUs before Turing", sources.PICO, driver_595),
    Rule("open-kernel-modules", 45, "GPUs before Turing", sources.UNKNOWN_REPOSITORY, open_kernel_modules),
    Rule("pytorch-wheels", 46, "vLLM's family on GPUs before Turing", sources.PYTORCH_WHEELS, pytorch_wheels),
    Rule("pytorch-removal", 47, "vLLM's family on GPUs before Turing", sources.PYTORCH_REMOVAL, pytorch_removal),
    Rule("fabric-manager-needed", 55, "NVSwitch servers", sources.FABRIC_MANAGER, fabric_manager_needed),
    Rule("fabric-manager-not-needed", 56, "NVLink without NVSwitch", sources.FABRIC_MANAGER, fabric_manager_not_needed),
    Rule("windows", 57, "V100", sources.V100_LLM_KIT, windows),
    Rule("killed-jobs", 58, "several GPUs on NVLink", sources.UNKNOWN_REPOSITORY, killed_jobs),
    Rule("nccl-version", 59, "tensor parallelism on GPUs before Turing", sources.UNKNOWN_REPOSITORY, nccl_version),
)
