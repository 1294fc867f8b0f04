"""The API's readable page in a real browser, without scripts, on wide and narrow screens."""

import pytest
from playwright.sync_api import Browser

from infra.local.info import StackInfo
from tests.e2e import axe

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("width", [1200, 380])
def test_the_page_is_readable_and_its_policy_is_kept(browser: Browser, local_stack: StackInfo, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    answer = page.goto(f"{local_stack.api_url}/docs")
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"  # its style is let through
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.findings(page) == []
    page.get_by_role("link", name="POST /previews").click()
    assert page.get_by_role("article", name="POST /previews").is_visible()
    assert said == []
    page.close()


def test_the_page_needs_no_script(browser: Browser, local_stack: StackInfo) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{local_stack.api_url}/docs")
    assert page.get_by_role("heading", name="Cleanplate API").is_visible()
    context.close()
