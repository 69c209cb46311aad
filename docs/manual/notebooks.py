"""Notebooks: run cell by cell without a kernel, kept with what they print, and shown as pages.

python docs/manual/notebooks.py docs/tutorials/*.ipynb runs them and stores their outputs.
"""

import ast
import base64
import contextlib
import html
import io
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from aimarket.experiments.figures.style import darkened, svg

RICHEST = ("image/svg+xml", "text/html", "text/plain")
"""Kinds of output, the one that is shown first."""


def executed(text: str) -> str:
    """Return a notebook with the outputs of its cells, run in order in one namespace."""
    notebook, names = json.loads(text), {"__name__": "__main__"}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for count, cell in enumerate(code, 1):
        cell["execution_count"] = count
        cell["outputs"] = _outputs("".join(cell["source"]), names, count)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def page_of(text: str) -> str:
    """Return a notebook as Markdown."""
    return "\n\n".join(map(_shown_cell, json.loads(text)["cells"])) + "\n"


def _outputs(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Run a cell; return what it printed, and its last expression's value."""
    tree, printed, value = ast.parse(source), io.StringIO(), None
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())})
    if value is not None:
        data = {kind: _lines(content) for kind, content in _shown(value).items()}
        outputs.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": data})
    return outputs


def _shown(value: Any) -> dict[str, str]:
    """Return a value as a notebook shows it, by kind."""
    shown = {"text/plain": repr(value)}
    if hasattr(value, "_repr_html_"):
        shown["text/html"] = value._repr_html_()
    if hasattr(value, "savefig"):
        shown = {"image/svg+xml": svg(value), "text/plain": "<Figure>"}
    return shown


def _lines(text: str) -> list[str]:
    """Return a text as notebooks keep it."""
    return text.splitlines(keepends=True)


def _shown_cell(cell: dict[str, Any]) -> str:
    """Return a cell as Markdown: its text, or its code and what came of it."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return source
    return "\n\n".join([f"```python\n{source}\n```", *map(_shown_output, cell["outputs"])])


def _shown_output(output: dict[str, Any]) -> str:
    """Return an output as HTML within Markdown."""
    if output["output_type"] == "stream":
        return _block(f"<pre>{html.escape(''.join(output['text']).rstrip())}</pre>")
    kind = next(kind for kind in RICHEST if kind in output["data"])
    content = "".join(output["data"][kind]).strip()
    if kind == "image/svg+xml":
        return _block(_picture(content, "light") + _picture(darkened(content), "dark"))
    if kind == "text/html":
        return _block(re.sub(r'<style.*?</style>|\n\s*|border="1" class="dataframe"', "", content, flags=re.DOTALL))
    return _block(f"<pre>{html.escape(content)}</pre>")


def _picture(figure: str, theme: str) -> str:
    """Return an SVG as a picture that is shown in one theme."""
    coded = base64.b64encode(figure.encode()).decode()
    return f'<img alt="What the cell plots" src="data:image/svg+xml;base64,{coded}#only-{theme}">'


def _block(content: str) -> str:
    """Return HTML that Markdown leaves as it is."""
    return f'<div class="output">{content}</div>'


def main(places: list[str]) -> None:
    """Run notebooks and store their outputs."""
    for path in map(Path, places):
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            text = executed(text)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
