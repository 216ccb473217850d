"""How far apart two colours are, to everybody and to an eye without one kind of cones."""

from __future__ import annotations

import numpy as np

# XYZ of linear sRGB; IEC 61966-2-1, white D65
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
# What a deuteranope sees of linear sRGB: Machado, Oliveira & Fernandes 2009, IEEE Trans. Vis. Comput. Graph. 15, 1291,
# table 1, severity 1.0
DEUTERANOPE = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)


def linear(colour: str) -> np.ndarray:
    """Linear sRGB, [3] in 0 … 1, of "#rrggbb"."""
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB [L*, a*, b*] of linear sRGB."""
    part = XYZ @ light / XYZ.sum(1)
    f = np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lightness_apart(one: str, two: str) -> float:
    """|ΔL*| of two colours."""
    return abs(lab(linear(one))[0] - lab(linear(two))[0])


def apart(one: str, two: str, sees: np.ndarray = DEUTERANOPE) -> float:
    """ΔE (CIE 1976) of two colours to somebody who sees `sees @ linear sRGB`."""
    first, second = (lab(np.clip(sees @ linear(colour), 0, 1)) for colour in (one, two))
    return float(np.linalg.norm(first - second))


def contrast(one: str, two: str) -> float:
    """(L₁ + 0.05) / (L₂ + 0.05) of the relative luminances, the brighter first; WCAG 2.2."""
    low, high = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, two))
    return (high + 0.05) / (low + 0.05)
