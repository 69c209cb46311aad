"""The parameters of AI labs: what their rules of thumb are made of."""

from __future__ import annotations

from .state.quantity import parameter

ASSUMPTION = "assumption"
TREATMENT = "a treatment, not an estimate: no effect at its default"
EPOCH_SPLIT = "Epoch AI: about 70 % of OpenAI's 2024 compute went to R&D, falling in 2025-26"

LONGEST_WAIT = 6.0
"""Quarters of waiting for a landlord beyond which none is worse (specification 2, section 2)."""

RENT_USE = 4
"""Place of rent among the uses that a deal binds money to."""

YEAR = 4.0
CASH_FOR_RENT = 0.125
"""Part of its cash that a lab counts on for the rent it signs (specification 2, section 2; assumption)."""


class LabParameters:
    """Parameters that every AI lab reads; the default is the same for all labs, a start may give one a lab."""

    group = "ai_labs"

    # P3, P5: serving customers
    compute_intensity = parameter(
        0.20,
        "M H100e/unit",
        0.15,
        0.30,
        "gross margin of 33-40 % at 1.34 USD per H100e-hour (unit_economics.csv)",
        "compute that a unit of service takes at the start's efficiency",
        "kappa0",
    )
    inference_gain = parameter(
        0.35,
        "1",
        0.1,
        0.8,
        ASSUMPTION,
        "part of algorithmic progress that cheapens a unit of service, net of longer tasks",
        "iota",
    )
    research_floor = parameter(0.35, "1", 0.2, 0.5, EPOCH_SPLIT, "least part of compute kept for research", "f_min")
    research_target = parameter(
        0.60,
        "1",
        0.4,
        0.75,
        "OpenAI: research 4.0 of 5.8 bn of compute in 2024, 9 of 16 in 2025 (clouds.csv)",
        "part of compute meant for research",
        "f_star",
    )
    user_cost = parameter(
        0.07, "1/quarter", 0.04, 0.12, ASSUMPTION, "depreciation and return that the cost of compute includes, of plant"
    )
    target_utilisation = parameter(
        0.85, "1", 0.7, 0.95, ASSUMPTION, "utilisation beyond which prices ration demand", "util_star"
    )
    greatest_cut = parameter(0.70, "1", 0.5, 0.95, ASSUMPTION, "largest fall of a price in a quarter, as a factor")
    greatest_rise = parameter(1.25, "1", 1.02, 1.4, ASSUMPTION, "largest rise of a price in a quarter, as a factor")

    # P4, P6: spending on people and operations
    labour_per_revenue = parameter(
        0.20, "1", 0.05, 0.4, ASSUMPTION, "researchers' pay out of a unit of revenue", "rl_rev"
    )
    labour_per_cash = parameter(
        0.015, "1/quarter", 0.0, 0.05, ASSUMPTION, "researchers' pay out of a unit of free cash", "rl_cash"
    )
    labour_fall = parameter(0.10, "1/quarter", 0.02, 0.4, ASSUMPTION, "fastest fall of researchers' pay", "rl_down")
    labour_floor = parameter(0.05, "USD bn/quarter", 0.0, 0.3, ASSUMPTION, "least pay of researchers", "rl_min")
    operating_cost_share = parameter(
        0.25,
        "1",
        0.1,
        0.5,
        "OpenAI spent 34 bn in 2025 on 13.1 bn of sales, mostly compute and pay (lab_revenue.csv); assumption",
        "running costs other than power and people, out of revenue",
        "opex_rev",
    )
    fixed_operating_cost = parameter(
        0.06, "USD bn/quarter", 0.0, 0.3, ASSUMPTION, "running costs of a lab whatever it sells"
    )
    news_weight = parameter(0.25, "1", 0.05, 0.6, ASSUMPTION, "weight of the last quarter in expectations", "theta_g")
    trend_memory = parameter(0.70, "1", 0.3, 0.95, ASSUMPTION, "memory of the trend in algorithmic efficiency")

    # P3a: compute that waits for customers
    sublet_limit = parameter(
        0.25,
        "1",
        0.0,
        0.5,
        "specification 2, section 2; assumption",
        "most of what a tenant rents that it lets on to enterprises",
    )

    # P7: planning compute and halls
    horizon = parameter(5.0, "quarters", 3.0, 8.0, ASSUMPTION, "how far ahead labs plan compute", "H")
    adjustment_time = parameter(2.0, "quarters", 1.5, 5.0, ASSUMPTION, "time to close a gap in compute", "adj_time")
    rivalry = parameter(
        0.20,
        "1",
        0.0,
        0.5,
        ASSUMPTION,
        "part of a rival's lead in compute that a lab wants to close",
        "theta_c",
    )
    fastest_growth = parameter(
        0.50,
        "1/quarter",
        0.35,
        0.6,
        "labs' compute grew 43 % a quarter in 2025 (lab_revenue.csv)",
        "fastest growth of compute and of halls by order",
        "dk_max",
    )
    smallest_step = parameter(
        0.2, "M H100e or GW", 0.05, 0.5, ASSUMPTION, "size from which a small lab's growth is reckoned"
    )
    lowest_expected_growth = parameter(-0.10, "1/quarter", -0.3, 0.0, ASSUMPTION, "lowest growth planned for", "ge_lo")
    target_return = parameter(
        1.5, "1", 1.0, 2.5, ASSUMPTION, "return over cost of capital at which plans have their usual pace", "roi_star"
    )
    capital_charge = parameter(0.05, "1/quarter", 0.02, 0.08, ASSUMPTION, "depreciation in a reckoning of returns")
    least_capital_cost = parameter(
        0.2, "USD bn/quarter", 0.05, 1.0, ASSUMPTION, "cost of capital below which returns mean nothing"
    )
    least_brake = parameter(0.1, "1", 0.0, 0.3, ASSUMPTION, "pace of plans however poor the returns, of the usual one")

    # P7, P9: paying for it
    loan_to_value = parameter(
        0.65,
        "1",
        0.4,
        0.85,
        "GPU facilities lend 50-70 % of value (financing_deals.csv)",
        "debt over collateral that lenders bear",
        "ltv",
    )
    fleet_collateral = parameter(0.60, "1", 0.3, 0.9, ASSUMPTION, "value of the fleet to lenders, of replacement")
    plant_collateral = parameter(0.15, "1", 0.0, 0.4, ASSUMPTION, "value of plant to lenders, of book value")
    new_plant_collateral = parameter(0.80, "1", 0.4, 1.0, ASSUMPTION, "value to lenders of what a loan will buy")
    riskiest_borrower = parameter(0.25, "1/yr", 0.1, 0.5, ASSUMPTION, "default risk above which nobody lends")
    dilution = parameter(
        0.0325,
        "1/quarter",
        0.015,
        0.05,
        "funding rounds of 2025 were 13 % of value a year (lab_revenue.csv)",
        "part of its value that a lab raises in shares in a quarter",
        "dil",
    )
    issue_sentiment = parameter(0.5, "1", 0.0, 2.0, ASSUMPTION, "response of share issues to sentiment")
    due_share = parameter(0.5, "1", 0.2, 1.0, ASSUMPTION, "part of undelivered orders to be funded now")
    runway = parameter(3.0, "quarters", 0.0, 6.0, ASSUMPTION, "quarters of losses to be funded now")
    working_capital = parameter(0.5, "quarters", 0.0, 1.0, ASSUMPTION, "revenue to be held in cash")
    order_caution = parameter(0.9, "1", 0.5, 1.0, ASSUMPTION, "part of free cash that orders may use")
    loss_buffer = parameter(0.5, "quarters", 0.0, 2.0, ASSUMPTION, "quarters of losses kept back from orders")
    revenue_buffer = parameter(0.1, "quarters", 0.0, 0.5, ASSUMPTION, "revenue kept back from orders")
    commitment_share = parameter(0.35, "1", 0.1, 1.0, ASSUMPTION, "part of commitments kept back from orders")
    payment_reserve = parameter(0.05, "quarters", 0.0, 0.3, ASSUMPTION, "revenue that deliveries may not touch")
    research_draw = parameter(
        0.12, "1/quarter", 0.05, 0.3, ASSUMPTION, "part of cash earmarked for research spent in a quarter"
    )
    depreciation_labs = parameter(
        0.05,
        "1/quarter",
        0.03,
        0.08,
        "servers are written off over 5-6 years, halls over longer (unit_economics.csv)",
        "depreciation of labs' plant",
    )

    # P7, P9: renting compute
    cost_weight = parameter(
        3.0, "1", 1.0, 6.0, "specification 2, section 2; assumption", "weight of cost in the choice of a landlord"
    )
    wait_weight = parameter(
        0.35, "1/quarter", 0.1, 0.8, "specification 2, section 2; assumption", "weight of waiting in that choice"
    )
    tie = parameter(
        2.5, "1", 0.0, 4.0, "specification 2, section 2; assumption", "weight of where its compute runs already"
    )
    burden_limit = parameter(
        1.0,
        "1",
        0.4,
        1.5,
        "rent of 11.6 on sales of 9 bn a year, 16 on 13.1, in 2025 (compute_contracts.csv)",
        "rent that a lab signs for at most, of what it expects to have for it",
    )
    rent_as_debt = parameter(
        0.5, "1", 0.0, 1.0, "specification 2, section 2; assumption", "part of a year's rent that lenders count as debt"
    )
    fastest_signing = parameter(
        2.5, "1/quarter", 1.5, 5.0, "a numerical guard (specification 2)", "fastest growth of compute by contract"
    )
    signing_step = parameter(
        0.1, "M H100e", 0.01, 0.3, ASSUMPTION, "size from which a small lab's growth by contract is reckoned"
    )
    parity = parameter(
        0.0,
        "1",
        0.0,
        1.2,
        "assumption: the ratio at the start, of labs that a parent or owner funds",
        "part of the largest rival's compute that its owner wants it to have",
    )
    aimed_margin = parameter(
        0.30,
        "1",
        0.0,
        0.5,
        "operating margins of large software firms (general knowledge); assumption",
        "part of sales that owners want to be left when growth is over",
    )
    support_limit = parameter(
        0.6,
        "1",
        0.3,
        1.0,
        "specification 2, section 4; assumption",
        "part of its other business's cash flow that an owner puts at most into keeping up",
    )

    # treatments: 1 unless a scenario or an experiment says otherwise
    compute_wedge = parameter(
        1.0, "1", 0.5, 2.0, TREATMENT, "compute that a lab gets out of a chip of the same price and power, as a factor"
    )
    progress_wedge = parameter(1.0, "1", 0.5, 2.0, TREATMENT, "a lab's growth of efficiency, as a factor")
