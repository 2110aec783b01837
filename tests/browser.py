"""Chromium without a window for tests of pages, its log and its requests."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WHY = "needs Chromium and its driver (on Debian and Ubuntu: apt-get install chromium chromium-driver)"
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900",
)


def found() -> tuple[str, str]:
    """The browser and its driver; without them the test is skipped, and fails where CI is set."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    if os.environ.get("CI"):
        pytest.fail(WHY)
    pytest.skip(reason=WHY)


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """A browser with an empty profile in a folder."""
    browser, driver = found()
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for option in (*OPTIONS, f"--user-data-dir={folder}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    session = webdriver.Chrome(options=options, service=Service(driver))
    session.set_page_load_timeout(60)
    try:
        yield session
    finally:
        session.quit()


def settled(session: Any) -> None:
    """Wait until a page has drawn everything."""
    end = time.monotonic() + 60
    while session.execute_script("return document.documentElement.dataset.settled") != "yes":
        assert time.monotonic() < end, "the page did not settle"
        time.sleep(0.02)


def visit(session: Any, page: Path, address: str = "") -> None:
    """Open a page anew."""
    session.get("about:blank")
    session.get(f"{page.as_uri()}{address}")
    settled(session)


def requests(session: Any) -> list[str]:
    """The addresses that were asked for since the last call, save files, data and blobs of the page itself."""
    asked = []
    for entry in session.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
    return [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:", "chrome"))]
