"""GGUF files for tests, written by the reference writer (the gguf package): heads without weights.

The metadata are those of published files, as llama.cpp's loader printed them in public logs; the tensors are those of
the catalog's model of the same name.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter

from catalog.specs import ModelSpec
from configurator.estimation.mixes import tensor_types
from configurator.estimation.tensors import tensors

Written = tuple[str, tuple[int, ...], str]

# general.architecture, the catalog's model, general.file_type, keys of the architecture
PUBLISHED: Mapping[str, tuple[str, int, Mapping[str, Any]]] = {
    "glm-4.5-air": (
        "glm4moe",
        7,
        {
            "block_count": 47,
            "context_length": 131072,
            "embedding_length": 4096,
            "feed_forward_length": 10944,
            "attention.head_count": 96,
            "attention.head_count_kv": 8,
            "rope.freq_base": 1000000.0,
            "attention.layer_norm_rms_epsilon": 0.00001,
            "expert_used_count": 8,
            "attention.key_length": 128,
            "attention.value_length": 128,
            "rope.dimension_count": 64,
            "expert_count": 128,
            "expert_feed_forward_length": 1408,
            "expert_shared_count": 1,
            "leading_dense_block_count": 1,
            "expert_gating_func": 2,
            "expert_weights_scale": 1.0,
            "expert_weights_norm": True,
            "nextn_predict_layers": 1,
        },
    ),
    "kimi-k2": (
        "deepseek2",
        15,
        {
            "block_count": 61,
            "context_length": 131072,
            "embedding_length": 7168,
            "feed_forward_length": 18432,
            "attention.head_count": 64,
            "attention.head_count_kv": 1,
            "rope.freq_base": 50000.0,
            "attention.layer_norm_rms_epsilon": 0.00001,
            "expert_used_count": 8,
            "leading_dense_block_count": 1,
            "vocab_size": 163840,
            "attention.q_lora_rank": 1536,
            "attention.kv_lora_rank": 512,
            "attention.key_length": 576,
            "attention.value_length": 512,
            "attention.key_length_mla": 192,
            "attention.value_length_mla": 128,
            "expert_feed_forward_length": 2048,
            "expert_count": 384,
            "expert_shared_count": 1,
            "expert_weights_scale": 2.827,
            "expert_weights_norm": True,
            "expert_gating_func": 2,
            "rope.dimension_count": 64,
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": 32.0,
            "rope.scaling.original_context_length": 4096,
            "rope.scaling.yarn_log_multiplier": 0.1,
        },
    ),
    "qwen3.6-27b": (
        "qwen35",
        15,
        {
            "block_count": 65,
            "nextn_predict_layers": 1,
            "embedding_length": 5120,
            "feed_forward_length": 17408,
            "attention.head_count": 24,
            "attention.head_count_kv": 4,
            "attention.key_length": 256,
            "attention.value_length": 256,
            "attention.layer_norm_rms_epsilon": 1e-6,
            "context_length": 262144,
            "full_attention_interval": 4,
            "rope.dimension_count": 64,
            "rope.freq_base": 10000000.0,
            "rope.dimension_sections": [11, 11, 10, 0],
            "ssm.conv_kernel": 4,
            "ssm.state_size": 128,
            "ssm.group_count": 16,
            "ssm.time_step_rank": 48,
            "ssm.inner_size": 6144,
        },
    ),
    "gpt-oss-20b": (
        "gpt-oss",
        38,
        {
            "block_count": 24,
            "context_length": 131072,
            "embedding_length": 2880,
            "feed_forward_length": 2880,
            "attention.head_count": 64,
            "attention.head_count_kv": 8,
            "attention.layer_norm_rms_epsilon": 0.00001,
            "attention.key_length": 64,
            "attention.value_length": 64,
            "attention.sliding_window": 128,
            "expert_count": 32,
            "expert_used_count": 4,
            "expert_feed_forward_length": 2880,
            "rope.freq_base": 150000.0,
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": 32.0,
            "rope.scaling.original_context_length": 4096,
        },
    ),
    "gemma-3-27b": (
        "gemma3",
        15,
        {
            "block_count": 62,
            "context_length": 131072,
            "embedding_length": 5376,
            "feed_forward_length": 21504,
            "attention.head_count": 32,
            "attention.head_count_kv": 16,
            "attention.key_length": 128,
            "attention.value_length": 128,
            "attention.layer_norm_rms_epsilon": 1e-6,
            "attention.sliding_window": 1024,
            "rope.freq_base": 1000000.0,
            "rope.scaling.type": "linear",
            "rope.scaling.factor": 8.0,
        },
    ),
    "llama-3.3-70b": (
        "llama",
        15,
        {
            "block_count": 80,
            "context_length": 131072,
            "embedding_length": 8192,
            "feed_forward_length": 28672,
            "attention.head_count": 64,
            "attention.head_count_kv": 8,
            "rope.freq_base": 500000.0,
            "attention.layer_norm_rms_epsilon": 0.00001,
            "attention.key_length": 128,
            "attention.value_length": 128,
            "vocab_size": 128256,
            "rope.dimension_count": 128,
        },
    ),
    "qwen3-30b-a3b": (
        "qwen3moe",
        15,
        {
            "block_count": 48,
            "context_length": 40960,
            "embedding_length": 2048,
            "feed_forward_length": 6144,
            "attention.head_count": 32,
            "attention.head_count_kv": 4,
            "rope.freq_base": 1000000.0,
            "attention.layer_norm_rms_epsilon": 1e-6,
            "expert_used_count": 8,
            "attention.key_length": 128,
            "attention.value_length": 128,
            "expert_count": 128,
            "expert_feed_forward_length": 768,
        },
    ),
}


def write_gguf(
    path: Path, architecture: str, keys: Mapping[str, Any], listed: Sequence[Written], **general: Any
) -> Path:
    """A GGUF file with everything but the weights. ``general`` are keys under ``general.``."""
    writer = GGUFWriter(path, architecture)
    for name, value in general.items():
        _add(writer, f"general.{name}", value)
    for name, value in keys.items():
        _add(writer, f"{architecture}.{name}", value)
    writer.add_token_list([f"token {number}" for number in range(2000)])
    writer.add_chat_template("{{ messages }}" * 500)
    for name, shape, kind in listed:
        info = (name, shape[::-1], np.dtype(np.float32), 0, GGMLQuantizationType[kind])
        writer.add_tensor_info(*info)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    return path


def _add(writer: GGUFWriter, key: str, value: Any) -> None:
    if isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    elif isinstance(value, str):
        writer.add_string(key, value)
    else:
        writer.add_array(key, value)


def tensors_of(model: ModelSpec, quant: str) -> list[Written]:
    """The tensors of the catalog's model in a file of that quantisation."""
    listed = tensors(model)
    types = tensor_types(model, quant, listed)
    return [(tensor.name, tensor.shape, kind) for tensor, kind in zip(listed, types, strict=True)]
