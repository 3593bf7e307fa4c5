"""The chart of one stress shows every policy, marks the change, and says how long it took to notice."""

from components.charts import best_share
from components.charts.best_share import deck, figure, records, summary, title, told_apart
from tests.components.charts.figures import check_figure, texts
from tests.components.stresses import measured, question, stress_test


def test_the_figure_is_valid_for_every_cell() -> None:
    test, found = stress_test(), measured()
    for stress, told in found.items():
        for place in test["rows"]:
            drawn = figure(test, told, stress, place)
            check_figure(drawn)
            lines = [trace for trace in drawn["data"] if trace["mode"] == "lines"]
            assert len(lines) == 3  # the baseline too


def test_a_change_is_marked_by_its_letters() -> None:
    drawn = figure(stress_test(), measured()["change"], "change", 1)
    assert "winner changes from C to B" in texts(drawn)
    assert [shape["x0"] for shape in drawn["layout"]["shapes"]] == [500]
    assert not figure(stress_test(), measured()["fatigue"], "fatigue", 1)["layout"]["shapes"]


def test_the_title_says_how_long_it_took_to_notice() -> None:
    test, told = stress_test(), measured()["change"]
    told["notice"] = [[None, 290, None]]
    assert title(test, told, "change", 1) == "Winner changes: Thompson sampling needs 290 sends to notice"
    assert title(test, told, "change", 2) == "Winner changes: Test, then winner does not notice before the end"
    assert any("290 sends to notice" in text for text in texts(figure(test, told, "change", 1)))


def test_without_a_change_the_title_says_the_share() -> None:
    test, told = stress_test(), measured()["none"]
    told["top_share"] = [0.33, 0.724, 0.5]
    assert (
        title(test, told, "none", 1) == "As planned: Thompson sampling sends 72% to the line that is best at the time"
    )
    assert "Noticed" not in deck(told)
    assert "Thompson sampling 72%" in summary(test, told, "none")


def test_the_chosen_policy_stands_beside_the_best() -> None:
    test = stress_test()
    assert set(told_apart(test, "fatigue", 2)) == {1, 2}
    assert told_apart(test, "fatigue", 2)[0] == 2


def test_the_file_has_a_row_a_window() -> None:
    told = measured()["change"]
    rows = records(stress_test(), told, "change")
    assert len(rows) == 3 * len(told["at"])
    assert best_share.HEIGHT > 0


def test_where_recipients_differ_the_curves_and_the_share_are_told_apart() -> None:
    asked = question()
    test, found = stress_test(asked, ("audiences",)), measured(asked, ("audiences",))["audiences"]
    assert best_share.title(test, found, "audiences", 1).endswith("to the line that is best for the recipient")
    assert "best for the recipient at that moment" in best_share.deck(found)
    assert "best for the recipient" in best_share.summary(test, found, "audiences")
