"""What the environment sets: every variable that this program reads, with its meaning and its bounds.

Secrets come from here alone: they stand in no file, and no message shows them.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from engine.errors import SettingsError

SHORTEST_PASSWORD: Final = 8
SHORTEST_KEY: Final = 32


class Settings(BaseModel):
    """The environment; of each variable the title says what holds when it is not set."""

    model_config = ConfigDict(frozen=True, populate_by_name=False, extra="ignore", hide_input_in_errors=True)

    redis_url: Annotated[
        SecretStr | None,
        Field(
            alias="REDIS_URL",
            description="a Redis that all processes share: answers and progress are kept there, and jobs run on the workers",
            title="everything in the web process: threads, and a folder",
        ),
    ] = None
    redis_trusts_any: Annotated[
        bool,
        Field(
            alias="BTM_REDIS_ANY_CERTIFICATE",
            description="`1` where `REDIS_URL` begins with `rediss:` and its certificate is signed by nobody known, as at Heroku",
            title="certificates are checked",
        ),
    ] = False
    password: Annotated[
        SecretStr | None,
        Field(
            alias="BTM_PASSWORD",
            min_length=SHORTEST_PASSWORD,
            description="visitors sign in with it, once in 12 hours; at least 8 characters",
            title="everybody may look",
        ),
    ] = None
    secret_key: Annotated[
        SecretStr | None,
        Field(
            alias="BTM_SECRET_KEY",
            min_length=SHORTEST_KEY,
            description="signs who has signed in, and what web and worker tell each other; "
            "the same for all processes, at least 32 characters",
            title="made from the password, or the address of Redis: set it where that has no password of its own",
        ),
    ] = None
    proxies: Annotated[
        int,
        Field(
            alias="BTM_PROXIES",
            ge=0,
            le=5,
            description="routers in front that say who asks (`X-Forwarded-For`); "
            "with more than there are, visitors can pretend to be others",
            title="0; the Procfile says 1",
        ),
    ] = 0
    requests_a_minute: Annotated[
        int,
        Field(
            alias="BTM_REQUESTS_A_MINUTE",
            ge=60,
            le=1_000_000,
            description="requests that one address may make; a page that follows a job makes some 120",
            title="6,000",
        ),
    ] = 6_000
    visitor_seconds: Annotated[
        int,
        Field(
            alias="BTM_VISITOR_SECONDS",
            ge=10,
            le=1_000_000,
            description="core-seconds of new simulations that one address may ask for in an hour",
            title="3,600",
        ),
    ] = 3_600
    jobs: Annotated[
        int,
        Field(
            alias="BTM_JOBS",
            ge=1,
            le=10_000,
            description="jobs that run or wait at the same time, of all visitors together",
            title="24",
        ),
    ] = 24
    waiting_seconds: Annotated[
        int,
        Field(
            alias="BTM_WAITING_SECONDS",
            ge=60,
            le=10_000_000,
            description="core-seconds that these jobs may need together, by what they are expected to take",
            title="14,400",
        ),
    ] = 14_400
    job_seconds: Annotated[
        int,
        Field(
            alias="BTM_JOB_SECONDS",
            ge=10,
            le=86_400,
            description="seconds that a job may take; it then ends with what it has",
            title="3,600",
        ),
    ] = 3_600
    worker_tasks: Annotated[
        int | None,
        Field(
            alias="BTM_WORKER_TASKS",
            ge=1,
            le=256,
            description="tasks that one worker runs at the same time",
            title="as many as it has cores",
        ),
    ] = None
    metrics_token: Annotated[
        SecretStr | None,
        Field(
            alias="BTM_METRICS_TOKEN",
            min_length=SHORTEST_PASSWORD,
            description="switches `/metrics` on, for those who send it as `Authorization: Bearer ...`",
            title="no metrics",
        ),
    ] = None
    cache_folder: Annotated[
        Path | None,
        Field(
            alias="BTM_CACHE_DIR",
            description="where answers (at most 512 MB), the progress of jobs and machine code are kept; "
            "safe to delete, and shared by any number of processes",
            title="`bandit-time-machine` in `XDG_CACHE_HOME` or `~/.cache`, else in the temporary folder",
        ),
    ] = None
    reading_megabytes: Annotated[
        int,
        Field(
            alias="BTM_READING_MEGABYTES",
            ge=64,
            le=8_000,
            description="memory that reading one brought file may take, in a process of its own; larger files are refused",
            title="290",
        ),
    ] = 290
    redis_megabytes: Annotated[
        int | None,
        Field(
            alias="BTM_REDIS_MEGABYTES",
            ge=8,
            le=100_000,
            description="memory that answers may take in Redis; those that were not asked for longest go first",
            title="half of what Redis may take, at most 512",
        ),
    ] = None
    machine_code_folder: Annotated[
        Path | None,
        Field(
            alias="NUMBA_CACHE_DIR",
            description="where machine code alone is kept",
            title="`.machine-code` beside `app.py` if the build made it, else in the folder above",
        ),
    ] = None
    cpu: Annotated[
        str | None,
        Field(
            alias="NUMBA_CPU_NAME",
            description="the kind of CPU to compile for, such as `generic` for any",
            title="`generic` where the build made machine code, else this CPU",
        ),
    ] = None


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; a variable that is empty is not set.

    Raises:
        SettingsError: names the variables that cannot be, and what is allowed.
    """
    found = os.environ if environment is None else environment
    try:
        return Settings.model_validate({name: text for name in variables() if (text := found.get(name, "").strip())})
    except ValidationError as error:
        raise SettingsError("\n".join(map(_sentence, error.errors(include_url=False)))) from None


def variables() -> list[str]:
    """Return the names of all variables, in the order in which they are documented."""
    return [str(field.alias) for field in Settings.model_fields.values()]


def _sentence(detail: Any) -> str:
    """Say what is wrong with a variable, without its value: it may be a secret."""
    return f"{detail['loc'][0]}: {detail['msg'][0].lower()}{detail['msg'][1:]}. Change it, or leave it out."
