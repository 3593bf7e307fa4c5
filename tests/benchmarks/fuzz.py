"""Thousands of bodies, files and links that no page sends: no 500, nothing that hangs, no growth, and pages go on.

Starts the Procfile's web line, takes what pages in Chromium send and breaks it in many ways. Exits with 1 where a promise
does not hold, and lists where callbacks gave up on a body: those answers were 400, but a page should not get that far.
"""

import argparse
import copy
import http.client
import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from playwright.sync_api import BrowserContext, Page, Request, sync_playwright

from app import create_app
from components import ids
from components.pages import PAGES
from components.pages.compare import drawing
from tests.benchmarks.load import CALLBACKS, megabytes
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.browser.steps import field
from tests.servers import ROOT, web

UPLOADS: Final = "/campaign-files"
SAMPLES: Final = ROOT / "assets" / "samples"
SHARES: Final = {"callback": 60, "file": 25, "link": 12, "other": 3}
PATIENCE_SECONDS: Final = 30.0
BROKEN_SECONDS: Final = 0.5
"""For an answer to what is not whole: the server waits 30 s for the rest, without a thread, and we go away."""
MOST_GROWTH: Final = 40.0
"""Megabytes, between the half and the end."""
REST_SECONDS: Final = 8.0
"""For jobs that nobody follows any longer to end, before memory is looked at."""
LEAVE_EVERY: Final = 20
ADDRESSES: Final = 250
"""That the router tells: an address may bring 60 files an hour."""
READ: Final = 0.04
"""Of the files, those that come as far as the process that reads them: it takes half a second for each."""
MOST_KEPT: Final = 6
"""Bodies of a callback."""
TOKEN: Final = "fuzzing-the-door"
INFINITE: Final = "@1e999@"
"""Stands for a number that JSON can write and Python cannot."""
NONSENSE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**64), 10**400, 1e308, -1e-308, 0.5, float("nan"), float("inf"), INFINITE,
    "", "x", "0", "-1", "NaN", "\ud800", "\x00", "é" * 50, "x" * 100_000, "..", "<b>", "1e9", [], {}, [[]], [None], [[1], {}],
    {"id": 1}, {"n": "x"}, {"scenario": None}, {"scenario": {"arms": 3}}, {"n": 10**30, "scenario": {}}, [{"n": 1}],
)  # fmt: skip


class Question(NamedTuple):
    """A request as it goes over the line."""

    kind: str
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    is_broken: bool = False  # ends before it is whole, so that there may be no answer


class Seen(NamedTuple):
    """What pages send, by the callback, and what they keep, by its place."""

    bodies: dict[str, list[Any]]
    values: dict[str, list[Any]]
    links: list[str]


# What pages send


def seen_of(url: str) -> Seen:
    """Open every page, use it a little, and return what it sends; what nobody pressed is put together from what is kept."""
    seen = Seen({}, {}, [])

    def note(request: Request) -> None:
        if CALLBACKS in request.url and request.post_data:
            body = json.loads(request.post_data)
            kept = seen.bodies.setdefault(body["output"], [])
            if len(kept) < MOST_KEPT:
                kept.append(body)
            _keep_values(seen, body)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        context = browser.new_context(base_url=url)
        page = context.new_page()
        page.on("request", note)
        for path in ("/", "/compare", "/stress", "/plan", "/audit", *_brought(context)):
            page.goto(path)
            page.wait_for_timeout(4_000)
            _use(page)
            seen.links.append(page.url.removeprefix(url))
        browser.close()
    _add_unseen(seen)
    return seen


def _brought(context: BrowserContext) -> Iterator[str]:
    """Bring a campaign and a log of decisions, and say where they are shown."""
    name = "two-e-mails-2008.csv"
    for query, content in (("", (SAMPLES / name).read_bytes()), ("?kind=log", decision_log().encode())):
        answer = context.request.post(f"{UPLOADS}{query}", headers={"X-File-Name": name}, data=content)
        if "go" in answer.json():
            yield answer.json()["go"]


def _use(page: Page) -> None:
    """Change a setting, and press whatever gives a file."""
    sends = field(page, "sends")
    if sends.count() and sends.first.is_visible():
        sends.first.fill("9000")
        sends.first.press("Enter")
        page.wait_for_timeout(3_000)
    for button in page.locator("button", has_text="CSV").all()[:8]:
        if button.is_visible():
            button.click()
    page.wait_for_timeout(1_000)


def _keep_values(seen: Seen, body: Any) -> None:
    for one in (*body.get("inputs", []), *body.get("state", [])):
        for place in one if isinstance(one, list) else [one]:
            if place.get("value") is not None:
                kept = seen.values.setdefault(_name(place), [])
                kept[:] = [place["value"], *kept][:MOST_KEPT]


def _name(place: Any) -> str:
    identity = place["id"] if isinstance(place["id"], str) else json.dumps(place["id"])
    return f"{identity}.{place['property']}"


def _add_unseen(seen: Seen) -> None:
    app = create_app()
    for output, callback in app.callback_map.items():
        if "callback" in callback and output not in seen.bodies:
            outputs = callback["output"] if isinstance(callback["output"], list) else [callback["output"]]
            told = [{"id": str(one.component_id), "property": one.component_property} for one in outputs]
            inputs, state = (
                [
                    {
                        "id": one["id"],
                        "property": one["property"],
                        "value": next(iter(seen.values.get(_name(one), [])), 1),
                    }
                    for one in callback[part]
                ]
                for part in ("inputs", "state")
            )
            body = {"output": output, "outputs": told if output.startswith("..") else told[0]}
            body |= {"inputs": inputs, "state": state, "changedPropIds": [_name(inputs[0])]}
            seen.bodies[output] = [body]


def decision_log() -> str:
    """A log of sixty sends."""
    rows = "".join(f"{n},Everybody,{'AB'[n % 2]},0.5,0.5,0.5,policy,{int(n % 7 == 0)}\n" for n in range(60))
    return f"send,segment,arm,propensity,propensity_0,propensity_1,guardrail,reward\n{rows}"


# Breaking it


def broken(draw: random.Random, whole: Any, others: list[Any]) -> Any:
    """Return a copy with something wrong at a random depth."""
    found = copy.deepcopy(whole)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        holder, key = _somewhere(draw, found)
        if holder is None:
            return copy.deepcopy(draw.choice(NONSENSE))
        _break(draw, holder, key, others)
    return found


def _somewhere(draw: random.Random, found: Any) -> tuple[Any, Any]:
    """A container and a key of it, however deep."""
    holder, key = None, None
    while isinstance(found, dict | list) and found:
        holder, key = found, draw.choice(list(found)) if isinstance(found, dict) else draw.randrange(len(found))
        found = found[key]
        if draw.random() < 0.12:
            break
    return holder, key


def _break(draw: random.Random, holder: Any, key: Any, others: list[Any]) -> None:
    what, now = draw.randrange(8), holder[key]
    if what == 0:
        del holder[key]
    elif what == 1 and others:
        holder[key] = copy.deepcopy(draw.choice(others))
    elif what == 2 and isinstance(now, int | float) and not isinstance(now, bool):
        holder[key] = draw.choice((-now, now + 1, now * 10, now * 1_000_000_000, now // 3, str(now)))
    elif what == 3 and isinstance(now, list):
        holder[key] = draw.choice(
            (now * 2, now[::-1], now * (40 if len(now) < MOST_KEPT else 1), {str(n): one for n, one in enumerate(now)})
        )
    elif what == 4 and isinstance(now, str):
        holder[key] = draw.choice((now[: len(now) // 2], now * 9, now + "\ud800", now.upper(), [now]))
    elif what == 5:
        for _ in range(draw.choice((1, 3, 60))):
            now = [now]
        holder[key] = now
    elif what == 6 and isinstance(now, dict):
        now[draw.choice(("x", "n", "scenario", "__class__", ""))] = copy.deepcopy(draw.choice(NONSENSE))
    else:
        holder[key] = copy.deepcopy(draw.choice(NONSENSE))


def written(draw: random.Random, body: Any) -> bytes:
    """Return it as JSON, now and then broken too."""
    text = json.dumps(body).replace(f'"{INFINITE}"', "1e999")
    if draw.random() < 0.03:
        return changed_bytes(draw, text.encode())
    return text.encode()


def changed_bytes(draw: random.Random, content: bytes) -> bytes:
    """Return bytes of which some are others, or missing, or there twice."""
    found = bytearray(content)
    for _ in range(draw.choice((1, 3, 20))):
        at = draw.randrange(len(found) + 1)
        what = draw.randrange(4)
        if what == 0:
            found[at : at + 1] = draw.randbytes(1)
        elif what == 1:
            del found[at : at + draw.randrange(1, 200)]
        elif what == 2:
            found[at:at] = draw.choice(
                (b",", b";", b"\n", b'"', b"\x00", b"\xff\xfe", b"1e999", b"-1", b"nan", b"9" * 400)
            )
        else:
            found[at:at] = found[at : at + draw.randrange(1, 500)]
    return bytes(found)


class Asker:
    """Draws questions."""

    def __init__(self, seen: Seen, draw: random.Random) -> None:
        self._seen, self._draw = seen, draw
        self._outputs = sorted(seen.bodies)
        self._others = [value for _, kept in sorted(seen.values.items()) for value in kept]
        self._files = [path.read_bytes() for path in sorted(SAMPLES.glob("*.csv"))] + [decision_log().encode(), _book()]
        self._pages = next((kept for name, kept in seen.bodies.items() if "_pages_content" in name), [])
        self._visitors = [value for value in seen.values.get("visitor.data", []) if isinstance(value, str)]

    def question(self) -> Question:
        """Return the next one."""
        kind = self._draw.choices(list(SHARES), list(SHARES.values()))[0]
        make: dict[str, Callable[[], Question]] = {
            "callback": self._callback, "file": self._file, "link": self._link, "other": self._other,
        }  # fmt: skip
        return make[kind]()

    def leaving(self) -> list[Question]:
        """Give back the jobs that bodies began."""
        return [_json("leave", "/jobs/leave", json.dumps({"visitor": one}).encode()) for one in self._visitors]

    def _callback(self) -> Question:
        draw = self._draw
        body = copy.deepcopy(draw.choice(self._seen.bodies[draw.choice(self._outputs)]))
        if draw.random() < 0.12:
            return _json("callback", CALLBACKS, written(draw, broken(draw, body, self._others)))
        for _ in range(draw.choice((1, 1, 2))):
            places = [one for one in (*body["inputs"], *body.get("state", [])) if isinstance(one, dict)]
            if places:
                one = draw.choice(places)
                one["value"] = broken(draw, [one.get("value")], self._others)
                one["value"] = one["value"][0] if isinstance(one["value"], list) and one["value"] else one["value"]
        return _json("callback", CALLBACKS, written(draw, body))

    def _file(self) -> Question:  # noqa: PLR0911  # a kind each
        draw = self._draw
        query = draw.choice(
            ("", "?kind=log", "?kind=", "?kind=x&kind=log", "?sample", "?sample=x&sample=y", "?%ff=%00")
        )
        name = draw.choice(
            ("a.csv", "a.xlsx", "a.tsv", "", "%00", "%ff.csv", "../../x", "x" * 3_000, "a.xls", "%F0%9F%98%80")
        )
        if draw.random() < READ:
            content = changed_bytes(draw, draw.choice((*self._files, draw.randbytes(3_000))))
            pieces = draw.random() < 0.3
            headers = (("X-File-Name", name), ("Transfer-Encoding", "chunked")) if pieces else (("X-File-Name", name),)
            return Question("file read", "POST", UPLOADS + query, _in_pieces(content) if pieces else content, headers)
        what, named = draw.randrange(7), (("X-File-Name", name),)
        content = draw.randbytes(draw.randrange(2_000))
        if what == 0:
            length = draw.choice(("-1", "x", "1e3", "99999999999", "30000000", "0", "+5", "5, 6", str(10**30)))
            return Question(
                "file length", "POST", UPLOADS + query, content, (*named, ("Content-Length", length)), is_broken=True
            )
        if what == 1:
            wrong = draw.choice((b"zz\r\nx", b"5\r\nab", b"-1\r\n", b"ffffffffffff\r\nx", b"\r\n\r\n", content))
            return Question(
                "file pieces",
                "POST",
                UPLOADS + query,
                wrong,
                (*named, ("Transfer-Encoding", "chunked")),
                is_broken=True,
            )
        if what == 2:
            told = (*named, ("Content-Length", str(len(content) + draw.randrange(1, 9_000))))
            return Question("file cut short", "POST", UPLOADS + query, content, told, is_broken=True)
        if what == 3:
            return Question("file", "POST", f"{UPLOADS}?sample={_odd(draw)}", b"", named)
        if what == 4:
            method = draw.choice(("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"))
            return Question("file", method, UPLOADS + query, b"", named)
        if what == 5:
            return Question("file", "POST", UPLOADS + query, b"", named)
        return Question("file", "POST", UPLOADS + query, content, ((draw.choice(("X-Filename", "Content-Type")), "a"),))

    def _link(self) -> Question:
        draw = self._draw
        path, _, query = draw.choice(self._seen.links).partition("?")
        key, _, token = query.partition("&")[0].partition("=")
        key = draw.choice((key or "s", "s", "c", "l", "policy", "campaign"))
        odd = draw.choice(
            (
                changed_bytes(draw, token.encode() or b"1eJx").decode("latin-1"),
                token[: draw.randrange(len(token) + 1)],
                token * draw.choice((2, 30)),
                _odd(draw),
            )
        )
        told = (
            f"{key}={quote(odd, safe='-_=&%')}{draw.choice(('', '&s=1', f'&{key}={_odd(draw)}', '&policy=9e9', '#'))}"
        )
        path = draw.choice((path, path, "/", "/compare", "/stress", "/audit", "/campaign", "/nowhere"))
        if self._pages and draw.random() < 0.5:  # what the page itself asks with the address
            body = copy.deepcopy(draw.choice(self._pages))
            for one in (*body["inputs"], *body.get("state", [])):
                one["value"] = {"pathname": path, "search": f"?{told}"}.get(one["property"], one.get("value"))
            return _json("link", CALLBACKS, written(draw, body))
        return Question("link", "GET", f"{path}?{told}")

    def _other(self) -> Question:
        draw = self._draw
        odd, path = _odd(draw), draw.choice(self._seen.links)
        query = path.partition("?")[2]
        return draw.choice(
            (
                Question("other", "GET", f"/sign-in?next={odd}"),
                Question("other", "POST", "/sign-in", f"password={odd}&next={odd}".encode()),
                Question("other", "POST", "/sign-out", odd.encode()),
                _json("other", "/jobs/leave", written(draw, broken(draw, [{"visitor": "a"}], self._others))),
                self._report(),
                Question(
                    "other", "GET", "/metrics", b"", (("Authorization", draw.choice(("Bearer ", f"Bearer {TOKEN}"))),)
                ),
                Question(
                    "other", "GET", f"/audit/log.csv?{query}&policy={odd}&campaign={draw.choice(('1', '-1', 'x'))}"
                ),
                Question("other", "GET", f"/audit/log.parquet?s={odd}"),
                Question("other", "GET", f"/_dash-component-suites/{odd}/{odd}.js"),
                Question("other", "GET", f"/assets/{odd}"),
                Question("other", draw.choice(("PUT", "GET", "HEAD", "TRACE")), CALLBACKS),
                Question("other", "GET", "/readyz"),
            )
        )

    def _report(self) -> Question:
        """A page's report of what was seen in any store."""
        draw, offers = self._draw, [offer for page in PAGES for offer in page.offers]
        offer = draw.choice(offers)
        stores = {
            name: copy.deepcopy(draw.choice(self._seen.values.get(f"{store}.data") or [None]))
            for name, store in offer.stores.items()
        }
        body: dict[str, Any] = {"stores": stores, "today": "2026-11-28"}
        content = broken(draw, body, self._others) if draw.random() < 0.5 else body
        return _json(
            "other",
            f"/report/{offer.page}.{draw.choice(('html', 'xlsx', 'zip', 'txt', 'exe'))}",
            written(draw, content),
        )


def _odd(draw: random.Random) -> str:
    """Return something that an address can hold, and should not."""
    long = draw.choice(("x", "1eJ", "%F0%9F%98%80")) * draw.choice((100, 600, 3_000))
    return draw.choice(
        ("", "1", "0", "-1", "1e999", "NaN", "%00", "%ff", "%ED%A0%80", "..%2f..%2fapp.py", "%0d%0aa:b", long)
    )


def _book() -> bytes:
    """A file that Excel opens, as far as its first letters go; whole ones stand in the tests of files."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile

    rows = "".join(
        f'<row r="{n + 2}"><c t="inlineStr"><is><t>Line {n}</t></is></c><c><v>{1000 + n}</v></c><c><v>{20 + n}</v></c></row>'
        for n in range(5)
    )
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("Subject line", "Sent", "Conversions"))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{office}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1">{cells}</row>{rows}</sheetData></worksheet>',
    }
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return held.getvalue()


def _json(kind: str, path: str, body: bytes) -> Question:
    return Question(kind, "POST", path, body, (("Content-Type", "application/json"),))


def _in_pieces(content: bytes) -> bytes:
    half = max(1, len(content) // 2)
    pieces = [part for part in (content[:half], content[half:]) if part]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in pieces) + b"0\r\n\r\n"


# Asking


class Results:
    """What was answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self.slowest: list[tuple[float, str]] = []

    def note(self, asked: Question, status: int, answer: bytes, seconds: float) -> None:
        """Count an answer; 0 stands for none."""
        with self._lock:
            self.statuses[asked.kind, status] += 1
            self.slowest = sorted([*self.slowest, (seconds, f"{asked.kind} {asked.path[:60]}")], reverse=True)[:5]
            is_sentence = status == 503 and b'"error"' in answer
            if (status >= 500 and not is_sentence) or (status == 0 and not asked.is_broken):
                self.wrong.append(
                    f"{status} after {seconds:.1f} s: {asked.kind} {asked.path[:120]} {asked.body[:2_000]!r}"
                )


def ask(url: str, asked: Question, address: str) -> tuple[int, bytes]:
    """Send a question as it is, right or wrong, and return status and answer; 0 where the line was closed without one."""
    parts = urlsplit(url)
    headers = [("Host", parts.netloc), ("Connection", "close"), ("X-Forwarded-For", address), *asked.headers]
    names = {name.lower() for name, _ in headers}
    if asked.body and not names & {"content-length", "transfer-encoding"}:
        headers.append(("Content-Length", str(len(asked.body))))
    head = f"{asked.method} {asked.path} HTTP/1.1\r\n" + "".join(f"{name}: {text}\r\n" for name, text in headers)
    with socket.create_connection((parts.hostname, parts.port), PATIENCE_SECONDS) as line:
        line.settimeout(BROKEN_SECONDS if asked.is_broken else PATIENCE_SECONDS)
        try:
            line.sendall(head.encode("latin-1", "replace") + b"\r\n" + asked.body)
            answer = http.client.HTTPResponse(line, method=asked.method)
            answer.begin()
            return answer.status, answer.read()
        except (ConnectionError, http.client.HTTPException):
            return 0, b""
        except TimeoutError:
            if asked.is_broken:
                return 0, b""
            raise


def ask_many(url: str, asker: Asker, results: Results, count: int, until: float, draw: random.Random) -> None:
    """Ask so many questions, one after the other, or fewer where they would take too long."""
    for n in range(count):
        if time.monotonic() > until:
            break
        questions = asker.leaving() if n % LEAVE_EVERY == 0 else [asker.question()]
        for asked in questions:
            begun = time.monotonic()
            address = f"198.51.100.{draw.randrange(ADDRESSES)}"
            try:
                status, answer = ask(url, asked, address)
            except TimeoutError:
                results.wrong.append(
                    f"no answer after {PATIENCE_SECONDS:.0f} s: {asked.path[:120]} {asked.body[:2_000]!r}"
                )
                continue
            results.note(asked, status, answer, time.monotonic() - begun)


def ask_at_once(url: str, askers: list[Asker], results: Results, count: int, seconds: float) -> None:
    """Ask from several threads; a mistake of our own in one of them ends it all."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(askers)) as threads:
        asking = [
            threads.submit(ask_many, url, one, results, count // len(askers), until, random.Random(n))
            for n, one in enumerate(askers)
        ]
        for one in asking:
            one.result()


# What came of it


def told_by(log: Path) -> tuple[Counter[str], list[str]]:
    """Return where callbacks gave up on a body, and what else went wrong, by the log."""
    gave_up: Counter[str] = Counter()
    wrong: list[str] = []
    for text in log.read_text("utf-8", "replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            line = {"level": "error", "message": text} if "Traceback" in text or "Error" in text else {}
        if line.get("message", "").startswith("A callback could not be answered"):
            gave_up[f"{line['error']} at {own_frame(line['where'])}"] += 1
        elif line.get("level") in {"error", "critical"}:
            wrong.append(text[:2_000])
    return gave_up, wrong


def own_frame(where: list[str]) -> str:
    """Return the innermost place in our own source."""
    own = [one for one in where if one.startswith(f"{ROOT}/") and "site-packages" not in one]
    return own[-1].removeprefix(f"{ROOT}/") if own else where[-1]


def still_works(url: str) -> bool:
    """Whether pages in a browser show their figures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = browser.new_page(base_url=url)
        for path, chart in (("/", "traffic"), ("/compare", drawing.REGRET)):
            page.goto(path)
            page.wait_for_selector(f"#{ids.graph(chart)} .main-svg", timeout=120_000)
        browser.close()
    return True


def at_rest(process: subprocess.Popen[bytes]) -> float:
    """Return the memory once jobs have ended."""
    time.sleep(REST_SECONDS)
    return megabytes(process)


def main() -> int:
    """Run it, print what came out, and return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=900.0, help="after which it asks no more")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    generous = {"BTM_REQUESTS_A_MINUTE": "1000000", "BTM_VISITOR_SECONDS": "1000000", "BTM_JOB_SECONDS": "10"}
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with web(place / "log", BTM_CACHE_DIR=str(place / "cache"), BTM_METRICS_TOKEN=TOKEN, **generous) as (
            url,
            process,
        ):
            seen = seen_of(url)
            print(
                f"{len(seen.bodies)} callbacks, {sum(map(len, seen.bodies.values()))} bodies, links: {len(seen.links)}"
            )
            askers = [Asker(seen, random.Random(f"{wanted.seed}-{n}")) for n in range(wanted.threads)]
            begun, sizes = time.monotonic(), [megabytes(process)]
            for part in ("first half", "second half"):
                ask_at_once(url, askers, results, wanted.requests // 2, wanted.seconds / 2)
                print(f"{part}: {time.monotonic() - begun:.0f} s", flush=True)
                sizes.append(at_rest(process))
            works = still_works(url)
        gave_up, wrong = told_by(place / "log")
    return tell(results, sizes, gave_up, wrong, works=works)


def tell(results: Results, sizes: list[float], gave_up: Counter[str], wrong: list[str], *, works: bool) -> int:
    """Print it all; return 1 where a promise does not hold."""
    print("asked:", sum(results.statuses.values()))
    for kind in sorted({kind for kind, _ in results.statuses}):
        found = sorted((status, count) for (of, status), count in results.statuses.items() if of == kind)
        print(f"{kind:16}", ", ".join(f"{status}: {count}" for status, count in found))
    print("slowest:", ", ".join(f"{seconds:.1f} s {what}" for seconds, what in results.slowest))
    print("memory, MB:", ", ".join(f"{size:,.0f}" for size in sizes), "(before, at the half, at the end)")
    print("callbacks that gave up on a body (400):", sum(gave_up.values()))
    for where, count in gave_up.most_common():
        print(f"{count:6} {where}")
    for one in [*results.wrong, *wrong]:
        print("WRONG:", one)
    has_grown = sizes[-1] - sizes[-2] > MOST_GROWTH
    is_right = works and not has_grown and not results.wrong and not wrong
    print("pages still work:", works, "- grown too much:", has_grown, "- all is right:", is_right)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
