"""Tables of observations: every row says where it is from, how sure it is, and when it was known."""

from importlib.resources import files

import pandas as pd
import pytest

from aimarket.experiments.calibration.observations import CERTAINTIES, KNOWN_AFTER

FOLDER = files("aimarket.model").joinpath("data", "observations")
TABLES = sorted(path.name for path in FOLDER.iterdir() if path.name.endswith(".csv"))
OF_CLOUDS = ("clouds.csv", "cloud_accounts.csv", "compute_contracts.csv", "rental_prices.csv")
HEADER = ["date", "quarter", "entity", "metric", "value", "unit", "source", "certainty", "published", "note"]
LAST_DAY = "2025-12-31"
OWNERS = ("Amazon", "Microsoft", "Google", "Oracle", "Meta")
EVERYBODY = (*OWNERS, "China", "Other")


def table(name):
    return pd.read_csv(FOLDER.joinpath(name), keep_default_na=False)


def values(name, metric):
    rows = table(name).query("metric == @metric")
    return rows.assign(value=rows["value"].astype(float)).set_index(["entity", "quarter"])["value"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_and_a_certainty(name):
    rows = table(name)
    assert set(rows["certainty"]) <= set(CERTAINTIES)
    assert rows["source"].str.len().gt(3).all()
    assert pd.to_numeric(rows["value"], errors="coerce").notna().all()


@pytest.mark.parametrize("name", OF_CLOUDS)
def test_general_knowledge_and_arithmetic_are_never_called_quoted(name):
    rows = table(name)
    own = rows["source"].str.contains("general knowledge|arithmetic") | rows["note"].str.startswith("DERIVED")
    assert set(rows[own]["certainty"]) <= {"unverified", "secondary"}
    assert set(rows[rows["source"].str.contains("not read") & ~own]["certainty"]) <= {"secondary"}


@pytest.mark.parametrize("name", OF_CLOUDS)
def test_tables_of_clouds_end_with_the_data(name):
    rows = table(name)
    assert list(rows) == HEADER
    assert rows["date"].max() <= LAST_DAY
    quarters = pd.PeriodIndex(rows["date"], freq="Q").astype(str)
    assert (rows["quarter"] == quarters).all()
    late = rows[rows["published"] != ""]
    assert (pd.to_datetime(late["published"]) > pd.to_datetime(late["date"]) + KNOWN_AFTER).all()


def test_fleets_of_owners_add_to_the_worlds():
    owned, world = values("clouds.csv", "chips_owned_cumulative"), values("clouds.csv", "chips_sold_cumulative")
    for (_, quarter), value in world.items():
        assert sum(owned[owner, quarter] for owner in EVERYBODY) == pytest.approx(value, abs=0.006)


@pytest.mark.parametrize("quarter", ["2023Q4", "2024Q4", "2025Q4"])
def test_families_of_chips_add_to_their_owners_fleet(quarter):
    owned = values("clouds.csv", "chips_owned_cumulative")
    families = [values("clouds.csv", f"chips_owned_{name}") for name in ("nvidia", "tpu", "trainium", "amd")]
    for owner in OWNERS:
        parts = sum(float(family.get((owner, quarter), 0.0)) for family in families)
        assert parts == pytest.approx(owned[owner, quarter], abs=0.002)


def test_quarters_of_accounts_add_to_the_years_that_are_stated():
    revenue = pd.concat([values(name, "revenue") for name in ("clouds.csv", "cloud_accounts.csv")])
    for year in (2024, 2025):
        quarters = [revenue["CoreWeave", f"{year}Q{quarter}"] for quarter in (1, 2, 3, 4)]
        stated = values("clouds.csv", "revenue_annual")["CoreWeave", f"{year}Q4"]
        assert sum(quarters) == pytest.approx(stated, rel=0.002)
