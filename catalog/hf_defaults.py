"""What a config.json leaves out because transformers' own class has it: a table, and filling it in. Pure.

The hub's files are written as differences from the class, so that a Gemma 3 of 4 billion parameters names neither heads
nor vocabulary. Only keys that published files are known to leave out, and that say nothing when they are missing from
another family, are filled in; a missing size such as ``hidden_size`` stays a mistake.
"""

from collections.abc import Mapping
from types import MappingProxyType

from catalog.hf_keys import Config

READ_ON = "2026-11-25"
SOURCE = "https://github.com/huggingface/transformers, src/transformers/models/*/configuration_*.py"

CLASS_DEFAULTS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        # Gemma3TextConfig, at 008f5c8c
        "gemma3": MappingProxyType(
            {
                "vocab_size": 262_208,
                "num_attention_heads": 8,
                "num_key_value_heads": 4,
                "head_dim": 256,
                "max_position_embeddings": 131_072,
                "sliding_window": 4096,
            }
        ),
        # Gemma2Config, at 008e5743
        "gemma2": MappingProxyType(
            {
                "vocab_size": 256_000,
                "num_attention_heads": 8,
                "num_key_value_heads": 4,
                "head_dim": 256,
                "max_position_embeddings": 8192,
                "sliding_window": 4096,
            }
        ),
        "qwen3": MappingProxyType({"head_dim": 128}),  # Qwen3Config, at 008e5743
        # GptOssConfig, at 02b8f42b
        "gpt_oss": MappingProxyType(
            {
                "num_attention_heads": 64,
                "num_key_value_heads": 8,
                "head_dim": 64,
                "max_position_embeddings": 131_072,
                "sliding_window": 128,
                "num_experts_per_tok": 4,
            }
        ),
        # MistralConfig, at 001f85b3 (also the text_config of Mistral3), and MixtralConfig, at 008e5743
        "mistral": MappingProxyType({"num_key_value_heads": 8, "max_position_embeddings": 131_072}),
        "mixtral": MappingProxyType(
            {
                "num_key_value_heads": 8,
                "max_position_embeddings": 131_072,
                "num_experts_per_tok": 2,
                "num_local_experts": 8,
            }
        ),
    }
)
"""Family -> keys and what the class takes for them."""


def with_class_defaults(text: Config, family: str) -> Config:
    """The keys of a language model, with those its class would add. A key that is null is the file's own word."""
    defaults = CLASS_DEFAULTS.get(family)
    return {**defaults, **text} if defaults is not None else text
