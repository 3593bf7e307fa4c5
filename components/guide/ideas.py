"""The theory in short, and what each of it means for a campaign."""

from dataclasses import dataclass
from typing import Final

from components.guide.backing import Figure, Item, Read, Seen


@dataclass(frozen=True)
class Idea:
    """An idea in plain words, and what it means for a campaign."""

    slug: str
    idea: Item
    means: str


IDEAS: Final = (
    Idea(
        "explore",
        Item(
            "Exploration and exploitation",
            (
                "Every send can do one of two things: earn with the line that leads, or learn about the "
                "others. A split that only learns gives conversions away; one that only earns may cling to a "
                "line that was lucky at the start. A policy is a rule for dividing the sends between the two."
            ),
            (Seen("learning-pays"), Read("sutton-2018", "section 2.1")),
        ),
        (
            "An even split is all exploration. Test, then winner, is all of one and then all of the "
            "other. Bandits mix the two, and shift towards earning as they get surer."
        ),
    ),
    Idea(
        "regret",
        Item(
            "Regret",
            (
                "Regret is what was missed by not always sending the truly best line. It starts at zero and "
                "never falls. Under an even split it grows by the same amount with every send; under a policy"
                " that learns its growth slows down."
            ),
            (Figure("regret"), Read("lattimore-2020", "section 4.5"), Read("lai-1985")),
        ),
        (
            "Regret is the price of not having known. Some of it is unavoidable: no policy that does well"
            " everywhere can keep it flat. The question is how much less than the even split a policy "
            "pays."
        ),
    ),
    Idea(
        "stationary",
        Item(
            "Stationarity",
            (
                "Rates are stationary if they stay the same for the whole campaign. Policies that never "
                "forget rely on that. Where rates follow the hour, drift, or jump, the newest answers say "
                "more than the oldest, and a policy has to forget."
            ),
            (Seen("season"), Read("garivier-2011b", "section 2"), Read("trovo-2020")),
        ),
        (
            "A send that is over in an hour is close to stationary. One that runs over days meets "
            "mornings and evenings, weekdays and weekends. Ask the Stress test before you trust a policy "
            "with such a campaign."
        ),
    ),
)
