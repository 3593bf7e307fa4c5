"""The tests start with machine code that nobody has to make twice."""

from collections.abc import Collection
from pathlib import Path

import pytest

from engine import POLICIES
from tests import compiling
from tests.engine.rogues import PAIRS

MAKEFILE = Path(__file__).parents[1] / "Makefile"


@pytest.mark.parametrize("cores", [1, 2, 3, 64])
def test_each_loop_is_compiled_by_one_process(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    dealt: list[str] = []

    def warm(first: Collection[str], *, others: bool) -> None:
        dealt.extend(first)
        assert not others

    monkeypatch.setattr(compiling, "warm", warm)
    monkeypatch.setattr(compiling, "compile_loops", lambda *pair: dealt.append(str(pair)))
    for first in range(cores):
        compiling.compile_share(first, cores)
    assert sorted(dealt) == sorted([*POLICIES, *map(str, PAIRS)])


def test_it_comes_before_the_tests() -> None:
    makefile = MAKEFILE.read_text("utf-8")
    recipe = makefile.partition("\ntest:")[2].partition("\n\n")[0]
    assert recipe.index("machine-code") < recipe.index("pytest")
    assert "tests.compiling" in makefile.partition("\nmachine-code:")[2].partition("\n\n")[0]
