"""What one address may ask for in an hour: what is new counts, what is there does not, and a sentence says what fits."""

import pytest

from components.budget import charge
from engine.errors import BusyError
from tests.components.door.asking import server


def test_an_address_may_ask_for_so_much_work_and_no_more() -> None:
    with server(BTM_VISITOR_SECONDS="60").test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.1"}):
        charge(45.0)
        with pytest.raises(BusyError, match=r"^This takes about 1 minute of a core, .* Ask for 50% of it now, or try"):
            charge(30.0)
        charge(10.0)
        with pytest.raises(BusyError, match=r"within an hour\. Try again in \d+ minutes?\.$"):
            charge(600.0)


def test_other_addresses_are_not_concerned() -> None:
    flask = server(BTM_VISITOR_SECONDS="60")
    for address in ("203.0.113.1", "203.0.113.2"):
        with flask.test_request_context(environ_base={"REMOTE_ADDR": address}):
            charge(59.0)


def test_outside_of_a_request_nothing_is_counted() -> None:
    charge(1e9)
