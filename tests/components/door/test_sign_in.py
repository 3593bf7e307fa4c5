"""One password: who has it sees everything, who has it not sees a page to type it and nothing else."""

import pytest
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from app import create_app
from components.door.sign_in import COOKIE, LONGEST_NEXT, SESSION_SECONDS
from tests.components.door.asking import BY_HAND, PASSWORD, client, signed_in

KEY = "a key of our own that is long enough for this"


@pytest.fixture(scope="module")
def whole() -> FlaskClient:
    """Somebody who asks the whole application."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTM_PASSWORD", PASSWORD)
        found: FlaskClient = create_app().server.test_client()
    return found


def test_without_a_password_everything_is_open() -> None:
    asking = client()
    assert asking.get("/").text == "a page"
    assert asking.get("/sign-in").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/compare", "/campaign", "/audit/log.csv", "/no-such-page", "/assets/samples/x.csv", "/assets/js/shell.js"],
)
def test_who_opens_an_address_is_led_to_sign_in_and_sees_no_difference(whole: FlaskClient, path: str) -> None:
    answer = whole.get(path, headers=BY_HAND)
    assert answer.status_code == 302
    assert answer.headers["Location"] == ("/sign-in" if path == "/" else f"/sign-in?next={path}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == b""


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_dash-update-component"),
        ("GET", "/_dash-layout"),
        ("GET", "/_dash-dependencies"),
        ("GET", "/_dash-component-suites/dash/dcc/async-graph.js"),
        ("POST", "/campaign-files"),
        ("POST", "/jobs/leave"),
        ("POST", "/sign-out"),
        ("GET", "/assets/js/shell.js"),
        ("GET", "/"),
        ("DELETE", "/no-such"),
    ],
)
def test_scripts_are_told_in_a_sentence(whole: FlaskClient, method: str, path: str) -> None:
    answer = whole.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (401, "application/json")
    assert answer.get_json() == {"error": "Your session has ended. Sign in again to go on."}


def test_health_checks_and_what_the_page_needs_stay_open(whole: FlaskClient) -> None:
    text = whole.get("/sign-in").text
    needed = [part.split('"')[0] for part in text.split('"/assets/')[1:]]
    assert len(needed) > 5
    for path in ("/healthz", "/readyz", *(f"/assets/{name}" for name in needed)):
        answer = whole.get(path, buffered=True)
        assert answer.status_code == 200, path
        answer.close()


def test_with_the_password_everything_is_open(whole: FlaskClient) -> None:
    answer = whole.post("/sign-in", data={"password": PASSWORD, "next": "/compare?s=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/compare?s=1")
    assert whole.get("/compare").status_code == 200
    assert "Sign out" in whole.get("/_dash-layout").text
    assert whole.get("/sign-in?next=/audit").headers["Location"] == "/audit"
    out = whole.post("/sign-out")
    assert (out.status_code, out.headers["Location"]) == (303, "/sign-in")
    assert whole.get("/_dash-layout").status_code == 401


def test_the_cookie_is_for_the_browser_alone() -> None:
    said = client(BTM_PASSWORD=PASSWORD).post("/sign-in", data={"password": PASSWORD}).headers["Set-Cookie"]
    assert said.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={SESSION_SECONDS}"):
        assert part in said
    assert "Secure" not in said
    assert PASSWORD not in said
    safe = client(BTM_PASSWORD=PASSWORD, BTM_PROXIES="1").post(
        "/sign-in", data={"password": PASSWORD}, headers={"X-Forwarded-Proto": "https"}
    )
    assert "Secure" in safe.headers["Set-Cookie"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
def test_only_a_post_signs_in(method: str) -> None:
    """Others are not counted as attempts."""
    answer = client(BTM_PASSWORD=PASSWORD).open("/sign-in", method=method, data={"password": PASSWORD})
    assert answer.status_code in {200, 405}
    assert "Set-Cookie" not in answer.headers


def test_no_page_is_kept_by_the_browser(whole: FlaskClient) -> None:
    with whole.post("/sign-in", data={"password": PASSWORD}):
        pass
    for path in ("/", "/compare", "/_dash-layout"):
        assert whole.get(path).headers["Cache-Control"] == "no-store"
    asset = whole.get("/assets/js/shell.js", buffered=True)
    assert "max-age" in asset.headers["Cache-Control"]
    asset.close()
    whole.post("/sign-out")


@pytest.mark.parametrize("typed", ["", "open sesame 2", PASSWORD.upper(), f"{PASSWORD} ", "\ud83d", "x" * 100_000])
def test_another_password_is_refused(typed: str) -> None:
    asking = client(BTM_PASSWORD=PASSWORD)
    answer = asking.post("/sign-in", data={"password": typed.encode("utf-8", "replace"), "next": "/compare"})
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert 'name="next" value="/compare"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert asking.get("/", headers=BY_HAND).status_code == 302


def test_an_accent_is_the_same_however_it_was_typed() -> None:
    asking = client(BTM_PASSWORD="caf\u00e9 au lait")
    assert asking.post("/sign-in", data={"password": "cafe\u0301 au lait"}).status_code == 303


def session_of(asking: FlaskClient) -> str:
    cookie = asking.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


@pytest.mark.parametrize("more", [{}, {"BTM_SECRET_KEY": KEY}], ids=["made", "given"])
def test_a_session_holds_in_every_process_with_the_same_password_and_in_no_other(more: dict[str, str]) -> None:
    session = session_of(signed_in(**more))
    same = client(BTM_PASSWORD=PASSWORD, **more)
    same.set_cookie(COOKIE, session)
    assert same.get("/").status_code == 200
    for others in ({"BTM_PASSWORD": "another one 2", **more}, {"BTM_PASSWORD": PASSWORD, "BTM_SECRET_KEY": KEY[::-1]}):
        other = client(**others)
        other.set_cookie(COOKIE, session)
        assert other.get("/").status_code == 401


def test_a_session_ends_after_twelve_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = signed_in()
    now = TimestampSigner("").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: now + SESSION_SECONDS - 5)
    assert asking.get("/").status_code == 200
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: now + SESSION_SECONDS + 5)
    assert asking.get("/").status_code == 401


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "a" * 4_000, "\u00e9"])
def test_a_forged_session_is_none(forged: str) -> None:
    asking = client(BTM_PASSWORD=PASSWORD)
    asking.set_cookie(COOKIE, forged)
    assert asking.get("/").status_code == 401
    mended = signed_in()
    asking.set_cookie(COOKIE, session_of(mended)[:-1])
    assert asking.get("/").status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example",
        "/sign-in", "/sign-out", "compare", " /compare", "/\r\nSet-Cookie: a=b", "/" + "x" * LONGEST_NEXT, "//[", "/\u202e",
    ],
)  # fmt: skip
def test_it_leads_nowhere_else(address: str) -> None:
    asking = client(BTM_PASSWORD=PASSWORD)
    answer = asking.post("/sign-in", data={"password": PASSWORD, "next": address})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_what_was_asked_for_comes_back_as_it_was() -> None:
    asking = client(BTM_PASSWORD=PASSWORD)
    asked = "/compare?s=1" + "aB-_" * 1_750 + "&c=a%20b&x=%26"
    led = asking.get(asked, headers=BY_HAND).headers["Location"]
    assert len(led) < 8_190
    assert f'value="{asked.replace("&", "&amp;")}"' in asking.get(led).text
    assert asking.post(led, data={"password": PASSWORD}).headers["Location"] == asked


def test_a_question_too_long_to_be_carried_along_is_left_out() -> None:
    led = client(BTM_PASSWORD=PASSWORD).get("/compare?s=" + "%C3" * 2_600, headers=BY_HAND).headers["Location"]
    assert led == "/sign-in?next=/compare"


def test_words_of_others_are_shown_as_words() -> None:
    text = client(BTM_PASSWORD=PASSWORD).get('/sign-in?next=/"><script>alert(1)</script>').text
    assert "<script>alert" not in text


def test_another_site_signs_nobody_in_or_out() -> None:
    foreign = {"Origin": "https://evil.example"}
    assert (
        client(BTM_PASSWORD=PASSWORD).post("/sign-in", data={"password": PASSWORD}, headers=foreign).status_code == 403
    )
    asking = signed_in()
    assert asking.post("/sign-out", headers=foreign).status_code == 403
    assert asking.get("/").status_code == 200
