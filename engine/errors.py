"""Every error that a user can cause. Their texts name the field, what was got, what is allowed and what to do."""


class EngineError(Exception):
    """Base of all errors that the engine raises on purpose."""


class ScenarioError(EngineError):
    """A scenario that cannot be simulated; `problems` maps each field's dotted path to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{path}: {text}" if path else text for path, text in problems.items()))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[dict[str, str]]]:
        return type(self), (self.problems,)


class PlanError(ScenarioError):
    """Aims of a plan that nobody can have; `problems` maps each field to what is wrong with it."""


class LinkError(EngineError):
    """A link that does not hold a scenario."""


class SimulationError(EngineError):
    """A policy broke its contract while it ran; a defect of the policy, never of the scenario."""


class WorkError(EngineError):
    """More work than is done at once; says what would fit."""


class CountsError(EngineError):
    """Counts of sends and conversions, or a prior, that no campaign can have."""


class StressError(EngineError):
    """A stress for which a scenario leaves no room; says why."""


class LogError(EngineError):
    """A log of decisions that cannot be read: names the column and the row."""


class TargetError(EngineError):
    """Something to evaluate that does not fit the log, or a method that does not fit what is evaluated."""


class DataError(EngineError):
    """A campaign file that cannot be read, or holds what no campaign can: names the row and the column."""


class BusyError(WorkError):
    """The server cannot do it at the moment; says when to try again, or what would fit now."""


class SettingsError(EngineError):
    """A variable of the environment that cannot be; says which, and what is allowed."""
