"""Two long values are told by where they differ."""

from __future__ import annotations

import pytest
from signalspec.reports.focusing import SHORT, focused

LONG = ", ".join(f"'event number {i}'" for i in range(SHORT))


@pytest.mark.parametrize(
    ("one", "other", "first", "second"),
    [
        (f"[{LONG}, 1]", f"[{LONG}, 2]", "[…, 1]", "[…, 2]"),
        (f"[{LONG}, 1, {LONG}]", f"[{LONG}, True, {LONG}]", "[…, 1, …]", "[…, True, …]"),
        (f"[{LONG}]", f"[{LONG}, 'one more']", "[…]", "[…, 'one more']"),
        (f"(None, [{LONG}, (1, 2)])", f"(None, [{LONG}, (1, 3)])", "(…, […, (1, 2)])", "(…, […, (1, 3)])"),
        (f"{{'a': [{LONG}], 'b': 1}}", f"{{'a': [{LONG}], 'b': 2}}", "{'b': 1, …}", "{'b': 2, …}"),
        (f"{{'a': [{LONG}]}}", f"{{'a': [{LONG}, 1]}}", "{'a': […]}", "{'a': […, 1]}"),
        ("[1, 2]", "[1, 3]", "[1, 2]", "[1, 3]"),
        (f"<one of {LONG}>", "<another>", f"<one of {LONG}>", "<another>"),
    ],
)
def test_only_what_differs_is_told(one: str, other: str, first: str, second: str) -> None:
    assert focused(one, other) == (first, second)


def test_of_what_is_no_literal_the_end_is_told() -> None:
    one, other = (f"<object of {LONG} and {end}>" for end in ("this", "that"))
    first, second = focused(one, other)
    assert first.startswith("… ") and first.endswith(" and this>") and second.endswith(" and that>")
    assert len(first) < len(one) / 10
