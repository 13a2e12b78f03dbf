"""A tiny llama model with random weights, small enough to write in a test.

llama.cpp loads it like any other GGUF file and generates (meaningless) text
from it, so that requests, streams and errors have the exact shape that
llama.cpp gives them, without a download.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = NDArray[np.float32]

__all__ = ["CHAT_TEMPLATE", "write_tiny_gguf"]

# llama.cpp learns from the template how a model calls tools: it renders a few
# conversations and compares. It recognises calls written this way, as Hermes
# and Qwen write them, so requests that carry tools and earlier calls are
# accepted. Random weights will hardly write a call of their own, not even a
# required one: the grammar allows any text before it.
CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% if tools %}<tools>\n{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}</tools>\n{% endif %}"
    "{% for message in messages %}"
    "<{{ message.role }}>{{ message.content or '' }}"
    "{% for call in message.tool_calls or [] %}"
    '\n<tool_call>\n{"name": "{{ call.function.name }}", '
    '"arguments": {{ call.function.arguments | tojson }}}\n</tool_call>'
    "{% endfor %}"
    "</{{ message.role }}>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)

_UNK, _BOS, _EOS = 0, 1, 2
_SPECIAL = ("<unk>", "<s>", "</s>")
# The embedding column that carries a constant through the network.
_CARRIER = 0


@dataclass(frozen=True)
class _Shape:
    """Dimensions of the network; the head width must suit llama.cpp's attention kernels."""

    layers: int = 2
    width: int = 64
    heads: int = 4
    hidden: int = 128

    @property
    def vocabulary(self) -> int:
        return len(_SPECIAL) + 256


def write_tiny_gguf(path: str | Path, *, embeddings: bool = False, context: int = 2048, seed: int = 0) -> Path:
    """Write the model to `path` and return it; the same arguments give the same bytes.

    `embeddings` names mean pooling in the file, which is what makes the
    server answer /v1/embeddings with one vector for each input.
    """
    from gguf import GGUFWriter

    target = Path(path)
    shape = _Shape()
    writer = GGUFWriter(target, "llama")
    _describe(writer, shape, embeddings=embeddings, context=context)
    _add_vocabulary(writer)
    for name, weights in _tensors(shape, seed):
        writer.add_tensor(name, weights)
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()
    return target


def _describe(writer: Any, shape: _Shape, *, embeddings: bool, context: int) -> None:
    """Write the hyperparameters that llama.cpp asks for."""
    from gguf import LlamaFileType, PoolingType

    writer.add_name("tiny-embedding" if embeddings else "tiny-chat")
    writer.add_file_type(LlamaFileType.ALL_F32)
    writer.add_context_length(context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_vocab_size(shape.vocabulary)
    if embeddings:
        writer.add_pooling_type(PoolingType.MEAN)


def _add_vocabulary(writer: Any) -> None:
    """Three special tokens and one token per byte, so that any text can be tokenized."""
    from gguf import TokenType

    writer.add_tokenizer_model("llama")
    writer.add_token_list([*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))])
    writer.add_token_scores([0.0] * (len(_SPECIAL) + 256))
    writer.add_token_types([TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL] + [TokenType.BYTE] * 256)
    writer.add_unk_token_id(_UNK)
    writer.add_bos_token_id(_BOS)
    writer.add_eos_token_id(_EOS)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _tensors(shape: _Shape, seed: int) -> Iterator[tuple[str, Weights]]:
    """Yield every tensor by the name llama.cpp looks it up with."""
    import numpy as np

    random = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> Weights:
        return random.normal(0.0, columns**-0.5, (rows, columns)).astype(np.float32)

    def residual(columns: int) -> Weights:
        weights = matrix(shape.width, columns)
        weights[_CARRIER] = 0.0
        return weights

    embedding, output = matrix(shape.vocabulary, shape.width), matrix(shape.vocabulary, shape.width)
    _prefer_printable(embedding, output)
    ones = np.ones(shape.width, dtype=np.float32)
    yield "token_embd.weight", embedding
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", ones
        for part in ("attn_q", "attn_k", "attn_v"):
            yield block + part + ".weight", matrix(shape.width, shape.width)
        yield block + "attn_output.weight", residual(shape.width)
        yield block + "ffn_norm.weight", ones
        yield block + "ffn_gate.weight", matrix(shape.hidden, shape.width)
        yield block + "ffn_up.weight", matrix(shape.hidden, shape.width)
        yield block + "ffn_down.weight", residual(shape.hidden)
    yield "output_norm.weight", ones
    yield "output.weight", output


def _prefer_printable(embedding: Weights, output: Weights) -> None:
    """Make the model write printable ASCII, and never end by itself.

    A llama network has no bias to say so with. One column of the embedding
    that is the same for every token, and that no layer writes to, serves as
    one: the output rows read it with one sign for the wanted tokens and the
    other for the rest. An answer then ends at a stop text or a token limit,
    not at a length that chance picks.
    """
    embedding[:, _CARRIER] = 4.0
    output[:, _CARRIER] = -2.0
    output[[len(_SPECIAL) + byte for byte in range(0x20, 0x7F)], _CARRIER] = 2.0
