"""A phone's browser and the built app, for every test of this folder."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.web.server import DIST, Site, serving

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
PHONE = "Pixel 7"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OpenPhone = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the browser; without one it is skipped by name."""
    missing = pytest.mark.skip(reason=f"{CHROMIUM} is missing: install Debian's chromium")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(missing)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; its event loop runs in this thread, so it ends with the file that uses it."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's chromium, with a fresh profile."""
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """The built app and its loans."""
    if not (DIST / "index.html").exists():
        pytest.fail("the phone app is not built: make setup")
    with serving() as site:
        yield site


@pytest.fixture
def open_phone(browser: Browser, playwright: Playwright) -> Iterator[OpenPhone]:
    """Opens pages as a phone does; at the end no page may have reported an error or a blocked resource."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(locale: str = "en-GB", **options: Any) -> Page:
        context = browser.new_context(**{**playwright.devices[PHONE], "locale": locale, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if _is_fault(message) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def _is_fault(message: Any) -> bool:
    """Chromium itself reports each refused request as an error; those are what the failure tests are about."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{finding['id']}: {json.dumps(node['target'])}: {node['failureSummary']}"
        for finding in report["violations"]
        for node in finding["nodes"]
    ]


def screenshot(page: Page, name: str) -> None:
    """Keeps the whole page as build/screenshots/NAME.png."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
