"""From what a person gives, a text or a file, to a kept model of their own."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from catalog.hf_config import UnsupportedConfig, model_spec_from_config
from catalog.hf_quantization import checkpoint_quant as quantised_as
from catalog.hf_quantization import checkpoint_spec
from catalog.specs import ModelSpec
from configurator.estimation.checkpoint import tower_bytes
from configurator.estimation.quantization import SAFETENSORS_QUANTS
from configurator.forms import visible
from configurator.models import OwnModel
from configurator.own_models import safetensors
from configurator.own_models.addresses import LONGEST, NotAModel, Pasted, read_pasted
from configurator.own_models.gguf import GgufError, GgufHead, GgufTruncated, read_head
from configurator.own_models.gguf_model import file_quant, model_spec_from_gguf
from configurator.own_models.hub import Hub, HubError
from configurator.own_models.safetensors import SafetensorsError

LARGEST_UPLOAD = 32 * 2**20
"""Bytes of a chosen file. A head with the largest vocabulary in use takes 25 MiB."""
_FIRST_READ = 2 * 2**20
LARGEST_HEAD = 64 * 2**20
_MOST_PARTS = 64
_MOST_CHECKPOINT_FILES = 200
_LONGEST_QUANTISATION = 16_384  # characters of a quantization_config that is kept
_LONGEST_NAME = 120
_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
_QUANT_IN_NAME = re.compile(
    r"(?:^|[-._/])((?:UD-)?(?:IQ\d_[A-Z]{1,3}|Q\d_K(?:_[A-Z]{1,2})?|Q\d_\d|TQ\d_\d|BF16|FP?16|F32|MXFP4(?:_MOE)?))"
    r"(?=[-._/])",
    re.IGNORECASE,
)
# The hub's own names for it, whichever mirror is set.
_HUGGING_FACE = ("huggingface.co", "www.huggingface.co", "hf.co")


class CannotAdd(ValueError):
    """No model could be made of what was given. ``key`` names the key in the way, where there is one."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A GGUF file of a repository, all its parts together."""

    quant: str  # as its name says, such as UD-Q4_K_XL; empty where it does not
    size_bytes: int
    path: str  # of the first part


class ChooseFile(Exception):
    """The repository holds several GGUF files and nothing else to go by; ``files`` are they."""

    def __init__(self, repository: str, files: Sequence[KnownFile]) -> None:
        super().__init__(repository)
        self.repository = repository
        self.files = tuple(files)


def add_text(text: str) -> OwnModel:
    """Keep the model a pasted name, address or config.json describes.

    Raises CannotAdd with a sentence for the person, ChooseFile where one of several files must be picked.
    """
    try:
        pasted = read_pasted(text, _hub_hosts())
        if pasted.config:
            return _add_config(_config_from_text(pasted.config), name="", address="")
        with Hub() as hub:
            return _add_from_hub(hub, pasted)
    except (NotAModel, HubError, SafetensorsError) as error:
        raise CannotAdd(str(error)) from None


def add_file(name: str, start: bytes) -> OwnModel:
    """Keep the model of a chosen file, GGUF or config.json; its first ``LARGEST_UPLOAD`` bytes are enough.

    Raises CannotAdd.
    """
    name = _tidy(name) or "the file"
    if start[:4] == b"GGUF":
        head = _head_or_refusal(start, name)
        parts = head.metadata.get("split.count")
        if isinstance(parts, int) and parts > 1:
            raise CannotAdd(
                f"{name} is one of {parts} parts. Paste the address of the first part on the hub, which leads to all.",
                "split.count",
            )
        return _add_gguf(head, name, address="")
    try:
        text = start.decode()
    except UnicodeDecodeError:
        raise CannotAdd(f"{name} is neither a GGUF file nor a config.json.") from None
    if len(text) > LONGEST:
        raise CannotAdd(f"{name} is too long for a config.json: it has more than {LONGEST:,} characters.")
    return _add_config(_config_from_text(text), name="", address="")


def _hub_hosts() -> tuple[str, ...]:
    own = urlsplit(settings.HF_ENDPOINT).netloc.lower()
    return tuple(dict.fromkeys((own, *_HUGGING_FACE)))


def _config_from_text(text: str) -> Mapping[str, Any]:
    try:
        config = json.loads(text)
    except RecursionError:
        raise CannotAdd("This config.json is nested too deeply.") from None
    except ValueError as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CannotAdd(f"This is not a whole config.json{where}. Copy it again, from brace to brace.") from None
    if not isinstance(config, dict):
        raise CannotAdd("A config.json is an object; it begins with a brace.")
    return config


def _add_from_hub(hub: Hub, pasted: Pasted) -> OwnModel:
    repository, address = pasted.repository, f"{hub.endpoint}/{pasted.repository}"
    if pasted.path and not pasted.path.endswith(".gguf"):
        if not pasted.path.endswith("config.json"):
            raise CannotAdd("Of single files, GGUF files and config.json are read. Paste the model's name instead.")
        return _add_config(hub.config(repository), name=repository, address=address)
    sizes = hub.repository_files(repository)
    known = known_files(sizes)
    if pasted.path:
        return _add_gguf_from_hub(hub, pasted, pasted.path, known)
    if pasted.wanted or ("config.json" not in sizes and known):
        return _add_gguf_from_hub(hub, pasted, _wanted_file(repository, known, pasted.wanted).path, known)
    if "config.json" not in sizes:
        raise CannotAdd(f"{repository} holds neither a config.json nor a GGUF file, so there is nothing to go by.")
    config = hub.config(repository)
    checkpoint = sorted(path for path in sizes if path.endswith(".safetensors") and "/" not in path)
    return _add_config(config, name=repository, address=address, hub=hub, checkpoint=checkpoint, known=known)


def _wanted_file(repository: str, known: Sequence[KnownFile], wanted: str) -> KnownFile:
    if wanted:
        named = [file for file in known if file.quant.upper() == wanted.upper()]
        if not named:
            quants = ", ".join(file.quant for file in known if file.quant) or "none"
            raise CannotAdd(f"{repository} has no GGUF file {wanted[:40]}. It has: {quants}.")
        return named[0]
    if len(known) == 1:
        return known[0]
    raise ChooseFile(repository, known)


def known_files(sizes: Mapping[str, int]) -> list[KnownFile]:
    """The GGUF files among a repository's, parts summed up, smallest first; projectors for pictures left out."""
    found: dict[str, tuple[str, int]] = {}
    for path in sorted(sizes):
        name = path.rpartition("/")[2]
        if not path.endswith(".gguf") or name.lower().startswith(("mmproj", "imatrix")):
            continue
        whole = _PART.sub(".gguf", path)
        first, size = found.get(whole, (path, 0))
        found[whole] = (first, size + sizes[path])
    files = [KnownFile(_quant_in_name(whole), size, first) for whole, (first, size) in found.items()]
    return sorted(files, key=lambda file: (file.size_bytes, file.path))


def _quant_in_name(path: str) -> str:
    """The last quantisation in a file's path, which names it: the folder may name one too."""
    found = _QUANT_IN_NAME.findall(path)
    return found[-1].upper().replace("FP16", "F16") if found else ""


def _add_gguf_from_hub(hub: Hub, pasted: Pasted, path: str, known: Sequence[KnownFile]) -> OwnModel:
    matched = _PART.search(path)
    count = int(matched[2]) if matched else 1
    if not 1 <= count <= _MOST_PARTS:
        raise CannotAdd(f"This file has {count} parts; at most {_MOST_PARTS} are read.")
    paths = [_PART.sub(f"-{number:05}-of-{count:05}.gguf", path) for number in range(1, count + 1)]
    heads = [_head_from_hub(hub, pasted, part) for part in paths]
    tensors = tuple(tensor for head in heads for tensor in head.tensors)
    head = GgufHead(heads[0].metadata, heads[0].lengths, tensors)
    address = hub.endpoint + hub.file_path(pasted.repository, paths[0], pasted.revision)
    return _add_gguf(head, paths[0].rpartition("/")[2], address, known, repository=pasted.repository)


def _head_from_hub(hub: Hub, pasted: Pasted, path: str) -> GgufHead:
    """The head of one file, read in larger and larger pieces: most are under 2 MiB only in parts after the first."""
    address, read, wanted = hub.file_path(pasted.repository, path, pasted.revision), b"", _FIRST_READ
    while True:
        read += hub.read(address, path, start=len(read), length=wanted - len(read))
        try:
            return read_head(read)
        except GgufTruncated:
            if len(read) < wanted or wanted >= LARGEST_HEAD:
                raise CannotAdd(f"{path} ends before its head does, so it is not a whole GGUF file.") from None
            wanted *= 4
        except GgufError as error:
            raise CannotAdd(f"{path}: {error}") from None


def _head_or_refusal(start: bytes, name: str) -> GgufHead:
    try:
        return read_head(start)
    except GgufTruncated:
        raise CannotAdd(f"{name} ends before its head does. Send more of it: {LARGEST_UPLOAD // 2**20} MiB.") from None
    except GgufError as error:
        raise CannotAdd(f"{name}: {error}") from None


def _add_gguf(
    head: GgufHead, file_name: str, address: str, known: Sequence[KnownFile] = (), *, repository: str = ""
) -> OwnModel:
    name = _tidy(_PART.sub("", file_name).removesuffix(".gguf"))
    try:
        model_spec_from_gguf(head, "own", name)
    except GgufError as error:
        raise CannotAdd(str(error), getattr(error, "key", "")) from None
    content = {
        "metadata": _kept_metadata(head),
        "tensors": [[tensor.name, list(tensor.shape), tensor.ggml_type] for tensor in head.tensors],
    }
    return _kept(
        kind="gguf",
        name=name or "GGUF file",
        address=address,
        repository=repository,
        content=content,
        quant=file_quant(head),
        weights_bytes=sum(tensor.stored_bytes for tensor in head.tensors),
        known=known,
    )


def _kept_metadata(head: GgufHead) -> dict[str, Any]:
    """What a model is read from: its architecture's whole numbers, flags and lists of them."""
    architecture = str(head.metadata.get("general.architecture"))
    wanted = ("general.architecture", "general.file_type")
    return {
        key: value
        for key, value in head.metadata.items()
        if key in wanted or (key.startswith(f"{architecture}.") and _whole(value))
    }


def _whole(value: object) -> bool:
    """Whether it is a whole number, a flag or a list of them. Real numbers scale values, never sizes."""
    return isinstance(value, int) or (isinstance(value, tuple) and all(isinstance(each, int) for each in value))


def _add_config(
    config: Mapping[str, Any],
    *,
    name: str,
    address: str,
    hub: Hub | None = None,
    checkpoint: Sequence[str] = (),
    known: Sequence[KnownFile] = (),
) -> OwnModel:
    try:
        model = model_spec_from_config(config, "own")
    except UnsupportedConfig as error:
        raise CannotAdd(f"{error.message}. Nothing is estimated.", error.key) from None
    quant = checkpoint_quant(config) if checkpoint else ""
    weights_bytes = None
    if hub is not None and quant:
        weights_bytes = _checkpoint_bytes(hub, name, checkpoint, model, quant)
    return _kept(
        kind="config",
        name=_tidy(name.rpartition("/")[2]) or model.name,
        address=address,
        repository=name,
        content={"config": _kept_config(config)},
        quant=quant,
        weights_bytes=weights_bytes,
        known=known,
    )


def _kept_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The config without what it says of quantisation, if that is too long to keep or not understood."""
    described = config.get("quantization_config")
    short = len(json.dumps(described)) <= _LONGEST_QUANTISATION
    keep = short and checkpoint_spec(config) is not None
    return {key: value for key, value in config.items() if keep or key != "quantization_config"}


def checkpoint_quant(config: Mapping[str, Any]) -> str:
    """The quantisation of the checkpoint beside a config.json, by the names of QUANTS; empty where not understood."""
    described = config.get("quantization_config")
    if described is None:
        inner = config.get("text_config")
        holders = [holder for holder in (config, inner) if isinstance(holder, Mapping)]
        kinds = [str(holder[key]) for holder in holders for key in ("torch_dtype", "dtype") if holder.get(key)]
        return {"bfloat16": "BF16", "float16": "F16", "float32": "F32"}.get(kinds[0] if kinds else "", "")
    return quantised_as(described)


def _checkpoint_bytes(hub: Hub, repository: str, paths: Sequence[str], model: ModelSpec, quant: str) -> int | None:
    """Bytes of the checkpoint, from the heads of its files; None where there are too many files. A quantised one
    counts with the tower and the drafting blocks that its plan counts, one at 16 bits as its GGUF file would be."""
    if len(paths) > _MOST_CHECKPOINT_FILES:
        return None
    files = []
    for path in paths:
        address = hub.file_path(repository, path)
        start = hub.read(address, path, length=_FIRST_READ // 8)
        length = safetensors.head_length(start)
        rest = safetensors.LENGTH_BYTES + length - len(start)
        if rest > 0:
            start += hub.read(address, path, start=len(start), length=rest)
        files.append(safetensors.tensor_bytes(start[safetensors.LENGTH_BYTES :][:length]))
    found = safetensors.checkpoint_bytes(files, model.n_layers)
    if quant not in SAFETENSORS_QUANTS:
        return found.language
    return found.language + found.mtp + (found.other if tower_bytes(model) else 0)


def _tidy(name: str) -> str:
    """A name from outside, without control and direction characters, of a bearable length."""
    return " ".join("".join(c for c in name if visible(c) and c not in "\r\n\t").split())[:_LONGEST_NAME]


def _kept(
    *,
    kind: str,
    name: str,
    address: str,
    repository: str,
    content: Mapping[str, Any],
    quant: str,
    weights_bytes: int | None,
    known: Sequence[KnownFile],
) -> OwnModel:
    """The row of this content: the same content has the same slug, so adding it twice keeps it once."""
    files = [{"quant": file.quant, "size_bytes": file.size_bytes, "path": file.path} for file in known]
    values = {
        "kind": kind,
        "name": name,
        "address": address,
        "repository": repository,
        "content": content,
        "quant": quant,
        "weights_bytes": weights_bytes,
        "files": files,
    }
    try:
        written = json.dumps(values, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise CannotAdd("It holds a number or a character that JSON does not have.") from None
    if b"\\u0000" in written:
        raise CannotAdd("It holds a NUL character.")
    digest = hashlib.sha256(written).hexdigest()
    own_model, _ = OwnModel.objects.get_or_create(slug=f"{OwnModel.PREFIX}{digest[:16]}", defaults=values)
    return own_model
