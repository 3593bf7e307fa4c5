"""The grid of the decision log: AG Grid, whose script no other page loads, and the rows that it asks for."""

from collections.abc import Sequence
from typing import Any, Final

from dash.development.base_component import Component, ComponentRegistry
from dash_ag_grid import AgGrid

from components import ids
from components import wording_audit as words
from components.formats import count, money, percent
from components.pages.audit.work import Audited
from components.theme import arm_letter, arm_slot, policy_slots
from engine.logs.paging import COLUMNS, Column, Filters, Order, Row, page
from engine.logs.work import LogSummary
from engine.rails import BY_RANK, place_of

# Dash would have every page load the scripts of every library that was imported.
ComponentRegistry.registry.discard("dash_ag_grid")

VERSION: Final = "35.3.0"
SCRIPT: Final = f"vendor/dash-ag-grid-{VERSION}/dash_ag_grid.min.js"
"""Under the assets; the browser fetches it, and the part of it that lies beside it, when the page is opened."""
PAGE_ROWS: Final = 15
ROW_HEIGHT: Final = 39
HEAD_HEIGHT: Final = 46
EDGES: Final = 2
LARGEST_PLACE: Final = 10**9


def grid(one: Audited, summary: LogSummary) -> Component:
    """The grid of one log; its script must be there."""
    made: Component = AgGrid(
        id=ids.audit_grid("log"),
        rowModelType="infinite",
        columnDefs=_columns(one, summary),
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressHeaderMenuButton": True,
            "suppressMovable": True,
            "wrapHeaderText": True,
            "sortingOrder": ["asc", "desc", None],
        },
        getRowId="params.data.id",
        className="audit-grid",
        style={"height": f"{HEAD_HEIGHT + PAGE_ROWS * ROW_HEIGHT + EDGES}px", "width": "100%"},
        dashGridOptions={
            "rowHeight": ROW_HEIGHT,
            "headerHeight": HEAD_HEIGHT,
            "pagination": True,
            "paginationPageSize": PAGE_ROWS,
            "paginationPageSizeSelector": False,
            "suppressPaginationPanel": True,
            "cacheBlockSize": 4 * PAGE_ROWS,
            "maxBlocksInCache": 20,
            # Only the latest question is answered: another one must wait for it.
            "maxConcurrentDatasourceRequests": 1,
            "infiniteInitialRowCount": PAGE_ROWS,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "suppressCellFocus": False,
            # Arrows move between cells; Tab leads on, not through a hundred of them.
            "tabToNextCell": {"function": "leaveTheGrid()"},
            "animateRows": False,
            "localeText": {"loadingOoo": words.LOADING},
        },
    )
    return made


def order_of(summary: LogSummary) -> list[int]:
    """Lines by true rate, best first, in which chances are drawn; equals in scenario order."""
    lines = summary["lines"]
    return sorted(range(len(lines)), key=lambda arm: -(lines[arm]["truth"] or 0.0))


def rows_for(one: Audited, request: Any, filters: Filters) -> dict[str, Any]:
    """The answer to the grid's question for rows."""
    first, end = _whole(request.get("startRow")), _whole(request.get("endRow"))
    rows, total = page(one.store, filters, order_in(request), first, end)
    slot = policy_slots([policy.name for policy in one.scenario.policies])[one.policy]
    return {"rowData": [_row(one, row, slot) for row in rows], "rowCount": total}


def order_in(request: Any) -> Order:
    """The order that the grid asks for; that of the sends where it asks for none, or for one that there is not."""
    model = request.get("sortModel") if isinstance(request, dict) else None
    asked = model[0] if isinstance(model, list) and model and isinstance(model[0], dict) else {}
    by: Column = next((column for column in COLUMNS if column == asked.get("colId")), "send")
    return Order(by, asked.get("sort") == "desc")


def filters_of(values: dict[str, Any], one: Audited) -> Filters:
    """What the visitor asks for; what cannot be read asks for nothing."""
    arms, segments = len(one.scenario.arms), len(one.scenario.segmentation)
    return Filters(
        first=_number(values.get("first"), LARGEST_PLACE),
        last=_number(values.get("last"), LARGEST_PLACE),
        segment=_number(values.get("segment"), segments - 1),
        arm=_number(values.get("arm"), arms - 1),
        by=_decider(values.get("by")),
        answer=_number(values.get("answer"), 1),
    )


def deciders(one: Audited) -> list[tuple[str, str]]:
    """Who may have decided about a send: values of the filter, and their names."""
    rails = [spec for spec in BY_RANK if spec.takes is not None and one.scenario.guardrail(spec.name) is not None]
    return [("policy", one.label), *((spec.name, spec.title) for spec in rails)]


def _decider(value: Any) -> int | None:
    if value == "policy":
        return -1
    return place_of(value) if any(spec.name == value for spec in BY_RANK) else None


def _number(value: Any, most: int) -> int | None:
    try:
        number = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number <= most else None


def _whole(value: Any) -> int:
    return min(value, LARGEST_PLACE) if isinstance(value, int) and value >= 0 else 0


def _columns(one: Audited, summary: LogSummary) -> list[dict[str, Any]]:
    scenario, order = one.scenario, order_of(summary)
    drawn = {
        "order": order,
        "letters": [arm_letter(arm) for arm in order],
        "slots": [arm_slot(arm) for arm in order],
    }
    columns: list[dict[str, Any]] = [_column("send", 84, type="rightAligned", cellRenderer="BtmNumber")]
    if scenario.is_segmented:
        columns.append(_column("segment", 170, cellClass="is-quiet"))
    columns += [
        _column("arm", 190, cellRenderer="BtmLine", flex=2),
        _column("chances", 180, cellRenderer="BtmChances", cellRendererParams=drawn, sortable=False, flex=2),
        _column("propensity", 92, type="rightAligned"),
        _column("guardrail", 178, cellRenderer="BtmDecider", flex=1),
        _column("reward", 102),
    ]
    if scenario.goal != "conversions":
        columns.append(_column("value", 96, type="rightAligned"))
    return [*columns, _column("reward_at", 92, type="rightAligned")]


def _column(name: str, width: int, **more: Any) -> dict[str, Any]:
    return {"field": name, "headerName": words.COLUMNS[name], "width": width, "minWidth": width, **more}


def _row(one: Audited, row: Row, slot: int | None) -> dict[str, Any]:
    scenario, name = one.scenario, BY_RANK[row.by].name if row.by >= 0 else ""
    return {
        "send": row.send,
        "number": count(row.send),
        "segment": scenario.segmentation.names[row.segment],
        "arm": scenario.arms[row.arm].name,
        "letter": arm_letter(row.arm),
        "slot": arm_slot(row.arm),
        "place": row.arm,
        "chances": _rounded(row.chances),
        "propensity": percent(row.chances[row.arm]),
        "guardrail": words.guardrail(name) if name else one.label,
        "mark": None if name else slot,
        "is_rail": bool(name),
        "reward": words.CONVERTED if row.answer else words.NO_REPLY,
        "value": money(row.value),
        "reward_at": words.at(row.known),
        "id": str(row.send),
    }


def _rounded(chances: Sequence[float]) -> list[float]:
    return [round(chance, 5) for chance in chances]
