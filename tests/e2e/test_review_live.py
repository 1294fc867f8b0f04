"""The review page before the real API: people in real browsers decide, and the local stack delivers."""

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from infra.client import AssetView
from schemas.asset import Status
from tests.e2e import axe, pictures
from tests.e2e.browser import keep, watched
from tests.e2e.deployment import Deployment
from tests.e2e.test_policy import hard

WIDTH, HEIGHT = 200, 160
SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(browser: Browser, deployment: Deployment) -> Iterator[SignIn]:
    """Open the page as somebody. At the end nothing may have gone wrong unseen, nor been asked of anybody else."""
    pages: list[tuple[Page, list[str]]] = []
    elsewhere: list[str] = []
    origin = deployment.info.endpoint_url

    def opened(name: str, address: str = "#/", *, refusals: bool = False) -> Page:
        page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        pages.append((page, watched(page, refusals=refusals)))
        page.on(
            "request", lambda asked: None if asked.url.startswith((origin, "blob:")) else elsewhere.append(asked.url)
        )
        page.goto(f"{deployment.client.url.removesuffix('/signed')}/review/{address}")
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Your name").press("Enter")
        expect(page.get_by_label("Account")).to_contain_text(name)
        return page

    yield opened
    for page, wrong in pages:
        page.context.close()
        assert wrong == []
    assert elsewhere == []


@pytest.fixture(autouse=True)
def _empty_queue(deployment: Deployment) -> None:
    """Let other tests' reviews wait elsewhere: each test here begins with a queue of its own."""
    table = deployment.aws.client("dynamodb")
    for waiting in list(deployment.client.reviews.waiting()):
        table.update_item(
            TableName=deployment.outputs["RecordsTable"],
            Key={"pk": {"S": f"ASSET#{waiting.asset_id}"}, "sk": {"S": f"REVIEW#{waiting.run_id}"}},
            UpdateExpression="REMOVE index_pk, index_sk",
        )


def _flagged(
    deployment: Deployment, name: str = "photo.png", photo: Image.Image | None = None
) -> tuple[str, AssetView]:
    """Have a picture done that no model here can be trusted with."""
    photo = photo or pictures.coffee(WIDTH, HEIGHT)
    key = deployment.key("remove-object", name)
    deployment.put(key + ".mask.png", pictures.encoded(hard(photo)))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo)))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome
    return key, asset


def _shown(page: Page, name: str) -> None:
    """Wait until an item is there with its pictures, so that keys mean it."""
    expect(page.locator(".about")).to_contain_text(name, timeout=20_000)
    expect(page.locator(".layer.second > img").first).to_be_visible(timeout=30_000)


def _held(deployment: Deployment, asset: AssetView, name: str) -> None:
    """Wait until somebody holds a review; the page claims it while it already shows its pictures."""
    deadline = time.monotonic() + 20
    while deployment.client.reviews.show(asset.asset_id, asset.run_id).claimed_by != name:
        assert time.monotonic() < deadline, f"{name} never held it"
        time.sleep(0.1)


def _address(asset: AssetView) -> str:
    return f"#/{asset.asset_id}/{asset.run_id}"


@contextmanager
def _heard(page: Page, words: str) -> Iterator[None]:
    """What is done inside is answered with a message for everybody, screen readers included."""
    yield
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=20_000)


def test_a_mask_is_painted_tried_redone_compared_and_approved_until_it_is_delivered(
    sign_in: SignIn, deployment: Deployment
) -> None:
    key, asset = _flagged(deployment)
    page = sign_in("ada")
    page.keyboard.press("s")
    _shown(page, "photo.png")
    before = page.locator(".slider").input_value()
    page.keyboard.press("ArrowRight")
    assert page.locator(".slider").input_value() != before
    for overlay in ("h", "m"):
        page.keyboard.press(overlay)
    keep(page, "live-item")
    assert axe.findings(page) == []

    page.keyboard.press("d")
    page.keyboard.press("x")  # an empty mask instead of the one there was
    sheet = page.locator("dialog .sheet").bounding_box()
    assert sheet is not None
    unit = sheet["width"] / WIDTH
    page.mouse.move(sheet["x"] + 150 * unit, sheet["y"] + 120 * unit)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 170 * unit, sheet["y"] + 120 * unit, steps=8)
    page.mouse.up()
    page.keyboard.press("t")
    expect(page.get_by_alt_text("The result of the trial")).to_be_visible(timeout=60_000)
    keep(page, "live-trial")
    tried = deployment.client.asset(asset.asset_id)
    assert tried is not None
    assert (tried.run_id, tried.status) == (asset.run_id, Status.AWAITING_REVIEW)
    page.get_by_role("button", name="Back to painting").click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=20_000)

    again = deployment.settled(asset.asset_id, Status.AWAITING_REVIEW)
    assert again.run_id != asset.run_id
    page = sign_in("ada", _address(again))
    _shown(page, "photo.png")
    keep(page, "live-both-results")
    with _heard(page, "Approved"):
        page.keyboard.press("a")
    done = deployment.settled(asset.asset_id, Status.DELIVERED)
    assert [entry.what for entry in done.trail if entry.run_id == asset.run_id][-1] == "redone"
    assert {entry.by.name for entry in done.trail} == {"Cleanplate", "ada"}

    before_pixels = np.asarray(pictures.coffee(WIDTH, HEIGHT)).astype(int)
    after = np.asarray(Image.open(io.BytesIO(deployment.delivered(key))).convert("RGB")).astype(int)
    rows, columns = np.nonzero(np.abs(after - before_pixels).sum(axis=2))
    assert len(rows) > 50
    assert (rows.min() > 80, columns.min() > 110) == (True, True)  # where it was painted, and nowhere else


def test_ten_flagged_pictures_are_cleared_with_the_keyboard_alone(sign_in: SignIn, deployment: Deployment) -> None:
    photos = [pictures.coffee(WIDTH, HEIGHT) for _ in range(10)]
    for number, photo in enumerate(photos):
        photo.putpixel((0, 0), (number, 0, 0))  # ten pictures, and not one that is answered ten times
    assets = [_flagged(deployment, f"photo-{number}.png", photo)[1] for number, photo in enumerate(photos)]
    page = sign_in("clara")
    expect(page.get_by_role("heading", level=1)).to_have_text("10 pictures wait for a person")
    keep(page, "live-queue")
    assert axe.findings(page) == []
    page.keyboard.press("s")
    names = [f"photo-{number}.png" for number in range(10)]
    for number, name in enumerate(names):
        _shown(page, name)
        if number % 3 == 2:
            with _heard(page, "Rejected"):
                for key in ("r", "2", "o", "Enter"):  # a repair that shows; the original is delivered
                    page.keyboard.press(key)
        else:
            with _heard(page, "Approved"):
                page.keyboard.press("a")
    done = [deployment.settled(asset.asset_id, Status.DELIVERED) for asset in assets]
    rules = [asset.outcome.rule for asset in done if asset.outcome]
    assert rules == ["original" if number % 3 == 2 else "approved" for number in range(10)]
    assert next(iter(deployment.client.reviews.waiting()), None) is None


def test_of_two_who_open_the_same_item_one_decides(sign_in: SignIn, deployment: Deployment) -> None:
    _, asset = _flagged(deployment)
    ada = sign_in("ada", _address(asset))
    _held(deployment, asset, "ada")
    _shown(ada, "photo.png")
    ben = sign_in("ben", _address(asset), refusals=True)
    expect(ben.get_by_role("alert")).to_contain_text("ada", timeout=20_000)
    expect(ben.get_by_role("button", name="Approve")).to_be_disabled()
    with _heard(ada, "Approved"):
        ada.keyboard.press("a")
    deployment.settled(asset.asset_id, Status.DELIVERED)
    who = {entry.by.name for entry in deployment.client.reviews.trail(asset.asset_id, asset.run_id)}
    assert who == {"Cleanplate", "ada"}


def test_a_lease_that_ended_lets_the_next_person_decide_and_the_first_is_told(
    sign_in: SignIn, deployment: Deployment
) -> None:
    _, asset = _flagged(deployment)
    ada = sign_in("ada", _address(asset), refusals=True)
    _held(deployment, asset, "ada")
    _shown(ada, "photo.png")
    deployment.aws.client("dynamodb").update_item(
        TableName=deployment.outputs["RecordsTable"],
        Key={"pk": {"S": f"ASSET#{asset.asset_id}"}, "sk": {"S": f"REVIEW#{asset.run_id}"}},
        UpdateExpression="SET claim.lease_ends = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    ben = sign_in("ben", _address(asset))
    _held(deployment, asset, "ben")
    _shown(ben, "photo.png")
    with _heard(ben, "Rejected"):
        for key in ("r", "4", "Enter"):
            ben.keyboard.press(key)
    ada.keyboard.press("a")
    expect(ada.get_by_role("alert")).to_contain_text(re.compile("ben", re.IGNORECASE), timeout=20_000)
    rejected = deployment.settled(asset.asset_id, Status.REJECTED)
    assert rejected.outcome is not None
    assert "ben" in rejected.outcome.reason


def test_missing_rights_are_stated_on_the_page(sign_in: SignIn, deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(WIDTH, HEIGHT))
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), rights=None))
    page = sign_in("ada", _address(asset))
    _shown(page, "photo.png")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    page.keyboard.press("d")
    page.get_by_label("Rights").select_option("owned")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=20_000)
    again = deployment.settled(asset.asset_id, Status.AWAITING_REVIEW)
    assert again.outcome is not None
    assert again.outcome.rule == "redone"
