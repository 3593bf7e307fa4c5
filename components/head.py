"""What a page says of itself before any script runs: its title, and what others show who are sent its address."""

from html import escape
from typing import Final

from components import wording

PREVIEW: Final = "preview.png"
"""In `assets`: 1,200 by 630 pixels, as those who show previews want it."""
SIZE: Final = (1_200, 630)


def title(page: str) -> str:
    """Return the title of a page.

    >>> title("Compare"), title("")
    ('Compare - Bandit Time Machine', 'Bandit Time Machine')
    """
    return f"{page} - {wording.PRODUCT}" if page else wording.PRODUCT


def preview(page: str, host: str, image: str) -> str:
    """Return the tags of a preview, by the Open Graph protocol; `host` and `image` are absolute addresses.

    The scenario in the address is nobody else's business: only the page's name is told.
    """
    width, height = SIZE
    told = {
        "og:type": "website",
        "og:site_name": wording.PRODUCT,
        "og:title": title(page),
        "og:description": wording.DESCRIPTION,
        "og:image": f"{host}{image}",
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": wording.PREVIEW_ALT,
        "twitter:card": "summary_large_image",
    }
    return "\n".join(f'<meta property="{name}" content="{escape(content)}">' for name, content in told.items())
