"""One password for all visitors: a page without scripts, a signed cookie, and nothing else to anybody without it."""

import hashlib
import hmac
import secrets
import unicodedata
from html import escape
from typing import Final
from urllib.parse import quote, urlsplit

from flask import Flask, Response, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.exceptions import Unauthorized

from components import wording_door as words
from components.door import plain
from components.door.keys import key_for
from components.door.rates import SIGN_IN_PATH
from components.door.refusals import is_navigation
from engine.settings import Settings

SIGN_OUT_PATH: Final = "/sign-out"
COOKIE: Final = "btm-session"
SEE_OTHER: Final = 303
SESSION_SECONDS: Final = 12 * 60 * 60
LONGEST_NEXT: Final = 8_000
"""Letters; servers take addresses of some 8,190."""
LONGEST_PASSWORD: Final = 1_000

_OPEN: Final = frozenset({SIGN_IN_PATH, "/healthz", "/readyz", "/metrics", *plain.NEEDED})
_ERROR: Final = '<p class="field-error" id="password-error" role="alert">{}</p>'
_FORM: Final = """<p class="lead">{lead}</p>
      <form class="sign-in" method="post" action="{path}">
        <input type="hidden" name="next" value="{next}">
        <label class="field-label" for="password">{label}</label>
        <input class="form-control" id="password" name="password" type="password" autocomplete="current-password"
          required maxlength="{longest}" autofocus{invalid}>
        {error}
        <button class="btn btn-primary btn-wide" type="submit">{button}</button>
      </form>"""


class SignIn:
    """The guard of all requests, where a password is set."""

    def __init__(self, password: str, found: Settings) -> None:
        self._password = _hashed(password)
        # The password is part of the key: who changes it ends every session.
        key = hmac.digest(key_for("session", found), self._password, "sha256")
        self._signer = TimestampSigner(key, salt=COOKIE, key_derivation="hmac", digest_method=hashlib.sha256)

    def register(self, server: Flask) -> None:
        """Add the page, and the way out."""
        server.after_request(_keep_nowhere)
        server.add_url_rule(SIGN_IN_PATH, "sign_in", self._page, methods=["GET", "POST"])
        server.add_url_rule(SIGN_OUT_PATH, "sign_out", _sign_out, methods=["POST"])

    def guard(self) -> Response | None:
        """Lead those who have not signed in to the page; scripts are told in one sentence."""
        if request.path in _OPEN or self._is_signed_in():
            return None
        if request.method in {"GET", "HEAD"} and is_navigation():
            return _lead(sign_in_address(_asked_for()))
        raise Unauthorized

    def _is_signed_in(self) -> bool:
        try:
            self._signer.unsign(request.cookies.get(COOKIE, ""), max_age=SESSION_SECONDS)
        except BadSignature:  # or too old
            return False
        return True

    def _page(self) -> Response:
        after = local(request.values.get("next", ""))
        if request.method != "POST":  # also HEAD, which the limit on attempts does not count
            return _lead(after) if self._is_signed_in() else _form(after)
        typed = request.form.get("password", "")
        if not hmac.compare_digest(_hashed(typed[:LONGEST_PASSWORD]), self._password):
            return _form(after, words.WRONG_PASSWORD if typed else words.NO_PASSWORD, 401)
        return self._signed_in(after)

    def _signed_in(self, after: str) -> Response:
        response = _lead(after, SEE_OTHER)
        response.set_cookie(
            COOKIE,
            self._signer.sign(secrets.token_urlsafe(12)).decode(),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
        return response


def sign_in_address(after: str) -> str:
    """Return where to sign in, and what to open then.

    >>> sign_in_address("/"), sign_in_address("/compare?s=1a-b_c&c=9")
    ('/sign-in', '/sign-in?next=/compare?s=1a-b_c%26c=9')
    """
    return SIGN_IN_PATH if after == "/" else f"{SIGN_IN_PATH}?next={quote(after, safe='/?=:,;~')}"


def local(address: str) -> str:
    r"""Return an address of ours as it is; the first page for every other one.

    >>> [local(address) for address in ("/compare?s=1", "//evil.example", "/\\\\evil.example", "https://evil.example", "x", "")]
    ['/compare?s=1', '/', '/', '/', '/', '/']
    """
    is_plain = address.isascii() and address.isprintable() and "\\" not in address and len(address) <= LONGEST_NEXT
    if not is_plain or not address.startswith("/") or address.startswith("//"):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or parts.path in {SIGN_IN_PATH, SIGN_OUT_PATH} else address


def _asked_for() -> str:
    """The address of this request; without its question where that is too long to be carried along."""
    query = request.query_string.decode("latin-1")
    whole = local(f"{quote(request.path)}?{query}" if query else quote(request.path))
    return whole if len(sign_in_address(whole)) <= LONGEST_NEXT else local(quote(request.path))


def _form(after: str, error: str = "", status: int = 200) -> Response:
    body = _FORM.format(
        lead=escape(words.SIGN_IN_LEAD),
        path=SIGN_IN_PATH,
        next=escape(after),
        label=escape(words.PASSWORD),
        longest=LONGEST_PASSWORD,
        invalid=' aria-invalid="true" aria-describedby="password-error"' if error else "",
        error=_ERROR.format(escape(error)) if error else "",
        button=escape(words.SIGN_IN),
    )
    return plain.page(words.SIGN_IN, body, status)


def _sign_out() -> Response:
    response = _lead(SIGN_IN_PATH, SEE_OTHER)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _keep_nowhere(response: Response) -> Response:
    """Keep no page: who has signed out, or shares the browser, should not get it back from there."""
    if response.mimetype == "text/html" or "public" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
    return response


def _lead(address: str, status: int = 302) -> Response:
    """Lead to another address of ours; nobody on the way may keep this answer for others."""
    return Response(status=status, headers={"Location": address, "Cache-Control": "no-store"})


def _hashed(password: str) -> bytes:
    """Return what is compared: all as long as each other, and the same however a keyboard puts an accent together."""
    return hashlib.sha256(unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")).digest()
