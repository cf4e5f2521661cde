"""The mailbox behind an address, and the keyed hash by which it is remembered when its person's data are deleted."""

from django.utils.crypto import salted_hmac


def mailbox_of(address: str) -> str:
    """Where the mails of an address arrive: ``ann+books@example.org`` is read by ``ann@example.org``."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def hash_of(address: str) -> str:
    return salted_hmac("sourcing.suppression", address, algorithm="sha256").hexdigest()


def mailbox_hash(address: str) -> str:
    return hash_of(mailbox_of(address))
