"""Nothing is opened that was not sealed by one of our own processes."""

import pickle

import pytest

from engine.distributed.parcels import ForgedError, Seal


class Bomb:
    """Pickled, it does something as soon as it is opened."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("it was opened",)


def test_what_another_key_sealed_is_not_opened() -> None:
    with pytest.raises(ForgedError):
        Seal("one").opened(Seal("another").sealed({"a": 1}))


@pytest.mark.parametrize("parcel", [b"", b"short", bytes(32) + pickle.dumps(Bomb()), pickle.dumps(Bomb())])
def test_what_nobody_sealed_is_not_opened(parcel: bytes) -> None:
    with pytest.raises(ForgedError):
        Seal("one").opened(parcel)


def test_what_was_changed_on_the_way_is_not_opened() -> None:
    parcel = bytearray(Seal("one").sealed([1, 2, 3]))
    parcel[-2] ^= 1
    with pytest.raises(ForgedError):
        Seal("one").opened(bytes(parcel))
