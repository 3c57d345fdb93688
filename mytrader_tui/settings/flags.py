"""What the command line says of one run: it goes before config.toml and is kept nowhere."""

from typing import get_args

import msgspec
from msgspec.structs import replace

from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.explain import expected, nearest, shown
from mytrader_tui.settings.lists import canonical_symbols
from mytrader_tui.settings.opening import AS_LEFT, Opening
from mytrader_tui.settings.schema import AlpacaFeed, Settings
from mytrader_tui.settings.theme_names import ThemeName

FEEDS: tuple[str, ...] = get_args(AlpacaFeed)


class Flags(msgspec.Struct, frozen=True, kw_only=True):
    """The flags as they were given; None, or False, where one was not."""

    theme: str | None = None
    list_name: str | None = None
    symbols: str | None = None
    feed: str | None = None
    no_alpaca: bool = False
    no_yahoo: bool = False
    no_history: bool = False

    @property
    def given(self) -> bool:
        """True if any was."""
        return self != NO_FLAGS

    def over(self, settings: Settings) -> Settings:
        """`settings` with what the flags say in their place. Raises SettingsError, which names the flag.

        The theme is checked and not among it: it also goes before what was chosen by key, which only the screen knows.
        """
        if self.theme is not None:
            _one_of("--theme", self.theme, ThemeName)
        alpaca, yahoo, history = settings.alpaca, settings.yahoo, settings.history
        if self.feed is not None:
            alpaca = replace(alpaca, feed=_one_of("--feed", self.feed, AlpacaFeed))
        if self.no_alpaca:
            alpaca = replace(alpaca, enabled=False)
        if self.no_yahoo:
            yahoo = replace(yahoo, enabled=False)
        if self.no_history:
            history = replace(history, enabled=False)
        return replace(settings, alpaca=alpaca, yahoo=yahoo, history=history)

    def opening(self, names: tuple[str, ...]) -> Opening:
        """The list that the run begins with, where `names` are those there are. Raises SettingsError."""
        if self.symbols is not None and self.list_name is not None:
            raise SettingsError("--list and --symbols exclude each other: a run begins with one list")
        if self.symbols is not None:
            return Opening(symbols=_symbols(self.symbols))
        return Opening(name=_name(self.list_name, names)) if self.list_name is not None else AS_LEFT


NO_FLAGS = Flags()


def _one_of(flag: str, text: str, names: object) -> str:
    """`text`, if it is one of the literal `names`. Raises SettingsError."""
    if text not in get_args(names):
        raise SettingsError(f"{flag} {shown(text)}: expected {expected(names)}")
    return text


def _symbols(text: str) -> tuple[str, ...]:
    words = text.replace(",", " ").replace(";", " ").split()
    if not words:
        raise SettingsError('--symbols: names no symbol; expected some with blanks between them, such as "AAPL MSFT"')
    try:
        return canonical_symbols(words)
    except ValueError as error:
        raise SettingsError(f"--symbols: {error}") from error


def _name(text: str, names: tuple[str, ...]) -> str:
    by_folded = {name.casefold(): name for name in names}
    if (found := by_folded.get(text.casefold())) is not None:
        return found
    near = nearest(text.casefold(), by_folded)
    hint = f"did you mean {by_folded[near]}?" if near else f"known are {', '.join(names)}"
    raise SettingsError(f"--list {shown(text)}: there is no such list; {hint}")
