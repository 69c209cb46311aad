"""The picture of the imports is the code's, in both themes, and no arrow runs upwards."""

import importlib.util
import re
from pathlib import Path

import networkx as nx
import pytest

DOCS = Path(__file__).parents[2] / "docs"
ARROW = re.compile(r'<g id="([\w.]+--[\w.]+)">')


@pytest.fixture(scope="module")
def picture():
    """Return the module that draws the picture."""
    spec = importlib.util.spec_from_file_location("import_picture", DOCS / "manual" / "import_picture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def imports(picture):
    return picture.imports()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_arrows_are_the_imports_of_the_code(picture, imports, theme):
    drawn = ARROW.findall((DOCS / "figures" / f"imports_{theme}.svg").read_text(encoding="utf-8"))
    assert sorted(drawn) == sorted(picture.arrows(imports)), "run: make imports"


def test_no_import_between_rooms_runs_in_a_circle(imports):
    assert nx.is_directed_acyclic_graph(imports)


def test_every_arrow_runs_downwards(picture, imports):
    for layer in picture.LAYERS:
        rows, _ = picture.rows_of(picture.inside(imports, layer))
        level = {room: number for number, row in enumerate(rows) for room in row}
        assert all(level[user] < level[used] for user, used in picture.inside(imports, layer).edges)
    order = picture.LAYERS
    assert all(order.index(user) < order.index(used) for user, used in picture.between(imports).edges)


def test_an_arrow_that_others_imply_is_left_out(picture):
    graph = nx.DiGraph(
        [("model.a", "model.b"), ("model.b", "model.c"), ("model.a", "model.c"), ("server.x", "model.a")]
    )
    assert picture.arrows(graph) == {"model.a--model.b", "model.b--model.c", "server--model"}


def test_both_themes_are_drawn(picture, tmp_path):
    picture.main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["imports_dark.svg", "imports_light.svg"]
