"""Arrivals, and whose they are: conversions are counted when they arrive and credited along the recipient's path.

Of what is credited, a policy is told at the next decision; until then it waits in a queue. Every send is credited with at
most one conversion, so no posterior is ever told of more successes than trials.
"""

from typing import Any

import numpy as np

from engine.books import ARRIVED, CONVERTS, DRAINED, LEARNT, QUEUED, Books
from engine.money import reward_of_order
from engine.native import native
from engine.recurring import FIRST_TOUCH, LAST_TOUCH
from engine.terms import Terms

NO_SEND: int = np.int64(-1)  # type: ignore[assignment]  # a literal would compile all that it meets once more


@native(inline=True)
def count_arrival(books: Books, terms: Terms, orders: np.uint64, then: int, moment: int) -> None:
    """Count what has arrived of send `then` at a moment, told or not."""
    slot = then & books.ring
    if books.flags[slot] & CONVERTS:
        books.known[books.arm[slot]] += 1
        if terms.rounds.recipients > 0:
            give_credit(books, terms, orders, then, moment)


@native
def count_arrivals(books: Books, terms: Terms, orders: np.uint64, until: int) -> None:
    """Count the conversions that have arrived up to a moment and are not counted yet."""
    for moment in range(books.marks[ARRIVED], until + 1):
        then = books.first[moment & books.ring]
        while then >= 0:
            count_arrival(books, terms, orders, then, moment)
            then = books.following[then & books.ring]
    books.marks[ARRIVED] = max(books.marks[ARRIVED], until + 1)


@native(inline=True)
def join_path(books: Books, who: int, t: int) -> None:
    """Add send t to the recipient's path."""
    slot = t & books.ring
    books.who[slot] = who
    books.earlier[slot] = books.latest[who]
    books.due[slot] = 0.0
    books.latest[who] = t


@native
def give_credit(books: Books, terms: Terms, orders: np.uint64, then: int, moment: int) -> None:
    """Credit the conversion of send `then`, known at a moment, to the sends of the path by then, and close the path."""
    slot = then & books.ring
    who, arm = books.who[slot], int(books.arm[slot])
    oldest = max(moment - terms.rounds.lookback, books.closed[who] + 1)
    first, last, count = NO_SEND, NO_SEND, 0
    touch = int(books.latest[who])
    while touch >= oldest:
        if touch < moment:
            if count == 0:
                last = touch
            first = touch
            count += 1
        touch = int(books.earlier[touch & books.ring])
    books.closed[who] = moment - 1
    if count == 0:
        return
    reward = reward_of_order(terms.purse, terms.logs[arm], orders, then, arm)
    if terms.rounds.credit == LAST_TOUCH:
        credit(books, last, 1.0, reward)
    elif terms.rounds.credit == FIRST_TOUCH:
        credit(books, first, 1.0, reward)
    else:
        touch = last
        while touch >= oldest:
            credit(books, touch, 1.0 / count, reward)
            touch = int(books.earlier[touch & books.ring])


@native(inline=True)
def credit(books: Books, touch: int, share: float, reward: float) -> None:
    """Give a send its share of a conversion."""
    slot = touch & books.ring
    books.credited[books.arm[slot]] += share
    if books.flags[slot] & LEARNT:
        books.due[slot] = share * reward
        books.queue[books.marks[QUEUED] & books.ring] = touch
        books.marks[QUEUED] += 1


@native(inline=True)
def next_due(books: Books) -> Any:
    """Take the next credited send from the queue; -1 when there is none."""
    if books.marks[DRAINED] == books.marks[QUEUED]:
        return NO_SEND
    touch = np.int64(books.queue[books.marks[DRAINED] & books.ring])
    books.marks[DRAINED] += 1
    return touch
