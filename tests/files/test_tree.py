"""Trees: the same files from work tree, index, commit and memory; nothing that cannot be read passes in silence."""

from __future__ import annotations

import os
import sys

import pytest

from secops_hooks.files.tree import GitTree, MemoryTree, Tree, Unreadable, WorkTree, shown, to_tree_path, walk

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def test_work_tree_index_and_commit_hold_their_own_versions(repo) -> None:
    repo.write("a.txt", "committed")
    repo.git("add", "a.txt")
    repo.git("commit", "-qm", "one")
    repo.write("a.txt", "staged")
    repo.git("add", "a.txt")
    repo.write("a.txt", "on disk")
    root = str(repo.path)
    trees: list[Tree] = [WorkTree(root), GitTree(root, ""), GitTree(root, "HEAD")]
    assert [tree.source("a.txt").text for tree in trees] == ["on disk", "staged", "committed"]
    assert [tree.parent().source("a.txt").text for tree in trees[:2]] == ["committed", "committed"]
    assert trees[2].parent() is None
    for tree in trees:
        tree.close()


@pytest.mark.parametrize(
    "name", ["sp ace.txt", "ünï.txt", pytest.param("new\nline.txt", marks=posix_only), pytest.param('q"uote.txt', marks=posix_only)]
)
def test_odd_names_are_read_from_every_tree(repo, name: str) -> None:
    repo.write(name, "x")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "one")
    root = str(repo.path)
    for tree in (WorkTree(root), GitTree(root, ""), GitTree(root, "HEAD")):
        assert tree.paths() == {name}
        assert tree.source(name).text == "x"
        tree.close()


@posix_only
def test_what_cannot_be_read_says_why(repo) -> None:
    repo.write("dir/file", "x")
    os.symlink("nowhere", repo.path / "broken")
    os.symlink("/etc/passwd", repo.path / "outside")
    os.mkfifo(repo.path / "pipe")
    tree = WorkTree(str(repo.path), max_file=10)
    repo.write("big", "x" * 11)
    reasons = {}
    for path in ("missing", "dir", "broken", "outside", "pipe", "big", "nul\0name"):
        with pytest.raises(Unreadable) as caught:
            tree.source(path)
        reasons[path] = str(caught.value)
    assert reasons == {
        "missing": "no such file",
        "dir": "a directory",
        "broken": "a symbolic link to nothing",
        "outside": "a symbolic link that leaves the repository; it is not followed",
        "pipe": "not a regular file",
        "big": "larger than the limit of 0 MiB",
        "nul\0name": "not a readable file name",
    }


@posix_only
def test_a_link_inside_the_tree_is_followed(repo) -> None:
    repo.write("real", "x")
    os.symlink("real", repo.path / "link")
    assert WorkTree(str(repo.path)).source("link").text == "x"


def test_walk_honours_gitignore_but_takes_an_ignored_directory_that_is_named(repo) -> None:
    repo.write(".gitignore", "out/\n")
    repo.write("a/b.txt", "x")
    repo.write("out/c.txt", "x")
    root = str(repo.path)
    assert walk(root, "") == [".gitignore", "a/b.txt"]
    assert walk(root, "a") == ["a/b.txt"]
    assert walk(root, "out") == ["out/c.txt"]


def test_walk_outside_git_takes_all_files(sandbox) -> None:
    sandbox.write("a/b.txt", "x")
    sandbox.write("c.txt", "x")
    assert walk(str(sandbox.path), "") == ["a/b.txt", "c.txt"]


def test_deleted_files_are_not_walked(repo) -> None:
    repo.write("a.txt", "x")
    repo.git("add", "-A")
    (repo.path / "a.txt").unlink()
    assert walk(str(repo.path), "") == []


def test_paths_go_there_and_back(tmp_path) -> None:
    root = str(tmp_path)
    cwd = os.path.join(root, "sub")
    assert to_tree_path("x.txt", root, cwd) == "sub/x.txt"
    assert to_tree_path("../y.txt", root, cwd) == "y.txt"
    assert shown("sub/x.txt", root, cwd) == "x.txt"
    assert shown("y.txt", root, cwd) == os.path.join(root, "y.txt").replace(os.sep, "/")


def test_sources_are_read_once() -> None:
    tree = MemoryTree({"a": "x"})
    assert tree.source("a") is tree.source("a")
    assert tree.find("b") is None


def test_a_submodule_is_not_a_file(repo) -> None:
    repo.write("a.txt", "x")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "one")
    head = repo.git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    tree = GitTree(str(repo.path), "")
    assert tree.paths() == {"a.txt"}
    with pytest.raises(Unreadable, match="submodule"):
        tree.source("sub")
    tree.close()
