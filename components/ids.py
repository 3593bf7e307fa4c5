"""Every id that Python code refers to in more than one place, and the shapes of the ids made in numbers."""

import json
from typing import Any, Final

DRAFT: Final = "draft"
"""Store: what the controls say, valid or not."""
SHAPE: Final = "scenario-shape"
"""Store: what the panel's controls were made for; they are made anew when it changes."""
ASKED: Final = "asked"
"""Store: the scenario that should be shown, and whether somebody pressed the button for it."""
SHOWN: Final = "shown"
"""Store: the link of the scenario that the page shows, and whether its repeats are in."""

PRESET_HINT: Final = "preset-hint"
ARMS: Final = "arms"
PANEL_BODY: Final = "panel-body"
ADDRESS: Final = "address"
SUMMARY: Final = "scenario-summary"
RUN: Final = "run"
STATUS: Final = "run-status"
NOTICE: Final = "notice"
ADDRESS_NOTICE: Final = "address-notice"
ANSWER: Final = "answer"
HERO: Final = "hero"
LUCK: Final = "luck"
KPI: Final = "kpi"
TRAFFIC_HEAD: Final = "traffic-head"
LINES_HEAD: Final = "lines-head"
TABLE: Final = "table"
FOOT: Final = "foot"
DOWNLOAD: Final = "download"
TABLE_CSV: Final = "table-csv"
RACE_CSV: Final = "race-csv"
RACE: Final = "race"

REPLAYED: Final = ("conversions", "regret", "reward-dynamics")
DRAWN: Final = ("traffic", "line-conversions", "luck")


def store(chart: str) -> str:
    """The store that holds a chart's figure, in tokens."""
    return f"{chart}-figure"


def graph(chart: str) -> str:
    """The graph that draws a chart."""
    return f"{chart}-graph"


def frame(chart: str) -> str:
    """What keeps a chart's height free."""
    return f"{graph(chart)}-frame"


def field(path: Any) -> dict[str, Any]:
    """The control of one setting, by its dotted path in the scenario, or a pattern over all of them."""
    return {"type": "field", "path": path}


def error(path: Any) -> dict[str, Any]:
    """Where the error of one setting is shown."""
    return {"type": "error", "path": path}


def action(do: Any, at: Any = 0) -> dict[str, Any]:
    """A button that changes the scenario's shape: what it does and to which place."""
    return {"type": "action", "do": do, "at": at}


def pick(what: Any) -> dict[str, Any]:
    """A list to choose from whose choice changes the scenario's shape."""
    return {"type": "pick", "what": what}


def in_html(identity: dict[str, Any]) -> str:
    """How Dash writes an id made of several parts into the page, for what refers to it there, such as a label."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"))
