"""Families are found by scanning their folders, and every member keeps the family's promises."""

import importlib
import sys
from pathlib import Path

import pytest

import engine
from engine.policy import PolicySpec
from engine.registry import Registry


def fake_family(folder: Path, name: str, content: str) -> Registry[PolicySpec]:
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sneaky.py").write_text(content)
    sys.path.insert(0, str(folder))
    try:
        return Registry(importlib.import_module(name), PolicySpec, "policy")
    finally:
        sys.path.remove(str(folder))


def test_a_file_without_spec_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"family_a\.sneaky must define SPEC"):
        fake_family(tmp_path, "family_a", "x = 1\n")


def test_a_name_other_than_the_files_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="must be the file's name"):
        fake_family(tmp_path, "family_b", "from engine.policies.thompson import SPEC\n")


def test_names_are_in_a_stable_order() -> None:
    for family in (engine.POLICIES, engine.WORLDS, engine.GUARDRAILS):
        assert list(family) == sorted(family)


@pytest.mark.parametrize("name", engine.POLICIES)
def test_every_policy_explains_itself(name: str) -> None:
    spec = engine.POLICIES[name]
    module = importlib.import_module(f"engine.policies.{name}")
    assert module.__doc__ is not None
    assert ">>> " in module.__doc__
    assert spec.source.endswith(".")
    assert spec.plain.endswith(".")
    assert spec.parameters.model_validate({"name": name}).name == name
    assert spec.cost.nanoseconds(5) > 0
