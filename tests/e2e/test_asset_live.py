"""The page of an asset and the report before the real API: what the local stack did is what a person reads."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from infra.cli.app import app
from infra.client import AssetView
from infra.local import home
from schemas.asset import Status
from tests.e2e import axe, pictures
from tests.e2e.browser import keep, watched
from tests.e2e.deployment import Deployment
from tests.e2e.documented import ROOT
from tests.e2e.test_asset_page import LOOKS
from tests.e2e.test_policy import hard

pytestmark = pytest.mark.stack
WIDTH, HEIGHT = 240, 180
Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, deployment: Deployment) -> Iterator[Open]:
    """Open the page of an asset by its own address. At the end nothing may have gone wrong unseen."""
    pages: list[tuple[Page, list[str]]] = []
    base = deployment.client.url.removesuffix("/signed")

    def open_page(asset: AssetView, look: str = "light") -> Page:
        page = browser.new_context(**LOOKS[look]).new_page()
        pages.append((page, watched(page, refusals=True)))
        page.goto(f"{base}/assets/{asset.asset_id}/page")
        page.get_by_label("Your name").fill("ada")
        page.get_by_label("Your name").press("Enter")
        expect(page.get_by_label("Account")).to_contain_text("ada")
        return page

    yield open_page
    for page, wrong in pages:
        page.context.close()
        assert wrong == []


@pytest.fixture(scope="module")
def folder(deployment: Deployment) -> str:
    """A folder with a picture that was delivered, and one that waits for a person."""
    clean = pictures.coffee(WIDTH, HEIGHT)
    dirty = pictures.lettered(clean, "PROOF", 40)
    key = deployment.key("remove-watermark", "menu.jpg")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    delivered = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo, "JPEG", quality=95)))
    assert delivered.status is Status.DELIVERED, delivered.outcome
    flagged = key.replace("menu.jpg", "flagged.png")
    deployment.put(flagged + ".mask.png", pictures.encoded(hard(clean)))
    assert deployment.outcome(deployment.put(flagged, pictures.encoded(clean))).status is Status.AWAITING_REVIEW
    return key.removesuffix("menu.jpg")


def _asset(deployment: Deployment, key: str) -> AssetView:
    asset = deployment.client.asset(deployment.client.asset_at(key))
    assert asset is not None
    return asset


@pytest.mark.parametrize("look", LOOKS)
def test_a_delivered_asset_shows_every_stage_with_its_picture(
    opened: Open, deployment: Deployment, folder: str, look: str
) -> None:
    page = opened(_asset(deployment, f"{folder}menu.jpg"), look)
    expect(page.get_by_role("heading", level=1)).to_have_text("menu.jpg")
    for picture in (page.locator(".pair img").first, page.locator(".pair img").last):
        expect(picture).to_have_js_property("naturalWidth", WIDTH, timeout=60_000)
    told = page.locator(".stage-head strong")
    assert {"Inspected", "Mask", "Filled", "Finished", "Measured", "Decided", "Delivered"} <= set(
        told.all_inner_texts()
    )
    expect(page.locator(".stage").filter(has_text="Mask").locator("img.over")).to_have_js_property(
        "naturalWidth", WIDTH
    )
    expect(page.get_by_role("link", name="native", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == LOOKS[look]["viewport"]["width"]
    page.keyboard.press("v")  # the API reads the file again, from where the CDN reads it
    expect(page.locator("[data-file=native] .tag")).to_have_text("Intact", timeout=60_000)
    expect(page.locator(".said")).to_have_text("The file is intact.")
    page.screenshot(path=_picture(f"live-asset-{look}"), full_page=True)
    assert axe.findings(page) == []


def test_what_waits_leads_to_its_review(opened: Open, deployment: Deployment, folder: str) -> None:
    asset = _asset(deployment, f"{folder}flagged.png")
    page = opened(asset)
    expect(page.get_by_role("link", name="Review it")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("link", name="The whole life of this picture")).to_be_visible()
    assert page.url.endswith(f"#/{asset.asset_id}/{asset.run_id}")
    page.get_by_role("link", name="The whole life of this picture").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("flagged.png")


def test_the_folder_is_found_on_the_page(opened: Open, deployment: Deployment, folder: str) -> None:
    page = opened(_asset(deployment, f"{folder}menu.jpg"))
    page.get_by_role("link", name=folder).click()
    expect(page.locator(".asset-row h2")).to_have_text(["flagged.png", "menu.jpg"])  # in the order of their keys
    keep(page, "live-assets")


@pytest.mark.parametrize("look", LOOKS)
def test_the_report_of_the_folder_is_one_file_that_says_the_same(
    browser: Browser, deployment: Deployment, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    out = tmp_path / "report.html"
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    home.make_current(deployment.info.state_dir)
    done = CliRunner().invoke(app, ["report", folder, "--out", str(out), "--title", "Menus"])
    assert done.exit_code == 0, done.output
    context = browser.new_context(**LOOKS[look], offline=True)
    page = context.new_page()
    wrong = watched(page)
    page.goto(out.as_uri())
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.locator("article").last.get_by_role("img")).not_to_have_count(0)
    box = page.get_by_role("img").first.bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - WIDTH / HEIGHT) < 0.1
    assert page.evaluate("document.documentElement.scrollWidth") == LOOKS[look]["viewport"]["width"]
    page.screenshot(path=_picture(f"live-report-{look}"), full_page=True)
    assert axe.findings(page) == []
    context.close()
    assert wrong == []


def _picture(name: str) -> Path:
    place = ROOT / "build" / "screenshots" / f"{name}.png"
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
