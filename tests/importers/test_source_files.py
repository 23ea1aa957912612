"""PATHs to files: which are read, in which order, and what is refused."""

import io
import sys

import pytest

from meshrole.errors import InputError
from meshrole.importers import files
from meshrole.importers.files import read_files
from meshrole.importers.registry import recognised, split_source, suffixes

YAML = (".yaml", ".yml", ".template")


def names(found, folder):
    return [file.name.removeprefix(f"{folder}/") for file in found]


def test_a_folder_is_read_whole_sorted_and_by_suffix(tmp_path):
    for name in ("b.yaml", "a.yml", "c.json", "sub/d.yaml", "sub/.hidden.yaml", ".git/e.yaml", "node_modules/f.yaml",
                 ".terraform/g.yaml", "x.yaml.template"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: 1")
    found, misses = read_files([str(tmp_path)], YAML)
    assert names(found, tmp_path) == ["a.yml", "b.yaml", "x.yaml.template", "sub/d.yaml"]
    assert misses == []


def test_a_file_that_is_named_is_read_whatever_it_is_called_and_once(tmp_path):
    path = tmp_path / "mesh.txt"
    path.write_text("a: 1")
    found, _ = read_files([str(path), str(path)], YAML)
    assert [file.content for file in found] == [b"a: 1"]


def test_links_lead_nowhere_else(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.yaml").write_text("secret: 1")
    (inside / "own.yaml").write_text("own: 1")
    (inside / "file.yaml").symlink_to(outside / "secret.yaml")
    (inside / "folder").symlink_to(outside)
    (inside / "sub" / "back.yaml").symlink_to(inside / "own.yaml")
    (inside / "loop").symlink_to(inside)
    found, _ = read_files([str(inside)], YAML)
    assert names(found, inside) == ["own.yaml", "sub/back.yaml"]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.yaml")
    assert read_files([str(tmp_path)], YAML) == ([], [])


def test_binary_files_are_told(tmp_path):
    path = tmp_path / "mesh.yaml"
    path.write_bytes(b"\x7fELF\0\0")
    found, (miss,) = read_files([str(path)], YAML)
    assert found == []
    assert (miss.origin.file, miss.why) == (str(path), "it is not text")


def test_large_files_are_refused_without_being_read_to_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "ten.yaml").write_text("0123456789")
    assert len(read_files([str(tmp_path / "ten.yaml")], YAML)[0]) == 1
    (tmp_path / "eleven.yaml").write_text("0123456789a")
    with pytest.raises(InputError, match=r"eleven\.yaml: larger than 10 bytes"):
        read_files([str(tmp_path / "eleven.yaml")], YAML)


def test_what_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read: No such file"):
        read_files([str(tmp_path / "none.yaml")], YAML)


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1")))
    found, _ = read_files(["-"], YAML)
    assert [(file.name, file.content) for file in found] == [("<stdin>", b"a: 1")]


@pytest.mark.parametrize(
    ("name", "content", "source"),
    [
        ("a.yaml", "apiVersion: v1\nkind: List", "kubernetes"),
        ("a.yaml", "{{ if .Values.x }}\napiVersion: appmesh.k8s.aws/v1beta2", "kubernetes"),
        ("a.json", '{"apiVersion": "v1"}', "kubernetes"),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::AppMesh::Mesh", "cloudformation"),
        ("a.json", '{"AWSTemplateFormatVersion": "2010-09-09"}', "cloudformation"),
        ("a.tf", "", "terraform"),
        ("terraform.tfstate", "{}", "terraform"),
        ("plan.json", '{"format_version": "1.2", "terraform_version": "1.9.0"}', "terraform"),
        ("vn.json", '\n{"spec": {"listeners": []}}', "aws-json"),
        ("notes.md", "# A mesh", None),
    ],
)
def test_a_file_is_taken_for_what_is_in_it(name, content, source):
    assert recognised(files.SourceFile(name, content.encode())) == source


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("mesh.yaml", ("auto", "mesh.yaml")),
        ("kubernetes:deploy/", ("kubernetes", "deploy/")),
        ("aws-json:-", ("aws-json", "-")),
        ("C:mesh.yaml", ("auto", "C:mesh.yaml")),
    ],
)
def test_a_path_may_name_its_source(path, expected):
    assert split_source(path, "auto") == expected


def test_the_suffixes_of_auto_are_those_of_all():
    assert set(suffixes(["kubernetes", "terraform"])) <= set(suffixes(["auto"]))
