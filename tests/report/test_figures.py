"""Figures are drawn from whatever the analyses return, and can be read."""

import numpy as np
import pytest

from aimarket.experiments.figures import estimates, fan, sensitivity, tipping
from aimarket.experiments.figures.style import THEMES, save, svg

from . import drawings
from .drawings import FIGURES, LONG, NAMES, letters, overlaps

UNKNOWN = float("nan")


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("names", [NAMES, NAMES[:1], LONG], ids=["usual", "one", "long"])
def test_no_text_lies_on_another_or_leaves_the_figure(kind, names):
    figure = FIGURES[kind](
        names, title="What decides whether the deal sets off a surge of funding?", unit="how to read it"
    )
    assert overlaps(figure) == ([], [])


@pytest.mark.parametrize("kind", FIGURES)
def test_the_same_figure_gives_the_same_bytes(kind, tmp_path):
    files = [save(FIGURES[kind](NAMES, title="A title"), tmp_path / name) for name in ("a.svg", "b.svg")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("kind", FIGURES)
def test_every_figure_comes_in_both_themes(kind):
    light, dark = (svg(FIGURES[kind](NAMES, theme=theme)).upper() for theme in THEMES)
    assert THEMES["light"].page in light
    assert THEMES["dark"].page in dark
    assert THEMES["light"].page not in dark


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="no theme 'pink'; there is light, dark"):
        FIGURES["indices"](NAMES, theme="pink")


def test_names_of_the_code_are_written_as_words():
    seen = [text for text, _ in letters(FIGURES["indices"](NAMES))]
    assert "announcement effect" in seen
    assert not any("_" in text for text in seen)


def test_a_figure_without_a_title_has_no_head():
    bare, titled = (FIGURES["indices"](NAMES, title=title) for title in ("", "What decides it"))
    assert bare.get_figheight() < titled.get_figheight()


@pytest.mark.parametrize(
    ("draw", "frame", "message"),
    [
        (sensitivity.plot_indices, drawings.indices(total=UNKNOWN), "No index is a number"),
        (sensitivity.plot_effects, drawings.effects().assign(mu_star=UNKNOWN), "No effect is a number"),
        (sensitivity.plot_tornado, drawings.tornado().assign(at_low=UNKNOWN), "No outcome at either end"),
        (estimates.plot_estimates, drawings.estimated().assign(mean=UNKNOWN), "not a number in any"),
        (tipping.plot_response, drawings.tipped(curve=drawings.tipped().curve.assign(mean=UNKNOWN)), "not a number"),
    ],
)
def test_a_figure_of_nothing_says_why_it_is_empty(draw, frame, message):
    assert message in " ".join(text for text, _ in letters(draw(frame))).replace("\n", " ")


def test_rows_that_are_not_numbers_are_left_out():
    frame = drawings.indices()
    frame.loc[0, "total"] = UNKNOWN
    seen = [text for text, _ in letters(sensitivity.plot_indices(frame))]
    assert "announcement effect" not in seen
    assert "deployment" in seen


def test_an_estimate_without_an_interval_is_drawn_as_a_point():
    frame = drawings.estimated().assign(low=UNKNOWN, high=UNKNOWN)
    figure = estimates.plot_estimates(frame)
    (lines,) = [c for c in figure.axes[0].collections if hasattr(c, "get_segments")]
    assert all(np.ptp(segment[:, 0]) == 0.0 for segment in lines.get_segments())


def test_a_curve_that_does_not_tip_has_no_tipping_value():
    figure = tipping.plot_response(drawings.tipped(value=UNKNOWN, low=UNKNOWN, high=UNKNOWN), condition="> 9")
    assert not any("tips at" in text for text, _ in letters(figure))


@pytest.mark.parametrize(("condition", "side"), [("> 1", 1.0), ("< 1", -1.0)])
def test_the_pale_zone_lies_where_the_claim_holds(condition, side):
    axes = tipping.plot_response(drawings.tipped(), condition=condition).axes[0]
    (zone,) = [
        patch for patch in axes.patches if patch.get_facecolor()[:3] == pytest.approx((0.894, 0.945, 0.933), abs=1e-2)
    ]
    middle = zone.get_y() + zone.get_height() / 2.0
    assert (middle - 1.0) * side > 0.0


def test_the_world_with_the_deal_is_solid_and_its_twin_dashed():
    lines = fan.plot_fan(drawings.fanned()).axes[0].get_lines()
    styles = {line.get_color().upper(): line.get_linestyle() for line in lines if len(line.get_xdata()) > 2}
    assert styles == {THEMES["light"].deal: "-", THEMES["light"].twin: "--"}


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"has to end in \.svg or \.png"):
        save(FIGURES["indices"](NAMES), tmp_path / "figure.pdf")


def test_a_dollar_in_a_title_is_no_formula():
    figure = FIGURES["indices"](NAMES, title=r"$\frac{ of every $ that comes", unit="bn $ a $")
    assert r"$\frac{ of every $ that comes" in [text for text, _ in letters(figure)]
