"""Figures, light or dark: the only room that imports matplotlib."""

from ..optional_dependencies import extra

with extra("analysis"):
    from .deal import draw as draw
    from .style import FORMATS as FORMATS
    from .style import THEMES as THEMES
