"""The key by which the server knows what it has signed: from the environment, or made from its secrets."""

import hashlib
import hmac
import secrets
from typing import Final

from engine.settings import Settings

# A salt keeps one table of guesses from serving many stored hashes. Nothing is stored here: every process makes the same key
# anew, so that the salt must be the same for all. Who wants to guess the password needs a session to try guesses on, which
# only those have who knew it; scrypt makes each guess cost what it costs us, some 50 ms and 16 MB.
_SALT: Final = b"bandit-time-machine, key of the door, 1"
_COST: Final = {"n": 2**14, "r": 8, "p": 1}


def key_for(purpose: str, found: Settings) -> bytes:
    """Return a key for one purpose, the same in all processes; another one each time where the environment has no secret."""
    return hmac.digest(_key(found), purpose.encode(), "sha256")


def _key(found: Settings) -> bytes:
    if found.secret_key is not None:
        return found.secret_key.get_secret_value().encode()
    secrets_there = [found.password, found.redis_url]
    told = "\n".join("" if secret is None else secret.get_secret_value() for secret in secrets_there)
    if not told.strip():
        return secrets.token_bytes(32)
    return hashlib.scrypt(told.encode(), salt=_SALT, dklen=32, **_COST)
