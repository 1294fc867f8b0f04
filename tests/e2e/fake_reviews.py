"""The API of reviews as the page knows it, made up: answers what a test has put in, and keeps what it was sent."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.e2e import review_pictures as pictures
from tests.e2e.fake_assets import FakeAssets

PAGE = Path(__file__).parents[2] / "infra" / "review"
BASE = "/stage"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
REASONS = [
    "incomplete",
    "visible-repair",
    "wrong-place",
    "invented",
    "text",
    "face",
    "logo",
    "colour",
    "not-sharp",
    "other",
]
PLENTY = 50
_CLAIMED = {
    "what": "claimed",
    "by": {"who": "cognito:1", "name": "ana"},
    "why": None,
    "seen": {"after": {"bucket": "work", "key": "after.png", "version_id": "1", "sha256": "7ea90c4c8560" + "0" * 52}},
}


def ago(**time: float) -> str:
    """A moment in the past, as the API writes it."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds").replace("+00:00", "Z")


class FakeReviews:
    """What waits, in order, and what was asked for. ``refuse`` answers paths with problems."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.refuse: dict[tuple[str, str], tuple[int, str, str]] = {}
        self.links = 0
        self.pictures: list[str] = []
        self.who = {"name": "", "roles": []}
        self.trials = 0
        self.sign_ins: list[dict[str, str]] = []
        self.origin = ""
        self.assets = FakeAssets(self._link)

    def add(self, run: str, picture: str | None = "coffee.png", **facts: Any) -> dict[str, Any]:
        """Let something wait. ``picture`` is one of the demo's, or ``None`` while its proofs are being made."""
        item = {
            "asset_id": f"a-{run}", "run_id": run, "name": f"{run}.jpg", "recipe": "remove-watermark@5",
            "rule": "confidence-below-threshold", "reason": "Confidence 0.42 is below 0.80.", "confidence": 0.42,
            "opened_at": ago(hours=2), "expires_at": None, "attempt": 1, "state": "open", "claimed_by": None,
            "claimed_until": None, "mine": False, "findings": [], "prompt": None, "negative_prompt": None,
            "signals": [], "stages": [], "earlier": [], "parent": None, "verdict": None,
            "may": {"approve": True, "approve_why_not": None, "reject": True, "redo": True},
            "second_person": {"required": False, "first": None},
            "choices": {
                "models": ["by-hole", "patchmatch", "unblend"], "reasons": REASONS, "prompt": False, "rights": False,
            },
            "picture": picture, **facts,
        }  # fmt: skip
        self.items.append(item)
        return item

    def links_end(self) -> None:
        """Every address of a picture that was given out stops working."""
        self.links += 1

    def sent(self, method: str, ending: str) -> list[Any]:
        """Bodies of the requests whose path ends so."""
        return [body for verb, path, body in self.asked if verb == method and path.endswith(ending)]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """Answer one request of the API."""
        self.asked.append((method, path, body))
        for (verb, ending), (status, code, detail) in self.refuse.items():
            if verb == method and path.endswith(ending):
                return status, {"status": status, "code": code, "detail": detail}
        if found := self.assets.answer(path.strip("/").split("/"), query):
            return found
        match path.strip("/").split("/"):
            case ["me"]:
                return 200, {"who": self.who["name"], **self.who, "signed": False}
            case ["reviews"]:
                return 200, self._list(query)
            case ["reviews", "counts"]:
                return 200, self._counts()
            case ["reviews", "approve"]:
                for place in body["items"]:
                    self._decide(place["run_id"], "approve")
                return 200, {"approved": body["items"], "need_second": [], "refused": []}
            case ["reviews", _, run]:
                return 200, self._item(run)
            case ["reviews", _, run, *rest]:
                return 200, self._act(method, run, rest, body)
        return 404, {"status": 404, "code": "unknown", "detail": "There is nothing here."}

    def _list(self, query: dict[str, str]) -> dict[str, Any]:
        waiting = [item for item in self.items if item["state"] != "decided"]
        if rule := query.get("rule"):
            waiting = [item for item in waiting if item["rule"] == rule]
        first = int(query.get("cursor", 0))
        last = first + int(query.get("limit", PLENTY))
        return {
            "items": [self._summary(item) for item in waiting[first:last]],
            "cursor": str(last) if last < len(waiting) else None,
        }

    def _counts(self) -> dict[str, Any]:
        waiting = [item for item in self.items if item["state"] != "decided"]
        by: dict[str, dict[str, int]] = {"rule": {}, "recipe": {}}
        for item in waiting:
            for name, counted in by.items():
                value = item[name].split("@")[0]
                counted[value] = counted.get(value, 0) + 1
        return {"open": len(waiting), "at_least": False, "by_rule": by["rule"], "by_recipe": by["recipe"]}

    def _summary(self, item: dict[str, Any]) -> dict[str, Any]:
        names = (
            "asset_id", "run_id", "name", "recipe", "rule", "reason", "confidence", "opened_at", "expires_at",
            "attempt", "state", "claimed_by", "claimed_until", "mine",
        )  # fmt: skip
        thumbnail = self._link(item["picture"], "thumbnail.jpg") if item["picture"] else None
        return {**{name: item[name] for name in names}, "findings": len(item["findings"]), "thumbnail": thumbnail}

    def _item(self, run: str) -> dict[str, Any]:
        item = self.of(run)
        shown = {
            **item,
            **self._summary(item),
            "findings": item["findings"],
            "files": {},
            "proofs": self.proofs(item["picture"], item.get("scale", 1)),
            "width": 600,
            "height": 400,
        }
        if item["picture"]:
            made = pictures.shown(item["picture"])
            files = {name: self._link(item["picture"], f"full-{name}.png") for name in ("before", "after", "mask")}
            shown |= {"width": made.width, "height": made.height, "files": files}
        if item.get("unmade"):
            shown["files"]["after"] = shown["files"]["before"]
            shown["proofs"] |= {"heat": None, "mask": None, "areas": [], "after": shown["proofs"]["before"]}
        if item["parent"]:
            shown["parent"] = {**item["parent"], "proofs": self.proofs(item["parent"]["picture"])}
        return shown

    def _act(self, method: str, run: str, rest: list[str], body: Any) -> dict[str, Any]:
        item = self.of(run)
        match (method, rest):
            case ("POST", ["claim"]):
                item |= {"claimed_by": self.who["name"], "claimed_until": time.time() + 600, "mine": True}
                return {"claimed_by": item["claimed_by"], "claimed_until": item["claimed_until"], "mine": True}
            case ("DELETE", ["claim"]):
                item |= {"claimed_by": None, "claimed_until": None, "mine": False}
                return {}
            case ("POST", ["verdict"]):
                self._decide(run, body["verdict"])
                return {"verdict": body["verdict"], "next_run": None, "state": "decided"}
            case ("POST", ["redo"]):
                self._decide(run, "redo")
                return {"run_id": "made-anew"}
            case ("POST", ["trials"]):
                self.trials = 0
                return {"run_id": "trial"}
            case ("GET", ["trials", _]):
                self.trials += 1
                done = self.trials > 1
                return {
                    "state": "done" if done else "running",
                    "proofs": self.proofs(item["picture"]) if done else None,
                }
        return {"entries": [_CLAIMED | {"at": ago(minutes=4)}]}

    def _decide(self, run: str, verdict: str) -> None:
        said = {"who": self.who["name"], "verdict": verdict, "reason": None, "comment": None, "given_at": ago()}
        self.of(run).update(state="decided", verdict=said)

    def of(self, run: str) -> dict[str, Any]:
        """Find what waits."""
        return next(item for item in self.items if item["run_id"] == run)

    def proofs(self, picture: str | None, scale: int = 1) -> dict[str, Any] | None:
        """Describe its pictures."""
        if picture is None:
            return None
        return pictures.proofs(pictures.shown(picture), lambda file: self._link(picture, file), scale)

    def _link(self, picture: str | None, file: str) -> str:
        return f"{self.origin}/pictures/{picture}/{file}?links={self.links}"


class _Handler(BaseHTTPRequestHandler):
    reviews: FakeReviews
    config: dict[str, Any]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/oauth2/authorize":
            self._authorize(dict(parse_qsl(url.query)))
        elif url.path.startswith(f"{BASE}/review/"):
            self._file(url.path.removeprefix(f"{BASE}/review/") or "index.html")
        elif url.path.startswith("/pictures/"):
            self._picture(url.path.split("/")[2:], dict(parse_qsl(url.query)))
        else:
            self._api("GET")

    def do_POST(self) -> None:
        if self.path == "/_cleanplate/login":
            said = self._body()
            self.reviews.who = said
            return self._send(200, json.dumps({"token": "a-token", "expires_in": 3600}).encode())
        if self.path == "/oauth2/token":
            return self._exchange()
        return self._api("POST")

    def do_DELETE(self) -> None:
        self._api("DELETE")

    def _authorize(self, asked: dict[str, str]) -> None:
        """Sign Clara in without asking, and send her back with a code."""
        self.reviews.sign_ins.append(asked)
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?code=the-code&state={asked['state']}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _exchange(self) -> None:
        """Give a token for the code to whoever has the secret whose hash the sign-in began with."""
        given = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if given["code"] != "the-code" or challenge != self.reviews.sign_ins[-1]["code_challenge"]:
            return self._send(400, b'{"error": "invalid_grant"}')
        self.reviews.who = {"name": "Clara", "roles": ["reviewer"]}
        return self._send(200, b'{"access_token": "a-token", "expires_in": 3600}')

    def _api(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self._body() if method == "POST" else None
        if self.headers["Authorization"] != "Bearer a-token":
            return self._send(401, b'{"message": "Unauthorized"}')
        status, said = self.reviews.answer(method, url.path.removeprefix(BASE), dict(parse_qsl(url.query)), body)
        return self._send(status, json.dumps(said).encode())

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"null")

    def _file(self, name: str) -> None:
        if name == "config.json":
            return self._send(200, json.dumps(self.config).encode())
        path = PAGE / name
        if not path.is_file():
            return self._send(404, b"")
        return self._send(200, path.read_bytes(), TYPES[path.suffix])

    def _picture(self, place: list[str], query: dict[str, str]) -> None:
        if int(query["links"]) < self.reviews.links:
            return self._send(403, b"")
        picture, file = place
        self.reviews.pictures.append(file)
        if file.startswith("full-"):
            return self._send(200, b"", "image/png")
        return self._send(
            200, pictures.shown(picture).files[file], f"image/{'png' if file.endswith('png') else 'jpeg'}"
        )

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # a page that was left wants no answer
            self.wfile.write(body)


@contextmanager
def served(config: dict[str, Any] | None = None) -> Iterator[FakeReviews]:
    """Serve the page and the made-up API of a new ``FakeReviews`` at its ``origin``."""
    reviews = FakeReviews()
    settings = config or {"sign_in": "developer", "login": "/_cleanplate/login"}
    handler = type("Handler", (_Handler,), {"reviews": reviews, "config": settings})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    reviews.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield reviews
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
