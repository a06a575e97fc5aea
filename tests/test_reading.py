"""The commands that read the standard, and the help for who misspells: ``search``, ``explain``, ``clauses``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Cli
from signalspec.cli import LATER, main
from signalspec.commands.options import complete_profile, complete_slug
from signalspec.engines.laws import load_laws
from signalspec.laws import modules_of
from signalspec.standard.clauses import PROFILES, load_clauses
from signalspec.standard.examples import BEGINS, MOST_UNMARKED, behind, needed
from signalspec.standard.markdown import Block, blocks
from signalspec.standard.pages import load_pages
from signalspec.standard.searching import entries, load_synonyms, search, stems
from signalspec.standard.verification import load_kills

STANDARD = load_clauses()
QUESTIONS = [section for section in load_pages() if section.is_question]

HEAVY = {"asgiref", "django", "hypothesis", "jinja2", "markdown_it", "pytest", "rich", "signalspec.engines"}

REPORTED = {
    "closure": "lifetime.",
    "deepcopy": "parties.copies",
    "ExceptionGroup": "failing.several-are-grouped",
    "exception group": "failing.several-are-grouped",
    "thread-safe": "threads.",
    "priority": "send.order",
    "falsy uid": "uids.falsy-uid",
    "empty string as dispatch_uid": "uids.falsy-uid",
    "memory leak": "growth.",
    "never awaited": "coroutines.",
    "contextvar token": "context.",
    "use_caching": "caching.",
    "falsy dispach uid": "uids.falsy-uid",
    "memmory leek of a reciever": "growth.",
}
"""What reporters write, and the clause, or the chapter, that is to be among the first three."""


ASKED = {
    "which thread does a receiver run in": "Are signals thread-safe?",
    "disable signals while loaddata runs": "What is `raw`?",
    "temporarily disable a post_save signal": "How do I mute receivers in tests?",
    "my signal receiver is not called": "Why did my receiver not run?",
    "post_save called twice": "Why did my receiver run twice?",
    "post_save infinite recursion when I call save inside receiver": "How do I save an object",
    "are signals asynchronous or run in a background thread": "Does `send` run receivers in the background?",
    "does bulk_create send post_save": "Why is no signal sent by `bulk_create`",
    "queryset update does not trigger signal": "Why is no signal sent by `bulk_create`",
    "how to know which fields changed in post_save": "How do I know which fields have changed?",
    "m2m is empty in post_save when saving in admin": "Why are many-to-many relations empty in `post_save`?",
    "celery task DoesNotExist object not found in post_save": "How do I run a receiver after the commit?",
    "disable signals in tests": "How do I mute receivers in tests?",
    "loaddata fixtures trigger post_save raw": "What is `raw`?",
    "lambda or nested function as receiver stops working": "Can I use a lambda as a receiver?",
    "exception in receiver rolls back save": "What if a receiver of a model signal raises",
    "order in which receivers are called": "Is the order of receivers guaranteed?",
    "get current user request in signal": "How do I get the request",
    "user_logged_in signal not fired with force_login": "Is `user_logged_in` sent",
    "user_login_failed request is None": "Why is `request` `None`",
    "create groups permissions in post_migrate, permission does not exist": "Why does `post_migrate` not find",
    "post_delete called on cascade delete": "Are signals sent for rows",
    "async receiver SynchronousOnlyOperation": "Can an asynchronous receiver",
    "providing_args TypeError unexpected keyword argument": "Why does `Signal(providing_args=...)` raise",
    "post_save for abstract or proxy model sender subclass not called": "Is a receiver for a model called",
    "on_commit callback not run in TestCase": "How do I run a receiver after the commit?",
    "asend receivers run concurrently or one after another Django 6": "Do asynchronous receivers run",
    "You cannot use AsyncToSync in the same thread as an async event loop": "Why does `send` raise `RuntimeError`",
    "upgrade from 4.2 to 6.1 what breaks in signals": "What does an upgrade of Django change for signals?",
    "where do I put signals.py so that it is imported": "Where do I connect receivers of my models?",
    "how to pass extra arguments to post_save": "How do I pass extra arguments",
    "mock.patch of my receiver has no effect": "Can I use a `Mock` as a receiver?",
    "unexpected keyword argument raw m2m_changed": "Why does my receiver need `**kwargs`?",
    "queryset delete became slow after I added a post_delete receiver": "Why is deleting slow",
    "delete loads all rows into memory": "Why is deleting slow",
    "class_prepared receiver in AppConfig.ready never called": "Why is my receiver of `class_prepared`",
    "RecursionError in post_init when I use only() deferred fields": "Why does my receiver of `post_init`",
    "how to make my receiver run first before those of other apps": "Is the order of receivers guaranteed?",
    "exceptions in asend receivers: do the other receivers still finish": "What happens when several asynchronous",
    "user_login_failed logs token in plain text credentials": "May I log the `credentials`",
    "setattr on instance in post_save is lost, not stored in the database": "Why is what I change in `post_save`",
    "modify instance in post_save": "Why is what I change in `post_save`",
    "instance changed in post_save not saved": "Why is what I change in `post_save`",
    "disconnect returns False although I connected a method of an object": "How do I disconnect a receiver",
    "transaction rolled back but my post_save already sent the email": "Are signals sent inside the transaction?",
    "post_migrate runs once for every app, my data is created many times": "Why is my receiver of `post_migrate`",
    "are signals asynchronous or run in a separate thread": "Does `send` run receivers in the background?",
    "order in which receivers are executed": "Is the order of receivers guaranteed?",
    "m2m_changed receiver pk_set empty after clear": "Why is `pk_set` `None` or empty?",
    "infinite recursion calling save() inside post_save": "How do I save an object",
    "pre_delete or post_delete": "`pre_delete` or `post_delete`",
    "pre_save vs post_save": "`pre_save` or `post_save`",
    "how do I list all connected receivers": "Can I read which receivers are connected?",
    "what does asend cost with synchronous receivers": "Can I use `asend` with synchronous receivers?",
}
"""What a reader asked who had not seen the questions, and how the title begins of the one that answers."""


@pytest.mark.parametrize("words", ASKED)
def test_what_a_stranger_asks_finds_its_question(words: str) -> None:
    assert any(entry.title.startswith(ASKED[words]) for entry in search(words)[:3])


@pytest.mark.parametrize("words", REPORTED)
def test_reporters_words_find_a_clause_that_speaks_of_it(words: str) -> None:
    clauses = [entry.name for entry in search(words) if entry.kind == "clause"][:3]
    assert any(slug.startswith(REPORTED[words]) for slug in clauses), clauses


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
def test_a_question_is_found_by_its_own_words_and_by_those_of_who_asks(question: object) -> None:
    title, asked_as = question.title, question.asked_as  # type: ignore[attr-defined]
    for words in [title, *(each.strip() for each in asked_as.split(","))]:
        assert title in [entry.title for entry in search(words)[:3]], words


def test_every_clause_is_found_by_its_slug_and_by_its_title() -> None:
    for clause in STANDARD:
        assert clause.slug in [entry.name for entry in search(clause.slug)[:3]]
        assert clause.title in [entry.title for entry in search(clause.title)[:3]]


def test_a_synonym_stands_for_words_that_the_standard_has() -> None:
    told = {stem for entry in entries() for text in (entry.title, *entry.called, entry.text) for stem in stems(text)}
    for theirs, ours in load_synonyms().items():
        assert told & {*stems(ours)}, theirs


def test_search_shows_where_it_is(cli: Cli) -> None:
    result = cli("search", "falsy", "uid", "-n", "3")
    assert result.exit_code == 0
    assert "signalspec explain uids.falsy-uid" in result.stdout
    assert "-n 6 shows more." in result.stdout


def test_search_for_what_nothing_speaks_of(cli: Cli) -> None:
    result = cli("search", "xyzzy")
    assert (result.exit_code, result.stdout) == (1, "Nothing speaks of that; try other words.\n")


@pytest.mark.parametrize("name", ["uids.falsy-uid", "falsy-uid", "falsy uid", "uids.falsy", "UIDS.Falsy-uid"])
def test_explain_takes_a_slug_and_what_stands_for_one(cli: Cli, name: str) -> None:
    shown = cli("explain", *name.split()).stdout
    assert shown.splitlines()[1] == "uids.falsy-uid"
    assert "Django, every release: " in shown


def test_the_law_of_a_clause_is_in_the_modules_that_explain_imports() -> None:
    for slug, law in load_laws().items():
        clause = STANDARD.clause(slug)
        assert law.function.__module__ in modules_of(clause.part, clause.chapter), slug


def test_explain_in_a_process_that_has_imported_no_law() -> None:
    command = [sys.executable, "-m", "signalspec", "explain", "send.passes-nothing-else"]
    assert "@law(" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_explain_lists_a_chapter_a_beginning_and_a_part(cli: Cli) -> None:
    chapter = [clause.slug for clause in STANDARD if clause.chapter == "uids"]
    for name in ("uids", "uids."):
        assert [line.split()[0] for line in cli("explain", name).stdout.splitlines()] == chapter
    begun = [line.split()[0] for line in cli("explain", "uids.f").stdout.splitlines()]
    assert begun == [slug for slug in chapter if slug.startswith("uids.f")]
    for part in STANDARD.parts.values():
        *listed, hint = [line.split() for line in cli("explain", part.name).stdout.splitlines() if line]
        assert [line[0] for line in listed] == list(part.chapters)
        assert hint[:2] == ["signalspec", "explain"]


def test_explain_of_a_word_lists_what_speaks_of_it(cli: Cli) -> None:
    shown = cli("explain", "lambda").stdout
    assert "No clause is called 'lambda'" in shown
    assert "lifetime.weak-by-default" in shown


def test_explain_answers_a_question(cli: Cli) -> None:
    shown = cli("explain", "can i use a lambda").stdout
    assert shown.startswith("Can I use a lambda as a receiver?\n\nYes, with `weak=False`.")
    assert "lifetime.weak-by-default" in shown
    exec(shown.partition("Example:\n")[2], {})
    for section in QUESTIONS:
        assert cli("explain", section.title.replace("`", "")).stdout.startswith(section.title)


def test_explain_shows_every_page_that_search_finds(cli: Cli) -> None:
    for page in {section.page for section in load_pages()}:
        for name in (page, f"spec/{page}"):
            shown = cli("explain", name)
            assert (shown.exit_code, shown.stdout[:2]) == (0, "# ")


def test_search_shows_answers_without_their_labels(cli: Cli) -> None:
    assert "*See.*" not in cli("search", "lambda", "called", "twice", "-n", "50").stdout


def test_search_says_of_what_django_does_otherwise_that_it_does(cli: Cli) -> None:
    texts = {entry.name: entry.text for entry in entries() if entry.kind == "clause"}
    for each in STANDARD.deviations:
        assert f"Django, {each.releases}, does otherwise: {each.title}" in texts[each.clause]
    for command in ("search", "explain"):
        assert "Django, since 2.2, does otherwise: `class_prepared` is" in cli(command, "prepared", "registry").stdout


def test_explain_folds_the_faults(cli: Cli) -> None:
    fault = load_kills()["uids.falsy-uid"][0].fault
    assert fault not in cli("explain", "uids.falsy-uid").stdout
    assert fault in cli("explain", "uids.falsy-uid", "-v").stdout


def test_clauses_shows_titles(cli: Cli) -> None:
    lines = cli("clauses").stdout.splitlines()
    assert all(clause.title in line for clause, line in zip(STANDARD, lines, strict=True))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("explain uids.falsi-uid", "did you mean 'uids.falsy-uid'?"),
        ("explain uids.falsy.uid", "did you mean 'uids.falsy-uid'?"),
        ("explain xyzzy", "`signalspec search WORDS`"),
        ("clauses --profile django-5.9", "django-1.8 to django-6.1"),
        ("clauses --profile standart", "did you mean 'standard'?"),
        ("clauses --profile 9.9.9.9", "django-1.8 to django-6.1"),
        ("clauses --profil 5.2", "Did you mean '--profile'?"),
        ("chek django", "did you mean 'check'"),
        ("frobnicate", "the commands are audit, check, clauses,"),
        ("check djnago", "did you mean 'django'"),
        ("check ./missing.py", "there is no file './missing.py'"),
        ("check signalspec_reference:Signl", "did you mean 'Signal'?"),
        ("check reference --only uid.falsy", "did you mean 'uids.falsy-uid'"),
    ],
)
def test_who_misspells_is_told_what_there_is(cli: Cli, arguments: str, complaint: str) -> None:
    result = cli(*arguments.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in result.stderr


@pytest.mark.parametrize(
    "name", ["5.2", "django5.2", "Django 5.2", "v5.2", "django-5.2.7", "django==5.2", "DJANGO-5.2"]
)
def test_a_release_stands_for_its_profile(cli: Cli, name: str) -> None:
    assert cli("clauses", "--profile", name).stdout == cli("clauses", "--profile", "django-5.2").stdout


SIGNALS = "from signalspec_reference import Signal\nclass Own(Signal): pass\n"
QUICK = ("--only", "listeners", "--depth", "1", "--examples", "0")


@pytest.mark.parametrize("name", ["./mysignals.py", "mysignals.py", "./mysignals.py:Own"])
def test_a_path_is_taken_for_the_module(cli: Cli, folder: Path, name: str) -> None:
    (folder / "mysignals.py").write_text(SIGNALS)
    assert "mysignals.py" in cli("check", name, *QUICK).stdout
    assert cli("check", name, *QUICK).exit_code == 0


def test_a_path_in_a_package_is_taken_for_the_module(cli: Cli, folder: Path) -> None:
    (folder / "package").mkdir()
    (folder / "package/__init__.py").write_text(SIGNALS)
    (folder / "package/signals.py").write_text(SIGNALS)
    for name in ("package/signals.py", "./package/__init__.py", "package/"):
        assert cli("check", name, *QUICK).exit_code == 0


def test_a_path_elsewhere_says_what_to_write(cli: Cli, folder: Path) -> None:
    (folder / "src/package").mkdir(parents=True)
    (folder / "src/package/__init__.py").write_text("")
    (folder / "src/package/signals.py").write_text(SIGNALS)
    result = cli("check", "src/package/signals.py:Own")
    assert result.exit_code == 2
    assert f"go to {folder.resolve() / 'src'}, and write `signalspec check package.signals:Own`" in result.stderr


def test_a_misspelt_module_is_likened_to_those_that_are_there(cli: Cli, folder: Path) -> None:
    (folder / "mysignals.py").write_text(SIGNALS)
    assert "did you mean 'mysignals'?" in cli("check", "mysignal").stderr


def test_slugs_and_profiles_are_completed() -> None:
    context, parameter = main.make_context("signalspec", ["clauses"]), main.params[0]
    assert complete_slug(context, parameter, "uids.fa") == ["uids.falsy-uid"]
    assert complete_slug(context, parameter, "") == [f"{chapter}." for chapter in STANDARD.chapters]
    for begun in ("5.", "django-5."):
        assert complete_profile(context, parameter, begun) == ["django-5.0", "django-5.1", "django-5.2"]
    assert complete_profile(context, parameter, "") == list(PROFILES)


@pytest.mark.parametrize("arguments", ["-h", "--help", "explain uids.falsy-uid", "search lambda", "clauses"])
def test_reading_imports_nothing_heavy(arguments: str) -> None:
    code = f"import sys; sys.argv[1:] = {arguments.split()}\n"
    code += "try:\n    from signalspec.cli import main; main()\nfinally:\n"
    code += f"    print(*({HEAVY!r} & {{*sys.modules}}), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.split() == []


def test_help_says_of_each_command_what_it_does(cli: Cli) -> None:
    shown = cli("-h").stdout
    for name, later in LATER.items():
        assert f"{name} " in shown
        assert later.help.split()[0] in shown
        assert cli(name, "-h").exit_code == 0


def test_an_example_brings_what_it_needs_and_nothing_else() -> None:
    prelude = "import gc, io\nX = 1\ndef f(): return X\ndef g(): return io\nprint('always')\n"
    assert needed(prelude, "f(); gc.collect()\n") == "import gc\nX = 1\ndef f(): return X\nprint('always')\n"


def test_an_example_behind_a_long_beginning_is_marked() -> None:
    short, long = "a = 1\n", "".join(f"a{i} = {i}\n" for i in range(MOST_UNMARKED + 1))
    assert behind(short, "print(a)\n") == "a = 1\nprint(a)\n"
    uses = f"print({long.replace(' = ', ', ').replace(chr(10), ', ')})\n"
    assert behind(long, uses) == long + BEGINS + uses


def test_markdown_is_read() -> None:
    text = "# One\n\nA\nparagraph.\n## Two\n```python x=1\n## a comment\n\n```\n- a\n- b"
    assert list(blocks(text)) == [
        Block("h1", "One"),
        Block("paragraph", "A paragraph."),
        Block("h2", "Two"),
        Block("code", "## a comment\n\n", "python x=1"),
        Block("paragraph", "- a - b"),
    ]
