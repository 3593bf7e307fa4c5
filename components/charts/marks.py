"""Marks drawn inside figures: a policy's shape before its name, and a line's letter on its green."""

from collections.abc import Sequence
from typing import Any

from components.charts.figure import AXIS_SIZE, FONT, LABEL_SIZE, Figure, annotation, plain
from components.theme import POLICY_SHAPES, arm_letter, arm_slot, token

_POINTS: dict[str, str] = {
    "triangle-up": "M -5.5,-4.5 L 5.5,-4.5 L 0,5.5 Z",
    "diamond": "M -6,0 L 0,6 L 6,0 L 0,-6 Z",
    "plus": "M -1.8,-5.5 L 1.8,-5.5 L 1.8,-1.8 L 5.5,-1.8 L 5.5,1.8 L 1.8,1.8 L 1.8,5.5 L -1.8,5.5 L -1.8,1.8"
    " L -5.5,1.8 L -5.5,-1.8 L -1.8,-1.8 Z",
    "triangle-down": "M -5.5,4.5 L 5.5,4.5 L 0,-5.5 Z",
    "pentagon": "M 0,5.6 L 5.4,1.7 L 3.4,-4.7 L -3.4,-4.7 L -5.4,1.7 Z",
    "hexagon": "M 0,5.8 L 5,2.9 L 5,-2.9 L 0,-5.8 L -5,-2.9 L -5,2.9 Z",
}
"""Outlines in pixels around the centre, y upwards, of about the same optical weight."""


def policy_hue(slot: int | None, opacity: float | str | None = None) -> str:
    """The colour token of a policy's marks; the oracle is ink. The opacity may be a custom property's name."""
    name = "oracle" if slot is None else f"p{slot}"
    return token(name if opacity is None else f"{name}/{opacity}")


def policy_text_hue(slot: int | None) -> str:
    """The colour token of a policy's words."""
    return token("oracle" if slot is None else f"t{slot}")


def policy_symbol(slot: int | None) -> str:
    """Plotly's name of a policy's shape; the oracle is a small cross."""
    return "x-thin-open" if slot is None else POLICY_SHAPES[slot].replace("plus", "cross")


def arm_hue(line: int) -> str:
    """The green of a line."""
    return token(f"a{arm_slot(line)}")


def arm_ink(line: int) -> str:
    """The colour of a letter on a line's green."""
    return token(f"a{arm_slot(line)}o")


def heading(slot: int | None, label: str, y: float, left: float) -> tuple[Figure, Figure]:
    """A panel's heading: the policy's mark (a shape) and its name (an annotation).

    `y` is its middle from 0 to 1; `left` is its start in pixels from the plot's left edge.
    """
    text = annotation(
        f"<b>{plain(label, 40)}</b>",
        x=0,
        y=y,
        xref="paper",
        yref="paper",
        xshift=left + 19,
        font={"family": FONT, "size": 14, "color": token("bs-body-color")},
    )
    return _mark(slot, y, left), text


def axis_labels(places: Sequence[float], texts: Sequence[str], suffix: str) -> list[Figure]:
    """Labels under an axis, the first and the last inside its ends instead of half outside."""
    anchors = ["left", *["center"] * (len(places) - 2), "right"]
    return [
        annotation(
            text,
            x=place,
            y=0,
            xref=f"x{suffix}",
            yref=f"y{suffix} domain",
            xanchor=anchor,
            yanchor="top",
            yshift=-5,
            font={"family": FONT, "size": AXIS_SIZE, "color": token("bs-secondary-color")},
        )
        for place, text, anchor in zip(places, texts, anchors, strict=True)
    ]


def letter_chip(line: int, **place: Any) -> Figure:
    """A line's letter on its green, as in the legend."""
    return annotation(
        f"<b>{arm_letter(line)}</b>",
        xanchor="center",
        align="center",
        width=14 if len(arm_letter(line)) == 1 else 19,
        height=13,
        borderpad=0,
        bgcolor=arm_hue(line),
        font={"family": FONT, "size": 10.5, "color": arm_ink(line)},
        **place,
    )


def label(text: str, **place: Any) -> Figure:
    """A direct label in grey."""
    return annotation(text, font={"family": FONT, "size": LABEL_SIZE, "color": token("bs-secondary-color")}, **place)


def _mark(slot: int | None, y: float, left: float) -> Figure:
    fill: Figure = {"fillcolor": policy_hue(slot), "line": {"width": 0}}
    where: Figure = {"xref": "paper", "yref": "paper", "xanchor": 0, "yanchor": y}
    where |= {"xsizemode": "pixel", "ysizemode": "pixel"}
    if slot is None:
        dash: Figure = {"color": policy_hue(slot), "width": 1.25, "dash": "2px 3.5px"}
        return {"type": "line", "x0": left, "x1": left + 13, "y0": 0, "y1": 0, "line": dash, **where}
    shape, middle = POLICY_SHAPES[slot], left + 6
    if shape in _POINTS:
        return {"type": "path", "path": _shifted(_POINTS[shape], middle), **fill, **where}
    kind, half = ("circle", 5.2) if shape == "circle" else ("rect", 4.8)
    return {"type": kind, "x0": middle - half, "x1": middle + half, "y0": -half, "y1": half, **fill, **where}


def _shifted(path: str, right: float) -> str:
    """The outline moved to the right, for a path has no place of its own."""
    parts = [part.split(",") for part in path.split(" ")]
    return " ".join(part[0] if len(part) == 1 else f"{float(part[0]) + right:g},{part[1]}" for part in parts)
