"""What the manual needs besides its pages.

Links that leave docs/ lead to pages made from the files that they name, notebooks become pages with their outputs,
figures of studies get a dark brother, and what the code knows is written into pages while the manual is built.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from notebooks import page_of
from typer.testing import CliRunner

from aimarket.experiments.figures.style import darkened

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ("__init__.py", "agents", "model", "experiments")
"""What of the root mkdocstrings reads; it would walk through everything else that lies there, too."""

PROJECT = {
    "README.md": "project/readme.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
}
SOURCES = {".py": "python", ".toml": "toml", ".yml": "yaml", ".csv": "text", ".cff": "yaml", "": "text"}
"""Files that become pages with their text, and the language that they are coloured as."""

UNSEARCHED = "---\nsearch:\n  exclude: true\n---\n\n"
FENCED = re.compile(r"(^( *)(`{3,})[^\n]*\n.*?^\2\3 *$)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]*)(#[^)\s]*)?(?=\))")
PICTURE = re.compile(
    r'<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]*)">\s*'
    r'<img alt="([^"]*)" src="([^"]*)">\s*</picture>'
)
FIGURE = re.compile(r"!\[([^\]]*)\]\(([^)#\s]+)\.svg\)")
INCLUDED = re.compile(r"^\[[^\]]*\]\((?:\.\./)*(\w+\.md)#([\w-]+)\)$", re.MULTILINE)
COMMAND_LINE = "<!-- command_line -->"


@event_priority(100)
def on_config(config: MkDocsConfig) -> None:
    """Lay out the package before mkdocstrings looks for it."""
    place = ROOT / "build" / "manual" / "aimarket"
    place.mkdir(parents=True, exist_ok=True)
    for name in PACKAGE:
        if not (place / name).exists():
            (place / name).symlink_to(ROOT / name)


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the pages that are made from files elsewhere, dark figures, and a page of every notebook."""
    for file in [file for file in files if re.match(r"studies/.*\.svg", file.src_uri)]:
        text = darkened(Path(file.abs_src_path).read_text(encoding="utf-8"))
        files.append(File.generated(config, file.src_uri.replace(".svg", "-dark.svg"), content=text))
    for file in [file for file in files if file.src_uri.endswith(".ipynb")]:
        text = page_of(Path(file.abs_src_path).read_text(encoding="utf-8"))
        text += f'\n<a href="{posixpath.basename(file.src_uri)}" download>Download this notebook</a>\n'
        files.append(File.generated(config, file.src_uri.replace(".ipynb", ".md"), content=text))
    for place, page in PROJECT.items():
        files.append(File.generated(config, page, content=(ROOT / place).read_text(encoding="utf-8")))
    for place in sorted(_linked_sources(files)):
        files.append(File.generated(config, _page_of_source(place), content=_source_page(place)))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page's text with sections taken in, what is made from code, and links that lead somewhere."""
    text = INCLUDED.sub(lambda found: _section(found[1], found[2], page.file.src_uri), markdown)
    text = text.replace(COMMAND_LINE, _command_line() if COMMAND_LINE in text else "")
    return _relinked(text, _origin(page.file.src_uri), page.file.src_uri)


def _origin(page: str) -> str:
    """Return the place in the repository of what a page is made from."""
    return {page: place for place, page in PROJECT.items()}.get(page, f"docs/{page}")


def _relinked(text: str, origin: str, page: str) -> str:
    """Return Markdown written for a file of the repository, with links from a page of the manual."""

    def followed(found: re.Match[str]) -> str:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(origin), found[1]))
        target = posixpath.relpath(_target(place), posixpath.dirname(page) or ".")
        return target + (found[2] or "")

    def outside_fences(part: str) -> str:
        shown = PICTURE.sub(r"![\2](\3#only-light)![\2](\1#only-dark)", part)
        shown = FIGURE.sub(r"![\1](\2.svg#only-light)![\1](\2-dark.svg#only-dark)", shown)
        return LINK.sub(followed, shown)

    parts = FENCED.split(text)  # text, fence, its indentation, its ticks, text, ...
    return "".join(part if n % 4 else outside_fences(part) for n, part in enumerate(parts) if n % 4 < 2)


def _target(place: str) -> str:
    """Return the page or file of the manual that shows a file of the repository."""
    if place in PROJECT:
        return PROJECT[place]
    if _is_source(place):
        return _page_of_source(place)
    if place.endswith(".ipynb"):
        place = place.replace(".ipynb", ".md")
    return posixpath.relpath(place, "docs")


def _is_source(place: str) -> bool:
    """Return whether a file is shown as a page with its text."""
    path = ROOT / place
    return path.suffix in SOURCES and path.is_file()


def _page_of_source(place: str) -> str:
    """Return the page that shows a source file."""
    return f"source/{place}.md"


def _source_page(place: str) -> str:
    """Return the text of the page that shows a source file."""
    path = ROOT / place
    text = path.read_text(encoding="utf-8").rstrip()
    return f"{UNSEARCHED}# {place}\n\n````{SOURCES[path.suffix]}\n{text}\n````\n"


def _linked_sources(files: Files) -> set[str]:
    """Return the source files that some page links to."""
    found = set()
    for file in files.documentation_pages():
        origin = _origin(file.src_uri)
        for target, _ in LINK.findall(FENCED.sub("", file.content_string)):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(origin), target))
            found |= {place} if target and _is_source(place) else set()
    return found


def _section(place: str, anchor: str, page: str) -> str:
    """Return a section of a document of the project without its heading, for a page of the manual."""
    for section in re.split(r"^## ", (ROOT / place).read_text(encoding="utf-8"), flags=re.MULTILINE):
        title, _, body = section.partition("\n")
        if title.strip().lower().replace(" ", "-") == anchor:
            return _relinked(body.strip(), place, page)
    raise ValueError(f"{page}: {place} has no section #{anchor}")


def _command_line() -> str:
    """Return what --help says of every command."""
    from aimarket.server.cli.main import app

    names = [command.name or command.callback.__name__.replace("_", "-") for command in app.registered_commands]
    shown = [("aimarket", []), *((f"aimarket {name}", [name]) for name in names)]
    return "\n\n".join(f"## {title}\n\n```text\n{_help(words)}\n```" for title, words in shown)


def _help(words: list[str]) -> str:
    """Return what a command says of itself."""
    from aimarket.server.cli.main import app

    return CliRunner().invoke(app, [*words, "--help"], prog_name="aimarket").stdout.strip()
