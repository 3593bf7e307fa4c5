"""The documents do not rot: their code runs, their numbers are the engine's, their paths and links exist."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from components.formats import count, interval, percent, signed
from components.pages.compare import RULES as COMPARE_RULES
from engine import POLICIES, compare, simulate
from engine.metrics import RepeatedPolicy, Repeats, repeats
from engine.presets import PRESETS, Preset
from engine.race import race
from engine.version import VERSION
from tests.browser import retake_screenshots

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PICTURES = ROOT / "assets" / "readme"
MOST_PICTURE_BYTES = 250_000
TEST_OF_RECIPE = ["__init__.py", "conftest.py", "engine/__init__.py", "engine/scenarios.py", "engine/test_registry.py"]
TEST_OF_RECIPE += ["engine/test_fields.py", "engine/policies/__init__.py"]
PROMISES = ["engine/contract.py", "engine/policies/test_every_policy.py"]


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def python_blocks(document: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL)


def named_blocks(document: str) -> dict[str, str]:
    """Path -> content of the blocks that a line starting with a path in backticks announces."""
    found = re.findall(
        r"^`([\w/]+\.py)`(?:(?!^```).)*?^```python\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL
    )
    return dict(found)


# README


def test_examples_in_the_readme_print_what_they_say() -> None:
    session = "\n".join(python_blocks("README.md"))
    assert session.count(">>>") > 5
    example = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=said.append)
    assert said == [], "".join(said)


def table_row(policy: RepeatedPolicy, conversions: int, missed: float, campaigns: int) -> str:
    """What the README says of a policy that is compared with the even split."""
    cells = [
        count(conversions),
        signed(policy["shown_extra"]),
        f"{signed(policy['extra_mean'])} on average",
        interval(policy["extra_low"], policy["extra_high"]),
        f"{policy['wins']} of {campaigns}",
        count(missed),
    ]
    return " | ".join(cells)


def test_the_leaderboard_in_the_readme_is_that_of_compare() -> None:
    comparison = compare(simulate(COMPARE_RULES.opening), crowned_in=0)
    for policy in comparison["policies"]:
        extra, spread = policy["extra"]["mean"], policy["extra_spread"]
        cells = [
            policy["label"],
            signed(extra),
            interval(spread[0], spread[1]) if extra else "",
            percent(policy["picks_best"]["mean"], 0),
            percent(policy["top_share_mean"], 0),
            count(policy["regret"]["mean"]),
        ]
        assert f"| {' | '.join(cells)} |".replace("|  |", "| |") in text_of("README.md")


@pytest.mark.parametrize("name", ["classic", "real_campaign"])
def test_numbers_in_the_readme_are_those_of_the_page(name: str) -> None:
    scenario = PRESETS[name].scenario
    known: Repeats = repeats(scenario)
    text, K = text_of("README.md"), len(scenario.arms)
    for shown, policy in zip(race(scenario)["policies"], known["policies"], strict=True):
        conversions, missed = sum(shown["conversions"][-K:]), shown["regret"][-1]
        if policy["name"] == "ab_split":
            assert f"| A/B split | {count(conversions)} | | | | | {count(missed)} |" in text
        else:
            assert table_row(policy, conversions, missed, known["replications"]) in text


def test_the_digest_in_the_readme_is_that_of_the_classic_scenario() -> None:
    digest = repeats(PRESETS["classic"].scenario)["digest"]
    assert f"`{digest[:4]}…{digest[-4:]}`" in text_of("README.md")


def test_the_readme_names_every_policy() -> None:
    section = text_of("README.md").partition("## The policies")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)
    assert sorted(rows) == sorted(["policy", *(spec.title for spec in POLICIES.values())])


def test_the_readme_explains_every_environment_variable() -> None:
    sources = [ROOT / "app.py", *(path for part in ("engine", "components") for path in (ROOT / part).rglob("*.py"))]
    read = {name for path in sources for name in re.findall(r'environ(?:\.get\(|\[)"(\w+)"', path.read_text("utf-8"))}
    read |= set(re.findall(r"\$([A-Z_]+)", text_of("Procfile")))
    assert "PORT" in read
    assert [name for name in sorted(read) if f"`{name}`" not in text_of("README.md")] == []


# Paths, links, pictures, versions


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_and_links_lead_somewhere(document: str) -> None:
    text = text_of(document)
    made_up = set(named_blocks(document))
    paths = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|\w+\.(?:py|md|toml|in|txt))`", text)) - made_up
    paths |= {target.partition("#")[0] for target in re.findall(r"\]\((?!https?:)([^)#]+)", text)}
    paths |= set(re.findall(r'src="([^"]+)"', text))
    assert paths or document == "CHANGELOG.md"
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_links_to_headings_lead_somewhere() -> None:
    for document, heading in re.findall(r"\]\((\w+\.md)#([\w-]+)\)", text_of("README.md")):
        titles = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
        assert heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted(PICTURES.iterdir())
    assert len(pictures) == len(retake_screenshots.PICTURES)
    for picture in pictures:
        assert picture.suffix == ".png"
        assert picture.stat().st_size < MOST_PICTURE_BYTES
        assert f"assets/readme/{picture.name}" in text_of("README.md")


def test_versions_agree() -> None:
    assert f"## [{VERSION}]" in text_of("CHANGELOG.md")
    assert f'version = "{VERSION}"' in text_of("pyproject.toml")


# Recipes of CONTRIBUTING


@pytest.fixture(scope="module")
def project_with_recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the engine, and of what its policies' tests need, with the recipe's two files added; nothing else is touched."""
    folder = tmp_path_factory.mktemp("recipe")
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("engine", "components"):
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    for name in TEST_OF_RECIPE + PROMISES:
        (folder / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, content in named_blocks("CONTRIBUTING.md").items():
        assert not (ROOT / path).exists(), "the example is no part of the engine"
        (folder / path).write_text(content, encoding="utf-8")
    return folder


def run_python(folder: Path, *arguments: str) -> str:
    """Run Python inside a copied project, with caches of its own; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(folder), "BTM_CACHE_DIR": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("NUMBA_CACHE_DIR", None)
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_recipe_is_one_file_and_its_test() -> None:
    source, test = named_blocks("CONTRIBUTING.md")
    assert re.fullmatch(r"engine/policies/\w+\.py", source)
    assert test == f"tests/engine/policies/test_{Path(source).name}"


@pytest.mark.slow
def test_the_recipe_s_policy_keeps_every_promise(project_with_recipe: Path) -> None:
    """Its own test, its doctest, and what every policy promises, through the same scan and the same loop as all others."""
    source, _ = named_blocks("CONTRIBUTING.md")
    its_chances = f"{Path(source).stem} and (chances or tells)"
    chosen = ("-k", f"({its_chances}) or not {Path(PROMISES[1]).stem}")
    assert " passed" in run_python(
        project_with_recipe, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, source, "tests"
    )


@pytest.mark.slow
def test_the_page_offers_the_recipe_s_policy(project_with_recipe: Path) -> None:
    name = Path(next(iter(named_blocks("CONTRIBUTING.md")))).stem
    question = f"""
import engine
from components.pages.time_machine.layout import layout
from engine.presets import PRESETS
spec = engine.POLICIES[{name!r}]
asked = PRESETS["classic"].scenario.with_changes(policies=[{{"name": "ab_split"}}, {{"name": {name!r}}}])
page = str(layout(s=engine.to_link(asked)))
print(spec.title in str(layout()), all(f"policies.1.{{knob}}" in page for knob in spec.parameters.model_fields
                                       if knob not in ("name", "label")))
"""
    assert run_python(project_with_recipe, "-c", question) == "True True\n"


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=lambda command: command[0])
def test_the_recipe_keeps_the_house_rules(project_with_recipe: Path, command: list[str]) -> None:
    run_python(project_with_recipe, "-m", "ruff", *command, "--no-cache", *named_blocks("CONTRIBUTING.md"))


def test_the_recipe_for_a_preset_gives_one() -> None:
    block = next(block for block in python_blocks("CONTRIBUTING.md") if block.startswith("Preset("))
    preset = eval(block, {"Preset": Preset})
    assert isinstance(preset, Preset)
    assert preset.name not in PRESETS
    assert preset.sentence.endswith((".", "?"))
    assert preset.source.endswith(".")
    assert preset.scenario.policies[0].name == "ab_split"
