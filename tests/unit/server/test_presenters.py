"""What pages show adds up with the books."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.experiments.formatting import DECIMALS, beside, numeral, shown
from aimarket.server.presenters import events, firm, headline_figures, network, watch
from aimarket.server.presenters.firm_balance import cash_flow
from aimarket.server.sessions.twin_run import TwinRun

finite = st.floats(-1e5, 1e5, allow_nan=False)


@pytest.fixture(scope="module")
def run():
    run = TwinRun("deal_35bn")
    run.reach(12)
    return run


def paid(run, quarter, payers, payees):
    return sum(e.amount for e in network.edges(run, quarter) if e.payer in payers and e.payee in payees)


@pytest.mark.parametrize("quarter", [1, 2, 12])
@pytest.mark.parametrize(
    ("kind", "causes"),
    [
        ("chip_vendors", ("chips", "prepayments")),
        ("equipment_suppliers", ("clusters", "halls")),
        ("energy_suppliers", ("power_labs", "power_clouds")),
        ("clouds", ("rent", "rent_advances", "internal_rent", "hosting")),
    ],
)
def test_edges_from_owners_add_up_to_what_the_ledger_says_suppliers_received(run, quarter, kind, causes):
    received = sum(run.at(quarter).own.posted(kind, "cash", cause).sum() for cause in causes)
    payers = run.firms["ai_labs"] + (() if kind == "clouds" else run.firms["clouds"])
    drawn = sum(
        edge.amount
        for edge in network.edges(run, quarter)
        if edge.payer in payers and edge.payee in run.firms[kind] and edge.use == network.SALE
    )
    assert drawn == pytest.approx(received, abs=network.SMALLEST * 60)


@pytest.mark.parametrize("quarter", [1, 12])
def test_edges_within_groups_are_what_the_books_say_of_owners_and_their_labs(run, quarter):
    flows, world = run.at(quarter).own.flows, run.at(quarter).own
    own = [edge for edge in network.edges(run, quarter) if edge.use == network.OWN]
    core = sum(float(flows["core_business", kind][world.place]) for kind in ("ai_labs", "clouds"))
    other = core + float(flows["sub_lets", "ai_labs"][world.place])
    assert sum(edge.amount for edge in own if edge.payer == network.BUSINESS) == pytest.approx(other, abs=0.1)
    support = world.posted("ai_labs", "cash", "parent_support").sum()
    put_in = sum(edge.amount for edge in own if edge.payer == network.PARENTS)
    handed_over = sum(edge.amount for edge in own if edge.payer in run.firms["ai_labs"])
    assert put_in - handed_over == pytest.approx(support, abs=2 * network.SMALLEST)


def test_what_runs_at_a_cloud_runs_for_somebody_or_stands_idle(run):
    for name in run.firms["clouds"]:
        use = json.loads(firm.payload(run, name, 12))["use"]
        row = run.firms["clouds"].index(name)
        assert sum(line[1] for line in use["lines"]) == pytest.approx(
            run.at(12).own.column("clouds", "own_compute")[row], abs=0.01
        )


def test_what_a_lab_runs_is_its_own_rented_or_its_parent_s(run):
    for name in run.firms["ai_labs"]:
        use = json.loads(firm.payload(run, name, 12))["use"]
        row = run.firms["ai_labs"].index(name)
        assert sum(line[1] for line in use["lines"]) == pytest.approx(
            run.at(12).own.column("ai_labs", "powered_compute")[row], abs=0.01
        )


def test_a_tenancy_stands_alike_in_the_panels_of_both_sides(run):
    of_lab, of_cloud = (json.loads(firm.payload(run, name, 12))["contracts"] for name in ("OpenAI", "Microsoft"))
    rented, let = (row for row in of_lab if row[0] == "Microsoft"), (row for row in of_cloud if row[0] == "OpenAI")
    mine, theirs = next(rented), next(let)
    assert mine[1].replace("rented", "let") == theirs[1]
    assert mine[2:] == theirs[2:]


@pytest.mark.parametrize("quarter", [1, 2, 12])
def test_edges_from_funders_add_up_to_the_capital_raised(run, quarter):
    funders = (*run.firms["asset_managers"], network.OUTSIDE)
    drawn = paid(run, quarter, funders, (*run.firms["ai_labs"], network.DIRECT))
    assert drawn == pytest.approx(run.at(quarter).own.indicator("funding"), abs=network.SMALLEST * 60)


def test_shares_that_managers_bought_add_up_to_what_they_placed(run):
    for quarter in range(1, 13):
        now = run.at(quarter).own
        kinds = ("ai_labs", "clouds", *network.SUPPLIERS)
        shares = sum(network.shares_bought(now, kind)[:, :-1].sum() for kind in kinds)
        received = sum(now.posted(kind, "cash", "equity_managers").sum() for kind in kinds)
        assert shares == pytest.approx(received, rel=1e-9, abs=1e-9)


def test_edges_of_the_deal_are_its_instalments(run):
    for quarter in range(1, 13):
        drawn = sum(edge.amount for edge in network.edges(run, quarter) if edge.deal)
        assert drawn == pytest.approx(run.at(quarter).own.indicator("deal_draw"))


def test_the_log_tells_the_whole_deal(run):
    output = [item for quarter in range(1, 13) for item in events.events_in(run, quarter) if item.kind == "draw"]
    assert len(output) == 6
    assert output[-1].note == "35 so far"


def test_what_becomes_of_a_lease_is_filed_under_leases_and_names_its_vehicle():
    run = TwinRun("deal_stress")
    run.reach(12)
    output = [item for quarter in range(1, 13) for item in events.payload(run, quarter) if item[0] == "Leases"]
    assert [item[3].split("“")[0] for item in output] == ["The rent of ", "", "The guarantor pays for "]
    assert {item[6] for item in output} == set(run.firms["vehicles"])


def first_exit(scenario, kind):
    """Return a run to the first quarter in which a firm of a kind leaves, and what the log tells of it."""
    run, output = TwinRun(scenario), []
    while not output:
        assert run.step()
        output = [item for item in events.events_in(run, run.length) if item.kind == "exit"]
        output = [item for item in output if item.firm in run.firms[kind]]
    return run, output[0]


@pytest.mark.parametrize(("scenario", "kind"), [("bust", "ai_labs"), ("neocloud_default", "clouds")])
def test_the_log_tells_who_leaves_and_who_takes_over_the_fleet(scenario, kind):
    run, output = first_exit(scenario, kind)
    now, before = run.at(run.length).own, run.at(run.length - 1).own
    fleet = before.column(kind, "fleet")[run.firms[kind].index(output.firm)].sum()
    assert output.note == f"{numeral(fleet)} M H100e"
    if kind == "ai_labs":
        buyer, what = next(iter(now.happened("acquisition")), "the rest of the world"), "fleet"
    else:
        grown = now.column(kind, "compute") - before.column(kind, "compute") - now.column(kind, "arriving")
        buyer, what = run.firms[kind][int(grown.argmax())], "fleet and tenants"
    assert output.text == f"{output.firm} leaves the market; {buyer} takes over its {what}"


def test_every_headline_is_the_number_that_the_model_measures(run):
    figures = headline_figures.payload(run, 12)
    units = {"ai_revenue": "", "lab_compute": "", "funding": "", "chip_lead_time": "quarters", "power_price": ""}
    measured = [shown(run.at(12).own.indicator(name), unit) for name, unit in units.items()]
    assert [output[0] for output in figures[:5]] == measured


def test_a_firm_s_cash_of_the_quarter_before_leads_to_this_one_s(run):
    for kind, names in run.firms.items():
        for row in range(len(names)):
            steps = cash_flow(kind, row, run.at(12).own)
            assert steps[0][1] == pytest.approx(run.at(11).own.column(kind, "cash")[row], abs=1e-9)


def test_both_sides_of_every_balance_sheet_are_equal(run):
    for names in run.firms.values():
        for name in names:
            sheet = json.loads(firm.payload(run, name, 12))["sheet"]
            sides = [sum(line[1] for line in sheet[side]) for side in ("assets", "claims")]
            assert sides[0] == pytest.approx(sides[1], abs=0.01), name


def test_there_is_no_panel_of_a_firm_that_is_not(run):
    assert firm.payload(run, "Nobody", 12) == ""


def test_there_is_no_panel_before_the_first_quarter(run):
    assert firm.payload(run, "OpenAI", 0) == ""


def test_a_quarter_fits_in_few_bytes(run):
    assert len(run.frame(watch.frame, 12)) < 8_000


@pytest.mark.parametrize("scenario", ["baseline", "bust", "vendor_entry", "deal_split", "vendor_loop"])
def test_every_scenario_can_be_described(scenario):
    run = TwinRun(scenario)
    run.reach(16)
    assert json.loads(watch.setup(run))["story"].endswith((".", "?"))
    assert len(json.loads(run.snapshot(watch.frame))) == 16


@pytest.mark.parametrize(
    ("value", "twin", "unit", "output"),
    [
        (110.4, 110.6, "", ("110", "111", "−1")),
        (183.4, 177.6, "", ("183", "178", "+5")),
        (24.43, 22.8, "%", ("24.4", "22.8", "+1.6")),
        (0.09, 0.16, "OOM", ("0.09", "0.16", "−0.07")),
        (0.00342, 0.0, "quarters", ("<0.1", "0", "")),
        (2.34, 0.00342, "quarters", ("2.3", "<0.1", "+2.3")),
        (0.0, 0.0, "quarters", ("0", "0", "")),
        (5.001, 5.0, "", ("5", "5", "")),
        (101.4, 99.6, "", ("101", "99.6", "+1.4")),
        (1234.0, 2000.4, "", ("1,234", "2,000", "−766")),
        (float("nan"), 1.0, "", ("-", "1", "")),
        (-0.5, 0.25, "OOM", ("-0.5", "0.25", "−0.75")),
        (4e-5, 0.0, "", ("<0.001", "0", "")),
        (-0.00737, -8.9e-6, "−1 to 1", ("-0.01", "0", "−0.01")),
    ],
)
def test_a_number_its_twin_s_and_their_difference_add_up_as_they_are_shown(value, twin, unit, output):
    assert beside(value, twin, unit) == output


@given(a=finite, b=finite, unit=st.sampled_from(["", *DECIMALS]))
def test_what_is_shown_as_a_difference_is_the_difference_of_what_is_shown(a, b, unit):
    value, twin, change = beside(a, b, unit)
    seen = [Decimal(text.replace(",", "")) if "<" not in text else Decimal(0) for text in (value, twin)]
    assert Decimal(change.replace(",", "").replace("−", "-") or 0) == seen[0] - seen[1]
    assert not change or (change[0] == "+") == (a > b)
