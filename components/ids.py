"""Every id that Python code refers to in more than one place, and the shapes of the ids made in numbers."""

import json
from typing import Any, Final

# The question: panel, notices and what they keep. One page at a time has them.

EDITS: Final = "edits"
"""Store: what a visitor typed and pressed, numbered, as far as the draft does not hold it yet."""
DRAFT: Final = "draft"
"""Store: what the controls say, valid or not, and what is to be told about it."""
ASKED: Final = "asked"
"""Store: the scenario that should be shown, whether somebody pressed the button for it, and which question it is."""
ADDRESS: Final = "address"
"""Store: the query of the scenario's address; nothing when no address can hold it."""

PANEL_BODY: Final = "panel-body"
SUMMARY: Final = "scenario-summary"
RUN: Final = "run"
STATUS: Final = "run-status"
NOTICE: Final = "notice"
ADDRESS_NOTICE: Final = "address-notice"
PACE_NOTICE: Final = "pace-notice"
AWAY_NOTICE: Final = "away-notice"

# The Time Machine.

SHOWN: Final = "shown"
"""Store: the scenario that the page shows, and whether its repeats are in."""
HERO: Final = "hero"
LUCK: Final = "luck"
KPI: Final = "kpi"
TRAFFIC_HEAD: Final = "traffic-head"
LINES_HEAD: Final = "lines-head"
TABLE: Final = "table"
FOOT: Final = "foot"
DOWNLOAD: Final = "download"
TABLE_CSV: Final = "table-csv"
RACE_CSV: Final = "race-csv"
RACE: Final = "race"
DRIFT_CSV: Final = "drift-csv"
DRIFT_WORDS: Final = "drift-words"
DRIFT_STILL: Final = "drift-still"
"""What stands for the drift monitor when nothing moved."""
GUARDS: Final = "guards"
SEGMENTS: Final = "segments"
SEGMENTS_CSV: Final = "segments-csv"
CREDIT: Final = "credit"
CREDIT_CSV: Final = "credit-csv"
"""What the guardrails did, when one is on."""

REPLAYED: Final = ("conversions", "regret", "reward-dynamics")
DRAWN: Final = ("traffic", "line-conversions", "luck", "drift")


def store(chart: str) -> str:
    """The store that holds a chart's figure, in tokens."""
    return f"{chart}-figure"


def graph(chart: str) -> str:
    """The graph that draws a chart."""
    return f"{chart}-graph"


def frame(chart: str) -> str:
    """What keeps a chart's height free."""
    return f"{graph(chart)}-frame"


def heading(of: str) -> str:
    """The words over a section or chart."""
    return f"{of}-heading"


def place(chart: str) -> str:
    """What shows or hides a chart with its words."""
    return f"{chart}-place"


def summary(chart: str) -> str:
    """What a chart says in words, for those who cannot see it."""
    return f"{graph(chart)}-summary"


def field(path: Any) -> dict[str, Any]:
    """The control of one setting, by its dotted path in the scenario, or a pattern over all of them."""
    return {"type": "field", "path": path}


def error(path: Any) -> dict[str, Any]:
    """Where the error of one setting is shown."""
    return {"type": "error", "path": path}


def action(do: Any, at: Any = 0) -> dict[str, Any]:
    """A button that changes the scenario: what it does and to which place."""
    return {"type": "action", "do": do, "at": at}


def text(of: Any) -> dict[str, Any]:
    """Words of the panel that follow the settings, such as a slider's value."""
    return {"type": "text", "of": of}


def section(of: Any) -> dict[str, Any]:
    """A part of the panel whose controls are made anew when their number or kind changes."""
    return {"type": "section", "of": of}


def answered(page: Any) -> dict[str, Any]:
    """Store: a page's answer to what is asked: the scenario's digest, and what is to be told about it."""
    return {"type": "answered", "page": page}


def completed(page: Any) -> dict[str, Any]:
    """Store: the same for what a page works out after its first answer."""
    return {"type": "completed", "page": page}


def nav_link(to: str, at: str) -> dict[str, Any]:
    """A link to a page; its address carries the scenario."""
    return {"type": "nav-link", "to": to, "at": at}


def pick(what: Any) -> dict[str, Any]:
    """A list to choose from whose choice changes the scenario as a button does."""
    return {"type": "pick", "what": what}


def in_html(identity: dict[str, Any]) -> str:
    """How Dash writes an id made of several parts into the page, for what refers to it there, such as a label."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"))


# Compare.

JOB: Final = "job"
"""Store: the job that the page follows: its key, the visitor, how many campaigns the page counts, whether it goes on."""
JOB_TICK: Final = "job-tick"
JOB_CANCELLED: Final = "job-cancelled"
"""Store: set by the browser when somebody presses Cancel."""
VISITOR: Final = "visitor"
COMPARISON: Final = "comparison"
"""Store: the comparison that the page shows."""
COMPARED: Final = "compared"
"""Store: the scenario whose campaigns are all in, and its leader; nothing while they come in."""
RECOMMENDATION: Final = "recommendation"
PROGRESS: Final = "progress"
PROGRESS_BAR: Final = "progress-bar"
COMPARE_FOOT: Final = "compare-foot"
USUAL: Final = "usual-policies"
PRIOR: Final = "prior"
"""Whether an earlier campaign would mislead the policies that start from it."""
STRIPS: Final = "strips"
"""Store: the strips of other scenarios as far as they are simulated, and the job behind them."""
STRIPS_TICK: Final = "strips-tick"
STRIPS_PROGRESS: Final = "strips-progress"
LEADERBOARD_HEAD: Final = "leaderboard-head"
LEADERBOARD_BODY: Final = "leaderboard-body"
LEADERBOARD_ROWS: Final = "leaderboard-rows"
LEADERBOARD_SORT: Final = "leaderboard-sort"


# Prices of guardrails, on both pages.

PRICES: Final = "prices"
"""Store: the price list as far as it is simulated, and on Compare the job behind it."""
PRICES_TICK: Final = "prices-tick"
PRICES_WANTED: Final = "prices-wanted"
"""Store: the scenario whose guardrails the Time Machine is to price now."""
PRICES_BODY: Final = "prices-body"
PRICES_PROGRESS: Final = "prices-progress"
PRICES_CSV: Final = "prices-csv"


def sort_head(by: Any) -> dict[str, Any]:
    """The heading of a column of the leaderboard that can be sorted."""
    return {"type": "sort-head", "by": by}


def csv(of: Any) -> dict[str, Any]:
    """A button that downloads a chart's or table's data."""
    return {"type": "csv", "of": of}


# Stress test.

STRESS_HERO: Final = "stress-hero"
STRESS_PROGRESS: Final = "stress-progress"
STRESS_BODY: Final = "stress-body"
"""Everything below the verdict; hidden until something is asked for."""
STRESS_TABLE: Final = "stress-table"
STRESS_NOTES: Final = "stress-notes"
STRESS_TICKS: Final = "stress-ticks"
"""Where stresses and policies are chosen."""
STRESS_DEFINED: Final = "stress-defined"
STRESS_PRINT: Final = "stress-print"
STRESS_CHOICE: Final = "stress-choice"
"""Store: what the visitor ticked: stresses, rows, and the policies that the rows belong to."""
STRESS_SHOWN: Final = "stress-shown"
"""Store: what of it the page shows, for the address; nothing where that is everything."""
STRESS_CELL: Final = "stress-cell"
"""Store: the cell that the visitor chose last: stress and policy."""
STRESS_JOB: Final = "stress-job"
STRESS_JOB_TICK: Final = "stress-job-tick"
STRESS_JOB_CANCELLED: Final = "stress-job-cancelled"
STRESSED: Final = "stressed"
"""Store: the scenario whose table is complete, and the policy whose guardrails are priced; nothing before."""
ALONG_LINK: Final = "along-link"
MENU: Final = "menu"
"""Store: the menu's prices as far as they are simulated, and the jobs behind them."""
MENU_TICK: Final = "menu-tick"
MENU_TICKED: Final = "menu-ticked"
"""Store: which guardrails the visitor ticked, and in which scenario."""
MENU_BODY: Final = "menu-body"
MENU_PROGRESS: Final = "menu-progress"
MENU_TOGETHER: Final = "menu-together"


def stress_csv(of: Any) -> dict[str, Any]:
    """A button that downloads a table or chart of the stress test."""
    return {"type": "stress-csv", "of": of}


# Your campaign.

CAMPAIGN_HERO: Final = "campaign-hero"
CAMPAIGN_PROGRESS: Final = "campaign-progress"
CAMPAIGN_HEAD: Final = "campaign-head"
CAMPAIGN_BODY: Final = "campaign-body"
CAMPAIGN_COMPARISON: Final = "campaign-comparison"
"""Store: the comparison that the page shows."""
CAMPAIGN_JOB: Final = "campaign-job"
CAMPAIGN_JOB_TICK: Final = "campaign-job-tick"
CAMPAIGN_JOB_CANCELLED: Final = "campaign-job-cancelled"
CAMPAIGN_PLACE: Final = "campaign-place"
"""Store: where the file lies that the page shows; nothing where the counts came with a link."""
CAMPAIGN_GO: Final = "campaign-go"
"""Store: the address to go to, since what the server keeps has changed."""
CAMPAIGN_ERROR: Final = "campaign-error"
"""What is wrong with what was said of the columns."""
COLUMNS_READ: Final = "columns-read"
COLUMNS_CONFIRM: Final = "columns-confirm"
COLUMNS_STATE: Final = "columns-state"
LOG_EVEN: Final = "log-even"
CAMPAIGN_COMPARED: Final = "campaign-compared"
"""Store: the scenario whose campaigns are all in, and the policy whose log is judged; nothing before."""
STUDY: Final = "study"
"""Store: the job that judges the log, and what it found."""
STUDY_TICK: Final = "study-tick"
STUDY_BODY: Final = "study-body"
STUDY_PROGRESS: Final = "study-progress"
CAMPAIGN_SHARE: Final = "campaign-share"
CAMPAIGN_DELETE: Final = "campaign-delete"


def column_role(place: Any) -> dict[str, Any]:
    """What a column of the file means."""
    return {"type": "column-role", "place": place}


def campaign_csv(of: Any) -> dict[str, Any]:
    """A button that downloads a table of the campaign page."""
    return {"type": "campaign-csv", "of": of}


def log_csv(of: Any) -> dict[str, Any]:
    """A button that downloads what a brought log says."""
    return {"type": "log-csv", "of": of}


# Audit.

AUDIT_HERO: Final = "audit-hero"
AUDIT_PROGRESS: Final = "audit-progress"
AUDIT_BODY: Final = "audit-body"
"""Everything below the verdict; hidden until there is a log."""
PLAN_HERO: Final = "plan-hero"
PLAN_PROGRESS: Final = "plan-progress"
PLAN_READY: Final = "plan-ready"
PLAN_BODY: Final = "plan-body"
PLAN_CHART: Final = "chances"
PLAN_SPREADS: Final = "plan-spreads"
PLAN_NOTES: Final = "plan-notes"
PLAN_TABLE: Final = "plan-table"
PLAN_PROOFS: Final = "plan-proofs"
PLAN_SCHEDULE: Final = "plan-schedule"
PLAN_GRID_BODY: Final = "plan-grid-body"
PLAN_GRID_PROGRESS: Final = "plan-grid-progress"
PLAN_GRID_TICK: Final = "plan-grid-tick"
PLAN_GRID_JOB: Final = "plan-grid-job"
PLAN_GRID_NAME: Final = "plan-grid-name"
PLAN_GRID_BY: Final = "plan-grid-by"
PLAN_FOOT: Final = "plan-foot"
PLAN_JOB: Final = "plan-job"
PLAN_JOB_TICK: Final = "plan-job-tick"
PLAN_JOB_CANCELLED: Final = "plan-job-cancelled"
PLAN_AIMS: Final = "plan-aims"
PLAN_USUAL: Final = "plan-usual"
"""Store: the aims with which the page opens without an address."""
PLAN_PRESSES: Final = "plan-presses"
PLANNED: Final = "planned"
"""The plan of the page once it is complete, as its scenario and aims."""
PLAN_EXPORT: Final = "plan-export"


def plan_csv(of: Any) -> dict[str, Any]:
    """The button that downloads a section of Plan."""
    return {"type": "plan-csv", "of": of}


def plan_field(name: Any) -> dict[str, Any]:
    """A field of the bar on Plan."""
    return {"type": "plan-field", "name": name}


def plan_error(name: Any) -> dict[str, Any]:
    """Where it is told what is wrong with a field of the bar."""
    return {"type": "plan-error", "name": name}


AUDIT_JOB: Final = "audit-job"
"""Store: the log that the page follows: scenario, policy, campaign, whether it goes on."""
AUDIT_JOB_TICK: Final = "audit-job-tick"
AUDIT_JOB_CANCELLED: Final = "audit-job-cancelled"
AUDIT_CHOICE: Final = "audit-choice"
"""Store: which policy and which campaign the visitor chose."""
AUDIT_POLICY: Final = "audit-policy"
AUDIT_CAMPAIGN: Final = "audit-campaign"
AUDIT_SHOWN: Final = "audit-shown"
"""Store: the log that is complete and shown; nothing before."""
AUDIT_LOG: Final = "audit-log"
AUDIT_GRID_PLACE: Final = "audit-grid-place"
AUDIT_GRID_READY: Final = "audit-grid-ready"
"""Store: set by the browser once the grid's script is there."""
AUDIT_FILTERS: Final = "audit-filters"
"""Where the filters stand."""
AUDIT_ROWS: Final = "audit-rows"
"""What is said of the rows on the page."""
AUDIT_SEND: Final = "audit-send"
"""Store: number of the send that is explained."""
AUDIT_GO_TO: Final = "audit-go-to"
AUDIT_FOUND: Final = "audit-found"
"""Store: where among the rows that are shown the send stands that the visitor asked for."""
AUDIT_WHY: Final = "audit-why"
AUDIT_RATES: Final = "audit-rates"
AUDIT_ACTIONS: Final = "audit-actions"
AUDIT_DIGEST: Final = "audit-digest"
AUDIT_RERUN: Final = "audit-rerun"
AUDIT_RERUN_FOUND: Final = "audit-rerun-found"
"""Store: what a re-run found, in words; the browser adds the time of day."""
AUDIT_RERUN_WORDS: Final = "audit-rerun-words"
AUDIT_FILES: Final = "audit-files"
AUDIT_SHEET: Final = "audit-sheet"
AUDIT_FOOT: Final = "audit-foot"
AUDIT_RATES_CSV: Final = "audit-rates-csv"


def audit_filter(of: Any) -> dict[str, Any]:
    """One filter of the decision log."""
    return {"type": "audit-filter", "of": of}


def audit_grid(of: Any) -> dict[str, Any]:
    """The grid of the decision log; it is there only once its script is."""
    return {"type": "audit-grid", "of": of}


# What visitors take away, on every page with a result.


def report(page: str, kind: str) -> dict[str, Any]:
    """The button of a page's report menu for one kind of file."""
    return {"type": "report", "page": page, "kind": kind}


# Guide.

GUIDE: Final = "guide"
GUIDE_READY: Final = "guide-ready"
"""Store: set by the browser once the page's script is there."""
GUIDE_TICKED: Final = "guide-ticked"
GUIDE_MARKDOWN: Final = "guide-markdown"
GUIDE_CSV: Final = "guide-csv"
GUIDE_DOWNLOAD: Final = "guide-download"


def guide_ticks(part: Any) -> dict[str, Any]:
    """One part of the deployment checklist."""
    return {"type": "guide-ticks", "part": part}


# A visit: the cards of scenarios, and the saved ones.

GALLERY: Final = "gallery"
GALLERY_WANTED: Final = "gallery-wanted"
"""Store: set by the browser when somebody opens the cards."""
SAVED_ASKED: Final = "saved-asked"
"""Store: the scenario on the page and the addresses of the saved ones, of which the server is to tell."""
SAVED_TOLD: Final = "saved-told"
"""Store: what the server told of them."""

# Two saved scenarios side by side.

SAVED_PAIR: Final = "saved-pair"
"""Store: both scenarios and their names."""
SAVED_JOB: Final = "saved-job"
"""Store: the jobs of both that the page follows."""
SAVED_JOB_TICK: Final = "saved-job-tick"
SAVED_JOB_CANCELLED: Final = "saved-job-cancelled"
SAVED_RUN: Final = "saved-run"
SAVED_NOTICE: Final = "saved-notice"
SAVED_PROGRESS: Final = "saved-progress"
SAVED_SIDES: Final = "saved-sides"
