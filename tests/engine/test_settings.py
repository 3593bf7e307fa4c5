"""The environment: what is not set, what cannot be, and that no message tells a secret."""

import re
from pathlib import Path

import pytest

from engine.errors import SettingsError
from engine.settings import Settings, settings, variables

ROOT = Path(__file__).parents[2]
OF_OTHERS = {"PORT": "Procfile"}
"""Variables that are documented, but read by somebody else."""


def test_nothing_has_to_be_set() -> None:
    assert settings({}) == Settings()


def test_an_empty_variable_is_not_set() -> None:
    assert settings({"REDIS_URL": " ", "BTM_JOBS": ""}) == Settings()


def test_what_is_set_is_read() -> None:
    found = settings({"BTM_JOBS": "7", "BTM_CACHE_DIR": "/somewhere", "BTM_PASSWORD": "open sesame"})
    assert (found.jobs, found.cache_folder) == (7, Path("/somewhere"))
    assert found.password is not None
    assert found.password.get_secret_value() == "open sesame"


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("BTM_JOBS", "many", "valid integer"),
        ("BTM_JOBS", "0", "greater than or equal to 1"),
        ("BTM_PROXIES", "9", "less than or equal to 5"),
        ("BTM_PASSWORD", "secret", "at least 8"),
        ("BTM_SECRET_KEY", "short-secret", "at least 32"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_without_its_value(name: str, text: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings({name: text})
    assert str(refused.value).startswith(f"{name}: ")
    assert allowed in str(refused.value)
    assert text not in str(refused.value).removeprefix(name) or text == "0"


def test_nothing_that_prints_settings_tells_a_secret() -> None:
    secret = "a very long secret that nobody may see"
    found = settings(dict.fromkeys(("REDIS_URL", "BTM_PASSWORD", "BTM_SECRET_KEY", "BTM_METRICS_TOKEN"), secret))
    assert secret not in f"{found!r} {found} {found.model_dump_json()}"


def test_the_readme_tells_every_variable_as_the_settings_do() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*) \| (.*) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    documented = [row for row in rows if row[0] not in OF_OTHERS]
    fields = Settings.model_fields.values()
    assert documented == [(field.alias, field.description, field.title) for field in fields]
    assert {name for name, _, _ in rows} == {*variables(), *OF_OTHERS}


def test_no_source_reads_a_variable_past_the_settings() -> None:
    sources = [ROOT / "app.py", *(ROOT / "engine").rglob("*.py"), *(ROOT / "components").rglob("*.py")]
    readers = {path.relative_to(ROOT).as_posix() for path in sources if "os.environ" in path.read_text("utf-8")}
    # The second asks where caches usually are, the third hands all of it on to processes of its own.
    assert readers == {"engine/settings.py", "engine/locations.py", "engine/warming.py"}
