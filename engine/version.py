"""The engine's version.

Part of every scenario's digest, so results of another version are never mistaken for this one's.
"""

VERSION = "0.1.0"
