"""The page that `--html` writes, without a browser: what it holds, and that it holds nothing it should not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from conftest import DEAF, Cli
from examples import REPORT, TRAIL, story
from signalspec.engines.laws import load_laws
from signalspec.engines.threads.trails import Executed
from signalspec.programs.commands import Connect, Send
from signalspec.programs.program import Program
from signalspec.reports import htmlfile

QUICK = ("--only", "listeners", "--depth", "2", "--examples", "0")
VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """A page: its tags with their attributes, and its texts by the tag that they are in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]


def test_what_threads_executed_is_drawn_by_turns() -> None:
    assert [
        (each.thread, each.lines) for each in htmlfile.runs((Executed(1, "a"), Executed(1, "b"), *TRAIL[1:]))
    ] == [
        (1, ("a", "b")),
        (2, (TRAIL[1].text,)),
        (1, ("11 last",)),
    ]
    cells = [data for tag, data in Page(htmlfile.render([REPORT])).texts if tag == "code"]
    assert [text for text in cells if text in ("10 <first>", "11 last")] == ["10 <first>", "11 last"]


def test_page_is_sound_and_holds_everything() -> None:
    page = Page(htmlfile.render([REPORT]))
    text = " ".join("".join(data for tag, data in page.texts if tag not in ("style", "script")).split())
    for result in REPORT.results:
        assert result.clause.slug in text
        for note in result.notes:
            assert note in text
        if result.counterexample:
            assert " ".join(result.counterexample.script.split()) in text
    for words in (REPORT.target, "violates 2 clauses", "django-5.2", *REPORT.coverage, *REPORT.news):
        assert words in text


def test_violations_come_first_in_the_table() -> None:
    page = Page(htmlfile.render([REPORT]))
    shown = page.values("data-status")
    assert shown[:5] == ["violated", "violated", "inconclusive", "deviates", "holds"]
    assert len(shown) == len(REPORT.results)


def test_command_that_went_wrong_is_marked_not_what_its_receivers_did() -> None:
    program = Program(commands=(Connect("f"), Send()), acts={"f": Connect("g")})
    result = replace(REPORT.with_status("violated")[0], counterexample=story(program, "[]"))
    text = htmlfile.render([replace(REPORT, results=[result])])
    [wrong] = re.findall(r'<tr class="wrong">.*?</tr>', text, re.DOTALL)
    assert "signal.send(None)" in wrong


def test_links_lead_somewhere_even_where_a_target_is_checked_twice() -> None:
    page = Page(htmlfile.render([REPORT, REPORT]))
    ids = Counter(page.values("id"))
    assert max(ids.values()) == 1
    assert {"uids.falsy-uid", "finding-uids.falsy-uid", "2.uids.falsy-uid", "2.finding-uids.falsy-uid"} <= set(ids)
    links = [link for link in page.values("href") if link != "data:,"]
    assert links
    for link in links:
        assert link.startswith("#")
        assert link[1:] in ids


def test_page_needs_nothing_from_elsewhere() -> None:
    text = htmlfile.render([REPORT])
    page = Page(text)
    assert page.values("src") == []
    assert Counter(tag for tag, _ in page.tags)["script"] == 1
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "url(" not in text
    assert "@import" not in text


def test_what_a_release_does_alike_and_which_case_failed_are_told() -> None:
    law = load_laws()["robust.calls-the-rest"]
    found = next(each for each in REPORT.with_status("violated") if each.counterexample)
    case = {"law": law.slug, "case": {**law.plainest, "error": "assertion"}}
    assert found.counterexample is not None
    alike = replace(found, as_in="django-6.1", counterexample=replace(found.counterexample, program=case))
    text = htmlfile.render([replace(REPORT, results=[alike])])
    assert "django-6.1 does the same." in text
    assert "<dt>Case</dt><dd>error: assertion</dd>" in text


def test_same_reports_give_the_same_page() -> None:
    assert htmlfile.render([REPORT]) == htmlfile.render([replace(REPORT)])


def test_what_cannot_be_seen_or_written_is_escaped() -> None:
    text = htmlfile.render([REPORT])
    for escaped in (r"\ud800", r"\x1b", r"\u202e"):
        assert escaped in text
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "é" in htmlfile.render([replace(REPORT, target="é")])


def test_check_writes_it(cli: Cli, folder: Path) -> None:
    (folder / "deaf.py").write_text(DEAF, "utf-8")
    assert cli("check", "deaf", "reference", *QUICK, "--html", "report.html").exit_code == 1
    written = (folder / "report.html").read_text("utf-8")
    assert "deaf: violates" in written
    assert "reference: conforms" in written
