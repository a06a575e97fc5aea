"""The sources of the site: Markdown for Sphinx, made of the standard and of what the suite has seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

import click
from signalspec.cli import main
from signalspec.engines.laws import load_laws
from signalspec.laws import vocabulary
from signalspec.releases.changes import DANGERS, Told, changes
from signalspec.releases.defects import HARMS, load_defects, report_of, told_once
from signalspec.standard.clauses import RELEASES, Clause, Part, Standard, load_clauses
from signalspec.standard.examples import as_pasted, example_heading
from signalspec.standard.markdown import FENCE
from signalspec.standard.verification import load_kills, verification_of

ROOT = Path(__file__).resolve().parents[3]

UPGRADES = (("3.2", "4.2"), ("4.2", "5.2"), ("5.2", "6.1"))
"""The upgrades that most projects make: from one release with long-term support to the next."""

THREADED = re.compile(
    r"\b(threading|multiprocessing|os\.fork|run_in_executor|to_thread|run_coroutine_threadsafe|sync_to_async)\b"
)
"""What the browser's Python cannot do."""


def sources() -> Mapping[str, str]:
    """Return the text of each page, by its file."""
    standard = load_clauses()
    pages = dict(_copied(standard))
    for part in standard.parts.values():
        pages[f"{part.name}/index.md"] = _part(part)
        for chapter in part.chapters:
            pages[f"{part.name}/{chapter}.md"] = "\n".join(_chapter(part, chapter, standard))
    pages["history.md"] = "\n".join(_history(standard))
    pages["upgrading.md"] = "\n".join(_guide())
    pages["defects.md"] = "\n".join(_defects())
    pages["laws.md"] = "\n".join(_words_of_laws())
    pages["commands.md"] = "\n".join(_commands())
    index = (Path(__file__).parent / "index.md").read_text("utf-8")
    pages["index.md"] = index.replace("@parts@", "\n".join(f"{part}/index" for part in standard.parts))
    pages["checking.md"] = (Path(__file__).parent / "checking.md").read_text("utf-8")
    return pages


def anchor(clause: Clause) -> str:
    """Return where a clause stands, relative to the root of the site."""
    return f"{clause.part}/{clause.chapter}.html#{clause.slug}"


def linked(slug: str, up: str = "") -> str:
    """Return a link to a clause, from a page so many folders down."""
    return f'<a href="{up}{anchor(load_clauses().clause(slug))}"><code>{slug}</code></a>'


def verbatim(text: str) -> str:
    """Return `text` as code in a line, whatever it has in it."""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`"


def linking(text: str, up: str) -> str:
    """Return `text` with each clause that it names as a link."""

    def link(found: re.Match[str]) -> str:
        return linked(found[1], up) if found[1] in load_clauses().clauses else found[0]

    return re.sub(r"(?<!\[)`([a-z0-9]+\.[a-z-]+)`", link, text)


def runnable(code: str, name: str, *, part: str = "dispatch", since: str | None = None) -> Iterator[str]:
    """Yield an example; the browser makes it one that can be edited and run, where it can."""
    reason = ""
    if part != "dispatch" or "django.db" in code or "django.contrib" in code:
        reason = "It cannot run in the browser: it needs a database. Paste it where Django is installed."
    elif THREADED.search(code):
        reason = "It cannot run in the browser: it starts threads. Paste it where Django is installed."
    yield f"{FENCE}{{code-block}} python"
    yield f":class: {'example' if reason else 'example runnable'}{f' since-{since}' if since and not reason else ''}"
    yield f":caption: {name}"
    yield ""
    yield code.rstrip("\n")
    yield FENCE
    yield ""
    if reason:
        yield f"<p class='note'>{reason}</p>"
        yield ""


def _copied(standard: Standard) -> Iterator[tuple[str, str]]:
    """Yield the pages that are there already: of `spec/`, and the news."""
    yield "words.md", _relinked((ROOT / "spec/README.md").read_text("utf-8"), "")
    servers = (ROOT / "spec/pages/servers.md").read_text("utf-8")
    yield "servers.md", re.sub(r"\]\(\.\./", "](", _relinked(servers, ""))
    yield "news.md", (ROOT / "CHANGELOG.md").read_text("utf-8")
    for folder in ("questions", "tutorial", "audit"):
        files = sorted((ROOT / "spec" / folder).glob("*.md"))
        names = [file.stem for file in files if file.stem != "README"]
        for file in files:
            text = _relinked(file.read_text("utf-8"), "../")
            page = f"{folder}/{'index' if file.stem == 'README' else file.stem}.md"
            yield page, _questions(text) if folder == "questions" else _contents(_tutorial(text))
        if folder == "questions":
            yield "questions/index.md", _topics(names)


def _relinked(text: str, up: str) -> str:
    text = re.sub(r"\]\((?:\.\./)*(?:\./)?([a-z]+)/README\.md", rf"]({up}\1/index.md", text)
    text = re.sub(r"\]\((?:\.\.?/)*pages/servers\.md\)", rf"]({up}servers.md)", text)
    text = re.sub(r"\]\(\.\./README\.md", "](../words.md", text)
    text = re.sub(r"\]\(README\.md", "](index.md", text)
    text = re.sub(r"\]\(\.\./deviations\.toml\)", f"]({up}defects.md)", text)
    text = re.sub(r"\[([^]]+)\]\((?:\.\./)+(?:reference|conformance|tests)/[^)]+\)", r"\1", text)
    slugs = {slug.replace(".", ""): slug for slug in load_clauses().clauses}

    def link(found: re.Match[str]) -> str:
        return linked(slugs[found[1]], up) if found[1] in slugs else found[0]

    return linking(re.sub(r"\[`[^]]+`\]\([\w./]+\.md#([\w-]+)\)", link, text), up)


def _topics(names: Sequence[str]) -> str:
    return f"""# Common questions

What people ask about signals, each answered in a few lines, with an example that runs and the clauses that it rests
on. `signalspec search WORDS` finds them from the command line.

{FENCE}{{toctree}}
:maxdepth: 2

{chr(10).join(names)}
{FENCE}
"""


def _questions(text: str) -> str:
    """Return a topic of questions, each with an example that runs as pasted."""
    from signalspec.standard.examples import DJANGO, behind

    head, *questions = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    prelude = re.search(r"```python\n(.+?)```", head, re.DOTALL)
    before = prelude[1] if prelude else load_clauses().parts["dispatch"].prelude
    shown = [re.sub(r"(?s)```python\n.+?```\n", "", head)]
    for question in questions:
        title = question.partition("\n")[0].removeprefix("## ")

        def example(found: re.Match[str], title: str = title, question: str = question) -> str:
            since = re.search(r"\*In force\.\* since (\S+?)\.?$", question, re.MULTILINE)
            whole = behind(DJANGO + before, found[1])
            return "\n".join(runnable(whole, title.replace("`", ""), since=since[1] if since else None))

        told = re.sub(r"(?ms)^\*Asked as\.\*.+?\n\n", "", question)
        shown.append(re.sub(r"(?s)```python\n(.+?)```\n", example, told))
    return "\n".join(shown)


def _tutorial(text: str) -> str:
    """Return a page of the tutorial, whose blocks say what they are, as plain code with a caption."""

    def block(found: re.Match[str]) -> str:
        language, what, code = found[1], found[2].strip(), found[3]
        path = re.fullmatch(r"(?:file|add)=(\S+)", what)
        caption = f":caption: {path[1]}{' (add)' if what.startswith('add') else ''}\n" if path else ""
        return f"{FENCE}{{code-block}} {language}\n{caption}\n{code}{FENCE}"

    return re.sub(r"(?ms)^```(\w+) ([^\n]+)\n(.*?)^```$", block, text)


def _contents(text: str) -> str:
    """Return a page that lists others of its folder, with these as its contents."""
    pages = list(dict.fromkeys(re.findall(r"^(?:\d+\.|\|) \[[^]]+\]\(([\w-]+)\.md\)", text, re.MULTILINE)))
    if not pages:
        return text
    return f"{text}\n{FENCE}{{toctree}}\n:hidden:\n\n{chr(10).join(pages)}\n{FENCE}\n"


def _part(part: Part) -> str:
    text = (ROOT / "spec" / part.name / "README.md").read_text("utf-8")
    text = re.sub(r"^\*Covers\.\* (.+?)\.?$", r"In force \1.", text, flags=re.MULTILINE)
    chapters = "\n".join(part.chapters)
    return f"{_relinked(text, '../')}\n{FENCE}{{toctree}}\n:hidden:\n\n{chapters}\n{FENCE}\n"


def _chapter(part: Part, chapter: str, standard: Standard) -> Iterator[str]:
    text = (ROOT / "spec" / part.name / f"{chapter}.md").read_text("utf-8")
    yield _relinked(text.partition("\n## ")[0], "../").rstrip()
    for clause in standard:
        if clause.chapter == chapter and clause.part == part.name:
            yield ""
            yield from _clause(clause, standard)


def _clause(clause: Clause, standard: Standard) -> Iterator[str]:
    github = clause.slug.replace(".", "")
    yield f'<span id="{clause.slug}"></span><span id="{github}"></span>'
    yield ""
    yield f"## {clause.title}"
    yield ""
    facts = [clause.keyword, str(clause.in_force), *([f"needs {', '.join(clause.needs)}"] if clause.needs else [])]
    link = f'<a href="#{clause.slug}"><code>{clause.slug}</code></a>'
    yield f'<p class="facts">{link} · {escape(" · ".join(facts))}</p>'
    yield ""
    yield linking(clause.requirement, "../")
    yield ""
    yield linking(clause.intent, "../")
    yield ""
    deviations = [each for each in standard.deviations if each.clause == clause.slug]
    if deviations:
        yield ":::{admonition} What Django does"
        yield ":class: warning"
        for deviation in deviations:
            yield ""
            yield f"**Django, {deviation.releases}:** {linking(deviation.title, '../')}"
        yield ":::"
        yield ""
    if example := as_pasted(clause):
        if (heading := example_heading(clause)) != "Example:":
            yield heading
            yield ""
        yield from runnable(example, clause.slug, part=clause.part, since=clause.in_force.since)
    yield f"*Source:* {linking(clause.source, '../')}"
    yield ""
    yield from _law(clause)


def _law(clause: Clause) -> Iterator[str]:
    law = load_laws().get(clause.slug)
    if law is None:
        return
    kills = load_kills().get(clause.slug, ())
    faults = f"{len(kills)} planted {'fault' if len(kills) == 1 else 'faults'}"
    yield f"<details><summary>The law that checks it, and {faults} ({verification_of(clause)})</summary>"
    yield ""
    yield f"{FENCE}python"
    yield law.source.rstrip()
    yield FENCE
    yield ""
    words = [word for word in _helpers() if re.search(rf"\b{word}\b", law.source)]
    tables = dict.fromkeys(table.__name__ for table in law.tables.values())
    links = [f'<a href="../laws.html#{word}"><code>{word}</code></a>' for word in [*words, *tables]]
    if links:
        yield f"<p>Its words and kinds: {', '.join(links)}.</p>"
        yield ""
    for kill in kills:
        yield f"- {kill.fault}"
    yield ""
    yield "</details>"
    yield ""


def _helpers() -> Sequence[str]:
    return [name for name, each in vars(vocabulary).items() if callable(each) and not name.startswith("_")]


def _words_of_laws() -> Iterator[str]:
    from inspect import getsource, isfunction

    yield "# What laws are made of"
    yield ""
    yield "A law is run for each combination of the kinds that its parameters name, and uses the words below."
    yield ""
    yield "## Words"
    yield ""
    for name in _helpers():
        helper = getattr(vocabulary, name)
        if isfunction(helper) and helper.__module__ == vocabulary.__name__:
            yield f'<span id="{name}"></span>'
            yield ""
            yield f"{FENCE}python\n{getsource(helper).rstrip()}\n{FENCE}"
            yield ""
    yield "## Kinds"
    yield ""
    kinds: dict[str, dict[str, None]] = {}
    for table in (table for law in load_laws().values() for table in law.tables.values()):
        kinds.setdefault(table.__name__, {}).update(dict.fromkeys(table.kinds))
    for name, of_it in sorted(kinds.items()):
        yield f'<span id="{name}"></span>'
        yield ""
        yield f"**`{name}`**: {', '.join(of_it)}."
        yield ""


def _history(standard: Standard) -> Iterator[str]:
    yield "# History"
    yield ""
    yield "Every demand that not all releases make, or that some of them break: `●` is in force and kept, `✗` in"
    yield "force and broken by a recorded deviation, an empty cell not in force."
    yield ""
    yield '<table class="filterable" id="history"><thead><tr><th scope="col">clause</th>'
    yield "".join(f'<th scope="col">{release}</th>' for release in RELEASES) + "</tr></thead><tbody>"
    for clause in standard:
        covers = standard.parts[clause.part].covers
        cells = []
        for release in RELEASES:
            profile = f"django-{release}"
            broken = any(each.clause == clause.slug for each in standard.deviations_in(profile))
            cells.append(("✗" if broken else "●") if clause.in_force.includes(profile) else "")
        told = {cell for cell, release in zip(cells, RELEASES, strict=True) if covers.includes(f"django-{release}")}
        if clause.demands and told != {"●"}:
            row = "".join(f"<td>{cell}</td>" for cell in cells)
            yield f'<tr><th scope="row">{linked(clause.slug)}</th>{row}</tr>'
    yield "</tbody></table>"
    yield ""


def _guide() -> Iterator[str]:
    yield "# Upgrading Django"
    yield ""
    yield "What changes for code that uses signals, from one release with long-term support to the next: what breaks"
    yield "first. `signalspec diff P Q` tells it of any two releases, and shows a program for each change with `-v`."
    yield ""
    for before, after in UPGRADES:
        yield f"## From {before} to {after}"
        yield ""
        shown = ""
        for told in changes(f"django-{before}", f"django-{after}"):
            if told.change.danger != shown:
                shown = told.change.danger
                yield f"### {DANGERS[told.change.danger]}"
                yield ""
            yield from _change(told)


def _change(told: Told) -> Iterator[str]:
    change = told.change
    yield f"**{change.title}** ({change.release})"
    yield ""
    yield f"- *Before:* {change.before}"
    yield f"- *Now:* {change.now}"
    yield f"- *Affected:* {change.affected}"
    if change.pattern:
        command = f"grep -rnE --include='*.py' '{change.pattern}' ."
        yield f"- *Look for:* {verbatim(command)}"
    slugs = told.slugs
    more = f" and {len(slugs) - 6} more" if len(slugs) > 6 else ""
    yield f"- *Clauses:* {', '.join(linked(slug) for slug in slugs[:6])}{more}"
    yield ""
    shown = told.shown_by
    if shown and (witness := shown.witness):
        yield "<details><summary>A program that tells them apart</summary>"
        yield ""
        for profile in (shown.before, shown.after):
            yield f"- {profile}: {verbatim(witness.answer(profile))}"
        yield ""
        yield from runnable(witness.script, shown.clause.slug, part=shown.clause.part)
        yield "</details>"
        yield ""


def _defects() -> Iterator[str]:
    yield "# What Django breaks"
    yield ""
    yield "Each place where a release of Django does not do what it documents, as a report that one could file, the"
    yield "worst first. `signalspec defects` lists them. [Other implementations](implementations/index.md) have"
    yield "theirs."
    yield ""
    harm = ""
    for defect, *others in told_once(load_defects()):
        if defect.deviation.harm != harm:
            harm = defect.deviation.harm
            yield f"## {HARMS[defect.deviation.harm]}"
            yield ""
        title, report = report_of(defect).removeprefix("## ").split("\n", 1)
        head, _, script = report.partition("```python\n")
        sentence, _, rest = title.partition(". ")
        yield f"### {sentence.rstrip('.')}"
        yield ""
        if rest:
            yield rest
            yield ""
        yield linking(head.rstrip(), "")
        yield ""
        if also := dict.fromkeys(each.clause.slug for each in others if each.clause != defect.clause):
            yield f"It breaks {', '.join(map(linked, also))}, too."
            yield ""
        yield "<details><summary>Script</summary>"
        yield ""
        yield from runnable(script.removesuffix("```\n"), defect.clause.slug, part=defect.clause.part)
        yield "</details>"
        yield ""


def _commands() -> Iterator[str]:
    yield "# The command line"
    yield ""
    yield "`signalspec COMMAND -h` shows the same. To complete commands, slugs and profiles with the tab key, put"
    yield "this line into `~/.bashrc` (for zsh and fish, write `zsh_source` or `fish_source`):"
    yield ""
    yield f'{FENCE}sh\neval "$(_SIGNALSPEC_COMPLETE=bash_source signalspec)"\n{FENCE}'
    yield ""
    yield from _help(main, "signalspec", None)


def _help(command: click.Command, name: str, above: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=above, max_content_width=90, terminal_width=90)
    yield f"## {context.command_path}"
    yield ""
    yield f"{FENCE}text\n{command.get_help(context).rstrip()}\n{FENCE}"
    yield ""
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from _help(found, each, context)
