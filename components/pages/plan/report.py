"""What can be taken away of a plan: chances, spreads, grid, proofs, the policies and the schedule."""

from collections.abc import Mapping
from typing import Any, Final

from components import ids
from components import wording_plan as words
from components import wording_report as report_words
from components.charts import chances
from components.pages.plan.drawing import drawn
from components.pages.plan.grid import drawn_grid, grid_records
from components.pages.plan.layout import NAME, STORES
from components.pages.plan.records import plan_of, section_records
from components.pages.plan.work import in_address
from components.report.content import Chart, NothingToReport, Report, Section
from components.report.door import Offer
from components.report.way_back import way_back
from engine.planning.outlook import put_together

PATH: Final = "/plan"


def gather(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows; only what has been worked out already."""
    job = stores["job"]
    if not job:
        raise NothingToReport(report_words.NOTHING_YET)
    known = plan_of(job)
    if known is None:
        raise NothingToReport(report_words.GONE)
    question, found, digest = known
    plan = put_together(question, found)
    page = drawn(question, found, running=digest is None)
    back = way_back(PATH, question.scenario, **in_address(question.aims))
    chart = Chart(ids.PLAN_CHART, page["figure"], page["summary"], chances.HEIGHT, is_wide=True)

    def section(of: str, content: Any = None, charts: tuple[Chart, ...] = ()) -> Section:
        records = section_records(of, question, found)
        return Section(of, page[f"heading of {of}"], charts, content=content, records=records)

    return Report(
        name=NAME,
        page=words.PLAN,
        hero=page["hero"],
        sections=(
            section("chances", charts=(chart,)),
            section("spreads", [page["spreads"], *page["notes"]]),
            *_grid(stores["grid"]),
            section("proofs", page["proofs"]),
            section("plan", page["table"]),
            section("schedule", page["schedule"]),
        ),
        scenario=question.scenario,
        digest=digest or report_words.NOT_ALL_OF_PLAN,
        address=back.address,
        is_private=back.is_private,
        notes=tuple(words.notes(plan["campaigns"], question.aims.worth, has_money=plan["has_money"])),
    )


def _grid(job: Any) -> list[Section]:
    shown = drawn_grid(job)
    return (
        [] if shown is None else [Section("grid", shown["heading"], content=shown["body"], records=grid_records(job))]
    )


OFFER: Final = Offer(NAME, STORES, gather)
