"""The log as a file: streamed from its pieces, once it has been made."""

from typing import Any, Final

from dash import Dash
from flask import Response, request
from werkzeug.exceptions import abort

from components.address import query_of, visit
from components.formats import prose
from components.pages.audit.work import CAMPAIGN, POLICY, Audited, audited, from_address, said
from components.running import jobs
from engine import LinkError
from engine.logs.files import csv_pieces, has_parquet, parquet_pieces

PATH: Final = "/audit/log.{kind}"
KINDS: Final = {"csv": (csv_pieces, "text/csv; charset=utf-8"), "parquet": (parquet_pieces, "application/octet-stream")}


def register(app: Dash) -> None:
    """Add a route for each kind of file that can be written here."""
    for kind in kinds():
        app.server.add_url_rule(
            PATH.format(kind=kind), endpoint=f"log-{kind}", view_func=file, methods=["GET"], defaults={"kind": kind}
        )


def kinds() -> list[str]:
    """The kinds of file that can be written here."""
    return [kind for kind in KINDS if kind == "csv" or has_parquet()]


def address(one: Audited, kind: str) -> str | None:
    """Where a log's file is; None where no address can hold the scenario."""
    try:
        query = query_of(one.scenario, opening=None)
    except LinkError:
        return None
    return f"{PATH.format(kind=kind)}{query}&{POLICY}={one.policy + 1}&{CAMPAIGN}={one.campaign + 1}"


def file(kind: str) -> Response:
    """Answer with the file of a log that has been made; making one takes a job, which the page starts."""
    found = visit(request.args.to_dict())
    if found.problem is not None:
        abort(400, description=prose(found.problem))
    one = audited(found.scenario, from_address(request.args))
    if said(jobs().look(one.work)) is None or not one.store.is_whole():
        abort(
            409, description="This log has not been made yet, or is no longer kept. Open the Audit page for it first."
        )
    pieces, mimetype = KINDS[kind]
    content: Any = pieces(one.store)
    name = f"decision-log-{one.scenario.policies[one.policy].name}-{one.campaign + 1}.{kind}"
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
