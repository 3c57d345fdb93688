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
        "row-cursor": "#2a3a50",
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
        "row-cursor": "#00458a",
        "row-cursor-blurred": "#2e2e2e",
        "border": "#ffffff",
    },
)

OURS = (DARK, LIGHT, HIGH_CONTRAST)


def defaults_for(theme: Theme) -> dict[str, str]:
    """The variables that our style sheet names, in the colours of a `theme` that does not know them."""
    success = theme.success or theme.primary
    error = theme.error or theme.secondary or theme.primary
    foreground = theme.foreground or ("#e0e0e0" if theme.dark else "#1f1f1f")
    return {
        "up": success,
        "down": error,
        "live": success,
        "delayed": theme.warning or theme.primary,
        "stale": error,
        "faint": foreground if theme.ansi else f"{foreground} 65%",
        "row-cursor": f"{theme.primary} 30%",
        "row-cursor-blurred": f"{theme.primary} 12%",
    }


def choose(wanted: str, available: Mapping[str, Theme], *, no_color: bool) -> tuple[str, str]:
    """The theme to show for the setting `wanted`, and a sentence for the user if it is another one."""
    theme = available.get(wanted)
    if theme is None:
        names = ", ".join(ours.name for ours in OURS)
        return DEFAULT_THEME, f"There is no theme “{wanted}”. Shown is {DEFAULT_THEME}; ours are {names}."
    if theme.ansi and no_color:
        # Textual takes the colours of these themes from the terminal, and NO_COLOR takes them away again.
        return DEFAULT_THEME, f"The theme “{wanted}” cannot be shown under NO_COLOR. Shown is {DEFAULT_THEME}."
    return wanted, ""
