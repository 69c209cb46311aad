"""The glossary: every word of our own and of the field, in one table for the manual and for pages."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A word or a unit.

    Attributes:
        name: what it is called, in Markdown.
        meaning: what it means, in a sentence or two of Markdown.
        said: how pages write it; a page explains a term where one of these stands, and no term that has none. Written
            with a capital, it is found with it alone; a plural is found, too.
    """

    name: str
    meaning: str
    said: tuple[str, ...] = ()


OWN = (
    Term(
        "Twin",
        "The same scenario without the deal, on the same random numbers. In experiments: the *control* beside the "
        "*treated* run.",
        ("twin",),
    ),
    Term(
        "Pair",
        "A replicate of a scenario and the same replicate of its twin. Two hundred pairs stand behind a claim.",
        (
            "pairs",
            "one pair",
        ),
    ),
    Term(
        "Deal",
        "A financing as a scenario tells it: givers, recipients, amount, instrument, dates, earmark.",
        (
            "the deal",
            "deal of",
        ),
    ),
    Term(
        "Earmark",
        "The uses a deal's money is bound to (clusters, chips, halls, research, rent), and their parts. The books "
        "prove that it keeps.",
        (
            "earmark",
            "earmarked",
            "tied",
            "tied money",
        ),
    ),
    Term(
        "Money trail",
        "Where every dollar of a deal stands, in every quarter: promised, drawn, spent on what and with whom, "
        "paid back, lost.",
        ("money trail",),
    ),
    Term(
        "Facility",
        "What a deal promised one recipient in one tranche, what it drew of that and what it owes.",
    ),
    Term(
        "Vehicle",
        "A special-purpose vehicle: a balance sheet of its own between the givers of a deal and the lab that "
        "leases what it buys.",
        ("vehicle",),
    ),
    Term(
        "Claim",
        "A sentence of the news item, put as a statistic: a difference between twins with an interval and a condition.",
    ),
    Term(
        "Verdict",
        "*Supported* if the whole 95 % interval meets the condition, *undecided* if a part of it does, else *not "
        "supported*, or *real but too small to matter* where all of it has the sign that the claim says.",
        ("verdict",),
    ),
    Term(
        "Smallest effect that matters",
        "What an effect has to exceed before a claim counts as supported: declared by kind of statistic before "
        "the runs, as a judgement of what somebody would act on (`experiments/claims/sizes.py`).",
    ),
    Term(
        "Tipping value",
        "The value of an assumption at which the verdict on a claim turns.",
        ("tipping value",),
    ),
    Term(
        "Phase",
        "A named step of the quarter, P0 to P15: events, expectations, power, ..., accounts.",
    ),
    Term(
        "Decision",
        "A method of a kind of firm that a subclass may change. It returns what is wanted and writes nothing.",
    ),
    Term(
        "Limit that bends",
        "A most that a decision nears and never sits on: m (1 - exp(-x / m)) of a wish x. `saturated_share` "
        "counts decisions within 1 % of a limit.",
    ),
    Term(
        "Chips given up",
        "Chips for which no hall stands, which a lab or a cloud leaves off so that better ones find room "
        "(`given_up`). What leaves a fleet by age is `retired`.",
    ),
    Term(
        "Compute that runs for a lab",
        "What it owns, rents and is housed with, as far as it has halls and power (`powered_compute`). A lab that "
        "rents more gains, though it owns no more.",
    ),
    Term(
        "Signals",
        "What everybody can see: prices, lead times, shares, the abilities of released models.",
    ),
    Term(
        "Column",
        "What every firm of a kind remembers of one quantity, an array with firms first and replicates last.",
    ),
    Term(
        "Part",
        "A file of results that a sweep has finished, with a checksum.",
    ),
    Term(
        "Chunk",
        "The runs of a study that are computed at once; a pure function of the study and the chunk's number.",
    ),
)
"""Words of our own."""

FIELD = (
    Term(
        "Common random numbers",
        "The same random numbers in two runs that are compared, so that chance cancels out of the difference.",
        (
            "common random numbers",
            "the same luck",
        ),
    ),
    Term(
        "Backlog of contracts (remaining performance obligation)",
        "What tenants have still to pay a landlord under contracts that are signed.",
        ("backlog",),
    ),
    Term(
        "CRPS",
        "Continuous ranked probability score: how far a forecast that is a distribution was from what happened.",
        ("CRPS",),
    ),
    Term(
        "Crowding out",
        "Money that a financing takes from others who would have had it.",
        ("crowding out",),
    ),
    Term(
        "Herfindahl-Hirschman index (HHI)",
        "The sum of squared market shares: 1 for a monopoly, 1/n for n equal firms.",
        (
            "HHI",
            "concentration",
        ),
    ),
    Term(
        "H100e",
        "Compute of one H100 accelerator, by its dense FP16 performance. M H100e is a million of them.",
        ("H100e", "M H100e"),
    ),
    Term(
        "Housed, integrated",
        "A lab is *housed* where its parent's cloud runs it at cost, and *integrated* where it owns what it runs.",
        ("housed",),
    ),
    Term(
        "Latin hypercube, Sobol sample",
        "Ways of spreading points evenly over the ranges of many assumptions at once.",
    ),
    Term(
        "Lead time",
        "Orders not yet delivered over what can be made in a quarter: how many quarters a buyer waits.",
        ("lead time",),
    ),
    Term(
        "Loan to value",
        "The most that lenders lend, as a part of the worth of what they lend against.",
        ("loan to value",),
    ),
    Term(
        "Merit order",
        "Power plants run from the cheapest to the dearest until demand is met; the last one sets the price.",
        ("merit order",),
    ),
    Term(
        "Morris' μ\\* and σ",
        "The mean absolute effect of an assumption over its range, and how much that effect varies with all others.",
        ("Morris",),
    ),
    Term(
        "OOM",
        "Order of magnitude: a factor of ten. Capability is counted in OOM of effective training compute.",
        (
            "OOM",
            "order of magnitude",
        ),
    ),
    Term(
        "Posterior",
        "What the data leave likely of the parameters, as a sample.",
        ("posterior",),
    ),
    Term(
        "PRIM",
        "Patient rule induction method: the box of assumptions in which something holds most often.",
        (
            "PRIM",
            "box",
        ),
    ),
    Term(
        "Prior",
        "What was thought likely before the data: here the declared ranges.",
    ),
    Term(
        "PUE",
        "Power usage effectiveness: power that a data centre takes over power that its computers take.",
        ("PUE",),
    ),
    Term(
        "Replicate",
        "One of many runs that differ by their random numbers alone.",
    ),
    Term(
        "Rent burden",
        "The rent a lab owes over what it expects to have for it; lenders' and landlords' limit on what it signs.",
        (
            "rent burden",
            "rent over revenue",
        ),
    ),
    Term(
        "Runway",
        "For how many quarters a firm's cash lasts at its present net spending.",
        ("runway",),
    ),
    Term(
        "Short let",
        "Compute let for a year at most, at the spot price; enterprises take it.",
        ("short let",),
    ),
    Term(
        "Sobol index",
        "The part of an outcome's variance that an assumption makes: alone (*first*), and with all its "
        "interactions (*total*).",
        ("Sobol",),
    ),
    Term(
        "Stock-flow consistency",
        "What somebody pays somebody gets; what somebody owes somebody owns; every stock is its past plus its flows.",
    ),
    Term(
        "Segment",
        "A part of the market for AI services with customers, thresholds and a price index of its own: consumer "
        "assistants, enterprises, coding with agents.",
        ("segment",),
    ),
    Term(
        "Lerner index",
        "The margin over price that a seller's own elasticity leaves it; here compute's worth is its rent.",
        ("Lerner index",),
    ),
    Term(
        "Open models",
        "An option beside the labs in each segment: behind the best model, and for the price of the compute they take.",
        ("open models",),
    ),
    Term(
        "Takeoff",
        "When many could use agents: the capability at which half of coding's ceiling is reached, which may be "
        "drawn by replicate.",
        ("takeoff",),
    ),
    Term(
        "Take-or-pay",
        "A contract under which the rent is due whatever the tenant uses.",
        ("take-or-pay",),
    ),
    Term(
        "Treatment",
        "A run in which one thing is set by hand, to see what it does.",
    ),
    Term(
        "Interval, band",
        "A 95 % interval holds the mean of all runs that could be made in 95 cases of 100; a band of 90 % holds the "
        "middle 90 % of single runs. Both tell of chance, not of every doubt.",
        ("95 % interval", "interval", "90 % band", "50 % band", "in 50 % band", "in 90 % band", "by chance"),
    ),
    Term(
        "Naive forecast",
        "What somebody would say without a model: as much as last time, or growth as before.",
        ("naive", "best naive"),
    ),
    Term("Skill", "One less a forecast's CRPS over the best naive one's: above 0 it did better.", ("skill",)),
    Term("Run-rate", "The last month's or quarter's sales taken times as many as a year has.", ("run-rate",)),
    Term(
        "Hall",
        "A data centre without what it computes with: building, cooling and the line to the grid.",
        ("hall", "data centre"),
    ),
    Term(
        "Capability",
        "How able a lab's released models are: what effective training compute, chips times algorithms, has made of "
        "them, in orders of magnitude.",
        ("capability",),
    ),
    Term(
        "Gap to the leader",
        "How far a lab's released models are behind the best ones, in orders of magnitude of capability; 0 for the "
        "leader.",
        ("gap to the leader", "the leader"),
    ),
    Term(
        "Compute",
        "Accelerators that run, by what they can compute, in H100e; of a lab: what it owns, rents and is housed with, "
        "as far as it has halls and power.",
        ("compute",),
    ),
    Term("AI revenue", "What labs sell AI services for in a quarter.", ("AI revenue", "AI services")),
    Term("Capital raised", "New loans and new shares of all firms in a quarter.", ("capital raised",)),
    Term(
        "Capital spending",
        "What firms pay for chips, halls and plant, also called capex.",
        ("capital spending", "capex"),
    ),
    Term("Spot price", "What compute is let for at once and for a short time.", ("spot price",)),
    Term("Neocloud", "A company that rents out accelerators and does little else.", ("neocloud",)),
    Term(
        "Hyperscaler",
        "One of the largest clouds, which build data centres for themselves and for others.",
        ("hyperscaler",),
    ),
    Term("Savers", "Whose money asset managers lend: they give more where yields are higher.", ("savers",)),
    Term("Funder", "Who gives the money of a deal.", ("funder",)),
    Term("Recipient", "The lab that a deal's money is for.", ("recipient",)),
    Term(
        "Default of a parameter",
        "The value that holds where nobody sets another.",
        ("default",),
    ),
    Term(
        "Identity",
        "What has to add up in the books in every quarter, as what is owed and what is owned.",
        ("identities",),
    ),
    Term("Net worth", "What a firm owns less what it owes.", ("net worth",)),
    Term(
        "Herding",
        "Managers who follow one another's moods.",
        ("herding",),
    ),
)
"""Words of the field."""
