"""Styles and scripts of our own as one file each: a page asks once for what it always needs, not thirty times.

They are put together when the application is built, in the order of their names, those of a folder before those of the
folders in it.
"""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from flask import Flask, Response

TYPES: Final = {"css": "text/css", "js": "text/javascript"}


class Bundle(NamedTuple):
    """Files of one kind as one."""

    kind: str  # the end of their names, and their folder
    content: bytes

    @property
    def path(self) -> str:
        """Where it is served; beside the files, so that what these name relative to themselves is found."""
        return f"/assets/{self.kind}/all.{self.kind}"

    @property
    def address(self) -> str:
        """The path with a stamp of the content: browsers keep it for a year."""
        return f"{self.path}?m={hashlib.sha256(self.content).hexdigest()[:16]}"


def bundle(assets: Path, kind: str, without: tuple[str, ...] = ()) -> Bundle:
    """Put together all files of a kind in the folder of its name, but those that a page names itself."""
    files = [path for path in _in_order(assets / kind, kind) if path.name not in without]
    return Bundle(kind, b"\n".join(path.read_bytes() for path in files))


def serve(server: Flask, bundles: list[Bundle]) -> None:
    """Add the addresses."""
    for one in bundles:
        server.add_url_rule(
            one.path, f"all_{one.kind}", lambda one=one: Response(one.content, mimetype=TYPES[one.kind])
        )


def _in_order(folder: Path, kind: str) -> list[Path]:
    here = sorted(folder.glob(f"*.{kind}"))
    return here + [path for inner in sorted(folder.iterdir()) if inner.is_dir() for path in _in_order(inner, kind)]
