"""Styles and scripts of our own as one file each: all of them, in order, at an address that changes with them."""

from pathlib import Path

from flask import Flask

from components.bundles import bundle, serve


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / "js" / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_all_files_are_there_in_order_and_those_of_inner_folders_last(tmp_path: Path) -> None:
    found = bundle(written(tmp_path, b="two();", a="one();", A__z="three();", head="never();"), "js", ("head.js",))
    assert found.content == b"one();\ntwo();\nthree();"


def test_the_address_changes_with_the_content(tmp_path: Path) -> None:
    before = bundle(written(tmp_path, a="one();"), "js").address
    assert before.startswith("/assets/js/all.js?m=")
    assert bundle(written(tmp_path, a="other();"), "js").address != before


def test_each_is_served_as_what_it_is(tmp_path: Path) -> None:
    server = Flask(__name__)
    serve(server, [bundle(written(tmp_path, a="one();"), "js")])
    answer = server.test_client().get("/assets/js/all.js?m=1")
    assert (answer.data, answer.mimetype) == (b"one();", "text/javascript")
