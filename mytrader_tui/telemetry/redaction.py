"""Striking secrets out of what is logged, by their values, wherever they turn up."""

from collections.abc import Iterable

from mytrader_tui.settings import Secret

STRUCK = "***"


class Redaction:
    """Knows the secrets that no log may hold."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = tuple(secrets)

    def of(self, text: str) -> str:
        """`text` without any of the secrets."""
        for secret in self._secrets:
            text = text.replace(secret.reveal(), STRUCK)
        return text
