"""Campaign files and decision logs: seconds and peak memory of the largest that are read, each in a process of its own."""

import io
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from openpyxl import Workbook

from engine import DataError, read_campaign, read_decision_log

START = datetime(2026, 1, 1, tzinfo=UTC)
MOST = 20_000_000


def answers(rows: int) -> bytes:
    """A variant and a yes or no."""
    return ("variant,converted\n" + "".join(f"{'AB'[row % 2]},{row % 20 == 0:d}\n" for row in range(rows))).encode()


def everything(rows: int) -> bytes:
    """Money and times, nearly all of them different."""
    lines = ["variant,converted,value,sent at,converted at,device"]
    for row in range(rows):
        sent, won = START + timedelta(seconds=row), random.random() < 0.3
        answered = f"{sent + timedelta(hours=1):%F %T}" if won else ""
        lines.append(f"A{row % 3},{won:d},{won * row / 100},{sent:%F %T},{answered},{('phone', 'desktop')[row % 2]}")
    return "\n".join(lines).encode()[:MOST].rpartition(b"\n")[0]


def seconds_since_1970(rows: int) -> bytes:
    """The most different cells that fit."""
    lines = "".join(f"A{row % 3},1,{row},{1_700_000_000 + row}\n" for row in range(rows))
    return ("variant,converted,value,sent at\n" + lines).encode()[:MOST].rpartition(b"\n")[0]


def book(rows: int) -> bytes:
    """A workbook of four columns, each recipient with a text of its own."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(["recipient", "variant", "converted", "value"])
    for row in range(rows):
        sheet.append([f"r{row}", "AB"[row % 2], int(row % 5 == 0), row / 100 * (row % 5 == 0)])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def decisions(rows: int) -> bytes:
    """The least that a log of decisions holds."""
    lines = "".join(f"{'AB'[row % 2]},{(0.875, 0.125)[row % 2]},{row % 20 == 0:d}\n" for row in range(rows))
    return ("arm,propensity,reward\n" + lines).encode()


def own_decisions(rows: int) -> bytes:
    """A log as we write it, all chances different."""
    lines = ["send,segment,arm,propensity,propensity_0,propensity_1,guardrail,reward,value,reward_at"]
    for row in range(rows):
        chance = random.random()
        lines.append(
            f"{row},New,{'AB'[row % 2]},{(chance, 1 - chance)[row % 2]},{chance},{1 - chance},policy,0,{row / 100},"
        )
    return "\n".join(lines).encode()[:MOST].rpartition(b"\n")[0]


FILES = {
    "yes or no": (answers, 1_000_000),
    "everything": (everything, 480_000),
    "seconds since 1970": (seconds_since_1970, 900_000),
    "workbook": (book, 100_000),
}
LOGS = {"decisions": (decisions, 1_000_000), "our own decisions": (own_decisions, 200_000)}


def measured() -> None:
    """Read a file from the standard input and print what that took."""
    content = sys.stdin.buffer.read()
    began = time.perf_counter()
    try:
        if "--log" in sys.argv:
            said = f"{len(read_decision_log(content, 'file').log):,} sends"
        else:
            said = f"{read_campaign(content, 'file').sends.sum():,} recipients"
    except DataError as error:
        said = str(error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(content) / 1e6:5.1f} MB, {time.perf_counter() - began:5.1f} s, peak {peak:4.0f} MB: {said}")


if __name__ == "__main__":
    if "--one" in sys.argv:
        measured()
    else:
        for name, (make, rows) in (FILES | LOGS).items():
            print(f"{name:20}", end=" ", flush=True)
            how = ["--one", "--log"] if name in LOGS else ["--one"]
            subprocess.run([sys.executable, __file__, *how], input=make(rows), check=True)
