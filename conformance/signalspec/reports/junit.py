"""Reports as JUnit's XML, for continuous integration: a suite a target, a case a clause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from signalspec.findings.report import Report, Result
from signalspec.reports.describing import describe, reason

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say, not even escaped."""


def render(reports: Sequence[Report]) -> str:
    """Return the document; the same reports give the same text."""
    root = Element("testsuites", name="signalspec")
    root.extend(_suite(report) for report in reports)
    for element in root.iter():
        element.text = _legal(element.text or "") or None
        element.attrib.update({name: _legal(value) for name, value in element.attrib.items()})
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _suite(report: Report) -> Element:
    suite = Element("testsuite", name=report.target)
    _properties(suite, [("profile", report.profile), ("seed", str(report.seed))])
    suite.extend(_case(result) for result in report.results)
    counts = {"tests": "testcase", "failures": "testcase/failure", "skipped": "testcase/skipped"}
    suite.attrib.update({name: str(len(suite.findall(path))) for name, path in counts.items()}, errors="0")
    return suite


def _case(result: Result) -> Element:
    clause = result.clause
    case = Element("testcase", name=clause.slug, classname=f"signalspec.{clause.chapter}")
    deviations = result.notes if result.status == "deviates" else ()
    _properties(case, [("clause", clause.slug), *(("deviation", title) for title in deviations)])
    if result.status == "violated":
        failure = SubElement(case, "failure", message=f"{clause.slug}: {clause.requirement}")
        failure.text = describe(result)
    elif result.status not in ("holds", "deviates"):
        SubElement(case, "skipped", message=reason(result))
    return case


def _properties(owner: Element, pairs: Iterable[tuple[str, str]]) -> None:
    properties = SubElement(owner, "properties")
    for name, value in pairs:
        SubElement(properties, "property", name=name, value=value)
