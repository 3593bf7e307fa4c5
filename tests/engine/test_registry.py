"""Families are found by scanning their folders; a mistake in a file is told at once."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.guardrail import GuardrailSpec
from engine.policy import PolicySpec
from engine.registry import Registry
from engine.world import WorldSpec

FAMILIES: list[tuple[Registry[Any], type]] = [
    (engine.POLICIES, PolicySpec),
    (engine.WORLDS, WorldSpec),
    (engine.GUARDRAILS, GuardrailSpec),
]


def fake_family(folder: Path, name: str, **files: str) -> Registry[PolicySpec]:
    """A package of made-up policies."""
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    for file, content in files.items():
        (package / f"{file}.py").write_text(content)
    sys.path.insert(0, str(folder))
    try:
        return Registry(importlib.import_module(name), PolicySpec, "policy")
    finally:
        sys.path.remove(str(folder))


def spec_named(name: str) -> str:
    return (
        "from dataclasses import replace\nfrom engine.policies import thompson\n"
        f"SPEC = replace(thompson.SPEC, name={name!r})\n"
    )


def test_a_file_without_spec_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"family_a\.sneaky must define SPEC, a PolicySpec; got None"):
        fake_family(tmp_path, "family_a", sneaky="x = 1\n")


def test_a_spec_of_another_family_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"family_b\.sneaky must define SPEC, a PolicySpec"):
        fake_family(tmp_path, "family_b", sneaky="from engine.worlds.stationary import SPEC\n")


def test_a_name_other_than_the_files_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"family_c\.sneaky: SPEC\.name is 'thompson'; it must be the file's name"):
        fake_family(tmp_path, "family_c", sneaky="from engine.policies.thompson import SPEC\n")


def test_a_file_that_cannot_be_imported_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        fake_family(tmp_path, "family_d", sneaky="import no_such_module\n")


def test_members_are_found_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ("zebra", "aardvark", "mole")
    family = fake_family(tmp_path, "family_e", **{name: spec_named(name) for name in names})
    assert list(family) == ["aardvark", "mole", "zebra"]
    assert len(family) == 3
    assert family["mole"].name == "mole"
    assert "cat" not in family


def test_families_are_in_a_stable_order() -> None:
    for family, _ in FAMILIES:
        assert list(family) == sorted(family)


def test_every_file_of_a_family_is_a_member() -> None:
    for name, (family, _) in zip(("policies", "worlds", "guardrails"), FAMILIES, strict=True):
        files = (Path(engine.__file__).parent / name).glob("[!_]*.py")
        assert set(family) == {file.stem for file in files}


def test_every_member_is_of_its_family() -> None:
    for family, kind in FAMILIES:
        for name, spec in family.items():
            assert spec.parameters.model_validate({"name": name}).model_dump()["name"] == name
            assert spec.name == name
            assert isinstance(spec, kind)


def test_the_six_policies_of_the_first_version_are_there() -> None:
    """Links depend on these names: they never change."""
    assert set(engine.POLICIES) >= {
        "ab_split", "epsilon_decay", "epsilon_greedy", "oracle", "sliding_window_thompson", "thompson",
    }  # fmt: skip


def test_only_the_oracle_is_a_reference() -> None:
    assert [name for name, spec in engine.POLICIES.items() if spec.is_reference] == ["oracle"]


@pytest.mark.parametrize("K", [2, 5, 64])
def test_every_policy_costs_time(K: int) -> None:
    for spec in engine.POLICIES.values():
        assert spec.cost.nanoseconds(K) > 0
