from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Document
from secops_hooks.parse.template import languages, neutralise


def read(text: str, template: str) -> Document:
    return parse(Source.from_text("a.yaml", text), "yaml", template)


HELM = """\
{{- if .Values.enabled }}
{{- $name := include "x.name" . -}}
{{/* a comment: with "quotes */}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "x.fullname" . }}
  labels:
    {{- include "x.labels" . | nindent 4 }}
    app: fixed
  {{- with .Values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  template:
    spec:
      {{- if .Values.host }}
      hostNetwork: true
      {{- else }}
      hostNetwork: false
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}-main
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          args: ["--a={{ .Values.a }}", fixed, {{ .Values.b | quote }}]
          securityContext:
            {{ toYaml .Values.securityContext | nindent 12 }}
          command:
            - sh
            - -c
            - |
              {{- if .Values.debug }}
              set -x
              {{- end }}
              exec {{ .Values.command }}
          {{ .Values.extraKey }}: value
          privileged: true
      volumes:
        - name: data
          emptyDir:
          {{- if .Values.size }}
            sizeLimit: {{ .Values.size }}
          {{- else }}
            {}
          {{- end }}
{{ toYaml .Values.volumes | indent 8 }}
data:
{{- range $key, $value := .Values.files }}
  {{ $key }}: |
{{ $value | indent 4 }}
{{- end }}
{{- end }}
"""


def test_a_helm_template_is_read_in_full_and_in_place() -> None:
    document = read(HELM, "go")
    assert document.problems == ()
    container = "spec.template.spec.containers[0]"
    unknown = ["metadata.name", "metadata.annotations", "spec.replicas", f"{container}.name", f"{container}.image"]
    unknown += [f"{container}.securityContext", f"{container}.args[0]", f"{container}.args[2]", f"{container}.command[2]"]
    for path in unknown:
        [node] = document.select(path)
        assert node.value is UNKNOWN, path
    known = {"kind": "Deployment", "metadata.labels.app": "fixed", f"{container}.args[1]": "fixed", f"{container}.privileged": True}
    for path, value in known.items():
        [node] = document.select(path)
        assert node.value == value
    assert [node.value for node in document.select("**.hostNetwork")] == [True, False]
    assert [node.text for node in document.select(f"{container}.image")] == ["{{ .Values.image.repository }}:{{ .Values.image.tag }}"]
    assert [node.key for node in document.select("data.*")] == ["{{ $key }}"]
    assert [node.value for node in document.select(f'{container}."{{{{ .Values.extraKey }}}}"')] == ["value"]
    for node in document.roots[0].walk():
        if node.key is not None:
            assert document.source.text[node.key_start : node.key_end] == node.key


@pytest.mark.parametrize(
    ("path", "line"), [("kind", 5), ("metadata.name", 7), ("spec.template.spec.containers[0].privileged", 39), ("**.sizeLimit", 44)]
)
def test_lines_are_those_of_the_file(path: str, line: int) -> None:
    [node] = read(HELM, "go").select(path)
    assert node.key_span.line == line
    assert node.source.line(line).index(node.key or "") + 1 == node.key_span.col


PLAYBOOK = """\
- hosts: all
{# a comment #}
  vars:
    plain: 1
{% if x %}
    one: "{{ a }}"
{% else %}
    one: {{ b }}
{% endif %}
    {% for i in range(3) %}
    key_{{ i }}: {{ i }}
    {% endfor %}
    text: >
      folded {{ c }}
      {% if d %}e{% endif %}
    list: [{% for i in x %}{{ i }},{% endfor %}]
    many: {{ a
      | default('}}') }}
    last: yes
"""


def test_a_jinja_template() -> None:
    document = read(PLAYBOOK, "jinja")
    assert document.problems == ()
    values = {node.key: node.value for node in document.select("[0].vars.*")}
    assert [key for key, value in values.items() if value is UNKNOWN] == ["one", "key_{{ i }}", "text", "many"]
    assert (values["plain"], values["last"]) == (1, True)
    [last] = document.select("[0].vars.last")
    assert tuple(last.key_span) == (19, 5, 19, 9)
    [many] = document.select("[0].vars.many")
    assert many.text == "{{ a\n      | default('}}') }}"


def test_an_erb_template() -> None:
    document = read('a: <%= x %>\n<% if y -%>\nb: 1\n<% end -%>\n<%# note %>\nc: "<%= z %>-d"\n', "erb")
    assert document.problems == ()
    assert [(node.key, node.value) for node in document.select("*")] == [("a", UNKNOWN), ("b", 1), ("c", UNKNOWN)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a: foo\n{{ toYaml .x }}\n", "foo"),
        ("a: foo # {{ comment }}\n", "foo"),
        ("{{ if .x }}\na: foo\n{{ end }}\n", "foo"),
        ("a: |-\n  foo\n{{- end }}\n", "foo"),
        ("a: foo\n{{- /* {{ a: b */ -}}\n", "foo"),
        ("a: {}\n{{- with .x }}{{ toYaml . }}{{ end }}\n", None),
    ],
)
def test_tags_beside_a_value_leave_it_known(text: str, kept: str | None) -> None:
    [node] = read(text, "go").select("a")
    assert node.value == kept


@pytest.mark.parametrize(
    "text",
    [
        "a:\n{{ toYaml .x | indent 2 }}\n",
        "a: |\n{{ .Values.x | indent 2 }}\n",
        "a: |\n  x\n{{ .Values.x | indent 2 }}\n",
        "a: {{ .x }}{{ .y }}\n",
        "a: 'x {{ \"}}\" }} y'\n",
        "a: {{ `}}` }}\n",
        "a: [{{ .x }}\n",
    ],
)
def test_tags_that_make_a_value_make_it_unknown(text: str) -> None:
    found = read(text, "go").select("a") + read(text, "go").select("a[0]")
    assert any(node.value is UNKNOWN for node in found)


def test_touching_tags_are_restored_one_by_one() -> None:
    assert [node.text for node in read("a: x{{ .y }}{{ .z }}w {{ .v }}\n", "go").select("a")] == ["x{{ .y }}{{ .z }}w {{ .v }}"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("{% if %}{# x #}", ("jinja",)), ("{{ x }}", ("go",)), ("<%= x %>", ("erb",)), ("{{ a }} <% b %>", ("erb", "go")), ("plain", ())],
)
def test_languages(text: str, found: tuple[str, ...]) -> None:
    assert languages(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n<% if x %>\nb: 2\n<% end %>\nc: '{{ d }}'\n",
        "a: 1\n{% if x %}\nb: 2\n{% endif %}\nc: {{ d }}\n",
        "a: 1\n{{ if x }}\nb: 2\n{{ end }}\nc: {{ d }}\n",
    ],
)
def test_a_template_that_nobody_named_is_recognised(text: str) -> None:
    document = read(text, "")
    assert document.problems == ()
    assert [(node.key, node.value) for node in document.select("*")] == [("a", 1), ("b", 2), ("c", UNKNOWN)]


PIECES = st.lists(
    st.sampled_from(["{{ x }}", "{{- if a }}", "{{", "}}", "{% if %}", "{%", "%}", "{#", "#}", "<%= x %>", "<%", "%>", "{{/* c */}}",
                     "{{/*", "*/", "\n", "\r\n", "  ", "a: ", "b", '"', "`", "'", "é", "\ue000", "{}", "{{ else }}", "\n  {}\n"]),
    max_size=25,
).map("".join)  # fmt: skip


@given(PIECES, st.sampled_from(["go", "jinja", "erb"]), st.booleans())
def test_lines_and_lengths_stay(text: str, language: str, blank: bool) -> None:
    neutral = neutralise(text, language, blank_controls=blank)
    assert len(neutral.text) == len(text)
    assert [c for c in neutral.text if c in "\r\n"] == [c for c in text if c in "\r\n"]
    assert all(neutral.offset(at) == at for at in range(len(text)))
    for index, (before, after) in enumerate(zip(text, neutral.text, strict=True)):
        assert before == after or any(tag.start <= index < tag.end for tag in neutral.tags)


@given(PIECES, st.sampled_from(["go", "jinja", "erb"]))
def test_cut_lines_keep_every_place(text: str, language: str) -> None:
    neutral = neutralise(text, language, cut_lines=True)
    assert neutral.text.count("\n") == text.count("\n")
    for at, char in enumerate(neutral.text):
        if char not in (neutral.mark, " ", "\r", "\n"):
            assert text[neutral.offset(at)] == char
    read(text, language)


@pytest.mark.parametrize("piece", ["{{", "{{/*", "{%", "{#", "<%", '{{"', "{{`", "{{'", "{{ a", "}}", "{{ else }}\n {}\n", "{{a}}:"])
@pytest.mark.parametrize("language", ["go", "jinja", "erb"])
def test_hostile_text_takes_bounded_time(piece: str, language: str) -> None:
    before = process_time()
    neutralise(piece * (400_000 // len(piece)), language, cut_lines=True)
    assert process_time() - before < 5
