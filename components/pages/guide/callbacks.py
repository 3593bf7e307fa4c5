"""What can be done in the guide: tick, and take the checklist along."""

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from components import ids
from components.guide.checklist import CHECKLIST
from components.pages.guide import checklist


def register(app: Dash) -> None:
    """Connect the script, the count of ticks and the files."""
    ticks = ids.guide_ticks(ALL)
    app.clientside_callback(
        ClientsideFunction("btm_guide", "load"), Output(ids.GUIDE_READY, "data"), Input(ids.GUIDE, "id")
    )
    app.clientside_callback(
        ClientsideFunction("btm_guide", "counted"),
        Output(ids.GUIDE_TICKED, "children"),
        Input(ids.GUIDE_READY, "data"),
        Input(ticks, "value"),
    )
    for button, download in ((ids.GUIDE_MARKDOWN, markdown), (ids.GUIDE_CSV, table)):
        app.callback(
            Output(ids.GUIDE_DOWNLOAD, "data", allow_duplicate=True),
            Input(button, "n_clicks"),
            State(ticks, "value"),
            prevent_initial_call=True,
        )(download)


def markdown(clicks: int | None, ticked: Any) -> dict[str, str]:
    """Give the checklist as a Markdown file."""
    return checklist.markdown_file(_known(clicks, ticked))


def table(clicks: int | None, ticked: Any) -> dict[str, str]:
    """Give the checklist as a CSV file."""
    return checklist.table_file(_known(clicks, ticked))


def _known(clicks: int | None, ticked: Any) -> list[list[str]]:
    """The ticks part by part; a browser may keep some of items that are no longer there, a program may say anything."""
    if not clicks or not isinstance(ticked, list):
        raise PreventUpdate
    marks = [[mark for mark in part if isinstance(mark, str)] if isinstance(part, list) else [] for part in ticked]
    return [*marks, *[[] for _ in CHECKLIST]][: len(CHECKLIST)]
