"""What is in a folder."""

import os


def tree(folder):
    """Every file of a folder with its bytes, and every link with its target."""
    return {path.relative_to(folder).as_posix():
            os.readlink(path) if path.is_symlink() else path.read_bytes()
            for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


def same(left, right):
    left, right = tree(left), tree(right)
    return left.keys() == right.keys() and all(left[name] == right[name] for name in left)
