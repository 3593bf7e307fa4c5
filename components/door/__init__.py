"""What stands between the network and the pages: who asks, how often, how much, and what is told of it to the operator."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from components.budget import BUDGET
from components.door import bodies, conventions, health, refusals
from components.door.metrics import Metrics
from components.door.rates import Rates
from components.door.sign_in import SignIn
from components.door.watching import Watch
from engine.settings import Settings


def server(found: Settings) -> Flask:
    """Return a server on which these guards stand before whatever is added later, in this order."""
    flask, metrics = Flask("app", static_folder=None), Metrics(found)
    Watch(found, metrics).register(flask)
    refusals.register(flask)
    rates = flask.extensions[BUDGET] = Rates(found)
    flask.before_request(rates.guard)
    flask.before_request(bodies.refuse_foreign)
    flask.before_request(bodies.refuse_large)
    conventions.register(flask)
    if found.password is not None:
        sign_in = SignIn(found.password.get_secret_value(), found)
        flask.before_request(sign_in.guard)
        sign_in.register(flask)
    metrics.register(flask)
    health.register(flask)
    return flask


def believe_routers(flask: Flask, count: int) -> None:
    """Let so many routers in front say who asks and how; called last, since it stands before everything else.

    Not every router sets the host, so that a visitor may: nothing rests on it but the comparison with `Origin`, which is
    about what a browser sends unasked.
    """
    if count:
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
