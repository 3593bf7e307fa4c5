"""What hosts run when they build the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOOK = ROOT / "bin" / "post_compile"


def test_the_hook_can_be_run_and_compiles() -> None:
    assert os.access(HOOK, os.X_OK)
    assert "python -m engine.warming --build" in HOOK.read_text(encoding="utf-8")


def test_a_build_without_machine_code_is_a_build_all_the_same(tmp_path: Path) -> None:
    """Compiling fails here, there is no engine; what it left is taken away, and the host goes on."""
    (tmp_path / "bin").mkdir()
    shutil.copy2(HOOK, tmp_path / "bin")
    (tmp_path / ".machine-code").mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(
        ["bin/post_compile"],
        cwd=tmp_path,
        env=os.environ | {"PATH": path, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "will compile when it starts" in told.stdout
    assert not (tmp_path / ".machine-code").exists()


def test_the_python_that_hosts_take_is_one_that_this_runs_on() -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"3\.(11|12|13)", version)  # the newest release of it, with whatever it mends


def test_the_folder_of_a_build_is_never_committed() -> None:
    assert ".machine-code/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
