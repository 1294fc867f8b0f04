"""The page is its own files and nothing else of the machine, and tells browsers to keep it to itself."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlers.settings import settings
from tests.documents import DELIVERY, INBOX, WORK
from tests.unit.handlers.conftest import REGION, ROOT
from tests.unit.handlers.documented import answered

Answer = dict[str, Any]
Get = Callable[..., Answer]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
FILES = {
    "index.html": b"<!doctype html>",
    "main.js": b"export const answer = 42;",
    "css/page.css": b"body { margin: 0 }",
    "icon.svg": b"<svg/>",
    "picture.png": bytes(range(256)),
    "notes.py": b"secret = 1",
    ".env": b"KEY=1",
    "README.md": b"# how it is made",
}


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "review"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (tmp_path / "outside.html").write_text("outside")
    (tmp_path / "review-old").mkdir()
    (tmp_path / "review-old" / "index.html").write_text("old")
    monkeypatch.setenv("REVIEW_FOLDER", str(folder))
    settings.cache_clear()
    return folder


@pytest.fixture
def get(aws: None, captured: Callable[[str], Any], context: Any) -> Get:
    """Ask without any identity, as for an open route."""

    def ask(path: str, method: str = "GET", **headers: str) -> Answer:
        event = captured("http-api-get")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["requestContext"].pop("authorizer")
        event["headers"] = headers
        return answered(event, context)

    return ask


def content(answer: Answer) -> bytes:
    return base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()


def policy(answer: Answer) -> dict[str, list[str]]:
    words = (part.split() for part in answer["headers"]["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in words}


@pytest.mark.parametrize(
    ("path", "name", "media_type"),
    [
        ("/review/", "index.html", "text/html; charset=utf-8"),
        ("/review/index.html", "index.html", "text/html; charset=utf-8"),
        ("/review/main.js", "main.js", "text/javascript; charset=utf-8"),
        ("/review/css/page.css", "css/page.css", "text/css; charset=utf-8"),
        ("/review/icon.svg", "icon.svg", "image/svg+xml"),
        ("/review/picture.png", "picture.png", "image/png"),
    ],
)
def test_a_file_arrives_byte_for_byte_as_what_it_is(get: Get, path: str, name: str, media_type: str) -> None:
    answer = get(path)
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, media_type)
    assert content(answer) == FILES[name]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.html",
        "..%2foutside.html",
        "%2e%2e/outside.html",
        "css/../../outside.html",
        "..\\outside.html",
        "../review-old/index.html",
        "//etc/passwd",
        "/etc/passwd",
        "css",
        "css/",
        "./index.html",
        "index.html\0.png",
        "notes.py",
        "README.md",
        ".env",
        "nothing.html",
        "x" * 5000,
    ],
)
def test_what_is_no_file_of_the_page_is_not_found(get: Get, name: str) -> None:
    answer = get(f"/review/{name}")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "unknown_path")


def test_the_address_without_a_slash_leads_to_the_folder_wherever_the_api_lives(get: Get) -> None:
    answer = get("/review")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (308, "review/")


def test_a_browser_asks_for_the_page_every_time_and_gets_it_once(get: Get) -> None:
    first = get("/review/")
    assert first["headers"]["Cache-Control"] == "no-cache"
    again = get("/review/", **{"if-none-match": first["headers"]["ETag"]})
    assert (again["statusCode"], again["body"]) == (304, "")
    assert again["headers"]["ETag"] == first["headers"]["ETag"]
    other = get("/review/main.js", **{"if-none-match": first["headers"]["ETag"]})
    assert other["statusCode"] == 200
    assert other["headers"]["Cache-Control"] == "max-age=60"


def test_the_page_runs_its_own_scripts_and_shows_pictures_of_the_buckets(get: Get) -> None:
    allowed = policy(get("/review/"))
    assert allowed["default-src"] == ["'none'"]
    assert allowed["script-src"] == allowed["style-src"] == ["'self'"]
    assert allowed["frame-ancestors"] == allowed["base-uri"] == allowed["form-action"] == ["'none'"]
    buckets = [f"https://s3.{REGION}.amazonaws.com/{name}/" for name in (INBOX, WORK, DELIVERY)]
    assert allowed["img-src"] == ["'self'", "blob:", "data:", *buckets]
    assert "'unsafe" not in str(allowed)


def test_the_page_may_ask_the_user_pool_for_a_token(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN_URL", "https://c-1.auth.eu-central-1.amazoncognito.com")
    settings.cache_clear()
    assert "https://c-1.auth.eu-central-1.amazoncognito.com" in policy(get("/review/"))["connect-src"]


@pytest.mark.parametrize("path", ["/health", "/review", "/review/", "/review/config.json", "/assets", "/nowhere"])
def test_every_answer_tells_browsers_what_not_to_do(get: Get, path: str) -> None:
    headers = get(path)["headers"]
    assert ALWAYS.items() <= headers.items()
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "camera=()" in headers["Permissions-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_answers_with_data_are_not_kept(get: Get) -> None:
    assert get("/assets")["headers"]["Cache-Control"] == "no-store"


def test_the_page_is_only_read(get: Get) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert get("/review/index.html", method)["statusCode"] == 404


def config(get: Get) -> dict[str, Any]:
    return dict(json.loads(get("/review/config.json")["body"]))


def test_the_page_learns_where_people_sign_in(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN_URL", "https://c-1.auth.eu-central-1.amazoncognito.com")
    monkeypatch.setenv("SIGN_IN_CLIENT", "4h8k")
    settings.cache_clear()
    assert config(get) == {
        "sign_in": "cognito",
        "login": None,
        "authorize_url": "https://c-1.auth.eu-central-1.amazoncognito.com/oauth2/authorize",
        "token_url": "https://c-1.auth.eu-central-1.amazoncognito.com/oauth2/token",
        "logout_url": "https://c-1.auth.eu-central-1.amazoncognito.com/logout",
        "client_id": "4h8k",
        "scopes": ["openid", "email", "profile"],
    }


@pytest.mark.parametrize(
    ("asked", "endpoint", "found"),
    [
        ("developer", "http://127.0.0.1:4566", "developer"),
        ("developer", "http://localhost:4566", "developer"),
        ("developer", "", "cognito"),
        ("developer", "https://s3.eu-central-1.amazonaws.com", "cognito"),
        ("developer", "http://127.0.0.1.example.org", "cognito"),
        ("cognito", "http://127.0.0.1:4566", "cognito"),
    ],
)
def test_only_a_stack_on_this_machine_offers_the_developer_login(
    get: Get, monkeypatch: pytest.MonkeyPatch, asked: str, endpoint: str, found: str
) -> None:
    monkeypatch.setenv("SIGN_IN", asked)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    settings.cache_clear()
    said = config(get)
    assert (said["sign_in"], said["login"]) == (found, "/_cleanplate/login" if found == "developer" else None)


def test_the_page_of_this_project_holds_nothing_that_is_not_served() -> None:
    """Neither inline scripts nor other people's addresses: the policy would stop them anyway."""
    page = (ROOT / "infra" / "review" / "index.html").read_text()
    assert "<script>" not in page
    assert " style=" not in page
    assert "https://" not in page


def test_every_module_is_fetched_at_once_and_not_one_after_the_other() -> None:
    folder = ROOT / "infra" / "review"
    named = set(re.findall(r'<link rel="modulepreload" href="([^"]+)">', (folder / "index.html").read_text()))
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("*.js")} - {"main.js"}
