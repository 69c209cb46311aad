"""The units of the glossary, as pages and documents write them."""

from __future__ import annotations

from .glossary import Term

UNITS = (
    Term("bn $, USD bn", "Billions of US dollars: thousand millions.", ("bn $", "USD bn", "$ bn", "bn")),
    Term(
        "bn $/quarter, USD bn/quarter",
        "Billions of US dollars in three months; four times as much would be a year's.",
        ("bn $/quarter", "USD bn/quarter", "bn $ a quarter"),
    ),
    Term("USD bn/yr", "Billions of US dollars in a year, or at the pace of one.", ("USD bn/yr",)),
    Term("Quarter", "Three months, the model's step: 2028 Q1 is January to March 2028.", ("a quarter", "quarter")),
    Term(
        "$/H100e-hour",
        "US dollars for an hour of the compute of one H100.",
        ("$/H100e-hour", "USD/H100e-hour", "$ per H100e-hour"),
    ),
    Term(
        "k$/H100e",
        "Thousands of US dollars for the compute of one H100.",
        ("k$/H100e", "USD bn/M H100e", "thousand $ per H100e"),
    ),
    Term(
        "M units/quarter, thousand $/unit",
        "A unit is one accelerator as it is sold, whatever it can compute; M is a million.",
        ("M units/quarter", "thousand $/unit"),
    ),
    Term(
        "$/MWh",
        "US dollars for a megawatt-hour of electricity, a thousand kilowatt-hours.",
        ("$/MWh", "USD/MWh", "$ per MWh"),
    ),
    Term("GW", "Gigawatts of electric power; a large nuclear reactor gives about one.", ("GW",)),
    Term("%, per cent", "Hundredths.", ("%", "per cent")),
    Term("Points, pp", "Percentage points: from 20 % to 22 % is two points.", ("points", "pp", "percentage points")),
    Term("% over the twin", "By how many hundredths there is more than in the twin.", ("% over the twin",)),
    Term("Part of 1", "A share: 1 is all, 0.25 a quarter of it.", ("part of 1",)),
    Term("−1 to 1", "A mood: −1 is the darkest, 1 the brightest.", ("−1 to 1",)),
)
"""Units."""
