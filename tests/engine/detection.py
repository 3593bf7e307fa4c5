"""The two detectors once more, in plain Python from the papers: slow and obvious."""

import math

Batches = list[tuple[float, float]]
"""(answers, conversions)"""


def divergence(p: float, q: float) -> float:
    return (p * math.log(p / q) if p else 0.0) + ((1 - p) * math.log((1 - p) / (1 - q)) if p < 1 else 0.0)


def glr_statistic(batches: Batches, places: list[int]) -> float:
    """The largest likelihood ratio over places between batches: Besson and Kaufmann (2019), equation 4."""
    n, won = sum(b[0] for b in batches), sum(b[1] for b in batches)
    if won in {0, n}:
        return 0.0
    best = 0.0
    for place in places:
        s, s_won = sum(b[0] for b in batches[:place]), sum(b[1] for b in batches[:place])
        before = s * divergence(s_won / s, won / n)
        after = (n - s) * divergence((won - s_won) / (n - s), won / n)
        best = max(best, before + after)
    return best


def glr_threshold(n: float, delta: float) -> float:
    return math.log(3 * n * math.sqrt(n) / delta)


def places_after_joining(batches: int, alike: int) -> list[int]:
    """Ends of the groups that are left when the two oldest of a size are joined as soon as there are more than `alike`."""
    sizes: list[int] = []
    for _ in range(batches):
        sizes.append(1)
        size = 1
        while sizes.count(size) > alike:
            first = sizes.index(size)
            sizes[first : first + 2] = [2 * size]
            size *= 2
    return [sum(sizes[:place]) for place in range(1, len(sizes))]


def glr_has_changed(batches: Batches, delta: float, alike: int) -> bool:
    """Whether the test rings; batches are groups of as many answers as there are between two tests."""
    n = sum(b[0] for b in batches)
    return glr_statistic(batches, places_after_joining(len(batches), alike)) >= glr_threshold(n, delta)


def cusum_has_changed(answers: list[int], base: int, drift: float, threshold: float) -> bool:
    """Whether the sums are at the threshold now: Liu, Lee and Shroff (2018), algorithm 2."""
    rise = fall = 0.0
    usual = sum(answers[:base]) / base
    for answer in answers[base:]:
        rise = max(0.0, rise + answer - usual - drift)
        fall = max(0.0, fall + usual - answer - drift)
    return max(rise, fall) >= threshold
