"""Figures, light or dark: the only place where anything is drawn with matplotlib."""

from ..optional_dependencies import extra

with extra("analysis"):
    from .deal import draw as draw
    from .style import FORMATS as FORMATS
    from .style import THEMES as THEMES
