"""The campaign page without a server: what it shows of a file, what is said of its columns, and what policies make of it."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import html, no_update
from dash.exceptions import PreventUpdate

from app import create_app
from components import address, own
from components.address import visit
from components.budget import BUDGET
from components.cards.campaign_checks import checks
from components.cards.campaign_verdict import campaign_verdict, policies_title
from components.door.rates import Rates
from components.pages.campaign import RULES, callbacks
from components.pages.campaign.callbacks import FOLLOWING, download, read_again, share
from components.pages.campaign.layout import layout, other_part, seen
from components.pages.campaign.study import judge
from engine import Scenario, shelf, simulate, to_link
from engine.comparison import compare
from engine.reading import log_told_of, told_of
from engine.settings import settings
from engine.shelf import Brought, Shelf
from tests.components.results import text_of, walk

CLEAR = b"Variant,Sent,Orders,Revenue\nPlain,2000,60,$600\nPlayful,2000,120,$1300\nLoud,2000,70,$720\n"
UNSURE = b"segment,conversion\nNew,1\nLoyal,0\nNew,0\nLoyal,0\n"
TIMED = b"variant,sent at,converted\n" + b"".join(
    b"%s,2026-03-%02d 10:00,%d\n" % (b"AB"[n % 2 : n % 2 + 1], 1 + n // 60, n % 7 == n % 2) for n in range(600)
)
TOKEN = "t" * 43
SERVER = create_app().server


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    found = Shelf(tmp_path)
    for module in (own, address, callbacks):
        monkeypatch.setattr(module, "shelf", lambda: found)
    # Read here, by the same function, and not by another process: what that costs is paid where it is tested.
    monkeypatch.setattr(
        shelf,
        "read_log_apart",
        lambda path, name, roles=None, even=False: log_told_of(path.read_bytes(), name, roles, even=even),
    )
    monkeypatch.setattr(shelf, "read_apart", lambda path, name, roles=None: told_of(path.read_bytes(), name, roles))
    with SERVER.test_request_context(headers={"Cookie": f"{own.COOKIE}={TOKEN}"}):
        yield found
    found.close()


def bring(held: Shelf, content: bytes = CLEAR) -> Brought:
    return held.bring(TOKEN, io.BytesIO(content), "spring.csv")


def page_of(found: Brought) -> str:
    return text_of(layout(c=found.identity))


def test_without_a_campaign_there_is_a_door(held: Shelf) -> None:  # noqa: ARG001
    words = text_of(layout())
    assert words.startswith("What would your own campaign have brought?")
    assert "Only this browser can see it. It is deleted two hours after" in words
    assert "Links carry a number that only this browser understands" in words


def test_a_campaign_of_another_browser_is_named_as_such(held: Shelf) -> None:  # noqa: ARG001
    words = text_of(layout(c="0" * 20))
    assert "It was brought in another one, or has been deleted. Bring the file again." in words


def test_it_says_what_happened_and_who_can_see_it(held: Shelf) -> None:
    words = page_of(bring(held))
    assert "Only this browser can see your file" in words
    assert "Links carry a number, no names or totals." in words
    assert "What happened: Playful won, beyond doubt" in words
    assert "All 4 columns are used" in words
    assert "120 conversions" not in words  # the table has numbers, not sentences
    for number in ("6.00%", "over 99.9%", "1,300"):
        assert number in words


def test_a_question_comes_before_all_else(held: Shelf) -> None:
    found = bring(held, UNSURE)
    words = page_of(found)
    assert words.startswith("One thing to settle before this file can be read")
    assert "no column surely names the variants: 'segment' holds New, Loyal" in words
    go, error = read_again(["converted", "variant"], found.identity)  # as they are shown: what matters first
    assert (go, error) == (f"/campaign?c={found.identity}", None)
    assert "What happened" in page_of(found)


def test_roles_that_do_not_fit_are_told_in_place(held: Shelf) -> None:
    found = bring(held)
    _, error = read_again(["variant", "sends", "sends", "ignore"], found.identity)
    assert "got several columns for sends" in text_of(error)
    _, error = read_again(["variant", "orders?", "conversions", "ignore"], found.identity)
    assert "got 'orders?' for 'Sent'" in text_of(error)
    with pytest.raises(PreventUpdate):
        read_again(["variant"], found.identity)
    _, error = read_again(["variant"], None)
    assert "no longer kept" in text_of(error)


def test_sharing_is_said_and_can_be_taken_back(held: Shelf) -> None:
    found = bring(held)
    assert found.scenario is not None
    go, _ = share(found, found.scenario)
    assert go.startswith("/campaign?s=")
    assert go.endswith(f"&c={found.identity}")
    shared = own.brought(found.identity)
    assert shared is not None
    assert "Links carry its names and totals." in page_of(found)
    assert share(shared, found.scenario) == (f"/campaign?c={found.identity}", None)
    assert "no names or totals" in page_of(found)


def test_counts_from_a_link_are_shown_without_the_file(held: Shelf) -> None:
    found = bring(held)
    assert found.scenario is not None
    query = share(found, found.scenario)[0].partition("?")[2].split("&")
    held.delete(found)
    words = text_of(layout(**dict(part.split("=", 1) for part in query)))
    assert "These counts came with a link." in words
    assert "Playful won, beyond doubt" in words
    assert "columns are used" not in words


def test_names_that_no_link_can_hold_are_not_shared(held: Shelf) -> None:
    rows = "".join(
        f"{''.join(chr(0x4E00 + (37 * place * at + at * at) % 20_000) for at in range(1, 99))},100,{place}\n"
        for place in range(64)
    )
    found = bring(held, f"variant,sends,orders\n{rows}".encode())
    assert found.scenario is not None
    go, error = share(found, found.scenario)
    assert go is no_update
    assert "too long for a link" in text_of(error)
    kept = own.brought(found.identity)
    assert kept is not None
    assert not kept.is_shared


def test_what_happened_is_what_the_file_says(held: Shelf) -> None:
    """Whatever becomes of the scenario: lines taken out, or sends that count for less since answers were still to come."""
    found = bring(held)
    assert found.scenario is not None
    fewer = found.scenario.with_changes(arms=found.scenario.to_dict()["arms"][1:])
    rows = list(csv.DictReader(io.StringIO(download("happened", None, fewer, found.identity)["content"])))
    assert [(row["line"], row["sends"], row["revenue"]) for row in rows] == [
        ("Plain", "2000", "600.0"), ("Playful", "2000", "1300.0"), ("Loud", "2000", "720.0"),
    ]  # fmt: skip


def test_a_link_with_the_counts_of_one_line_opens_the_door(held: Shelf) -> None:  # noqa: ARG001
    one = {
        "arms": [{"name": "A", "history": {"sends": 9, "conversions": 1}}, {"name": "B"}],
        "policies": [{"name": "ucb1"}],
    }
    none = one | {"arms": [{"name": name, "history": {"sends": 0, "conversions": 0}} for name in "AB"]}
    for raw in (one, none):
        words = text_of(layout(s=to_link(Scenario.from_dict(raw))))
        assert words.startswith("What would your own campaign have brought?")


def test_every_page_opens_with_it(held: Shelf) -> None:
    found = bring(held)
    assert visit({"c": found.identity}) == (found.scenario, None)
    from components.pages import PAGES

    for page in (page for page in PAGES if page.rules is not None):
        assert "Playful" in str(page.layout(c=found.identity).to_plotly_json())


def test_dash_knows_all_parts() -> None:
    assert "campaign-body" in str(other_part().to_plotly_json())


# Checks


def checked(content: bytes, held: Shelf) -> list[Any]:
    found = bring(held, content)
    assert found.scenario is not None
    counted = seen(found.scenario, found)
    assert counted is not None
    return checks(counted, found.told["emergence"])


def test_a_clear_campaign_passes_its_checks(held: Shelf) -> None:
    differ, split, lead, emerged = checked(CLEAR, held)
    assert (differ.is_fine, split.is_fine, lead.is_fine, emerged.is_fine) == (True, True, True, False)
    assert lead.title == "Playful is ahead of Loud"
    assert emerged.text == "The file has no send times, so this cannot be said."


def test_a_doubtful_one_is_told_so(held: Shelf) -> None:
    differ, split, lead, _ = checked(b"variant,sends,orders\nA,1000,40\nB,1300,55\n", held)
    assert (differ.is_fine, split.is_fine, lead.is_fine) == (False, False, False)
    assert "Unless it was planned so, find out why" in split.text
    assert "which includes zero" in lead.text


def test_with_times_it_says_when_the_leader_emerged(held: Shelf) -> None:
    *_, emerged = checked(TIMED, held)
    assert emerged.title == "A led early, fell back and came back"
    assert "of 600 sends on" in emerged.text


# Policies


def small(held: Shelf, content: bytes = CLEAR, **changes: Any) -> Scenario:
    scenario = bring(held, content).scenario
    assert scenario is not None
    return scenario.with_changes(**({"sends": 600, "replications": 30} | changes))


def test_policies_are_run_as_a_job(held: Shelf) -> None:
    page = FOLLOWING.advance({"scenario": small(held).to_dict(), "n": 0}, None, None, "ann")
    while page["job"]["goes_on"]:
        page |= {name: part for name, part in FOLLOWING.follow(page["job"], "ann").items() if part is not no_update}
    assert text_of(page["hero"]).startswith("On your campaign")
    assert len(page["body"]) == 5
    assert page["progress"] is None
    assert "data-sort" not in str(page["head"].to_plotly_json())
    records = list(csv.DictReader(io.StringIO(download("policies", page["comparison"], small(held), None)["content"])))
    assert len(records) == 5


def test_what_is_too_much_is_said(held: Shelf) -> None:
    huge = small(held, sends=1_000_000, replications=100_000)
    page = FOLLOWING.advance({"scenario": huge.to_dict(), "n": 0, "pressed": True}, None, None, "ann")
    assert "at most" in text_of(page["answered"]["notice"])
    page = FOLLOWING.advance(
        {"scenario": small(held, sends=500_000, replications=3_000).to_dict(), "n": 1}, None, None, "ann"
    )
    assert text_of(page["hero"]).startswith("Your campaign is ready")


def verdict_of(scenario: Scenario) -> tuple[str, str]:
    found = compare(simulate(scenario), crowned_in=0)
    return text_of(campaign_verdict(found, running=False)), policies_title(found)


def test_a_clear_gain_is_a_clear_sentence(held: Shelf) -> None:
    said, title = verdict_of(small(held, sends=6_000, replications=60))
    assert "Thompson sampling would have brought +" in said
    assert "what your counts leave open included" in said
    assert "Thompson sampling gets" in title


def test_a_gain_that_often_fails_says_so(held: Shelf) -> None:
    close = b"variant,sends,orders\nA,4000,121\nB,4000,131\nC,4000,127\n"
    said, _ = verdict_of(small(held, close, sends=4_000, replications=400))
    assert "on average, and less than an even split in" in said


def test_no_gain_is_no_promise(held: Shelf) -> None:
    alike = b"variant,sends,orders\nA,900000,9000\nB,900000,9000\n"
    said, title = verdict_of(small(held, alike, sends=300, replications=40))
    assert said.startswith("On your campaign no policy would clearly have beaten an even split.")
    assert title.endswith("none clearly beats an even split")


def test_the_lines_can_be_taken_away(held: Shelf) -> None:
    found = bring(held, CLEAR.replace(b"Loud", b"=cmd()"))
    assert found.scenario is not None
    rows = list(csv.DictReader(io.StringIO(download("happened", None, found.scenario, found.identity)["content"])))
    assert [row["line"] for row in rows] == ["Plain", "Playful", "'=cmd()"]
    assert rows[1]["revenue"] == "1300.0"
    with pytest.raises(PreventUpdate):
        download("policies", None, found.scenario, None)


def test_its_name_stands_in_the_bar(held: Shelf) -> None:
    found = bring(held)
    assert found.scenario is not None
    assert RULES.summary(found.scenario)[0] == "spring.csv: 3 lines"
    assert RULES.summary(found.scenario.with_changes(arms=[{"name": n, "rate": 0.1} for n in "AB"]))[0] == (
        "A campaign from a link"
    )


# Logs of decisions

LOG = b"arm,propensity,reward\n" + b"".join(
    b"%s,0.5,%d\n" % (b"AB"[n % 2 : n % 2 + 1], n % 10 in (1, 3, 6)) for n in range(400)
)
BARE = b"arm,reward\n" + b"".join(b"%s,%d\n" % (b"AB"[n % 2 : n % 2 + 1], n % 10 in (1, 3, 6)) for n in range(400))


def bring_log(held: Shelf, content: bytes = LOG) -> Brought:
    return held.bring(TOKEN, io.BytesIO(content), "log.csv", is_log=True)


def test_a_log_says_what_each_line_would_have_earned(held: Shelf) -> None:
    found = bring_log(held)
    words = text_of(layout(l=found.identity))
    assert "Always sending B would have converted 40.00%, against 30.00% in this log." in words
    assert "from the 400 sends of log.csv. That is clearly more." in words
    assert "Allow totals in links" not in words
    assert "The split was even" not in words
    rows = list(csv.DictReader(io.StringIO(callbacks._download_log([1], found.identity)["content"])))
    assert {row["method"] for row in rows} == {"Replay", "IPS", "SNIPS", "Direct", "Doubly robust"}


def test_of_a_log_without_chances_the_split_can_be_said_to_be_even(held: Shelf) -> None:
    found = bring_log(held, BARE)
    assert "The split was even" in text_of(layout(l=found.identity))
    go, error = callbacks._say_even(1, found.identity)
    assert (go, error) == (f"/campaign?l={found.identity}", None)
    assert "The split was even" not in text_of(layout(l=found.identity))


def test_columns_of_a_log_can_be_corrected(held: Shelf) -> None:
    found = bring_log(held)
    _, error = read_again(["arm", "propensity", "arm"], found.identity)
    assert "got several columns for arm" in text_of(error)
    assert read_again(["arm", "ignore", "reward"], found.identity)[1] is None
    assert "does not say with which chance" in text_of(layout(l=found.identity))


def test_a_log_that_tells_nothing_promises_nothing(held: Shelf) -> None:
    found = bring_log(held, b"arm,propensity,reward\nA,0.5,1\nB,0.5,0\n")
    assert "These 2 sends cannot tell what any line would have earned." in text_of(layout(l=found.identity))


def test_a_log_of_another_browser_is_named_as_such(held: Shelf) -> None:  # noqa: ARG001
    assert "It was brought in another one, or has been deleted." in text_of(layout(l="0" * 20))


def test_an_address_that_has_spent_its_work_is_told_instead_of_a_judgement(
    held: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = Rates(settings({"BTM_VISITOR_SECONDS": "10"}))
    monkeypatch.setitem(SERVER.extensions, BUDGET, rates)
    rates.charge(10.0)
    new = small(held, replications=21, seed=987)  # no other test has it judged, so that there is something to be done
    page = judge({"scenario": new.to_dict(), "policy": 2}, 0, None, "ann")
    assert "your address may ask for" in page["progress"]
    assert page["resting"]


@pytest.mark.parametrize("policy", [None, -1, 8, 10**30, True, [[1]], "x", {"policy": 0}])
def test_no_job_begins_for_a_policy_that_the_campaign_does_not_have(held: Shelf, policy: Any) -> None:
    with pytest.raises(PreventUpdate):
        judge({"scenario": small(held).to_dict(), "policy": policy}, 0, None, "ann")


def test_once_all_campaigns_are_in_a_log_of_the_leader_is_judged(held: Shelf) -> None:
    scenario = small(held, replications=20)
    assert "follows once all campaigns are in" in judge(None, 0, None, "ann")["progress"]
    compared = {"scenario": scenario.to_dict(), "policy": 2}
    page = judge(compared, 0, None, "ann")
    while page["study"]["goes_on"]:
        page = judge(compared, 0, page["study"], "ann")
    words = text_of(page["body"])
    assert "Dotted: the truth, known here because we made the log." in words
    assert "Always Playful" in words
    assert page["progress"] is None
    assert list(csv.DictReader(io.StringIO(download("log", None, scenario, None, page["study"])["content"])))
    link = next(
        part for part in walk(html.Div(page["body"])) if str(getattr(part, "href", "")).startswith("/campaign?c=")
    )
    floor = visit({"c": link.href.partition("?c=")[2]}).scenario.guardrail("minimum_share")
    assert floor.share == 0.02
