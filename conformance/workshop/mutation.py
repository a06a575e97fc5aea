"""Does the suite notice when an implementation is changed? Make every small change to one, and check each.

    python conformance/workshop/mutation.py reference|django [--limit N] [--jobs N]

mutmut makes the mutants. They are judged here and not by mutmut, whose trampolines keep alive what the standard says
dies: each mutant is written as a clean module and checked whole, in a process of its own. It is *killed* by a
violated clause, by claiming less, by failing to import, by a crash or by taking too long. What survives has to be
explained in ``equivalent_mutants.toml``. Exit status: 0 where all is explained, 1 where a survivor is not or an
explanation is stale, 2 where nothing could be judged.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import os
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.progress import track

if TYPE_CHECKING:
    import libcst as cst

MODULES = {"reference": "signalspec_reference", "django": "django.dispatch.dispatcher"}
EXPLAINED = Path(__file__).with_name("equivalent_mutants.toml")

KINDS = ("equivalent", "unspecified", "performance")
"""Why a survivor may survive: nobody can tell it from the original; it differs in what the standard leaves open, such
as the wording of a message; or only in speed.
"""

SURVIVED, KILLED = 10, 11
"""Exit statuses of a judge; any other is a crash."""

WAYS = ("violates", "claims less", "does not import", "crashes", "hangs")
"""How a mutant is killed."""

PATIENCE = 60.0
"""How many seconds a judge may take at the least; ten times what the original takes, where that is more."""

console = Console(soft_wrap=True, markup=False, highlight=False)


@dataclass(frozen=True)
class Mutant:
    """One changed copy of the source. What identifies it does not move with its line number."""

    function: str
    original: str
    mutant: str
    diff: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What an entry of the file of explanations names."""
        return self.function, self.original, self.mutant


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: `how` is ``survived`` or one of `WAYS`."""

    how: str
    detail: str


def main() -> None:
    """Parse the command line, judge, print, exit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", choices=MODULES)
    parser.add_argument("--limit", type=int, metavar="N", help="judge N mutants only, evenly spread")
    parser.add_argument("--jobs", type=int, metavar="N", default=os.cpu_count() or 1, help="at the same time")
    arguments = parser.parse_args()
    raise SystemExit(run(arguments.target, arguments.limit, arguments.jobs))


def run(target: str, limit: int | None, jobs: int) -> int:
    """Judge the mutants of `target`; return the exit status."""
    label, profile = describe(target)
    source = find_source(MODULES[target])
    mutants = make_mutants(source)
    found = len(mutants)
    if limit is not None and limit < found:
        mutants = [mutants[i * found // limit] for i in range(limit)]

    patience = PATIENCE
    for _ in range(2):  # The first run also compiles the suite.
        start = time.monotonic()
        original = judge_source(source, profile, patience)
        if original.how != "survived":
            console.print(f"The unchanged {label} {original.how} ({original.detail}), so no mutant can be judged.")
            return 2
    patience = max(PATIENCE, 10 * jobs * (time.monotonic() - start))

    start = time.monotonic()
    with ThreadPoolExecutor(jobs) as pool:
        verdicts = list(
            track(
                pool.map(lambda mutant: judge_source(mutant.source, profile, patience), mutants),
                description=f"{label}: mutants",
                total=len(mutants),
                console=Console(stderr=True),
                disable=not sys.stderr.isatty(),
                transient=True,
            )
        )
    seconds = time.monotonic() - start

    if judge_source(source, profile, patience).how != "survived":
        console.print("The suite was changed meanwhile, and refuses the original now: judge again.")
        return 2
    console.print(f"{label}, profile {profile}: judged {len(mutants)} of {found} mutants in {seconds:.0f} s.")
    return report(label, list(zip(mutants, verdicts, strict=True)), whole=len(mutants) == found)


def describe(target: str) -> tuple[str, str]:
    """Return what the file of explanations calls the target, and the profile to check its mutants against."""
    if target == "reference":
        return "reference", "standard"
    import django

    release = ".".join(map(str, django.VERSION[:2]))
    return f"django-{release}", f"django-{release}"


def find_source(module: str) -> str:
    """Return the source of an installed module without importing it."""
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).read_text("utf-8")


def make_mutants(source: str) -> list[Mutant]:
    """Return the mutants of `source`."""
    import libcst as cst
    from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
    from mutmut.mutation.mutators import mutation_operators
    from mutmut.mutation.pragma_handling import IgnoredCode

    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = cst.MetadataWrapper(cst.parse_module(source)).visit(visitor)
    places = {id(node): function for node, function in walk(module)}
    mutants = []
    for mutation in visitor.mutations:
        changed = deep_replace(module, mutation.original_node, mutation.mutated_node)
        assert isinstance(changed, cst.Module)
        mutants.append(compare(places[id(mutation.original_node)], source, changed.code))
    return mutants


def walk(node: cst.CSTNode, function: str = "") -> Iterator[tuple[cst.CSTNode, str]]:
    """Yield each node with the dotted name of what it lies in."""
    import libcst as cst

    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        function = f"{function}.{node.name.value}".strip(".")
    yield node, function
    for child in node.children:
        yield from walk(child, function)


def compare(function: str, original: str, mutant: str) -> Mutant:
    """Return the mutant with its diff."""
    lines = list(difflib.unified_diff(original.splitlines(), mutant.splitlines(), lineterm="", n=0))[2:]

    def side(sign: str) -> str:
        return "\n".join(line[1:].strip() for line in lines if line.startswith(sign))

    return Mutant(function, side("-"), side("+"), "\n".join(lines), mutant)


def judge_source(source: str, profile: str, patience: float) -> Verdict:
    """Check one mutant in a fresh process."""
    with TemporaryDirectory() as folder:
        Path(folder, "mutant_module.py").write_text(source, "utf-8")
        command = [sys.executable, __file__, "--judge", folder, profile]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=patience)
        except subprocess.TimeoutExpired:
            return Verdict("hangs", f"more than {patience:.0f} s")
    how, _, detail = (done.stdout.strip().splitlines() or [""])[-1].partition(": ")
    if done.returncode in (SURVIVED, KILLED):
        return Verdict(how, detail)
    last_words = (done.stderr.strip().splitlines() or ["nothing on stderr"])[-1]
    return Verdict("crashes", f"status {done.returncode}, {last_words}")


def judge(folder: str, profile: str) -> NoReturn:
    """Check the mutant in `folder`, in this process, which ends with the first violation."""
    from signalspec.runner import tally as checking
    from signalspec.standard.clauses import STANDARD
    from signalspec.targets.target import TargetError, load_here

    def end(status: int, how: str, detail: str = "") -> NoReturn:
        print(f"\n{how}: {detail}", flush=True)
        os._exit(status)

    # Only to save time: without it the check goes on, and its verdict is the same.
    if take_in := getattr(checking.Tally, "fail", None):

        def fail(tally: checking.Tally, *arguments: object, **named: object) -> None:
            take_in(tally, *arguments, **named)
            for slug in tally.violations:
                end(KILLED, "violates", slug)

        setattr(checking.Tally, "fail", fail)  # noqa: B010

    sys.path.insert(0, folder)
    try:
        target = load_here("mutant_module")
    except TargetError as error:
        end(KILLED, "does not import", str(error))
    # What a target does not claim is not checked, but printed; so a mutant that claims less has been noticed.
    original = load_here("reference" if profile == STANDARD else "django")
    for capability in original.capabilities - target.capabilities:
        end(KILLED, "claims less", capability)
    found = checking.check_here(target, profile)
    for result in found.with_status("violated"):
        end(KILLED, "violates", result.clause.slug)
    end(SURVIVED, "survived", found.verdict)


def report(label: str, judged: list[tuple[Mutant, Verdict]], whole: bool) -> int:
    """Print what was found; return the exit status."""
    explained = read_explanations(label)
    survivors = [mutant for mutant, verdict in judged if verdict.how == "survived"]
    unexplained = [mutant for mutant in survivors if mutant.key not in explained]
    stale = sorted(set(explained) - {mutant.key for mutant in survivors}) if whole else []

    ways = Counter(verdict.how for _, verdict in judged)
    reasons = Counter(explained[mutant.key][0] if mutant.key in explained else "unexplained" for mutant in survivors)
    killed = len(judged) - len(survivors)
    console.print(f"  killed    {killed:4}  {listing(ways, *WAYS)}")
    console.print(f"  survived  {len(survivors):4}  {listing(reasons, *KINDS, 'unexplained')}")

    for mutant, verdict in judged:
        if verdict.how in ("crashes", "hangs"):
            show(mutant, f"{verdict.how}: {verdict.detail}")
    for mutant in survivors:
        kind, reason = explained.get(mutant.key, ("unexplained", "no reason is known why the suite misses it."))
        show(mutant, f"{kind}: {reason}")
    for function, original, changed in stale:
        console.print(f"\n{function or 'module'}: explained, but it does not survive:\n  -{original}\n  +{changed}")
    if unexplained or stale:
        console.print(f"\n{len(unexplained)} survivors are unexplained, {len(stale)} explanations are stale.")
    return 1 if unexplained or stale else 0


def read_explanations(label: str) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return kind and reason of each known survivor of the target, by its key."""
    known = {}
    for row in tomllib.loads(EXPLAINED.read_text("utf-8"))["mutant"]:
        if row["kind"] not in KINDS or not row["reason"].strip():
            raise SystemExit(
                f"{EXPLAINED.name}: {row['original']!r} needs a reason, and a kind of {', '.join(KINDS)}."
            )
        if row["target"] == label:
            for changed in row["mutants"]:
                known[row.get("function", ""), row["original"], changed] = (
                    row["kind"],
                    " ".join(row["reason"].split()),
                )
    return known


def listing(counts: Counter[str], *names: str) -> str:
    """Return the counts that are not zero, in words."""
    return ", ".join(f"{counts[name]} {name}" for name in names if counts[name])


def show(mutant: Mutant, comment: str) -> None:
    """Print a mutant's diff."""
    console.print(f"\n{mutant.function or 'module'}: {comment}")
    console.print("\n".join(f"  {line}" for line in mutant.diff.splitlines()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--judge"]:
        judge(*sys.argv[2:])
    main()
