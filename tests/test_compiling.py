"""The tests start with machine code that nobody has to make twice."""

from pathlib import Path

import pytest

from engine import POLICIES
from tests.compiling import shares

MAKEFILE = Path(__file__).parents[1] / "Makefile"


@pytest.mark.parametrize("cores", [1, 2, 3, 16, 64])
def test_every_policy_is_compiled_by_one_process(cores: int) -> None:
    dealt = shares(cores)
    assert sorted(name for share in dealt for name in share) == sorted(POLICIES)
    assert all(dealt)
    assert len(dealt) <= cores
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1


def test_it_comes_before_the_tests() -> None:
    recipe = MAKEFILE.read_text("utf-8").partition("\ntest:")[2].partition("\n\n")[0]
    assert recipe.index("tests.compiling") < recipe.index("pytest")
