"""The web door: pages, shell and server, put together."""

import re
from functools import partial
from html import escape
from http import HTTPStatus
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final
from wsgiref.headers import Headers

import dash
from dash import Dash
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, request
from flask_compress import Compress
from plotly.offline import get_plotlyjs_version
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import FileWrapper
from whitenoise import WhiteNoise

from components import bundles, callback_door, conventions, door, head, lean, pages, shell, visit, wording, wording_door
from components.door import refusals
from components.packed_once import PackedOnce, name_of
from components.pages import PAGES
from engine.presets import DEFAULT, PRESETS
from engine.settings import settings
from engine.sweeping import keep_sweeping
from engine.warming import prepare

ASSETS: Final = Path(__file__).resolve().parent / "assets"
YEAR_SECONDS: Final = 365 * 24 * 60 * 60
DAY_SECONDS: Final = 24 * 60 * 60

BOOTSTRAP: Final = "vendor/bootstrap-5.3.9/bootstrap.min.css"
FONT: Final = "vendor/inter-5.3.0/inter-latin-opsz-normal.woff2"
PLOTLY: Final = f"vendor/plotly-{get_plotlyjs_version()}/plotly-cartesian.min.js"
REGENERATOR: Final = "vendor/regenerator-runtime-0.14.1/runtime.js"
# These run before the first paint and before Dash's bundles, so the page names them itself.
HEAD_SCRIPTS: Final = ("theme.js", "plotly-url.js")

INDEX: Final = """<!DOCTYPE html>
<html lang="en" data-bs-theme="light" data-numbers="__numbers__">
  <head>
    {%metas%}
    <title>{%title%}</title>
    <meta name="description" content="__description__">
    <meta name="theme-color" content="#FFFFFF">
    <link rel="icon" type="image/svg+xml" href="__favicon__">
    <link rel="preload" href="__font__" as="font" type="font/woff2" crossorigin>
    <script src="__theme__"></script>
    <script src="__plotly_url__" data-plotly="__plotly__"></script>
    {%css%}
  </head>
  <body data-busy="__busy__">
    <noscript>__noscript__</noscript>
    {%app_entry%}
    {%config%}
    {%scripts%}
    {%renderer%}
  </body>
</html>"""

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; frame-ancestors 'none'; form-action 'self'; worker-src 'self' blob:"
)
SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A scenario lives in the address: tell no other site about it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Application(Dash):
    """Dash, without what browsers have had for years or only look up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lean = lean.Lean()
        super().__init__(*args, **kwargs)

    def _config(self) -> dict[str, Any]:
        """Say what the browser needs to know; of all pages' layouts only which ids there are."""
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        if "validation_layout" in config:  # not before the first request has put it together
            config["validation_layout"] = self._lean.of(config["validation_layout"])
        return config

    def interpolate_index(self, **kwargs: Any) -> str:  # type: ignore[override]  # Dash gives all of them by name
        """Put the page together; of Dash's polyfill, 33 kB, only the part that no browser has is loaded."""
        own = f'<script src="{self.get_asset_url(REGENERATOR)}"></script>'
        kwargs["scripts"], count = re.subn(r'<script src="[^"]*/deps/polyfill@[^"]*"></script>', own, kwargs["scripts"])
        if count != 1:
            raise RuntimeError("Dash no longer loads its polyfill as it did; see whether it still needs generators.")
        named = _PAGE_TITLES.get(request.path.rstrip("/") or "/", "")
        image = _stamped_url(self, head.PREVIEW)
        kwargs["title"] = head.title(named)
        kwargs["metas"] += f"\n{head.preview(named, request.host_url.rstrip('/'), image)}"
        page = str(super().interpolate_index(**kwargs))  # type: ignore[no-untyped-call]
        return page.replace("__numbers__", escape(conventions.now().for_scripts()), 1)


_PAGE_TITLES: Final = {page.path: page.title for page in PAGES}


def create_app() -> Dash:
    """Build the whole application; each call gives an independent one."""
    found = settings()
    styles, scripts = bundles.bundle(ASSETS, "css"), bundles.bundle(ASSETS, "js", without=HEAD_SCRIPTS)
    app = Application(
        __name__,
        server=door.server(found),
        title=wording.PRODUCT,
        update_title=None,  # the title stays still while callbacks run
        use_pages=True,
        pages_folder="",
        include_pages_meta=False,
        assets_folder=str(ASSETS),
        include_assets_files=False,  # all that pages name is named here; the rest is asked for by those who need it
        external_stylesheets=[f"/assets/{BOOTSTRAP}", styles.address],
        external_scripts=[scripts.address],
        health_endpoint="healthz",
    )
    app.index_string = _index_string(app)
    _register_pages(app)
    bundles.serve(app.server, [styles, scripts])
    app.layout = shell.layout(visit.parts(partial(_stamped_url, app)), has_password=found.password is not None)
    _harden(app)
    door.believe_routers(app.server, found.proxies)
    return app


def _index_string(app: Dash) -> str:
    values = {
        "description": wording.DESCRIPTION,
        "noscript": wording.NEEDS_SCRIPTS,
        "busy": wording_door.OPENS_LATER,
        "favicon": _stamped_url(app, "favicon.svg"),
        "font": app.get_asset_url(FONT),
        "theme": _stamped_url(app, "js/theme.js"),
        "plotly_url": _stamped_url(app, "js/plotly-url.js"),
        "plotly": app.get_asset_url(PLOTLY),
    }
    text = INDEX
    for name, value in values.items():
        text = text.replace(f"__{name}__", value)
    return text


def _stamped_url(app: Dash, path: str) -> str:
    """Name an asset together with its time of change, as Dash does, so that it may be cached for a year."""
    return f"{app.get_asset_url(path)}?m={(ASSETS / path).stat().st_mtime}"


def _register_pages(app: Dash) -> None:
    # Dash keeps one registry for the whole process: an earlier app's pages must not stay in it.
    dash.page_registry.clear()
    for order, page in enumerate(PAGES):
        dash.register_page(
            f"components.pages{page.path.replace('/', '.')}",
            path=page.path,
            name=page.nav,
            title=head.title(page.title),
            order=order,
            layout=page.layout,
        )
    # Dash finds the page for unknown addresses by the end of its name.
    dash.register_page(
        "components.shell.not_found_404",
        path=shell.NOT_FOUND_PATH,
        title=head.title(wording.NOT_FOUND_TITLE),
        order=len(PAGES),
        layout=shell.not_found,
    )
    pages.register(app)
    shell.register(app)
    visit.register(app)
    callback_door.register(app)
    _check_ids_of_every_part(app)


def _check_ids_of_every_part(app: Dash) -> None:
    """Let Dash check the ids of callbacks also against what a page shows only when there is something to show.

    It puts together how the pages open when the first request comes; this adds the rest, right after it.
    """
    missing = [page.other_part for page in PAGES if page.other_part is not None]
    one_at_a_time = Lock()

    def add() -> None:
        known: Any = app.validation_layout
        with one_at_a_time:
            # Another thread may be about to put the pages together: then a later request adds the rest.
            if known is not None and missing:
                known.children.extend(part() for part in missing)
                missing.clear()

    app.server.before_request(add)


def _harden(app: Dash) -> None:
    server: Flask = app.server
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=7,
        COMPRESS_CACHE_BACKEND=PackedOnce,
        COMPRESS_CACHE_KEY=name_of,
    )
    Compress(server)
    lean.register(server)
    known_paths = frozenset(page.path.rstrip("/") for page in PAGES)
    for error in (DependencyException, InvalidResourceError):  # scripts that Dash does not have
        server.register_error_handler(error, lambda _error: refusals.answer(NotFound()))
    server.after_request(partial(_mark_unknown, known_paths))
    server.after_request(_set_cache)
    server.after_request(partial(_set_security_headers, app))
    # Vendored files carry their version in the path and lie there compressed: they never touch Flask.
    server.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        server.wsgi_app,
        root=str(ASSETS / "vendor"),
        prefix="assets/vendor/",
        allow_all_origins=False,
        immutable_file_test=r"/assets/vendor/[\w.-]+-\d",
        add_headers_function=_set_vendor_headers,
    )


def _set_vendor_headers(headers: Headers, _path: str, _url: str) -> None:
    headers.add_header("X-Content-Type-Options", "nosniff")


def _mark_unknown(known_paths: frozenset[str], response: Response) -> Response:
    """Answer 404 where Dash's catch-all would answer 200 and leave the rest to the not-found page."""
    is_page = request.endpoint == "/<path:path>" and response.status_code == HTTPStatus.OK
    if is_page and request.path.rstrip("/") not in known_paths:
        response.status_code = 404
    return response


def _set_cache(response: Response) -> Response:
    """Keep stamped assets for a year, the others for a day; never keep a page, which names the stamps."""
    if request.path.startswith("/assets/") and response.status_code in {200, 304}:
        # Read whole, a file can be compressed with its length known. It is closed here: Werkzeug's own server does not
        # close what it answers with where a browser resets its connection.
        file = response.response
        response.direct_passthrough = False
        response.get_data()
        if isinstance(file, FileWrapper):
            file.close()
        stamped = "m" in request.args
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR_SECONDS}, immutable" if stamped else f"public, max-age={DAY_SECONDS}"
        )
    elif response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _set_security_headers(app: Dash, response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    if response.mimetype == "text/html":
        # Dash adds inline scripts up to the first request, so their hashes are asked for late.
        hashes = " ".join(app.csp_hashes())
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(hashes=hashes)
    return response


def _open_once(app: Dash) -> None:
    """Have Dash put together what it puts together for its first visitor."""
    app.server.test_client().get("/healthz")
    with app.server.test_request_context("/"):
        app.index()


def __getattr__(name: str) -> Any:
    """Build ``app:server`` when a server asks for it, so that importing this module stays cheap."""
    if name != "server":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # The first visitor should not wait for the compiler; until it is done, a run waits for what it needs.
    first = [policy.name for policy in PRESETS[DEFAULT].scenario.policies]
    Thread(target=prepare, args=(first,), name="warm", daemon=True).start()
    keep_sweeping()
    built = create_app()
    _open_once(built)
    globals()["server"] = built.server
    return globals()["server"]
