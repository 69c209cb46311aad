"""The parameters of clouds: how they plan, borrow, and price what they let."""

from __future__ import annotations

from .state.quantity import parameter

ASSUMPTION = "assumption"
RENTS = "specification 2, section 2; assumption"
PLANS = "specification 2, section 1; assumption"


class CloudParameters:
    """Parameters that every cloud reads; those of the rents are one number for the whole market."""

    group = "clouds"

    # P7: how large a fleet to plan
    fleet_horizon = parameter(5.0, "quarters", 3.0, 8.0, PLANS, "how far ahead clouds plan their fleets")
    fleet_adjustment_time = parameter(2.0, "quarters", 1.5, 5.0, PLANS, "time to close a gap in a fleet")
    target_use = parameter(
        0.92,
        "1",
        0.8,
        0.97,
        "contracts are used for 0.9 (compute_contracts.csv); assumption",
        "part of a fleet that clouds plan to have in use",
    )
    fastest_fleet = parameter(
        1.0, "1/quarter", 0.6, 2.0, "a numerical guard; assumption", "fastest growth of a fleet by order"
    )
    least_fleet = parameter(
        0.05, "M H100e or GW", 0.01, 0.2, PLANS, "size from which a small cloud's growth is reckoned"
    )
    speculation = parameter(
        0.5, "1", 0.0, 1.0, PLANS, "part of the growth of tenancies that is built for before it is signed"
    )
    renewal = parameter(0.9, "1", 0.5, 1.0, PLANS, "part of contracts that landlords expect to be renewed")

    # P7: paying for it
    leverage_limit = parameter(
        1.0,
        "yr",
        0.5,
        8.0,
        "Oracle 6: debt of 108 bn (cloud_accounts.csv); assumption",
        "debt that lenders bear, of a year's earnings",
    )
    contract_advance = parameter(
        0.5,
        "1",
        0.3,
        0.7,
        "CoreWeave: debt of 7.9 and 18.8 bn on a backlog of 15.1 and 55.6 (clouds.csv)",
        "debt that lenders bear, of what contracts have still to pay",
    )
    rent_margin = parameter(0.65, "1", 0.5, 0.8, ASSUMPTION, "part of rent that lenders count as earnings")
    fleet_loan_share = parameter(
        0.65,
        "1",
        0.4,
        0.85,
        "facilities on accelerators lend 50-70 % of value (financing_deals.csv)",
        "debt that lenders bear, of what a fleet would fetch",
    )
    new_fleet_collateral = parameter(
        0.80, "1", 0.4, 1.0, "as labs'; assumption", "value to lenders of what a loan will buy"
    )
    cloud_dilution = parameter(
        0.0325,
        "1/quarter",
        0.0,
        0.05,
        "as labs'; assumption",
        "part of its value that a cloud without other business raises in shares in a quarter",
    )
    payment_reserve_clouds = parameter(
        1.0, "quarters", 0.0, 3.0, ASSUMPTION, "running costs and debt service that deliveries may not touch"
    )
    cloud_due_share = parameter(0.5, "1", 0.2, 1.0, ASSUMPTION, "part of undelivered orders to be funded now")
    least_cash_cloud = parameter(5.0, "USD bn", 0.5, 30.0, ASSUMPTION, "cash that a cloud keeps at rest")
    cash_per_cost_cloud = parameter(1.0, "quarters", 0.0, 4.0, ASSUMPTION, "running costs that clouds keep in cash")

    cloud_news_weight = parameter(
        0.25, "1", 0.05, 0.6, "as labs'; assumption", "weight of the last quarter in clouds' expectations"
    )
    depreciation_clouds = parameter(
        0.05, "1/quarter", 0.03, 0.08, "as labs' plant; assumption", "depreciation of clouds' plant"
    )

    # P7: what rents are made of
    tenant_weight = parameter(
        0.7,
        "1",
        0.3,
        1.0,
        "CoreWeave's delayed-draw loans: 6.25 points over SOFR with rated tenants, 13 without (financing_deals.csv)",
        "weight of the tenant's credit in the rate of a contract",
        shared=True,
    )
    rental_hurdle = parameter(
        0.03, "1/yr", 0.01, 0.06, RENTS, "return over the cost of debt that landlords ask", shared=True
    )
    base_markup = parameter(
        0.18,
        "1",
        0.05,
        0.35,
        "CoreWeave's operating margin of 16-6 %, Oracle's gross margin of 35 % (clouds.csv)",
        "markup over user cost at normal tightness",
        shared=True,
    )
    markup_slope = parameter(0.8, "1", 0.0, 1.5, RENTS, "response of the markup to tightness", shared=True)
    normal_tightness = parameter(
        1.0, "1", 0.9, 1.1, RENTS, "tightness at which the markup is the base markup", shared=True
    )
    markup_concentration = parameter(
        0.5, "1", 0.0, 1.0, RENTS, "response of the base markup to the concentration of landlords", shared=True
    )
    spot_fade = parameter(
        0.25, "1/quarter", 0.1, 0.5, RENTS, "how soon landlords expect a dear spot price to pass", shared=True
    )
    rent_speed = parameter(
        0.4,
        "1/quarter",
        0.2,
        1.0,
        RENTS,
        "part of the distance to the rent aimed at that is closed in a quarter, in logs",
        shared=True,
    )
    look_ahead = parameter(
        0.5, "quarters", 0.0, 1.0, RENTS, "part of chips about to run that landlords count as there", shared=True
    )
    small_premium = parameter(
        1.2,
        "1",
        1.1,
        1.4,
        "one-year contracts over what large tenants pay: 2.2 over 1.95, 1.7 over 1.34 (rental_prices.csv)",
        "price of a one-year contract over the rent of large tenants",
        shared=True,
    )
    own_cost_weight = parameter(
        0.3, "1", 0.0, 1.0, RENTS, "part in which cheaper chips of a landlord's own are passed on", shared=True
    )
