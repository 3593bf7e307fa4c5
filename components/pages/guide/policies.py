"""The policies and what else a scenario is made of, as their registries tell."""

from collections.abc import Mapping
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from components import wording_guide as words
from components.formats import prose
from components.formula import formula
from components.guide.references import cited_in
from components.pages.guide import items
from components.terms import explained
from components.theme import SLOT_COUNT, policy_mark, policy_slots
from engine import GUARDRAILS, POLICIES, WORLDS, to_link
from engine.catalogue import DELAYS
from engine.policy import PolicySpec
from engine.presets import PRESETS

_EVEN: Final = {"name": "ab_split"}
_SLOTS: Final = {name: policy_slots([name])[0] for name in POLICIES}


def policies() -> list[Component]:
    """Every policy, those of one family together; the oracle, which nobody can use, comes last."""
    found = sorted(POLICIES.values(), key=lambda spec: (_family(spec), spec.title))
    return [html.Div([_policy(spec) for spec in found], className="guide-policies")]


def families() -> list[Component]:
    """Worlds, guardrails and delays in a sentence each."""
    named: list[tuple[str, str, Mapping[str, Any]]] = [
        ("world", words.HOW_RATES, WORLDS),
        ("guardrail", words.PROMISES, GUARDRAILS),
        ("delay", words.HOW_LATE, DELAYS),
    ]
    return [html.Div([_family_of(*one) for one in named], className="guide-families")]


def at_work(spec: PolicySpec) -> str:
    """The address of the scenario in which it can be seen, beside the even split."""
    policies = [_EVEN, {"name": spec.name}] if spec.name != _EVEN["name"] else [_EVEN, {"name": "oracle"}]
    scenario = PRESETS[spec.shown_in].scenario.with_changes(policies=policies)
    return f"/?s={to_link(scenario)}"


def _family(spec: PolicySpec) -> int:
    slot = _SLOTS[spec.name]
    return SLOT_COUNT if slot is None else slot


def _policy(spec: PolicySpec) -> html.Article:
    return html.Article(
        [
            html.H3([policy_mark(_SLOTS[spec.name]), html.Span(spec.title)], className="guide-policy-name"),
            formula(spec.formula),
            html.P(explained(prose(f"{spec.plain} {spec.in_words} {spec.when}"))),
            html.P([words.SOURCE, *_source(spec.source), " · ", _link(spec)], className="hint guide-backing"),
        ],
        id=f"policy-{spec.name}",
        className="guide-policy",
    )


def _link(spec: PolicySpec) -> dcc.Link:
    hidden = html.Span(f": {spec.title}", className="visually-hidden")
    return dcc.Link([words.AT_WORK, hidden], href=at_work(spec))


def _source(text: str) -> list[Any]:
    """The source with what it names as links into the references."""
    parts: list[Any] = []
    for one in sorted(cited_in(text), key=lambda found: text.index(found.cited)):
        before, _, text = text.partition(one.cited)
        parts += [before, items.reference(one.key)]
    return [part for part in [*parts, text.removesuffix(".")] if part]


def _family_of(kind: str, title: str, family: Mapping[str, Any]) -> html.Section:
    rows = [
        html.Div([html.Dt(spec.title), html.Dd(explained(prose(spec.plain)))], id=f"{kind}-{spec.name}")
        for spec in family.values()
    ]
    return html.Section([html.H3(title, className="guide-subtitle"), html.Dl(rows)])
