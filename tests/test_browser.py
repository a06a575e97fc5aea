"""The page that `--html` writes, in a real browser: a Chromium on the PATH, driven by Playwright.

Nothing is downloaded; where one of the two is missing, each test is reported as skipped and says what is missing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from examples import HOSTILE, REPORT
from signalspec.reports import htmlfile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FINDINGS = [result for result in REPORT.results if result.counterexample]

VISIBLE = HOSTILE.replace("\ud800", r"\ud800").replace("\u202e", r"\u202e").replace("\x1b", r"\x1b")

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed, to drive a browser")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"none of {', '.join(NAMES)} is on the PATH: no page is looked at")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open the page in a context of its own; in the end, fail where it complained or asked for anything."""
    file = tmp_path / "report.html"
    file.write_text(htmlfile.render([REPORT, REPORT]), "utf-8")
    contexts: list[BrowserContext] = []
    noise: list[str] = []
    requests: list[str] = []

    def visit(anchor: str = "", **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("dialog", lambda dialog: noise.append(dialog.message))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(file.as_uri() + anchor)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert noise == []
    assert {url.partition("#")[0] for url in requests} == {file.as_uri()}


def shown(page: Page) -> list[str]:
    """Return the clauses of the first table that can be seen."""
    rows = page.locator(".clauses").first.locator("tbody tr:visible")
    return [str(slug) for slug in rows.evaluate_all("rows => rows.map(row => row.id)")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1600])
def test_nothing_sticks_out(visit: Open, width: int, scheme: str) -> None:
    page = visit(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    edges = page.locator("body *:not(.script *)").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    assert min(left for left, _ in edges) >= 0
    assert max(right for _, right in edges) <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_scheme(visit: Open, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    ink, paper = page.evaluate("(body => [body.color, body.backgroundColor])(getComputedStyle(document.body))")
    brightness = [sum(map(int, colour.strip("rgb()").split(","))) for colour in (ink, paper)]
    assert (brightness[0] < brightness[1]) == (scheme == "light")


def test_filter_by_text_and_by_status(visit: Open) -> None:
    page = visit()
    everything = len(REPORT.results)
    form = page.locator("form.filter").first
    assert len(shown(page)) == everything
    form.get_by_label("violated").check(force=True)
    assert shown(page) == [result.clause.slug for result in REPORT.with_status("violated")]
    form.get_by_label("Contains").fill("FALSY uid")
    assert shown(page) == ["uids.falsy-uid"]
    assert form.locator("output").inner_text() == f"1 of {everything} clauses"
    form.get_by_label("all").check(force=True)
    assert set(shown(page)) == {r.clause.slug for r in REPORT.results if "falsy uid" in r.clause.requirement.lower()}
    form.get_by_label("Contains").fill("")
    assert len(shown(page)) == everything
    assert page.locator(".clauses").last.locator("tbody tr:visible").count() == everything


def test_link_to_a_clause_undoes_the_filter(visit: Open) -> None:
    page = visit()
    page.locator("form.filter").first.get_by_label("deviates").check(force=True)
    slug = REPORT.with_status("violated")[0].clause.slug
    assert slug not in shown(page)
    page.get_by_role("link", name="In the table").first.click()
    page.locator(f"[id='{slug}']").wait_for(state="visible")
    assert len(shown(page)) == len(REPORT.results)


@pytest.mark.parametrize("result", FINDINGS, ids=lambda result: result.clause.slug)
def test_link_to_a_finding_opens_it(visit: Open, result: Any) -> None:
    page = visit(f"#finding-{result.clause.slug}")
    finding = page.locator(f"[id='finding-{result.clause.slug}']")
    finding.wait_for(state="visible")
    assert finding.locator(".script code").text_content() == result.counterexample.script
    assert finding.evaluate("each => each.getBoundingClientRect().top < innerHeight")


def test_script_is_copied(visit: Open) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("button.copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    found = REPORT.with_status("violated")[0].counterexample
    assert found is not None
    assert page.evaluate("navigator.clipboard.readText()") == found.script


@pytest.mark.parametrize(("allowed", "said"), [(True, "Copied"), (False, "Selected")])
def test_script_is_selected_where_there_is_no_clipboard(visit: Open, allowed: bool, said: str) -> None:
    page = visit()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate("allowed => { document.execCommand = () => allowed; }", allowed)
    page.locator("button.copy").first.click()
    page.get_by_role("button", name=said).wait_for()
    found = REPORT.with_status("violated")[0].counterexample
    assert found is not None
    assert page.evaluate("getSelection().toString()").strip() == found.script.strip()


def test_hostile_texts_are_texts(visit: Open) -> None:
    page = visit("#finding-uids.falsy-uid")
    actual = page.locator("[id='finding-uids.falsy-uid'] .facts dd").nth(2).text_content()
    assert actual == VISIBLE
    assert page.title() == f"signalspec: {REPORT.target}, {REPORT.target}"
    assert (page.locator("script").count(), page.locator("img").count()) == (1, 0)


def test_script_that_got_in_would_not_run(browser: Browser) -> None:
    page = browser.new_page()
    got_in = HOSTILE.partition("<!--")[0]
    page.set_content(htmlfile.render([REPORT]).replace("<main>", f"<main>{got_in}"))
    assert page.locator("main > script, main > img").count() == 2
    assert page.title() == f"signalspec: {REPORT.target}"
    page.close()


def test_keys_are_enough(visit: Open) -> None:
    page = visit()
    second = page.locator("details").nth(1)
    second.locator("summary").focus()
    page.keyboard.press("Enter")
    assert second.evaluate("each => each.open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "In the table"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.locator("form.filter").first.get_by_label("all").focus()
    page.keyboard.press("ArrowRight")
    assert 0 < len(shown(page)) < len(REPORT.results)


def test_story_is_drawn(visit: Open) -> None:
    page = visit()
    drawn = page.locator("[id='finding-listeners.false-after-disconnect'] .timeline")
    drawn.evaluate("each => each.closest('details').open = true")
    marks = [str(mark.get_attribute("aria-label")) for mark in drawn.get_by_role("img").all()]
    assert marks[:5] == ["connected", "connected", "connected already", "f is call number 1", "g is call number 2"]
    assert drawn.locator("tbody tr").count() == 11
    assert drawn.locator("tr.wrong pre").all_inner_texts() == ["signal.has_listeners(A)"]
    # A bar has no gaps: the cells of a lane lie one upon the other, and a mark in the middle of its lane.
    for mark in drawn.get_by_role("img").all():
        middles = mark.evaluate(
            "each => [each, each.closest('td')].map(e => e.getBoundingClientRect()).map(b => (b.left + b.right) / 2)"
        )
        assert abs(middles[0] - middles[1]) <= 1


def test_without_scripts_there_is_as_much_to_read(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator(".clauses").first.locator("tbody tr:visible").count() == len(REPORT.results)
    assert page.locator("button:visible, form:visible").count() == 0
    page.locator("summary").nth(1).click()
    assert page.locator(".finding .script").nth(1).is_visible()
