"""The names of the themes: ours, and Textual's, which is not asked for them since that would load it."""

from typing import Literal, get_args

ThemeName = Literal[
    "mytrader-dark",
    "mytrader-light",
    "mytrader-contrast",
    "mytrader-16",
    "textual-dark",
    "textual-light",
    "nord",
    "gruvbox",
    "catppuccin-mocha",
    "dracula",
    "tokyo-night",
    "monokai",
    "flexoki",
    "catppuccin-latte",
    "catppuccin-frappe",
    "catppuccin-macchiato",
    "solarized-light",
    "solarized-dark",
    "rose-pine",
    "rose-pine-moon",
    "rose-pine-dawn",
    "atom-one-dark",
    "atom-one-light",
    "ansi-dark",
    "ansi-light",
]
"""What `[ui] theme` and `--theme` may be."""

THEMES: tuple[str, ...] = get_args(ThemeName)
