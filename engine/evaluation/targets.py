"""What is evaluated: one line for everybody, fixed shares, or chances of its own for every recipient."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import TargetError
from engine.evaluation.logs import Log

Floats = NDArray[np.float64]
_ADD_UP = 1e-6
_ONE_ROW, _ROWS = 1, 2


def chances_of(log: Log, target: str | ArrayLike) -> Floats:
    """Return the chance with which the target sends each line to each recipient of the log, (n, K).

    Args:
        log: n sends of K lines.
        target: a line's name, or chances (K,) for everybody, or (n, K).

    Raises:
        TargetError: a line that the log does not know, or chances of another shape or that do not add up to 1.
    """
    n, K = len(log), len(log.arms)
    if isinstance(target, str):
        if target not in log.arms:
            raise TargetError(
                f"target: got {target!r}, which is no line of the log. Choose among {', '.join(log.arms[:5])}."
            )
        return np.broadcast_to(np.eye(K)[log.arms.index(target)], (n, K))
    given = _array(target)
    if given.ndim == _ONE_ROW and given.shape == (K,):
        given = np.broadcast_to(given, (n, K))
    if given.ndim != _ROWS or given.shape != (n, K):
        raise TargetError(
            f"target: got chances of shape {_array(target).shape}; must be ({K},) or ({n}, {K}). Reshape them."
        )
    total = given.sum(axis=1)
    wrong = (given < 0).any(axis=1) | ~(np.abs(total - 1.0) <= _ADD_UP)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise TargetError(
            f"target: got chances that add up to {total[row]:g} in row {row + 1}; must add up to 1, none below 0. "
            "Divide them by their sum."
        )
    return given


def _array(target: Any) -> Floats:
    try:
        return np.asarray(target, np.float64)
    except (TypeError, ValueError):
        raise TargetError(
            f"target: got {type(target).__name__}; must be a line's name or an array of chances."
        ) from None
