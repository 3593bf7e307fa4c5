"""Order values: what is sure is kept, what is luck is drawn together."""

import numpy as np
import pytest

from engine.fitting.orders import Orders, fitted_orders, spread_of


def fitted(*args: object) -> Orders:
    found = fitted_orders(*args)  # type: ignore[arg-type]
    assert isinstance(found, Orders)
    return found


def test_lines_whose_orders_differ_by_luck_are_nearly_alike() -> None:
    """Estimates of equal means are nearer to them than what was seen, in nearly all files."""
    rng = np.random.default_rng(2)
    nearer = 0
    for _ in range(60):
        orders = 50.0 * rng.lognormal(-0.32, 0.8, (4, 80))
        found = fitted(orders.sum(axis=1), np.full(4, 80.0), orders.std() / orders.mean())
        nearer += np.ptp(found.by_line) < np.ptp(orders.mean(axis=1)) / 2
    assert nearer >= 54


def test_many_orders_are_believed() -> None:
    found = fitted(np.array([60.0, 40.0]) * 1e5, np.full(2, 1e5), 0.95)
    assert (found.mean, *found.by_line) == pytest.approx((50.0, 60.0, 40.0), abs=0.05)


def test_a_line_without_orders_gets_the_mean() -> None:
    found = fitted(np.array([6_000.0, 0.0]), np.array([100.0, 0.0]), 0.95)
    assert found.by_line[1] == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("revenue", "conversions", "reason"),
    [
        ((90.0, 0.0), (4, 3), "there are 7"),
        ((0.0, 0.0), (40, 30), "0.00 on average"),
        ((-90.0, 0.0), (40, 30), "on average"),
        ((1e9, 0.0), (40, 30), "up to 100,000"),
    ],
)
def test_what_cannot_be_is_told(revenue: tuple[float, ...], conversions: tuple[int, ...], reason: str) -> None:
    assert reason in str(fitted_orders(np.array(revenue), np.array(conversions, float), 0.95))


def test_the_spread_is_that_of_the_logarithms() -> None:
    values = np.random.default_rng(1).lognormal(3.0, 0.8, 20_000)
    assert spread_of(values) == pytest.approx(0.8, abs=5 * 0.8 / np.sqrt(40_000))
    assert spread_of(np.geomspace(1e-9, 1e9, 50)) == 2.0
    assert spread_of(values[:9]) is None
