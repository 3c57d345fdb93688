"""Our themes, and the colours that every other theme gets so that prices read alike in all of them."""

from collections.abc import Mapping

from textual.theme import Theme

DEFAULT_THEME = "mytrader-dark"

DARK = Theme(
    name=DEFAULT_THEME,
    primary="#6ea8d8",
    secondary="#8a93a6",
    accent="#e0b35c",
    warning="#e0b35c",
    error="#f0787a",
    success="#5fc98f",
    foreground="#d5dae3",
    background="#11151c",
    surface="#171c25",
    panel="#1e2530",
    dark=True,
    variables={
        "up": "#5fc98f",
        "down": "#f0787a",
        "live": "#5fc98f",
        "delayed": "#e0b35c",
        "stale": "#ff6b6b",
        "faint": "#8a93a6",
        "row-cursor": "#233249",
        "row-cursor-blurred": "#1d2430",
        "border": "#6ea8d8",
    },
)

LIGHT = Theme(
    name="mytrader-light",
    primary="#1f5f99",
    secondary="#5c6675",
    accent="#8a5a00",
    warning="#8a5a00",
    error="#b3261e",
    success="#11703c",
    foreground="#1d232d",
    background="#fafaf7",
    surface="#f1f1ec",
    panel="#e6e7e2",
    dark=False,
    variables={
        "up": "#11703c",
        "down": "#b3261e",
        "live": "#11703c",
        "delayed": "#8a5a00",
        "stale": "#b3261e",
        "faint": "#5c6675",
        "row-cursor": "#cfe0f2",
        "row-cursor-blurred": "#e4e8ec",
        "border": "#1f5f99",
    },
)

HIGH_CONTRAST = Theme(
    name="mytrader-contrast",
    primary="#7fc8ff",
    secondary="#e0e0e0",
    accent="#ffd75f",
    warning="#ffd75f",
    error="#ff8f8f",
    success="#6dff9d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    dark=True,
    variables={
        "up": "#6dff9d",
        "down": "#ff8f8f",
        "live": "#6dff9d",
        "delayed": "#ffd75f",
        "stale": "#ff8f8f",
        "faint": "#d0d0d0",
        "row-cursor": "#003a75",
        "row-cursor-blurred": "#2e2e2e",
        "border": "#ffffff",
    },
)

OF_16 = Theme(
    name="mytrader-16",
    ansi=True,
    primary="ansi_bright_cyan",
    secondary="ansi_white",
    accent="ansi_bright_yellow",
    warning="ansi_bright_yellow",
    error="ansi_bright_red",
    success="ansi_bright_green",
    foreground="ansi_white",
    background="ansi_black",
    surface="ansi_black",
    panel="ansi_black",
    boost="ansi_black",
    dark=True,
    variables={
        "up": "ansi_bright_green",
        "down": "ansi_bright_red",
        "live": "ansi_bright_green",
        "delayed": "ansi_bright_yellow",
        "stale": "ansi_bright_red",
        "faint": "ansi_white",
        "row-cursor": "ansi_blue",
        "row-cursor-blurred": "ansi_black",
        "border": "ansi_white",
        "border-blurred": "ansi_white",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "block-cursor-foreground": "ansi_bright_white",
        "block-cursor-background": "ansi_blue",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_bright_white",
        "screen-selection-background": "ansi_blue",
        "screen-selection-foreground": "ansi_bright_white",
        "scrollbar": "ansi_white",
        "scrollbar-background": "ansi_black",
    },
)
"""For terminals that have no more: Rich would take the nearest of the 16 for each colour, and many would fall together.

Grounds are black and blue, which every such terminal has as grounds; the Linux console has eight of them.
"""

OURS = (DARK, LIGHT, HIGH_CONTRAST)


def choose(wanted: str, available: Mapping[str, Theme], *, no_color: bool, few: bool = False) -> tuple[str, str]:
    """The theme to show for the setting `wanted`, and a sentence for the user if it is another one.

    `few` is for a terminal of 16 colours: without a word it gets the theme that is made of them.
    """
    theme = available.get(wanted)
    if theme is None:
        names = ", ".join(ours.name for ours in (*OURS, OF_16))
        return DEFAULT_THEME, f"There is no theme “{wanted}”. Shown is {DEFAULT_THEME}; ours are {names}."
    if theme.ansi and no_color:
        # Textual takes the colours of these themes from the terminal, and NO_COLOR takes them away again.
        return DEFAULT_THEME, f"The theme “{wanted}” cannot be shown under NO_COLOR. Shown is {DEFAULT_THEME}."
    if few and not theme.ansi and not no_color:
        return OF_16.name, ""
    return wanted, ""
