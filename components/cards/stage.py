"""The replay stage: two to four policies race on the same recipients, and all that moves with them.

Python lays out what does not change; `assets/js/replay/` fills and moves the rest from the stored run.
The words reach the script as data, so that no sentence is written twice.
"""

import json
from typing import Any, Final

from dash import ClientsideFunction, Dash, Input, dcc, html

from components import wording
from components import wording_replay as replay
from components import wording_visit as visit
from components.charts.conversions import HEIGHT as CONVERSIONS_HEIGHT
from components.charts.figure import graph
from components.charts.regret import HEIGHT as REGRET_HEIGHT
from components.charts.reward_dynamics import HEIGHT as DYNAMICS_HEIGHT
from components.shell import icon
from components.terms import explained
from components.wording_goals import CONVERSIONS

SPEEDS: Final = (1, 4, 16)
TICK_MILLISECONDS: Final = 1000
"""The script draws thirty times a second in between, and a little longer than one tick if no other comes."""


def stage(policy_count: int = 2, arm_count: int = 5) -> html.Section:
    """The frame with its final height, for the number of policies and lines that are about to be shown."""
    named: Any = {
        "aria-labelledby": "race-title",
        "data-words": json.dumps(replay.SCRIPT, ensure_ascii=False),
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
            html.H2(replay.DYNAMICS_TITLE, id="reward-dynamics-title", className="h2"),
            html.P(explained(replay.DYNAMICS_DECK), id="reward-dynamics-deck", className="deck dynamics-deck"),
            graph("reward-dynamics-graph", DYNAMICS_HEIGHT, replay.DYNAMICS_TITLE),
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
    presents: Any = {"data-visit": "story"}
    return html.Div(
        [
            html.Div(
                [
                    html.H2(replay.TITLE, id="race-title", className="stage-title"),
                    html.P(replay.WAITING, id="race-sentence", className="stage-sentence"),
                ]
            ),
            html.Button(
                [icon("present"), visit.PRESENT],
                type="button",
                title=visit.PRESENT_TO_A_ROOM,
                className="btn btn-quiet stage-present",
                **presents,
            ),
            html.Button(
                [icon("download"), wording.DOWNLOAD_CSV],
                id="race-csv",
                type="button",
                className="btn btn-quiet stage-csv",
            ),
        ],
        className="stage-head",
    )


def _transport() -> html.Div:
    named: Any = {"aria-label": replay.REPLAY}
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(
        [
            _button("back", "chevron-left", replay.BACK),
            _button("play", "play", replay.SCRIPT["play"]),
            _button("forward", "chevron-right", replay.FORWARD),
            html.Div(
                [
                    html.Div(id="replay-scrub"),
                    html.Div(id="replay-ticks", className="replay-ticks", **hidden),
                ],
                className="replay-track",
            ),
            html.Div(
                [html.Strong("0", id="replay-count"), html.Span(replay.SENDS)], className="replay-count", **hidden
            ),
            _speeds(),
            _button("end", "end", replay.END),
        ],
        className="transport",
        role="group",
        **named,
    )


def _button(name: str, picture: str, label: str) -> html.Button:
    named: Any = {"aria-label": label}
    return html.Button(
        icon(picture),
        id=f"replay-{name}",
        type="button",
        title=f"{label} ({replay.SCRIPT['keys'][name]})",
        className=f"replay-button replay-{name}",
        **named,
    )


def _speeds() -> html.Div:
    named: Any = {"aria-label": replay.SPEED}
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
                    html.H3(replay.SCRIPT["recipients_none"], id="race-strip-title", className="stage-subtitle"),
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
                    html.P(id="race-now", className="stage-note stage-now", hidden=True),
                    html.P(replay.SCRIPT["bars"], id="race-bars-note", className="stage-note"),
                    html.P(replay.KEYS_HINT, className="stage-note stage-keys"),
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
                    html.H3(replay.so_far(CONVERSIONS), id="conversions-title", className="stage-subtitle"),
                    html.P(replay.CONVERSIONS_DECK, className="stage-deck"),
                    graph("conversions-graph", CONVERSIONS_HEIGHT, replay.CONVERSIONS_TITLE),
                ],
                className="stage-chart",
            ),
            html.Div(
                [
                    html.H3(replay.regret_title(CONVERSIONS), id="regret-title", className="stage-subtitle"),
                    html.P(replay.regret_deck(moves=False, below_zero=False), id="regret-deck", className="stage-deck"),
                    graph("regret-graph", REGRET_HEIGHT, replay.REGRET_TITLE),
                ],
                className="stage-chart",
            ),
        ],
        className="stage-part stage-charts",
    )
