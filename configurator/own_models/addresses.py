"""What a person pasted, told apart: a config.json, a repository of the hub, or one file in it. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}"
_REPOSITORY = re.compile(rf"({_NAME}/{_NAME})(?::([A-Za-z0-9_.-]{{1,40}}))?")
LONGEST = 200_000
"""Characters of a pasted text; a config.json with every quantised module listed has some ten thousand."""


class NotAModel(ValueError):
    """The pasted text is none of what is understood; the message says what is."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """``config`` holds the text of a config.json; else ``repository`` is one of the hub, ``path`` a file in it or
    empty, ``wanted`` the quantisation named after a colon."""

    config: str = ""
    repository: str = ""
    revision: str = "main"
    path: str = ""
    wanted: str = ""


def read_pasted(text: str, hub_hosts: tuple[str, ...]) -> Pasted:
    """Tell what ``text`` is. Raises NotAModel."""
    text = text.strip()
    if len(text) > LONGEST:
        raise NotAModel(f"The text has more than {LONGEST:,} characters. Paste a config.json, or an address.")
    if text.startswith("{"):
        return Pasted(config=text)
    if "://" in text:
        return _from_address(text, hub_hosts)
    host, _, rest = text.partition("/")
    if host.lower() in hub_hosts:
        return _from_path(rest)
    return _from_path(text)


def _from_address(text: str, hub_hosts: tuple[str, ...]) -> Pasted:
    try:
        parts = urlsplit(text)
        host = parts.netloc.lower()
    except ValueError:
        raise NotAModel("This address cannot be read.") from None
    if parts.scheme not in ("http", "https") or host not in hub_hosts:
        raise NotAModel(
            f"Only addresses on {hub_hosts[0]} are read. For a file from elsewhere, choose it below: "
            "its first megabytes are enough."
        )
    return _from_path(unquote(parts.path).strip("/"))


def _from_path(path: str) -> Pasted:
    pieces = path.strip("/").split("/")
    matched = _REPOSITORY.fullmatch("/".join(pieces[:2]))
    if matched is None:
        raise NotAModel(
            "Paste a model's name on the hub, such as Qwen/Qwen3-8B, the address of a GGUF file, or a config.json "
            "(it begins with a brace)."
        )
    repository, wanted = matched[1], matched[2] or ""
    if len(pieces) >= 5 and pieces[2] in ("blob", "resolve", "raw"):
        inside = pieces[4:]
        if any(piece in ("", ".", "..") for piece in inside) or pieces[3] in ("", ".", ".."):
            raise NotAModel("This address has an empty part. Copy it again from the hub.")
        return Pasted(repository=repository, revision=pieces[3], path="/".join(inside), wanted=wanted)
    return Pasted(repository=repository, wanted=wanted)
