"""Servers that are set up as docs/publishing.md says lead PFOCR's older addresses on, parameters kept."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

import pytest

from tests.site.building import build, gene, record, write_site
from tests.support.server import find_program, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOCS = Path(__file__).parents[2] / "docs/publishing.md"
PLACE = "/srv/www/figpages"
"""Where the documentation puts the site."""
BASES = ("/", "/pfocr/")

MODULES = [p for p in map(Path, ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"))
           if p.is_dir()]  # fmt: skip
HTTPD, NGINX = find_program("apache2", "httpd"), find_program("nginx")
SERVERS = [
    pytest.param("nginx", marks=pytest.mark.skipif(not NGINX, reason="there is no nginx here")),
    pytest.param("apache", marks=pytest.mark.skipif(not (HTTPD and MODULES), reason="there is no Apache here")),
]


def blocks(language: str) -> list[str]:
    """Return the blocks of a language in the documentation."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def nginx(root: Path, site: Path, port: int, base: str) -> list[str]:
    """Write what nginx is to do; returns how it is started."""
    first, second = (block.replace(PLACE, str(site)) for block in blocks("nginx"))
    outer, inner = second.split("# In the server block.\n")
    maps, _, server = first.partition("server {")
    # The files with the redirects are the site's, wherever on the host it stands.
    inner = inner.replace(str(site), f"{site}{base}".rstrip("/"))
    outer = outer.replace(str(site), f"{site}{base}".rstrip("/"))
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/404.html", f"{base}404.html")
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = "types { text/html html; text/css css; text/javascript js; application/json json; image/svg+xml svg; }"
    temporary = "".join(f"{n}_temp_path {root}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (root / "nginx.conf").write_text(
        f"{user} daemon off; pid {root}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {kinds} {temporary}\n{outer}\n{maps}\n"
        f"server {{{server.rstrip()[:-1]}\n{inner}\n}}\n}}\n",
        encoding="utf-8",
    )
    return [NGINX or "", "-e", "stderr", "-c", str(root / "nginx.conf")]


def apache(root: Path, site: Path, port: int, base: str) -> list[str]:
    """Write what Apache is to do; returns how it is started."""
    first, second = (block.replace(PLACE, f"{site}{base}".rstrip("/")) for block in blocks("apache"))
    first = first.replace("ErrorDocument 404 /", f"ErrorDocument 404 {base}")
    names = ("mpm_event", "authz_core", "dir", "mime", "rewrite", "headers", "deflate", "filter", "unixd")
    loaded = "".join(
        f"LoadModule {n}_module {MODULES[0]}/mod_{n}.so\n" for n in names if (MODULES[0] / f"mod_{n}.so").exists()
    )
    user = "User #65534\nGroup #65534\n" if os.geteuid() == 0 else ""
    (root / "mime.types").write_text("text/html html\ntext/css css\napplication/json json\n", encoding="utf-8")
    (root / "httpd.conf").write_text(
        f'ServerRoot "{root}"\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile "{root}/pid"\n'
        f'{loaded}{user}Mutex file:{root}\nErrorLog "{root}/error.log"\nTypesConfig "{root}/mime.types"\n'
        f'DocumentRoot "{site}"\n<Directory "{site}{base}">\nRequire all granted\n{first}</Directory>\n{second}',
        encoding="utf-8",
    )
    return [HTTPD or "", "-DFOREGROUND", "-f", str(root / "httpd.conf")]


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    target: str
    """Where it leads on, without the host."""
    headers: Mapping[str, str]
    text: str


class Site(NamedTuple):
    """A site that a server serves."""

    port: int
    base: str

    def get(self, address: str) -> Answer:
        """Ask for an address below the path of the site."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        link.request("GET", self.base + address.lstrip("/"))
        answer = link.getresponse()
        target = re.sub(r"^https?://[^/]*", "", answer.headers.get("Location") or "")
        out = Answer(answer.status, target, dict(answer.headers), answer.read().decode("utf-8", "replace"))
        link.close()
        return out


def await_server(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a server answers."""
    for _ in range(200):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server does not answer")


GOLDEN = Path(__file__).parents[1] / "golden"
DATED = "scan.2024010112.png"
ODD = "/figures/an old $1 {name}; ~é"


@pytest.fixture(scope="module", params=BASES)
def built(request: pytest.FixtureRequest) -> Iterator[tuple[Path, str]]:
    """Return a folder that servers may read, with a built site at a path below it."""
    genes = [gene("TP53", "7157")]
    ids = {"wpid": "WP1", "ndex": "0b0ff5d5-0000-11ee-aa50-005056ae23aa"}
    files = {
        "PMC1__a": record("PMC1__a", genes=genes, redirect_from=["/figures/PMC1__F1", "/old/", ODD], **ids),
        "PMC1__b": record("PMC1__b", organisms=["Acinetobacter sp."], filename=DATED),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)  # servers give up their rights
        base = request.param
        settings = f"url: https://example.org{base}\nredirects: [nginx, apache]\n"
        source = write_site(root / "source", files, settings)
        (source / "images").mkdir(exist_ok=True)
        shutil.copy(GOLDEN / "site/images/small.png", source / "images" / DATED)
        ran = build(source, f"{root}/host{base}", root / "cache")
        assert ran.code == 0
        yield root, base


@pytest.fixture(scope="module", params=SERVERS)
def site(built: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator[Site]:
    """Return the site, served."""
    folder, base = built
    root = folder / request.param
    root.mkdir()
    port = free_port()
    command = {"nginx": nginx, "apache": apache}[request.param](root, folder / "host", port, base)
    with subprocess.Popen(command, cwd=root) as process:
        try:
            await_server(process, port)
            yield Site(port, base)
        finally:
            process.terminate()


LEADS = {
    "/figures/PMC1__F1": "figures/PMC1__a.html",
    "/figures/PMC1__F1.html": "figures/PMC1__a.html",
    "/old/": "figures/PMC1__a.html",
    "/organisms/acinetobacter_sp.html": "organisms/acinetobacter_sp~2E.html",
    "/browse/organisms.html": "organisms/",
    "/browse/table.html": "browse/",
    "/browse/wikipathways.html": "wikipathways/",
    "/browse/ndex.html": "ndex/",
    "/stats.html": "statistics/",
    "/figures/PMC1__F1.html?utm=a%20b&x=1": "figures/PMC1__a.html?utm=a%20b&x=1",
    "/browse/table.html?page=2": "browse/?page=2",
    "/browse/filters.html": "explore/",
    "/browse/filters.html?x=1": "explore/?x=1",
    "/browse/filters.html?Organism=Homo%20sapiens": 'explore/?q=organism:"Homo sapiens"',
    "/browse/filters?Organism=Homo%20sapiens&x=1": 'explore/?q=organism:"Homo sapiens"&x=1',
    "/browse/filters.html?y=a,b&Organism=A%20b": 'explore/?q=organism:"A b"&y=a,b',
    "/browse/filters.html?y=2&Organism=A%20b,C%2CD+e&x=1,2": (
        'explore/?q=organism:"A b" organism:"C" organism:"D+e"&y=2&x=1,2'
    ),
    "/search.html?query=a,b&query2=c": "explore/?q=a,b&query2=c",
    "/search.html?query=TP53%20AND%20%22a%26b%22": 'explore/?q=TP53 AND "a%26b"',
    "/search.html?query=%3Cscript%3E": "explore/?q=<script>",
}
"""Older addresses, and where each leads."""


@pytest.mark.parametrize("old", LEADS)
def test_older_addresses_lead_on(site: Site, old: str) -> None:
    """An older address answers with the new one for good, its parameters kept, and a page stands there."""
    answer = site.get(old)
    assert answer.status == 301
    assert unquote(answer.target.replace("%26", "%2526")) == unquote((site.base + LEADS[old]).replace("%26", "%2526"))
    followed = site.get(answer.target.removeprefix(site.base))
    assert followed.status == 200
    assert "<!doctype html>" in followed.text


def test_odd_addresses_lead_on(site: Site) -> None:
    """Blanks, dollars, braces and such in an older address mean themselves, also to a server's own language."""
    for ending in ("", ".html"):
        answer = site.get(quote(ODD) + ending)
        assert (answer.status, answer.target) == (301, f"{site.base}figures/PMC1__a.html")


def test_pages_and_headers(site: Site) -> None:
    """Pages answer without .html too, what is not there with the page for that; headers are those of the docs."""
    for address in ("/", "/figures/PMC1__a", "/figures/PMC1__a.html", "/organisms/"):
        answer = site.get(address)
        assert (answer.status, "<!doctype html>" in answer.text) == (200, True)
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    for address in ("/genes/NONE.html", "/about/", "/about/x", "/figures/PMC1__a/", "/figures/PMC1__a/x.html"):
        assert site.get(address).status == 404, address
    assert "<h1>" in site.get("/genes/NONE.html").text


def test_what_may_be_kept_for_ever(site: Site) -> None:
    """What has a hash of its content in its name does not change; an image whose name looks like one may."""
    found = re.search(r"assets/[^\"' >]+\.css", site.get("/").text)
    assert found
    assert "immutable" in site.get(f"/{found[0]}").headers["Cache-Control"]
    for address in (f"/images/{DATED}", "/", "/figures/PMC1__a.html"):
        assert site.get(address).headers["Cache-Control"] == "no-cache"
