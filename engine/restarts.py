"""What policies that start a line anew keep: which line is still to be asked about, and since when each line counts.

Whether a line has changed is asked when the next thing happens after its answer: a choice, or an answer of another
send. A conversion that comes right after its send, told late, is then in time. What belongs to sends before a line's
new start is ignored.
"""

import numpy as np

from engine.native import native

ASKED = 3  # header slot: the arm whose answers came last and have not been looked at, or NONE
NEXT = 4  # header slot: the first send that was not told
NONE = -1.0


@native
def counts(state: np.ndarray, since: int, arm: int, sent: int) -> bool:
    """Tell whether this send came after the arm's last new start; `since` is a row of K."""
    return sent >= int(state[since + arm])


@native
def is_complete(state: np.ndarray, arm: int, trials: float) -> bool:
    """Tell whether these answers end the wait for late ones of the arm that is to be asked about."""
    return bool(trials > 0.0 or state[ASKED] != arm)


@native
def note(state: np.ndarray, arm: int, sent: int) -> None:
    """Note the arm whose answers came last."""
    state[ASKED] = arm
    state[NEXT] = max(int(state[NEXT]), sent + 1)


@native
def start_anew(state: np.ndarray, since: int, arm: int) -> None:
    """Have only sends count for this arm that are told from now on."""
    state[since + arm] = state[NEXT]
