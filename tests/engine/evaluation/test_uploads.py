"""Decision logs that somebody brings: what was written is read, and what cannot be is refused by row and column."""

import io
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Scenario, decision_log, evaluate
from engine.errors import DataError, TargetError
from engine.evaluation.uploads import UploadedLog, read_decision_log
from tests.engine.files.books import workbook
from tests.engine.scenarios import scenario

PLAIN = "arm,propensity,reward\nA,0.5,1\nB,0.25,0\nA,0.75,0\n"


def read(text: str | bytes, roles: dict[str, str] | None = None, *, even: bool = False) -> UploadedLog:
    return read_decision_log(text if isinstance(text, bytes) else text.encode(), "log.csv", roles, even=even)


def told(found: UploadedLog) -> tuple[list[str], list[float], list[float]]:
    return (
        [found.log.arms[arm] for arm in found.log.arm],
        found.log.propensity.round(9).tolist(),
        found.log.reward.tolist(),
    )


AS_PLAIN = (["A", "B", "A"], [0.5, 0.25, 0.75], [1.0, 0.0, 0.0])
AWKWARD: dict[str, tuple[str | bytes, dict[str, str]]] = {
    "plain": (PLAIN, {}),
    "tabs": (PLAIN.replace(",", "\t"), {}),
    "semicolons and commas for decimals": (PLAIN.replace(",", ";").replace(".", ","), {}),
    "a byte-order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), {}),
    "other names": ("action,pscore,clicked\nA,0.5,1\nB,0.25,0\nA,0.75,0\n", {}),
    "yes and no": ("Line,Chance,Converted\nA,0.5,yes\nB,0.25,no\nA,0.75,\n", {}),
    "per cent with signs": ("arm,propensity,reward\nA,50%,1\nB,25 %,0\nA,75%,0\n", {}),
    "per cent without": ("arm,propensity,reward\nA,50,1\nB,25,0\nA,75,0\n", {}),
    "spaces in names": ("arm,propensity,reward\n A,0.5,1\nB ,0.25,0\nA,0.75,0\n", {}),
    "names by roles": ("x,y,z\nA,0.5,1\nB,0.25,0\nA,0.75,0\n", {"x": "arm", "y": "propensity", "z": "reward"}),
    "roles win": ("arm,other,propensity,reward\nX,A,0.5,1\nX,B,0.25,0\nX,A,0.75,0\n", {"other": "arm"}),
    "a title above": ("A report\n\n" + PLAIN, {}),
    "blank lines": (PLAIN.replace("\n", "\n\n"), {}),
    "numbered the wrong way round": ("send,arm,propensity,reward\n2,A,0.75,0\n0,A,0.5,1\n1,B,0.25,0\n", {}),
    "times the wrong way round": (
        "sent at,arm,propensity,reward\n2026-03-01 09:00,A,0.75,0\n2026-02-01 09:00,A,0.5,1\n2026-02-03,B,0.25,0\n",
        {},
    ),
    "chances alone": ("arm,propensity_A,propensity_B,reward\nA,0.5,0.5,1\nB,0.75,0.25,0\nA,0.75,0.25,0\n", {}),
    "chances alone in per cent": ("arm,p_A,p_B,reward\nA,50,50,1\nB,75,25,0\nA,75,25,0\n", {}),
    "a column that nobody needs": ("id,arm,propensity,reward\n7,A,0.5,1\n8,B,0.25,0\n9,A,0.75,0\n", {}),
    "a workbook": (workbook([["arm", "propensity", "reward"], ["A", 0.5, 1], ["B", 0.25, 0], ["A", 0.75, 0]]), {}),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_logs_are_read(name: str) -> None:
    text, roles = AWKWARD[name]
    assert told(read(text, roles)) == AS_PLAIN


MANY = "".join(f"v{line},0.01,0\n" for line in range(65))
CHANCES = ",".join(f"propensity_{line}" for line in range(65))
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": (b"", "got an empty file"),
    "a web page": ("<html><body>Log in</body></html>", "got a web page, not a table"),
    "a PDF": (b"%PDF-1.4\n", "got a PDF, not a table"),
    "bytes of a program": (b"MZ\x90\x00\x03\x00\x00\x00", "got something that is no text"),
    "a damaged workbook": (b"PK\x03\x04rest", "got a workbook that is damaged or cut short"),
    "too much": (b"a" * 20_000_001, "at most 20 MB are read"),
    "prose": ("Dear all\nno table\n", "got one column"),
    "no rows": ("arm,propensity,reward\n", "arm: got no rows below the header; a row is a send. Export it again."),
    "no lines": ("propensity,reward\n0.5,1\n", 'log.csv: no column says which line was sent; it has propensity, reward. Name one "arm"'),
    "no rewards": ("arm,propensity\nA,0.5\n", 'log.csv: no column says what came of a send; it has arm, propensity. Name one "reward"'),
    "a single line": ("arm,propensity,reward\nA,0.5,1\nA,0.5,0\n", "arm: got a single line, 'A'; a log that compares has two or more"),
    "65 lines": ("arm,propensity,reward\n" + MANY, "row 66, arm: got 'v64', one more than 64 lines"),
    "65 columns of chances": (
        f"arm,propensity,reward,{CHANCES}\nA,1,0,{','.join(['1'] + ['0'] * 64)}\n",
        "propensity_64: got chances of 65 lines; at most 64 are read",
    ),
    "many more lines": ("arm,propensity,reward\n" + "".join(f"v{n},0.01,0\n" for n in range(30_000)), "one more than 64 lines"),
    "a line without a name": ("arm,propensity,reward\nA,0.5,1\n,0.5,0\n", "row 3, arm: got no name; every send has a line"),
    "no chance": ("arm,propensity,reward\nA,0.5,1\nB,0,0\n", "row 3, propensity: got '0'; must be above 0 and at most 1"),
    "a chance below 0": ("arm,propensity,reward\nA,0.5,1\nB,-0.1,0\n", "row 3, propensity: got '-0.1'; must be above 0"),
    "a chance above 1": ("arm,propensity,reward\nA,0.5,1\nB,1.5,0\nA,0.5,0\n", "row 3, propensity: got '1.5'; must be above 0"),
    "above 100 per cent": ("arm,propensity,reward\nA,50,1\nB,150,0\nA,50,0\n", "row 3, propensity: got '150'; must be above 0"),
    "a chance in words": ("arm,propensity,reward\nA,0.5,1\nB,half,0\n", "row 3, propensity: got 'half'; must be above 0 and at most 1"),
    "no chance given": ("arm,propensity,reward\nA,0.5,1\nB,,0\n", "row 3, propensity: got ''; must be above 0"),
    "not a number": ("arm,propensity,reward\nA,0.5,1\nB,NaN,0\nA,0.5,0\n", "row 3, propensity: got 'nan'; must be above 0"),
    "no end of it": ("arm,propensity,reward\nA,0.5,1\nB,inf,0\nA,0.5,0\n", "row 3, propensity: got 'inf'; must be above 0"),
    "rewards in words": ("arm,propensity,reward\nA,0.5,1\nB,0.5,bought\n", "row 3, reward: got 'bought'; must be a number, or yes or no"),
    "rewards without end": ("arm,propensity,reward\nA,0.5,1\nB,0.5,inf\n", "row 3, reward: got 'inf'; must be a number"),
    "values beyond all orders": ("arm,propensity,value\nA,0.5,1\nB,0.5,1e300\n", "row 3, value: got '1e300'; that is more than any order"),
    "endless chances": ("arm,p_A,p_B,reward\nA,inf,-inf,1\nB,0.5,0.5,0\n", "row 2, p_A to p_B: got chances that add up to nan"),
    "values in words": ("arm,propensity,reward,value\nA,0.5,1,much\nB,0.5,0,0\n", "row 2, value: got 'much'; must be a number"),
    "times in words": ("time,arm,propensity,reward\nsoon,A,0.5,1\nlater,B,0.5,0\n", "row 2, time: got 'soon'; must be a time, such as"),
    "numbers of sends in words": (
        "send,arm,propensity,reward\nfirst,A,0.5,1\n2,B,0.5,0\n",
        "row 2, send: got 'first'; must be the number of the send",
    ),
    "chances that do not add up": (
        "arm,p_A,p_B,reward\nA,0.5,0.5,1\nB,0.5,0.6,0\nA,0.5,0.5,1\n",
        "row 3, p_A to p_B: got chances that add up to 1.1, the least 0.5; must add up to 1, none below 0",
    ),
    "chances below 0": ("arm,p_A,p_B,reward\nA,1.2,-0.2,1\nB,0.5,0.5,0\n", "row 2, p_A to p_B: got chances that add up to 1, the least"),
    "per cent that do not add up": ("arm,p_A,p_B,reward\nA,50,50,1\nB,50,10,0\nA,50,50,1\n", "row 3, p_A to p_B: got chances"),
    "a line sent without a chance": ("arm,p_A,p_B,reward\nA,0,1,1\nB,0.5,0.5,0\n", "row 2, arm: got 'A'; its chance in that row is 0"),
    "chances that disagree": (
        "arm,propensity,p_A,p_B,reward\nA,0.5,0.5,0.5,1\nB,0.1,0.7,0.3,0\n",
        "row 3, propensity: got 0.1, but p_B says 0.3. Correct one of them, or leave the row out.",
    ),
    "chances in words": ("arm,p_A,p_B,reward\nA,0.5,half,1\nB,0.5,0.5,0\n", "row 2, p_B: got 'half'; must be"),
    "a row that is too long": ("arm,propensity,reward\nA,0.5,1\nB,0,5,0\n", "row 3: got 4 cells; the header has 3"),
    "quotes that do not end": ('arm,propensity,reward\nA,0.5,1\n"B,0.5,0\nA,0.5,1\n', "row 3: got quotes that do not end"),
    "a broken file": ("arm,propensity,reward\nGrüße,0.5,1\nß".encode()[:-1], "breaks off within a letter"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_log_can_hold_is_refused_by_name(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(DataError) as caught:
        read(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"nobody": "arm"}, "roles: got the column 'nobody', which the file does not have"),
        ({"arm": "magic"}, "roles: got 'magic' for 'arm'; must be one of arm, propensity, chance"),
        ({"arm": "reward", "reward": "reward"}, "roles: got several columns for reward"),
    ],
)
def test_roles_that_do_not_fit_are_refused(roles: dict[str, str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(PLAIN, roles)


# Without chances


def test_without_chances_only_what_needs_none_can_be_asked() -> None:
    found = read("arm,reward\n" + "A,1\nB,0\nA,0\nB,0\n" * 30)
    assert found.chances == "guessed"
    assert found.log.is_guessed
    assert "say that the split was even" in found.notes[-1]
    assert evaluate(found.log, "A", "dm").value == 0.5
    assert evaluate(found.log, "A", "replay").value == 0.5
    for method in ("ips", "snips", "dr"):
        with pytest.raises(TargetError, match=f"method: got '{method}' for a log without chances"):
            evaluate(found.log, "A", method)


def test_an_even_split_has_even_chances() -> None:
    found = read("arm,reward\n" + "A,1\nB,0\nA,0\nB,0\n" * 30, even=True)
    assert found.chances == "even"
    assert (found.log.propensity == 0.5).all()
    assert evaluate(found.log, "A", "ips").value == 0.5


def test_a_split_that_cannot_have_been_even_is_refused() -> None:
    with pytest.raises(
        DataError, match="arm: got 900 of 1,000 sends for A, though the split is said to have been even; 500 would be"
    ):
        read("arm,reward\n" + "A,1\n" * 900 + "B,0\n" * 100, even=True)


# What the columns with chances belong to

THREE = "propensity_0,propensity_1,propensity_2"


def test_a_line_that_was_never_sent_is_known_by_its_column() -> None:
    found = read(f"arm,propensity,{THREE},reward\nA,0.5,0.3,0.5,0.2,1\nB,0.4,0.4,0.4,0.2,0\nA,0.6,0.1,0.6,0.3,0\n")
    assert found.log.arms == ("B", "A", "propensity_2")
    assert evaluate(found.log, "propensity_2").warnings[0].startswith("This log never sent line propensity_2")


def test_numbered_columns_that_could_be_anybodys_are_left_out() -> None:
    """A and B were only sent when both had the same chance; what each had when C was sent, nobody can tell."""
    found = read(f"arm,propensity,{THREE},reward\nA,0.4,0.4,0.4,0.2,1\nB,0.4,0.4,0.4,0.2,0\nC,0.5,0.4,0.1,0.5,0\n")
    assert found.log.chances is None
    assert "they do not say whose chance they tell" in found.notes[-1]
    assert told(found)[1] == [0.4, 0.4, 0.5]


def test_numbers_are_names_only_where_the_chances_agree() -> None:
    """The line called 1 was the scenario's first: its chance stands in column 0."""
    found = read("arm,propensity,propensity_0,propensity_1,reward\n1,0.8,0.8,0.2,1\n0,0.3,0.7,0.3,0\n1,0.7,0.7,0.3,0\n")
    assert found.log.arms == ("1", "0")


def test_chances_that_were_rounded_add_up_again() -> None:
    found = read("arm,p_A,p_B,p_C,reward\nA,0.333,0.333,0.333,1\nB,0.5,0.3,0.2,0\nC,0.333,0.333,0.333,0\n")
    assert found.log.chances is not None
    assert found.log.chances.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])
    assert found.log.propensity == pytest.approx([1 / 3, 0.3, 1 / 3])


def test_columns_of_chances_without_lines_are_told() -> None:
    found = read("arm,propensity_0,propensity_1,reward\nA,0.5,0.5,1\nB,0.5,0.5,0\n")
    assert found.chances == "guessed"
    assert "Name each after its line, such as 'propensity_A'" in found.notes[0]


# Who got it


def test_groups_of_several_columns_are_told_apart_together() -> None:
    found = read("arm,propensity,reward,audience,device\nA,0.5,1,New,phone\nB,0.5,0,Loyal,\nA,0.5,0,New,phone\n")
    assert found.log.segments == ("New · phone", "Loyal · Not given")
    assert found.log.segment.tolist() == [0, 1, 0]


def test_columns_with_too_many_groups_are_left_out_or_refused() -> None:
    rows = "".join(f"{'AB'[n % 2]},0.5,0,{n},{n % 10},{n % 9}\n" for n in range(200))
    text = "arm,propensity,reward,segment,audience,device\n" + rows
    found = read(text)
    assert len(found.log.segments) == 10
    assert "'segment' was left out: it has more than 64 different values." in found.notes
    assert "'device' was left out: with the columns before it, it makes more than 64 groups." in found.notes
    with pytest.raises(DataError, match="segment: got more than 64 groups"):
        read(text, {"segment": "context"})


def test_money_alone_is_what_is_evaluated() -> None:
    found = read("arm,propensity,spend\nA,0.5,$12.50\nB,0.5,0\n")
    assert found.log.reward.tolist() == [12.5, 0.0]
    assert found.value is None


def test_rows_without_a_time_keep_the_files_order() -> None:
    found = read("time,arm,propensity,reward\n2026-03-02,A,0.5,1\n,B,0.25,0\n2026-03-01,A,0.75,0\n")
    assert told(found) == AS_PLAIN
    assert found.notes == ("Not every row of 'time' is filled in: the rows stay in the order of the file.",)


# Our own logs


@st.composite
def campaigns(draw: st.DrawFn) -> Scenario:
    lines = draw(
        st.lists(
            st.sampled_from(["Plain", "0", "1", "=2+2", 'Ümläut, "so"', "propensity", "NaN"]),
            min_size=2,
            max_size=4,
            unique=True,
        )
    )
    policy: dict[str, Any] = draw(
        st.sampled_from([{"name": "ab_split"}, {"name": "epsilon_greedy"}, {"name": "softmax"}, {"name": "ucb1"}])
    )
    split = [{"name": "New", "share": 0.5}, {"name": "Loyal", "share": 0.5}]
    extra: dict[str, Any] = draw(
        st.sampled_from(
            [{}, {"segments": {"audience": split}}, {"money": {"order_value": 30.0}, "goal": "revenue"},
             {"guardrails": [{"name": "minimum_share", "share": 0.1}]}]
        )
    )  # fmt: skip
    return Scenario.from_dict(
        {
            "arms": [{"name": name, "rate": 0.2 + 0.1 * place} for place, name in enumerate(lines)],
            "policies": [policy],
            "sends": draw(st.integers(len(lines), 60)),
            "seed": draw(st.integers(0, 1000)),
            **extra,
        }
    )


@given(campaigns())
@settings(max_examples=40)
def test_our_own_logs_are_read_as_they_were_written(asked: Scenario) -> None:
    written = decision_log(asked)
    found = read(written.to_csv(index=False))
    log, names = found.log, [arm.name for arm in asked.arms]
    np.testing.assert_array_equal([log.arms[arm] for arm in log.arm], written["arm"])
    np.testing.assert_array_equal([log.segments[one] for one in log.segment], written["segment"])
    np.testing.assert_array_equal(log.propensity, written["propensity"])
    np.testing.assert_array_equal(log.reward, written["reward"])
    assert found.value is not None
    np.testing.assert_array_equal(found.value.reward, written["value"])
    if log.chances is not None:
        for place, name in enumerate(names):
            if name in set(written["arm"]):
                mine = log.chances[:, log.arms.index(name)]
                np.testing.assert_allclose(mine, written[f"propensity_{place}"], rtol=0, atol=1e-9)


cells = st.sampled_from(
    ["", "0", "1", "0.5", "50%", "-1", "1e400", "nan", "A", "B", "é\x00", '"', "2026-03-01", "yes", "0,5", " ", "=1+1"]
)
titles = st.sampled_from(
    ["arm", "propensity", "p_A", "p_B", "propensity_0", "reward", "value", "send", "time", "device", "segment", ""]
)


@given(st.lists(titles, min_size=1, max_size=6), st.lists(st.lists(cells, max_size=7), max_size=8), st.booleans())
def test_whatever_is_brought_is_read_or_refused(header: list[str], rows: list[list[str]], even: bool) -> None:
    text = "\n".join(",".join(row) for row in [header, *rows])
    try:
        found = read(text, even=even)
    except DataError:
        return
    assert ((found.log.propensity > 0) & (found.log.propensity <= 1)).all()
    assert np.isfinite(found.log.reward).all()
    assert len(found.log.arms) > 1


def test_our_own_estimates_survive_the_file() -> None:
    asked = scenario(
        "epsilon_greedy", rates=(0.2, 0.3, 0.4), sends=800, guardrails=[{"name": "minimum_share", "share": 0.1}]
    )
    written = decision_log(asked)
    found = read(written.to_csv(index=False)).log
    assert found.chances is not None
    for arm in asked.arms:
        assert evaluate(found, arm.name, "dr") == evaluate(written, arm.name, "dr")


def test_the_readers_table_is_what_pandas_reads() -> None:
    """Another reader of the same bytes."""
    text = "arm,propensity,reward,value\n" + "".join(
        f"{'ABC'[n % 3]},{1 / (2 + n % 5)},{n % 2},{n / 8}\n" for n in range(300)
    )
    other = pd.read_csv(io.StringIO(text))
    found = read(text)
    np.testing.assert_array_equal(found.log.propensity, other["propensity"])
    assert found.value is not None
    np.testing.assert_array_equal(found.value.reward, other["value"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of one program")
def test_a_million_sends_take_little_memory() -> None:
    question = (
        "from engine.evaluation.uploads import read_decision_log\n"
        "from pathlib import Path\n"
        "content = b'arm,propensity,reward\\n' + b'A,0.875,1\\nB,0.125,0\\n' * 500_000\n"
        "found = read_decision_log(content, 'file.csv')\n"
        "print(found.log.cells.tolist(), found.log.means.tolist())\n"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    counted, kilobytes = answer.splitlines()
    assert counted == "[[500000, 500000]] [[1.0, 0.0]]"
    assert int(kilobytes) < 400_000
