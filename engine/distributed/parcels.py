"""What web and worker send each other through Redis: pickled, and signed, so that nobody else's is ever opened."""

import hashlib
import hmac
import pickle
from typing import Any, Final

SIGNATURE: Final = 32


class ForgedError(Exception):
    """A parcel that none of our processes has sealed."""


class Seal:
    """Seals and opens parcels with a key that web and worker share."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"parcels " + secret.encode()).digest()

    def sealed(self, content: Any) -> bytes:
        """Return the content as bytes.

        >>> seal = Seal("one")
        >>> seal.opened(seal.sealed({"a": 1}))
        {'a': 1}
        """
        body = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
        return self._signature(body) + body

    def opened(self, parcel: bytes) -> Any:
        """Return what was sealed.

        Raises:
            ForgedError: it was sealed with another key, or changed on the way.
        """
        signature, body = parcel[:SIGNATURE], parcel[SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(body)):
            raise ForgedError("a parcel was not sealed by one of our processes")
        return pickle.loads(body)  # noqa: S301  # signed by one of our own processes

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")
