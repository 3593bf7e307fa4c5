"""The frame around every page: top bar, page container, not-found page, and the scenario panel's frame."""

from typing import Any, Final

import dash
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

# Words of the shell, in one place until wording takes them over.
PRODUCT: Final = "Bandit Time Machine"
PRODUCT_SHORT: Final = "Time Machine"
DESCRIPTION: Final = (
    "See what your last e-mail campaign would have earned if a bandit policy had split the traffic, "
    "on the very same recipients."
)
NEEDS_SCRIPTS: Final = "Bandit Time Machine draws its results in your browser. Please switch JavaScript on."
SKIP: Final = "Skip to the results"
HOME: Final = "Bandit Time Machine, home"
PAGES_LABEL: Final = "Pages"
MENU: Final = "Menu"
COPY_LINK: Final = "Copy link"
LINK_COPIED: Final = "Copied"
LINK_NOT_COPIED: Final = "Copy the address bar"
TO_DARK: Final = "Switch to the dark theme"
TO_LIGHT: Final = "Switch to the light theme"
NOT_FOUND_TITLE: Final = "Page not found"
NOT_FOUND_TEXT: Final = "Nothing lives at this address. It may have been mistyped, or the page may have moved."
NOT_FOUND_LINK: Final = "Go to the Time Machine"
EDIT: Final = "Edit"
EDIT_MORE: Final = " scenario"
PANEL_LABEL: Final = "Scenario"
CLOSE_PANEL: Final = "Close the scenario"

NOT_FOUND_PATH: Final = "/not-found"

# Attributes with a hyphen go to Dash by unpacking; Any, because its signatures know them by pattern only.
HIDDEN: Final[Any] = {"aria-hidden": "true"}
CLOSES_PANEL: Final[Any] = {"data-panel-close": "true"}


def layout() -> html.Div:
    """Lay out what every page shares; pages must be registered before."""
    polite: Any = {"aria-live": "polite"}
    return html.Div(
        [
            html.A(SKIP, href="#main", className="skip-link"),
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Store(id="theme"),
            _top_bar(),
            dash.page_container,
            html.Div(id="live", className="visually-hidden", role="status", **polite),
        ],
        className="shell",
    )


def _top_bar() -> html.Header:
    named: Any = {"aria-label": PAGES_LABEL}
    return html.Header(
        [
            _brand(),
            html.Nav(_links(), id="nav", className="top-nav", **named),
            html.Div([_copy_button(), _theme_button(), _menu_button()], className="top-actions"),
        ],
        className="top-bar",
    )


def _brand() -> dcc.Link:
    words: list[Any] = [
        html.Span(PRODUCT.removesuffix(PRODUCT_SHORT), className="brand-long"),
        PRODUCT_SHORT,
    ]
    return dcc.Link(
        [html.Span(className="brand-mark", **HIDDEN), html.Span(words)],
        href="/",
        className="brand",
    )


def _links() -> list[dcc.Link]:
    named = (page for page in dash.page_registry.values() if page["path"] != NOT_FOUND_PATH)
    return [dcc.Link(page["name"], href=page["path"], className="top-link") for page in named if page["name"]]


def _copy_button() -> html.Button:
    words: Any = {"data-copied": LINK_COPIED, "data-failed": LINK_NOT_COPIED, "data-idle": COPY_LINK}
    return html.Button(
        [icon("copy"), html.Span(COPY_LINK, id="copy-link-label", className="label")],
        id="copy-link",
        type="button",
        className="btn btn-secondary",
        **words,
    )


def _theme_button() -> html.Button:
    return html.Button(
        [
            html.Span([icon("moon"), html.Span(TO_DARK, className="visually-hidden")], className="when-light"),
            html.Span([icon("sun"), html.Span(TO_LIGHT, className="visually-hidden")], className="when-dark"),
        ],
        id="theme-toggle",
        type="button",
        className="btn btn-quiet btn-icon",
    )


def _menu_button() -> html.Button:
    closed: Any = {"aria-expanded": "false", "aria-controls": "nav"}
    return html.Button(
        [icon("menu"), html.Span(MENU, className="visually-hidden")],
        id="menu-toggle",
        type="button",
        className="btn btn-quiet btn-icon",
        **closed,
    )


def icon(name: str) -> html.Span:
    """Draw an icon of ``assets/icons`` in the colour of the text; a word or a label stands beside it."""
    return html.Span(className=f"icon icon-{name}", **HIDDEN)


def not_found(**_query: str) -> html.Main:
    """Lay out the answer to an unknown address."""
    return html.Main(
        [
            html.H1(NOT_FOUND_TITLE, className="verdict"),
            html.P(NOT_FOUND_TEXT, className="lead"),
            dcc.Link(NOT_FOUND_LINK, href="/", className="btn btn-primary"),
        ],
        id="main",
        className="page page-plain",
        tabIndex=-1,
    )


def page_with_panel(summary: Any, panel: Any, main: Any) -> html.Div:
    """Lay out question and answer side by side; below 1200 px the panel hides behind a one-line summary."""
    named: Any = {"aria-label": PANEL_LABEL}
    return html.Div(
        [
            html.Div(
                [html.Div(summary, className="scenario-summary"), _edit_button()],
                className="scenario-bar",
            ),
            html.Div(className="panel-backdrop", **CLOSES_PANEL),
            html.Aside(
                [_close_button(), *_children(panel)],
                id="scenario-panel",
                className="scenario-panel",
                tabIndex=-1,
                **named,
            ),
            html.Main(main, id="main", className="page-main", tabIndex=-1),
        ],
        className="page-with-panel",
    )


def _edit_button() -> html.Button:
    closed: Any = {"aria-expanded": "false", "aria-controls": "scenario-panel"}
    return html.Button(
        [icon("sliders"), html.Span([EDIT, html.Span(EDIT_MORE, className="from-tablet")])],
        id="edit-scenario",
        type="button",
        className="btn btn-secondary",
        **closed,
    )


def _close_button() -> html.Button:
    return html.Button(
        [icon("close"), html.Span(CLOSE_PANEL, className="visually-hidden")],
        type="button",
        className="btn btn-quiet btn-icon panel-close",
        **CLOSES_PANEL,
    )


def _children(content: Any) -> list[Any]:
    return list(content) if isinstance(content, (list, tuple)) else [content]


def register(app: Dash) -> None:
    """Connect theme, copy link and navigation to the scripts in the browser."""
    app.clientside_callback(
        ClientsideFunction("btm_theme", "toggle"),
        Output("theme", "data"),
        Input("theme-toggle", "n_clicks"),
    )
    app.clientside_callback(
        ClientsideFunction("btm_shell", "copy_link"),
        Output("copy-link-label", "children"),
        Input("copy-link", "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("btm_shell", "mark_current"),
        Input("url", "pathname"),
    )
