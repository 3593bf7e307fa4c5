"""The story for a room says what the page says."""

from typing import Any

from components.cards.kpi import kpi
from components.cards.story import story
from components.cards.verdict import deck, sentence
from components.charts import traffic
from components.wording import plain
from engine.metrics import repeats
from engine.presets import PRESETS
from engine.race import race

SCENARIO = PRESETS["classic"].scenario.with_changes(sends=2_000)


def text_of(part: Any) -> str:
    if part is None or isinstance(part, str | int | float):
        return str(part or "")
    return "".join(map(text_of, part)) if isinstance(part, list) else text_of(getattr(part, "children", None))


def test_five_steps_with_the_numbers_of_the_page() -> None:
    shown: Any = race(SCENARIO)
    luck: Any = repeats(SCENARIO)
    steps = story(shown, sentence(shown, luck), deck(shown, luck), [("Compare more policies", "/compare?s=x")]).children
    even, learn, changed, missed, onward = map(text_of, steps)
    numbers = text_of(kpi(shown))
    conversions = even.rpartition(": ")[2].removesuffix(" conversions.")
    assert f"{conversions} conversions" in numbers
    assert traffic.title(shown) in learn
    assert plain(sentence(shown, luck)) in changed
    for number in (missed.split(" missed ")[1].split(" ")[0], missed.rpartition(" ")[2].removesuffix(".")):
        assert f"missed (regret){number}" in numbers
    assert plain(deck(shown, luck)) in onward
    assert steps[-1].children[-1].children[0].href == "/compare?s=x"
