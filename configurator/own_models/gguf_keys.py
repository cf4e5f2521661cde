"""Reading single keys of a GGUF file's metadata: their names, types and bounds. Pure."""

from collections.abc import Mapping

from configurator.own_models.gguf import GgufError, Value

MOST_LAYERS = 512  # llama.cpp takes no more
_MOST = 2**31 - 1


class UnsupportedGguf(GgufError):
    """The head was read, but the model in it is not understood. ``key`` is the key or tensor in the way."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class ArchitectureKeys:
    """The keys of one architecture, asked for without its name in front of them."""

    def __init__(self, metadata: Mapping[str, Value], architecture: str) -> None:
        self._metadata = metadata
        self.architecture = architecture

    def full(self, key: str) -> str:
        return f"{self.architecture}.{key}"

    def present(self) -> frozenset[str]:
        """The keys the file has, without the architecture in front."""
        start = self.full("")
        return frozenset(name.removeprefix(start) for name in self._metadata if name.startswith(start))

    def raw(self, key: str) -> Value | None:
        return self._metadata.get(self.full(key))

    def optional_count(self, key: str, most: int = _MOST) -> int | None:
        """The whole number under ``key``; a list of equal ones, one a layer, counts as one. None where it is absent.

        Raises UnsupportedGguf where it is anything else, or out of bounds.
        """
        value = self.raw(key)
        if isinstance(value, tuple):
            if len(set(value)) != 1:
                raise UnsupportedGguf(
                    self.full(key), f"{self.full(key)} differs from layer to layer, which is not understood here."
                )
            value = value[0]
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise UnsupportedGguf(self.full(key), f"{self.full(key)} must be a whole number from 0 to {most:,}.")
        return value

    def count(self, key: str, most: int = _MOST) -> int:
        """The same for a key that must be there and more than zero."""
        value = self.optional_count(key, most)
        if not value:
            raise UnsupportedGguf(self.full(key), f"{self.full(key)} is missing, so nothing can be estimated.")
        return value

    def counts(self, key: str, layers: int) -> tuple[int, ...]:
        """One whole number a layer; a single number stands for all."""
        value = self.raw(key)
        if not isinstance(value, tuple):
            return (self.count(key),) * layers
        numbers = tuple(n for n in value if isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= _MOST)
        if len(numbers) != len(value) or len(numbers) < layers:
            raise UnsupportedGguf(self.full(key), f"{self.full(key)} must hold one whole number a layer.")
        return numbers[:layers]
