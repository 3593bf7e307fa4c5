"""Compiled at first use, once, and kept on disk where that is possible."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.locations import source_digest
from engine.native import Native, address_of, native
from engine.rng import mix

ROOT = Path(engine.__file__).parents[1]


def double(x: float) -> float:
    return 2.0 * x


def test_runs_what_it_stands_for() -> None:
    assert Native(double, on_disk=False)(21.0) == 42.0


def test_the_plain_function_can_be_had() -> None:
    assert native(double).function is double


def test_serves_one_signature_and_no_other() -> None:
    from numba import types as nb

    compiled = Native(double, on_disk=False).compiled(nb.float64(nb.float64))
    assert compiled(1) == 2.0
    with pytest.raises(TypeError):
        compiled("text")
    assert len(compiled.overloads) == 1


def test_compiling_twice_is_compiling_once() -> None:
    from numba import types as nb

    stand_in = Native(double, on_disk=False)
    signature = nb.float64(nb.float64)
    assert stand_in.compiled(signature) is stand_in.compiled(signature)


def test_many_threads_may_come_first() -> None:
    stand_in, together = Native(double, on_disk=False), threading.Barrier(8)

    def call(number: int) -> float:
        together.wait()
        return stand_in(float(number))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(8))) == [2.0 * number for number in range(8)]


def test_machine_code_is_kept_by_the_source_it_was_made_from() -> None:
    """Numba does not notice a change in the files of inner functions; the folder's name does."""
    folder = engine.POLICIES["thompson"].choose.dispatcher.stats.cache_path
    assert source_digest(Path(engine.__file__).parent)[:16] in folder


def test_without_a_place_on_disk_it_still_runs(tmp_path: Path) -> None:
    """A container may be read-only throughout; a file in the way of the folder is as good for root."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    there = set((ROOT / "engine").rglob("*.nbi"))
    script = (
        "import engine; from engine.policy import choose_signature;"
        "engine.POLICIES['ab_split'].choose.compiled(choose_signature())"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(blocked), "PYTHONWARNINGS": "error"}
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert told.stderr.count("Machine code cannot be kept") == 1
    assert set((ROOT / "engine").rglob("*.nbi")) == there


def test_only_compiled_code_can_take_an_address() -> None:
    with pytest.raises(NotImplementedError, match="compiled"):
        address_of(np.zeros(3))


def test_whole_numbers_wrap_as_in_c() -> None:
    with np.errstate(over="ignore"):
        assert mix(np.uint64(2**64 - 1)) == mix.function(np.uint64(2**64 - 1))


def test_a_thread_may_come_while_another_imports_the_compiler() -> None:
    code = """
import sys
from concurrent.futures import ThreadPoolExecutor
from engine.rng import mix

def bring_the_compiler():
    import numba

with ThreadPoolExecutor(2) as pool:
    importing = pool.submit(bring_the_compiler)
    while "numba" not in sys.modules:
        pass
    coming = pool.submit(lambda: mix.dispatcher)
    importing.result()
    coming.result()
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
