"""The site in a real browser, from a server and from files; ``tox run -e site`` makes it and says where it is.

Without ``SIGNALSPEC_SITE``, the folder that it was made in, each test is skipped; the fixtures of `test_browser` say
what else is missing. With ``SIGNALSPEC_WHOLE_SITE=1`` every example is run on every release, and large pages are
looked at as well.
"""

from __future__ import annotations

import html
import os
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from signalspec.standard.clauses import Clause, load_clauses
from test_browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = ["browser"]

SITE = Path(os.environ.get("SIGNALSPEC_SITE", "."))
AXE = Path(os.environ.get("SIGNALSPEC_AXE", "."))

pytestmark = pytest.mark.skipif("SIGNALSPEC_SITE" not in os.environ, reason="there is no site to look at")

STANDARD = load_clauses()
WHOLE = bool(os.environ.get("SIGNALSPEC_WHOLE_SITE"))
LARGE = ("defects.html", "upgrading.html", "models/save.html", "implementations/index.html") if WHOLE else ()
PAGES = (
    *("index.html", "questions/receivers.html", "dispatch/uids.html", "auth/alogins.html", "history.html"),
    *("questions/index.html", "implementations/celery.html", "commands.html"),
    *("tutorial/1-first-signal.html", "laws.html", "checking.html", *LARGE),
)
"""The pages that are looked at; the large ones, which take a minute each, only where the whole site is asked for."""

RELEASES = ("reference", "django-3.2", "django-4.2", "django-5.2", "django-6.0", "django-6.1")

Visit = Callable[..., "Page"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the site is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Open a page; in the end, fail where the browser complained, or asked for what is elsewhere."""
    contexts: list[BrowserContext] = []
    noise: list[str] = []

    def visit(page_name: str, root: str = address, **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        if root != address:
            # From files, the browser lets a page read no other, and Sphinx's search does without the words around.
            page.goto(f"{root}/{page_name}")
            return page
        page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(root) else noise.append(request.url))
        page.goto(f"{root}/{page_name}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert noise == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_is_accessible(visit: Visit, name: str) -> None:
    page = visit(name)
    page.add_script_tag(path=AXE)
    for scheme, rules in (("light", ""), ("dark", "runOnly: ['color-contrast']")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], {rules}}})")["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found] == [], scheme
    for width in (360, 800, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_the_theme_is_dark_where_the_system_is(visit: Visit) -> None:
    page = visit("dispatch/uids.html", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 22)"


@pytest.mark.parametrize("from_files", [False, True], ids=["served", "files"])
def test_search_finds_a_clause(visit: Visit, address: str, from_files: bool) -> None:
    page = visit("index.html", SITE.as_uri() if from_files else address)
    page.get_by_role("textbox", name="Search").or_(page.locator("input[name=q]")).first.fill("falsy uid")
    page.keyboard.press("Enter")
    page.locator("#search-results a[href*='uids.html']").first.wait_for()


def test_each_clause_has_a_permanent_link() -> None:
    for clause in STANDARD:
        page = (SITE / clause.part / f"{clause.chapter}.html").read_text("utf-8")
        for anchor in (clause.slug, clause.slug.replace(".", "")):
            assert page.count(f'id="{anchor}"') == 1, anchor


def test_a_link_leads_to_its_clause(visit: Visit) -> None:
    page = visit("dispatch/uids.html#uids.falsy-uid", viewport={"width": 1000, "height": 900})
    clause = STANDARD.clause("uids.falsy-uid")
    heading = page.get_by_role("heading", name=clause.title)
    page.locator("button.run").first.wait_for()
    # The page moves there again when the examples have got their buttons.
    page.wait_for_function(
        "each => { const top = each.getBoundingClientRect().top; return 0 <= top && top < 300; }",
        arg=heading.element_handle(),
    )


def test_links_within_the_site_lead_somewhere(visit: Visit) -> None:
    known: dict[str, set[str]] = {}
    for name in PAGES:
        page = visit(name)
        for link in page.locator("article a[href]").evaluate_all("all => all.map(each => each.href)"):
            where, _, anchor = link.partition("#")
            if not where.startswith(page.url.partition(name)[0]):
                continue
            path = SITE / where.removeprefix(page.url.partition(name)[0])
            if where not in known:
                text = path.read_text("utf-8") if path.is_file() else ""
                known[where] = {part.partition('"')[0] for part in text.split(' id="')[1:]}
            assert path.is_file(), link
            assert not anchor or anchor in known[where], link


def test_the_history_can_be_filtered(visit: Visit) -> None:
    page = visit("history.html")
    rows = page.locator("#history tbody tr:visible")
    everything = rows.count()
    page.get_by_label("Clauses with").fill("falsy")
    assert 0 < rows.count() < everything
    page.get_by_label("Clauses with").fill("")
    page.get_by_label("broken in").select_option("6.1")
    assert all("✗" in row for row in rows.all_inner_texts())
    assert 0 < rows.count() < everything


def test_without_scripts_all_text_is_there(visit: Visit) -> None:
    page = visit("dispatch/uids.html", java_script_enabled=False)
    text = page.locator("article").text_content() or ""
    for clause in STANDARD:
        if clause.chapter == "uids":
            assert clause.title.replace("`", "") in text
            assert all(line in text for line in (clause.example or "").splitlines())
    assert page.locator("button.run:visible").count() == 0
    page = visit("history.html", java_script_enabled=False)
    assert page.locator("#history tbody tr:visible").count() > 50


def test_from_files_the_examples_say_what_it_takes_to_run_them(visit: Visit) -> None:
    page = visit("dispatch/uids.html", SITE.as_uri())
    assert "python3 -m http.server" in page.locator("p.note").first.inner_text()


def run(page: Page, number: int = 0) -> list[str]:
    """Press a button, and return what is said then of each release."""
    page.locator("button.run").nth(number).click()
    page.locator("button.run").nth(number).and_(page.locator(":enabled")).wait_for(timeout=120_000)
    return page.locator(".outcomes").nth(number).locator(".outcome").all_inner_texts()


def test_an_example_is_run_on_two_releases_and_edited(visit: Visit) -> None:
    page = visit("dispatch/uids.html")
    number = [each.chapter for each in STANDARD if each.chapter == "uids" and each.example].index("uids")
    page.get_by_label("Release", exact=True).nth(number).select_option("reference")
    page.get_by_label("Beside it").nth(number).select_option("django-6.1")
    said = run(page, number)
    assert [each.split()[0] for each in said] == ["reference", "django-6.1"]
    assert all("runs to its end" in each for each in said)
    page.get_by_role("button", name="Edit").nth(number).click()
    page.get_by_role("textbox", name="Code of").nth(0).fill("import sys\nprint(sys.version)\nassert 1 == 2")
    said = run(page, number)
    assert all("fails" in each and "line 3: assert 1 == 2" in each for each in said)


def test_an_asynchronous_example_runs(visit: Visit) -> None:
    page = visit("dispatch/asend.html")
    page.get_by_label("Release", exact=True).nth(0).select_option("django-5.2")
    assert "runs to its end" in run(page)[0]


def test_an_example_that_does_not_end_is_stopped(visit: Visit) -> None:
    page = visit("dispatch/uids.html")
    page.get_by_role("button", name="Edit").first.click()
    page.get_by_role("textbox", name="Code of").first.fill("while True: pass")
    assert "stopped after 20 seconds" in run(page)[0]


def test_keys_are_enough(visit: Visit) -> None:
    page = visit("dispatch/uids.html")
    page.locator("button.run").first.wait_for()
    page.locator("button.run").first.focus()
    page.keyboard.press("Enter")
    page.locator(".outcome").first.wait_for(timeout=120_000)
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Edit"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("print('typed')")
    page.keyboard.press("ControlOrMeta+Enter")
    page.locator(".outcome pre", has_text="typed").wait_for(timeout=120_000)


ALL = """
async ([examples, release]) => {
  const found = {};
  let worker, answer;
  const start = () => {
    worker = new Worker(new URL("../_static/worker.mjs", location.href), {type: "module"});
    worker.onmessage = ({data}) => answer(data);
  };
  start();
  for (const [name, code] of examples)
    found[name] = await new Promise((resolve) => {
      let timer;
      answer = (data) => {
        if (data.begun)
          timer = setTimeout(() => { worker.terminate(); start(); resolve({verdict: "late", text: ""}); }, 30_000);
        else { clearTimeout(timer); resolve(data); }
      };
      worker.postMessage({id: name, code, release});
    });
  worker.terminate();
  return found;
}
"""

RUNNABLE = re.compile(
    r'"code-block-caption">((?:(?!</div>).)*)</div>\s*<div class="example runnable[^>]*>.*?<pre>(.*?)</pre>',
    re.DOTALL,
)
EVERY = 1 if WHOLE else 12


def runnable(chapter: str) -> Iterator[tuple[str, str]]:
    """Yield the examples of a chapter that run in the page: the clause of each, and its code."""
    for caption, code in RUNNABLE.findall((SITE / "dispatch" / f"{chapter}.html").read_text("utf-8")):
        slug, text = (html.unescape(re.sub("<[^>]+>", "", each)) for each in (caption, code))
        yield slug.replace("¶", "").strip(), text


@pytest.mark.parametrize("release", RELEASES)
def test_an_example_does_in_the_browser_what_the_release_does(visit: Visit, release: str) -> None:
    """Every twelfth one, another on each release; all of them where the whole site is asked for."""
    profile = "standard" if release == "reference" else release
    examples = [each for chapter in STANDARD.parts["dispatch"].chapters for each in runnable(chapter)]
    kept = [each for each in examples if _is_kept(STANDARD.clause(each[0]), profile)]
    if release == "reference":
        kept = [(slug, code) for slug, code in kept if "django.conf" not in code]
    chosen = kept[RELEASES.index(release) * EVERY // len(RELEASES) :: EVERY]
    found = visit("dispatch/uids.html").evaluate(ALL, [chosen, release])
    assert {slug: said for slug, said in found.items() if said["verdict"] != "passes"} == {}
    assert len(found) > 150 // EVERY


def _is_kept(clause: Clause, profile: str) -> bool:
    # The releases before 5.0 have nothing asynchronous; what they lack is not claimed.
    older = profile.startswith(("django-2", "django-3", "django-4"))
    broken = any(each.clause == clause.slug for each in STANDARD.deviations_in(profile))
    return clause.in_force.includes(profile) and not broken and not (older and "async" in clause.needs)
