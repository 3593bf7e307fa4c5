"""What leaves in files runs nowhere."""

import csv
import io

import pytest

from components.downloads import csv_file
from engine import read_campaign
from engine.files.exports import neutralised


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    assert neutralised(f"{start}cmd()") == f"'{start}cmd()"


@pytest.mark.parametrize("text", ["", "Plain", "a=b", "'=1", " =1"])
def test_other_texts_stay(text: str) -> None:
    assert neutralised(text) == text


def test_downloads_keep_numbers_and_disarm_names() -> None:
    content = csv_file("file.csv", [{"name": "=cmd()", "=sum": -5, "gain": -0.5, "none": None}])["content"]
    assert list(csv.reader(io.StringIO(content))) == [["name", "'=sum", "gain", "none"], ["'=cmd()", "-5", "-0.5", ""]]


def test_a_name_goes_in_as_it_is_and_out_disarmed() -> None:
    name = read_campaign(b"variant,sends,orders\n=cmd(),100,4\nB,102,5\n", "file.csv").arms[0]
    assert (name, neutralised(name)) == ("=cmd()", "'=cmd()")
