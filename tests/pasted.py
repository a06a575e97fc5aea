"""Programs of the standard, run as a reader does who pastes them: each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

_DRIVER = """
import asyncio, json, os, sys, traceback, types
import asgiref.sync, django.conf, django.dispatch
{imports}
failed = {{}}
for slug, program in json.load(sys.stdin).items():
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(writing, 2)
        status = 1
        try:
            main = sys.modules["__main__"] = types.ModuleType("__main__")
            exec(compile(program, slug, "exec"), vars(main))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with open(reading, errors="replace") as errors:
        said = errors.read()
    if os.waitpid(child, 0)[1]:
        failed[slug] = said
print(json.dumps(failed))
"""
"""Each program has a process of its own, since some configure settings; what many import is imported once."""


def failures(programs: Mapping[str, str], imports: str = "") -> dict[str, str]:
    """Run each program; return what those that fail wrote to stderr. `imports` are made before all of them."""
    command = [sys.executable, "-W", "ignore", "-c", _DRIVER.format(imports=imports)]
    ended = subprocess.run(command, input=json.dumps(programs), capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(ended.stdout)
    return found
