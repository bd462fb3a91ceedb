"""The content security policy of the pages (W3C, Content Security Policy Level 3).

Whatever a record may hold, a browser that follows the policy runs the site's own scripts alone, sends nothing to other
hosts but the gene list that a reader hands to Enrichr, and fetches from another host nothing but the figure's image.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup

if TYPE_CHECKING:
    from builder.read.settings import Settings

__all__ = ["ENRICHR", "STUB_POLICY", "image_hosts", "page_policy"]

ENRICHR = "maayanlab.cloud"
"""The one host that a form is sent to (``openEnrichr`` in static/js/figure.js)."""

STUB_POLICY = Markup("default-src 'none';script-src 'self';base-uri 'none'")
"""What a redirect stub needs: its script."""


def _host(address: str) -> str:
    """The host of an address as a policy names it; of one that a field makes a part of, any host of its scheme.

    A host without a scheme stands for the page's own scheme and for https.
    """
    parts = urlsplit(address)
    try:
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return f"{parts.scheme}:"
    if not re.fullmatch(r"[a-z0-9._-]+", host):
        return f"{parts.scheme}:"
    return f"{host}:{port}" if port else host


def image_hosts(settings: Settings) -> tuple[str, ...]:
    """The other hosts from which pages may fetch images."""
    return tuple(dict.fromkeys((_host(settings.image_url), *settings.image_hosts)))


def page_policy(settings: Settings) -> Markup:
    """The policy of every page but stubs; short, for it is on each of them.

    JSON-LD is data, which no policy forbids; charts and bars are SVG without style attributes.
    """
    images = " ".join(("'self'", *image_hosts(settings)))
    # Hosts hold letters, digits, dots, hyphens: a quote that is written out saves 64 bytes on every page.
    return Markup(  # noqa: S704 - as said
        f"default-src 'none';script-src 'self';style-src 'self';img-src {images};connect-src 'self';"
        f"form-action 'self' {ENRICHR};base-uri 'none'"
    )
