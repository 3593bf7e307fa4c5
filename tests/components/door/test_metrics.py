"""Numbers for those who have the token, and none for others."""

from tests.components.door.asking import PASSWORD, client

TOKEN = "token-of-the-metrics"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def test_without_a_token_there_are_none() -> None:
    assert client().get("/metrics").status_code == 404
    assert client(BTM_PASSWORD=PASSWORD).get("/metrics", headers=BEARER).status_code == 404


def test_another_token_is_refused() -> None:
    asking = client(BTM_METRICS_TOKEN=TOKEN)
    for header in ({}, {"Authorization": TOKEN}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Bearer é"}):
        answer = asking.get("/metrics", headers=header)
        assert answer.status_code == 401
        assert "btm_" not in answer.text


def test_with_the_token_requests_jobs_answers_and_memory_are_told() -> None:
    asking = client(BTM_METRICS_TOKEN=TOKEN, BTM_PASSWORD=PASSWORD)
    asking.get("/sign-in")
    asking.get("/assets/a")
    asking.get("/no-such")
    answer = asking.get("/metrics", headers=BEARER)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    for line in (
        'btm_requests_total{route="/sign-in",status="200"} 1.0',
        'btm_requests_total{route="/assets/<name>",status="401"} 1.0',
        'btm_requests_total{route="none",status="401"} 1.0',
        'btm_request_seconds_count{route="/sign-in"} 1.0',
        'btm_jobs_total{what="failed"}',
        'btm_answers_total{what="computed"}',
        "process_resident_memory_bytes",
    ):
        assert line in answer.text


def test_two_servers_count_each_for_itself() -> None:
    first, second = client(BTM_METRICS_TOKEN=TOKEN), client(BTM_METRICS_TOKEN=TOKEN)
    first.get("/")
    assert 'route="/",' not in second.get("/metrics", headers=BEARER).text
