"""How colours look to people with dichromatic vision, and how far apart two of them then are."""

from textual.color import Color

Matrix = tuple[tuple[float, float, float], ...]

# From "A Physiologically-based Model for Simulation of Color Vision Deficiency" by Machado, Oliveira and Fernandes
# of 2009: severity 1.0, applied to linear RGB.
NORMAL: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
DEUTERANOPIA: Matrix = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
PROTANOPIA: Matrix = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)


def distance(one: Color, other: Color, vision: Matrix) -> float:
    """The CIE 1976 distance of two colours as they are seen; 2.3 is just noticeable."""
    pairs = zip(_lab(_seen(one, vision)), _lab(_seen(other, vision)), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def _seen(colour: Color, vision: Matrix) -> tuple[float, ...]:
    linear = [_linear(channel / 255) for channel in (colour.r, colour.g, colour.b)]
    return tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in vision)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _lab(linear: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = linear
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
