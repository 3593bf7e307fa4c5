"""Whether a deployed package has a known security advisory: ``python -m tests.advisories``, a part of ``make test``.

Without a way to the service nothing is known, so nothing fails: one line says so.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

DEPLOYED = Path(__file__).parents[1] / "requirements.txt"

MOST_SECONDS = 20.0
"""For all packages together. One answer takes a tenth of a second."""

ANSWER_SECONDS = 5

NO_ANSWER = re.compile(
    r"^requests\.exceptions\.|^pip_audit\._service\.interface\.\w+|Could not connect to ", re.MULTILINE
)
"""What stands in its complaint when the service is away, busy or behind somebody else's page."""

NOT_CHECKED = "Advisories: the service that knows them cannot be reached, so nothing was checked."


class Verdict(NamedTuple):
    """Whether this may go on, and a text for who reads along."""

    passes: bool
    text: str


def look_up(requirements: Path, *options: str, most_seconds: float = MOST_SECONDS) -> Verdict:
    """Ask for every pinned package; `options` may name another service."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--no-deps", "--disable-pip"]
    command += ["--vulnerability-service", "osv", "--timeout", str(ANSWER_SECONDS), "--format", "json"]
    command += ["--desc", "off", "--progress-spinner", "off", *options]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=most_seconds)
    except subprocess.TimeoutExpired:
        return Verdict(passes=True, text=NOT_CHECKED)
    return verdict(ran.stdout, ran.stderr)


def verdict(told: str, complaint: str) -> Verdict:
    """Judge what was told; what stops before it has told anything is told on, unless only the service was away."""
    if not told.strip():
        away = NO_ANSWER.search(complaint) is not None
        return Verdict(away, NOT_CHECKED if away else f"Advisories: could not look them up.\n{complaint}")
    packages = json.loads(told)["dependencies"]
    skipped = [f"{one['name']}: not checked; {one['skip_reason']}" for one in packages if "skip_reason" in one]
    found = [line for one in packages for line in advisories(one)]
    if found or skipped:
        return Verdict(passes=not found, text="\n".join(["Advisories:", *found, *skipped]))
    return Verdict(passes=True, text=f"Advisories: none for the {len(packages)} deployed packages.")


def advisories(package: dict[str, str | list[dict[str, str | list[str]]]]) -> list[str]:
    """Return a line for each advisory of a package: its names, and what mends it."""
    lines = []
    for one in package.get("vulns", []):
        assert isinstance(one, dict)
        names = ", ".join([str(one["id"]), *one["aliases"]])
        mended = ", ".join(one["fix_versions"]) or "no version yet"
        lines.append(f"{package['name']} {package['version']}: {names}; mended in {mended}.")
    return lines


if __name__ == "__main__":
    passes, text = look_up(DEPLOYED)
    sys.stdout.write(f"{text}\n")
    sys.exit(not passes)
