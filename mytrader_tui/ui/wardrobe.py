"""What a theme is chosen from and put on by."""

from typing import NamedTuple, Protocol


class Look(NamedTuple):
    """A theme and the switch of its colours, by name."""

    theme: str
    colours: str


class Wardrobe(Protocol):
    """What there is to wear, what is worn, and whether it is kept."""

    theme_variables: dict[str, str]

    @property
    def wearable(self) -> tuple[str, ...]:
        """The names of the themes that this terminal can show, ours first."""

    @property
    def look(self) -> Look:
        """What is worn."""

    def wear(self, look: Look) -> None:
        """Put `look` on."""

    def keep(self, look: Look) -> None:
        """Put `look` on, also after a restart."""
