"""One package, one copy of it: relative imports inside, `aimarket` outside, and nobody's private names."""

import ast
import re

import pytest

from .source import PACKAGE, ROOT, assert_allowed, assert_kept, assert_seen, files

PYTHON_BLOCK = re.compile(r"^ *```(?:python|py|pycon)\b.*?^ *```", re.MULTILINE | re.DOTALL)
SECOND_COPY = re.compile(rf"^[ >.]*(?:from|import) +(?:{'|'.join(PACKAGE)})\b.*$", re.MULTILINE)


def imported(module):
    """Yield each absolute import as its node and the first word of what it names."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node, node.module.split(".")[0]


def imports_itself_by_name(module):
    return (module.at(node, "imports aimarket") for node, name in imported(module) if name == "aimarket")


def imports_a_second_copy(module):
    return (module.at(node, f"imports {name}") for node, name in imported(module) if name in PACKAGE)


def imports_a_private_name(module):
    for node in ast.walk(module.tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if alias.name.startswith("_") and not alias.name.startswith("__"):
                yield module.at(node, f"imports {alias.name}")


def test_inside_the_package_imports_are_relative():
    assert_kept(imports_itself_by_name, PACKAGE, "Write `from ..agents import AILab`.")


def test_nobody_imports_a_layer_by_its_bare_name():
    folders = (*PACKAGE, "tests", "benchmarks", "docs")
    assert_kept(imports_a_second_copy, folders, "It would load a second copy of it: write `aimarket.` before it.")


def test_no_document_imports_a_layer_by_its_bare_name():
    documents = [*ROOT.glob("*.md"), *files("*.md", "docs", "model")]
    blocks = [(path, block) for path in documents for block in PYTHON_BLOCK.findall(path.read_text("utf-8"))]
    assert [(path.name, line) for path, block in blocks for line in SECOND_COPY.findall(block)] == []


def test_private_names_stay_in_their_module():
    assert_kept(imports_a_private_name, (*PACKAGE, "tests", "benchmarks"), "Make it public, or leave it alone.")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (imports_itself_by_name, "import aimarket.agents"),
        (imports_itself_by_name, "from aimarket import MarketModel"),
        (imports_a_second_copy, "import numpy, model"),
        (imports_a_second_copy, "from agents.ai_lab import AILab"),
        (imports_a_private_name, "from .ledger import _book"),
    ],
)
def test_the_rule_sees(rule, text):
    assert_seen(rule, text)


def test_a_document_is_read_block_by_block():
    text = "from model.x import y\n```python\n>>> from model.x import y\n```\n"
    assert [SECOND_COPY.findall(block) for block in PYTHON_BLOCK.findall(text)] == [[">>> from model.x import y"]]


def test_relative_and_foreign_imports_are_allowed():
    assert_allowed(imports_a_second_copy, "from .model import x\nfrom ..agents import y\nimport mesa.model")
