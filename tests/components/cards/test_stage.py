import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dash import Dash
from dash.development.base_component import Component

from components import wording_replay as replay
from components.cards import stage

REPLAY = Path(__file__).parents[3] / "assets" / "js" / "replay"


def script() -> str:
    """All parts of the replay's script."""
    return "".join(part.read_text(encoding="utf-8") for part in sorted(REPLAY.glob("*.js")))


def parts(component: Any) -> Iterator[Any]:
    if isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))
    elif isinstance(component, list | tuple):
        for child in component:
            yield from parts(child)


def ids(*components: Any) -> list[str]:
    return [part.id for part in parts(list(components)) if getattr(part, "id", None)]


def test_ids_are_unique() -> None:
    found = ids(stage.stage(), stage.dynamics(), stage.stores())
    assert len(found) == len(set(found))


def test_every_id_that_the_script_looks_for_exists() -> None:
    found = set(ids(stage.stage(), stage.dynamics()))
    wanted = set(re.findall(r"byId\('([a-z-]+)'\)", script())) | set(re.findall(r"'([a-z-]+-graph)'", script()))
    assert len(wanted) > 10
    assert wanted <= found


def test_every_word_that_the_script_uses_exists() -> None:
    used = set(re.findall(r"\bwords\.([a-z_]+)", script()))
    assert len(used) > 10
    assert used <= set(replay.SCRIPT)


def test_words_reach_the_page_as_data() -> None:
    props = stage.stage().to_plotly_json()["props"]
    assert json.loads(props["data-words"]) == replay.SCRIPT


def test_the_clock_stands_until_the_script_starts_it() -> None:
    clock = next(part for part in parts(stage.stage()) if getattr(part, "id", "") == "replay-tick")
    assert clock.disabled is True


def test_a_tick_lets_the_script_go_on_until_after_the_next() -> None:
    lease = re.search(r"LEASE_MILLISECONDS = (\d+)", script())
    assert lease is not None
    assert int(lease[1]) > stage.TICK_MILLISECONDS


def test_every_button_has_a_name_and_is_no_submit() -> None:
    for button in (part for part in parts(stage.stage()) if type(part).__name__ == "Button"):
        props = button.to_plotly_json()["props"]
        assert props["type"] == "button"
        assert props.get("aria-label") or props["children"]


def test_one_speed_is_chosen() -> None:
    group = next(part for part in parts(stage.stage()) if getattr(part, "id", "") == "replay-speed")
    states = [button.to_plotly_json()["props"]["aria-pressed"] for button in group.children]
    assert states == ["true", "false", "false"]


def test_height_is_kept_for_what_is_about_to_be_shown() -> None:
    assert stage.stage(4, 64).to_plotly_json()["props"]["style"] == {"--policies": 4, "--rows": 8}


def test_wiring_is_clientside_and_gives_no_figure_back() -> None:
    app = Dash("stage")
    stage.register(app)
    assert len(app._callback_list) == 2
    for callback in app._callback_list:
        assert callback["clientside_function"]["namespace"] == "btm_replay"
        assert ".figure" not in callback["output"]
