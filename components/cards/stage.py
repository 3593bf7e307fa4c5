"""The replay stage: two to four policies race on the same recipients, and all that moves with them.

Python lays out what does not change; `assets/js/replay/` fills and moves the rest from the stored run.
The words are kept here and reach the script as data, so that no sentence is written twice.
"""

import json
from typing import Any, Final

from dash import ClientsideFunction, Dash, Input, dcc, html

from components.charts.conversions import HEIGHT as CONVERSIONS_HEIGHT
from components.charts.figure import graph
from components.charts.regret import DECK as REGRET_DECK
from components.charts.regret import HEIGHT as REGRET_HEIGHT
from components.charts.reward_dynamics import HEIGHT as DYNAMICS_HEIGHT
from components.shell import icon

# --- words (marketer-facing) ---
# In the sentences for the script, {name} is filled in and **...** is set in bold.
WORDS: Final[dict[str, Any]] = {
    "title": "Watch the {count} policies race on the same recipients",
    "counts": ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"],
    "start": "Before the first send, all policies are level.",
    "ahead": "After {sends} sends {leader} is **{extra}** {conversions} ahead.",
    "ahead_of": "After {sends} sends {leader} leads: **{extra}** {conversions} ahead of {baseline}.",
    "level": "After {sends} sends {leader} is **level with** {baseline}.",
    "behind": "After {sends} sends {leader} is behind {baseline}: **{extra}** {conversions}.",
    "conversion_words": ["conversion", "conversions"],
    "play": "Play",
    "pause": "Pause",
    "keys": {"play": "space", "back": "left arrow", "forward": "right arrow", "end": "End"},
    "position": "{sends} of {total} sends",
    "recipients": "Recipients {first} to {last}",
    "recipients_none": "Recipients",
    "legend": ("Filled: converted. Ticks: only one policy converted them ({more} {challenger}, {fewer} {baseline})"),
    "legend_pair": (
        "Filled: converted. Ticks: only one of {challenger} and {baseline} converted them ({more} and {fewer})"
    ),
    "conversions": "**{number}** conversions",
    "conversion": "**{number}** conversion",
    "others": "{count} other lines",
    "bars": "Pale: share of sends. Solid: the part that converted.",
    "bars_others": (
        "Pale: share of sends. Solid: the part that converted. The last row adds up the {count} lines sent least."
    ),
    "conversions_summary": "After {sends} of {total} sends: {list}.",
    "conversions_item": "{policy} {number} conversions",
    "regret_item": "{policy} {number} missed, {realised} as it turned out",
    "dynamics_item": "{policy} gave the best line {share} of the sends",
    "and": "; ",
    "dynamics_deck": (
        "Observed rate by share of sends, with 90% intervals. Dotted: the true rate. {marks}. {many}{edge}"
    ),
    "dynamics_deck_short": "Dotted: the true rate. {marks}. {many}{edge}",
    "dynamics_mark": "{shape}: {policy}",
    "dynamics_many": "Letters and intervals only for the lines sent most.",
    "dynamics_edge": " Early rates off the scale wait at its edge.",
    "shapes": {
        "square": "Square",
        "circle": "Circle",
        "triangle-up": "Triangle",
        "diamond": "Diamond",
        "plus": "Plus",
        "triangle-down": "Triangle pointing down",
        "pentagon": "Pentagon",
        "hexagon": "Hexagon",
        "oracle": "Ring",
    },
    "scrub": "Position in the campaign",
}
TITLE: Final = "Watch the policies race on the same recipients"
WAITING: Final = "The race appears as soon as it has been run."
CONVERSIONS_TITLE: Final = "Conversions so far"
CONVERSIONS_DECK: Final = "All lines together. Pale: still to come."
REGRET_TITLE: Final = "Conversions missed by not sending the best line (regret)"
DYNAMICS_TITLE: Final = "More traffic, a surer rate"
DYNAMICS_DECK: Final = "Observed rate by share of sends, with 90% intervals. Dotted: the true rate."
KEYS_HINT: Final = "Keys: space plays, ← → step, shift for ten, Home and End jump."
SPEEDS: Final = (1, 4, 16)
# --- end of words ---

TICK_MILLISECONDS: Final = 1000
"""The script draws thirty times a second in between, and a little longer than one tick if no other comes."""


def stage(policy_count: int = 2, arm_count: int = 5) -> html.Section:
    """The frame with its final height, for the number of policies and lines that are about to be shown."""
    named: Any = {
        "aria-labelledby": "race-title",
        "data-words": json.dumps(WORDS, ensure_ascii=False),
        "data-policies": str(policy_count),
    }
    return html.Section(
        [_head(), _transport(), _strip(), _bars(), _charts(), *_machinery()],
        id="race-stage",
        className="stage",
        style={"--policies": policy_count, "--rows": min(arm_count, 8)},
        **named,
    )


def dynamics() -> html.Section:
    """The chart below the stage that moves with it: observed rate against share of sends."""
    named: Any = {"aria-labelledby": "reward-dynamics-title"}
    return html.Section(
        [
            html.H2(DYNAMICS_TITLE, id="reward-dynamics-title", className="chart-title"),
            html.P(DYNAMICS_DECK, id="reward-dynamics-deck", className="chart-deck dynamics-deck"),
            graph("reward-dynamics-graph", DYNAMICS_HEIGHT, DYNAMICS_TITLE),
        ],
        className="dynamics",
        **named,
    )


def stores() -> list[dcc.Store]:
    """What the page fills for the replay: the run and its three figures."""
    names = ("race", "conversions-figure", "regret-figure", "reward-dynamics-figure")
    return [dcc.Store(id=name) for name in names]


def register(app: Dash) -> None:
    """Wire the stage to its script; nothing here calls the server."""
    app.clientside_callback(
        ClientsideFunction("btm_replay", "load"),
        Input("race", "data"),
        Input("conversions-figure", "data"),
        Input("regret-figure", "data"),
        Input("reward-dynamics-figure", "data"),
    )
    app.clientside_callback(
        ClientsideFunction("btm_replay", "tick"),
        Input("replay-tick", "n_intervals"),
        prevent_initial_call=True,
    )


def _machinery() -> list[Any]:
    """The clock, and where the script says aloud what a pause shows."""
    return [
        dcc.Interval(id="replay-tick", interval=TICK_MILLISECONDS, disabled=True),
        html.Div(id="replay-status", className="visually-hidden", role="status"),
    ]


def _head() -> html.Div:
    return html.Div(
        [
            html.Div(
                [
                    html.H2(TITLE, id="race-title", className="stage-title"),
                    html.P(WAITING, id="race-sentence", className="stage-sentence"),
                ]
            ),
            html.Button([icon("download"), "CSV"], id="race-csv", type="button", className="btn btn-quiet stage-csv"),
        ],
        className="stage-head",
    )


def _transport() -> html.Div:
    named: Any = {"aria-label": "Replay"}
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(
        [
            _button("back", "chevron-left", "Step back", "Step back (left arrow)"),
            _button("play", "play", "Play", "Play (space)"),
            _button("forward", "chevron-right", "Step forward", "Step forward (right arrow)"),
            html.Div(
                [
                    html.Div(id="replay-scrub"),
                    html.Div(id="replay-ticks", className="replay-ticks", **hidden),
                ],
                className="replay-track",
            ),
            html.Div([html.Strong("0", id="replay-count"), html.Span("sends")], className="replay-count", **hidden),
            _speeds(),
            _button("end", "end", "Jump to the end", "Jump to the end (End)"),
        ],
        className="transport",
        role="group",
        **named,
    )


def _button(name: str, picture: str, label: str, title: str) -> html.Button:
    named: Any = {"aria-label": label}
    return html.Button(
        icon(picture),
        id=f"replay-{name}",
        type="button",
        title=title,
        className=f"replay-button replay-{name}",
        **named,
    )


def _speeds() -> html.Div:
    named: Any = {"aria-label": "Speed"}
    buttons = []
    for speed in SPEEDS:
        state: Any = {"aria-pressed": "true" if speed == 1 else "false", "data-speed": str(speed)}
        buttons.append(html.Button(f"{speed}×", type="button", **state))
    return html.Div(buttons, id="replay-speed", className="replay-speed", role="group", **named)


def _strip() -> html.Div:
    return html.Div(
        [
            html.Div(
                [
                    html.H3(WORDS["recipients_none"], id="race-strip-title", className="stage-subtitle"),
                    html.P(id="race-strip-legend", className="strip-legend"),
                ],
                className="strip-head",
            ),
            html.Div(id="race-strip", className="strip"),
        ],
        className="stage-part stage-strip",
    )


def _bars() -> html.Div:
    return html.Div(
        [
            html.Div(id="race-bars", className="race-bars"),
            html.Div(
                [
                    html.P(WORDS["bars"], id="race-bars-note", className="stage-note"),
                    html.P(KEYS_HINT, className="stage-note stage-keys"),
                ],
                className="stage-notes",
            ),
        ],
        className="stage-part stage-bars",
    )


def _charts() -> html.Div:
    return html.Div(
        [
            html.Div(
                [
                    html.H3(CONVERSIONS_TITLE, className="stage-subtitle"),
                    html.P(CONVERSIONS_DECK, className="stage-deck"),
                    graph("conversions-graph", CONVERSIONS_HEIGHT, CONVERSIONS_TITLE),
                ],
                className="stage-chart",
            ),
            html.Div(
                [
                    html.H3(REGRET_TITLE, className="stage-subtitle"),
                    html.P(REGRET_DECK, id="regret-deck", className="stage-deck"),
                    graph("regret-graph", REGRET_HEIGHT, REGRET_TITLE),
                ],
                className="stage-chart",
            ),
        ],
        className="stage-part stage-charts",
    )
