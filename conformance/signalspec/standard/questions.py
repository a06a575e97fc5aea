"""The common questions as data: what people ask about signals, in their words, with answers and examples.

The texts live in ``spec/questions/TOPIC.md``, and ``spec/README.md`` lists the topics. A topic is a first-level
heading, and lines after which its examples run where these are not those of the dispatcher's examples. A question
is a second-level heading, a paragraph *Asked as* with the words of those who ask, the answer, a paragraph *See*
with the clauses that it rests on, and an example; *In force* gives the releases that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from signalspec.standard.clauses import Range, SpecError, Standard, load_clauses, read_range, spec_folder


@dataclass(frozen=True)
class Topic:
    """What a group of questions is about, and the lines after which their examples run."""

    name: str
    title: str
    prelude: str


@dataclass(frozen=True)
class Question:
    """A question, the words in which it is asked, and its answer, in Markdown."""

    title: str
    topic: Topic
    asked_as: tuple[str, ...]
    in_force: Range
    answer: str
    clauses: tuple[str, ...]
    example: str

    @property
    def program(self) -> str:
        """The example behind the lines that it needs; only `Signal` and `receiver` are still to be imported."""
        return self.topic.prelude + self.example


@cache
def load_questions() -> tuple[Question, ...]:
    """Read all questions, topic by topic; raise `SpecError` where a text breaks the format."""
    standard = load_clauses()
    names = re.findall(r"\]\(questions/(\w+)\.md\)", (spec_folder() / "README.md").read_text("utf-8"))
    texts = {name: (spec_folder() / "questions" / f"{name}.md").read_text("utf-8") for name in names}
    return tuple(question for name, text in texts.items() for question in read_topic(name, text, standard))


def read_topic(name: str, text: str, standard: Standard) -> Iterator[Question]:
    """Yield the questions of the topic called `name`; raise `SpecError` where one breaks the format."""
    head, *questions = re.split(r"^## ", text, flags=re.MULTILINE)
    prelude = re.search(r"```python\n(.+?)```", head, re.DOTALL)
    dispatcher = standard.parts["dispatch"].prelude
    topic = Topic(name, head.partition("\n")[0].removeprefix("# "), prelude[1] if prelude else dispatcher)
    for each in questions:
        yield _read_question(topic, each, standard)


def _read_question(topic: Topic, text: str, standard: Standard) -> Question:
    title, _, body = text.partition("\n")
    examples = re.findall(r"```python\n(.+?)```", body, re.DOTALL)
    labels: dict[str, str] = {}
    answer = []
    for paragraph in re.sub(r"```python\n.+?```", "", body, flags=re.DOTALL).strip().split("\n\n"):
        labelled = re.fullmatch(r"\*(Asked as|In force|See)\.\* (.+)", paragraph, re.DOTALL)
        if labelled:
            labels[labelled[1]] = " ".join(labelled[2].split())
        else:
            answer.append(paragraph)
    if len(examples) != 1 or not answer or not {"Asked as", "See"} <= labels.keys():
        raise SpecError(f"{topic.name}.md: {title!r} needs *Asked as*, an answer, *See* and one example.")
    clauses = tuple(re.findall(r"`([^`]+)`", labels["See"]))
    if unknown := [slug for slug in clauses if slug not in standard.clauses]:
        raise SpecError(f"{topic.name}.md: {title!r} names {', '.join(unknown)}, which is no clause.")
    return Question(
        title=title,
        topic=topic,
        asked_as=tuple(words.strip() for words in labels["Asked as"].split(",")),
        in_force=read_range(labels.get("In force")),
        answer="\n\n".join(answer),
        clauses=clauses,
        example=examples[0],
    )
