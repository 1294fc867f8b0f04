"""axe-core, which finds what assistive technology would stumble over. Fetched once from npm, held against its hash."""

import base64
import hashlib
import io
import sys
import tarfile
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VERSION = "4.14.1"
ADDRESS = f"https://registry.npmjs.org/axe-core/-/axe-core-{VERSION}.tgz"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""Of the package, as the registry's `integrity` states it. The licence is MPL-2.0; nothing of it is shipped."""
SERIOUS = ("serious", "critical")


def fetch() -> Path:
    """Bring axe-core into the virtual environment, unless it is there; return its path."""
    kept = Path(sys.prefix) / "cache" / f"axe-core-{VERSION}.min.js"
    if not kept.exists():
        with urllib.request.urlopen(ADDRESS, timeout=120) as answer:
            package = answer.read()
        found = base64.b64encode(hashlib.sha512(package).digest()).decode()
        if found != SHA512:
            raise ValueError(f"{ADDRESS} has the hash {found}, not {SHA512}")
        with tarfile.open(fileobj=io.BytesIO(package)) as files:
            script = files.extractfile("package/axe.min.js")
            assert script is not None
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(script.read())
    return kept


@cache
def _script() -> str:
    return fetch().read_text()


def findings(page: Page) -> list[str]:
    """Serious and critical findings on what is shown now, each with the places it was found at."""
    page.evaluate(_script())  # through the debugger, so the page's content security policy stays as it is
    result: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{found['impact']} {found['id']}: {found['help']} {[node['html'][:160] for node in found['nodes'][:4]]}"
        for found in result["violations"]
        if found["impact"] in SERIOUS
    ]


if __name__ == "__main__":
    print(fetch())
