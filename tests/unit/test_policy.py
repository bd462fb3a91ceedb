"""The content security policy allows what pages need, and nothing else."""

from __future__ import annotations

import pytest

from builder.read.settings import Settings
from builder.render.policy import STUB_POLICY, image_hosts, page_policy

TEMPLATES = {
    "https://europepmc.org/articles/{pmcid}/bin/{filename}": "europepmc.org",
    "https://user:secret@img.example.org:8443/{filename}": "img.example.org:8443",
    "https://B\u00fccher.example/{filename}": "xn--bcher-kva.example",
    "https://{pmcid}.example.org/{filename}": "https:",
    "http://a&b/{filename}": "http:",
    "https://x.example:99999/{filename}": "https:",
}


@pytest.mark.parametrize("address", TEMPLATES)
def test_host_of_the_images(address: str) -> None:
    """Images may come from the host that the address template names, by name, port included."""
    assert image_hosts(Settings(image_url=address)) == (TEMPLATES[address],)


def test_page_policy() -> None:
    """Whatever is not named is forbidden; no inline code; further hosts of images are those of site.yml."""
    policy = page_policy(Settings(image_hosts=("cdn.example.org",)))
    rules = {rule.split(" ")[0]: rule.partition(" ")[2] for rule in str(policy).split(";")}
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' europepmc.org cdn.example.org",
        "connect-src": "'self'",
        "form-action": "'self' maayanlab.cloud",
        "base-uri": "'none'",
    }
    assert STUB_POLICY.startswith("default-src 'none';")
    assert "unsafe" not in policy + STUB_POLICY
