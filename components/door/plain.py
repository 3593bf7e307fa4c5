"""Pages that the server writes by itself, without Dash and without scripts: for those who are refused or sign in."""

from html import escape
from pathlib import Path
from typing import Final

from flask import Response

from components import wording

STYLES: Final = ("css/tokens.css", "css/shell.css", "css/controls.css")
THEME: Final = "js/theme.js"
FAVICON: Final = "favicon.svg"
BOOTSTRAP: Final = "vendor/bootstrap-5.3.9/bootstrap.min.css"
NEEDED: Final = frozenset(
    f"/assets/{path}" for path in (*STYLES, THEME, FAVICON, "icons/brand.svg", "icons/warning.svg")
)
"""What these pages load, beside vendored files."""
_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"

_PAGE: Final = """<!DOCTYPE html>
<html lang="en" data-bs-theme="light">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <meta name="theme-color" content="#FFFFFF">
    <title>{title} - {product}</title>
    <link rel="icon" type="image/svg+xml" href="{favicon}">
    <script src="{theme}"></script>
    {styles}
  </head>
  <body>
    <header class="top-bar">
      <a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span><span>{product}</span></a>
    </header>
    <main id="main" class="page page-plain">
      <h1 class="verdict">{title}</h1>
      {body}
    </main>
  </body>
</html>
"""


def page(title: str, body: str, status: int = 200) -> Response:
    """Return a page; `body` is HTML, in which whatever others wrote has been escaped."""
    styles = "\n    ".join(f'<link rel="stylesheet" href="{_stamped(path)}">' for path in (BOOTSTRAP, *STYLES))
    text = _PAGE.format(
        title=escape(title),
        product=escape(wording.PRODUCT),
        favicon=_stamped(FAVICON),
        theme=_stamped(THEME),
        styles=styles,
        body=body,
    )
    response = Response(text, status=status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _stamped(path: str) -> str:
    """Name an asset with its time of change, as the pages do; vendored files have their version in the path."""
    if path.startswith("vendor/"):
        return f"/assets/{path}"
    return f"/assets/{path}?m={(_ASSETS / path).stat().st_mtime}"
