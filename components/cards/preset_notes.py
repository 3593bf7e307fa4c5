"""What stands under the verdict while the page shows a preset: what its lines stand for, and why the result is as it is."""

from dash import html
from dash.development.base_component import Component


def preset_notes(meaning: str, why: str) -> list[Component]:
    """A hint and a note; nothing for what is empty."""
    return [
        *([html.P(meaning, className="hint hero-note")] if meaning else []),
        *([html.P(why, className="note hero-note hero-why")] if why else []),
    ]
