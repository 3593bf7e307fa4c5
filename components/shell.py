"""The frame around every page: top bar, page container, not-found page, and the scenario panel's frame."""

from collections.abc import Sequence
from typing import Any, Final

import dash
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from components import ids, wording, wording_door
from components.door.rates import SIGN_IN_PATH
from components.door.sign_in import SIGN_OUT_PATH
from components.numbers_menu import numbers_menu

NOT_FOUND_PATH: Final = "/not-found"

# Attributes with a hyphen go to Dash by unpacking; Any, because its signatures know them by pattern only.
HIDDEN: Final[Any] = {"aria-hidden": "true"}
CLOSES_PANEL: Final[Any] = {"data-panel-close": "true"}


def layout(beside: Sequence[Component] = (), *, has_password: bool = False) -> html.Div:
    """Lay out what every page shares, `beside` at the end; pages must be registered before.

    With a password there is a way to sign out.
    """
    polite: Any = {"aria-live": "polite"}
    return html.Div(
        [
            html.A(wording.SKIP, href="#main", className="skip-link"),
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Store(id="theme"),
            _top_bar(has_password=has_password),
            _server_notices(has_password=has_password),
            dash.page_container,
            html.Div(id="live", className="visually-hidden", role="status", **polite),
            *beside,
        ],
        className="shell",
    )


def _top_bar(*, has_password: bool) -> html.Header:
    named: Any = {"aria-label": wording.PAGES_LABEL}
    return html.Header(
        [
            _brand(),
            html.Nav([*_links(), *([_sign_out()] if has_password else [])], id="nav", className="top-nav", **named),
            html.Div(
                [_copy_button(), numbers_menu(icon("numbers")), _theme_button(), _menu_button()],
                className="top-actions",
            ),
        ],
        className="top-bar",
    )


def _brand() -> dcc.Link:
    words: list[Any] = [
        html.Span(wording.PRODUCT.removesuffix(wording.PRODUCT_SHORT), className="brand-long"),
        wording.PRODUCT_SHORT,
    ]
    return dcc.Link(
        [html.Span(className="brand-mark", **HIDDEN), html.Span(words)],
        id=ids.nav_link("/", "brand"),
        href="/",
        className="brand",
    )


def _links() -> list[dcc.Link]:
    named = (page for page in dash.page_registry.values() if page["path"] != NOT_FOUND_PATH)
    return [
        dcc.Link(page["name"], id=ids.nav_link(page["path"], "bar"), href=page["path"], className="top-link")
        for page in named
        if page["name"]
    ]


def _sign_out() -> html.Form:
    button = html.Button(wording_door.SIGN_OUT, type="submit", className="top-link top-leave")
    return html.Form(button, action=SIGN_OUT_PATH, method="POST", className="sign-out")


def _server_notices(*, has_password: bool) -> html.Div:
    """What the server says of whole pages: server.js shows one of them when it does."""
    loud: Any = {"aria-live": "assertive"}
    kinds = [("when-busy", wording_door.BUSY, "load-again", "")]
    kinds += [("when-signed-out", wording_door.SIGNED_OUT, "sign-in-again", SIGN_IN_PATH)] if has_password else []
    return html.Div([_server_notice(*kind) for kind in kinds], className="server-notices", **loud)


def _server_notice(shown: str, message: wording.Notice, link: str, href: str) -> html.Div:
    words = html.Div([html.Strong(message.title), " ", html.Span(message.text)])
    away = html.A(message.actions[0], id=link, href=href, className="btn btn-primary")
    return html.Div([icon("warning"), words, away], className=f"server-notice {shown}")


def _copy_button() -> html.Button:
    words: Any = {
        "data-copied": wording.LINK_COPIED,
        "data-own": wording.OWN_LINK_COPIED,
        "data-failed": wording.LINK_NOT_COPIED,
        "data-none": wording.NO_LINK_SHORT,
        "data-idle": wording.COPY_LINK,
    }
    return html.Button(
        [icon("copy"), html.Span(wording.COPY_LINK, id="copy-link-label", className="label")],
        id="copy-link",
        type="button",
        className="btn btn-secondary",
        **words,
    )


def _theme_button() -> html.Button:
    return html.Button(
        [
            html.Span([icon("moon"), html.Span(wording.TO_DARK, className="visually-hidden")], className="when-light"),
            html.Span([icon("sun"), html.Span(wording.TO_LIGHT, className="visually-hidden")], className="when-dark"),
        ],
        id="theme-toggle",
        type="button",
        className="btn btn-quiet btn-icon",
    )


def _menu_button() -> html.Button:
    closed: Any = {"aria-expanded": "false", "aria-controls": "nav"}
    return html.Button(
        [icon("menu"), html.Span(wording.MENU, className="visually-hidden")],
        id="menu-toggle",
        type="button",
        className="btn btn-quiet btn-icon",
        **closed,
    )


def icon(name: str) -> html.Span:
    """Draw an icon of ``assets/icons`` in the colour of the text; a word or a label stands beside it."""
    return html.Span(className=f"icon icon-{name}", **HIDDEN)


def page_style(asset: str) -> html.Link:
    """The style of one page alone. What stands behind it in the page appears with it, not before: nothing jumps."""
    return html.Link(rel="stylesheet", href=f"/assets/{asset}", className="page-style")


def not_found(**_query: str) -> html.Main:
    """Lay out the answer to an unknown address."""
    return html.Main(
        [
            html.H1(wording.NOT_FOUND_TITLE, className="verdict"),
            html.P(wording.NOT_FOUND_TEXT, className="lead"),
            dcc.Link(wording.NOT_FOUND_LINK, href="/", className="btn btn-primary"),
        ],
        id="main",
        className="page page-plain",
        tabIndex=-1,
    )


def page_with_panel(summary: Any, panel: Any, main: Any, *, is_drawer: bool = False) -> html.Div:
    """Lay out question and answer side by side; below 1200 px the panel hides behind a one-line summary.

    With `is_drawer` it does so at every width.
    """
    named: Any = {"aria-label": wording.PANEL_LABEL}
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
        className="page-with-panel panel-is-drawer" if is_drawer else "page-with-panel",
    )


def _edit_button() -> html.Button:
    closed: Any = {"aria-expanded": "false", "aria-controls": "scenario-panel"}
    return html.Button(
        [
            icon("sliders"),
            html.Span([wording.EDIT_SCENARIO, html.Span(wording.EDIT_SCENARIO_MORE, className="from-tablet")]),
        ],
        id="edit-scenario",
        type="button",
        className="btn btn-secondary",
        **closed,
    )


def _close_button() -> html.Button:
    return html.Button(
        [icon("close"), html.Span(wording.CLOSE_PANEL, className="visually-hidden")],
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
