"""P7: owners give up chips without a hall where they keep better ones out (specification 2, S0 (d), free disposal)."""

from . import cloud_plans, lab_plans
from .answers import part_now
from .renting import mix_power, spare_halls
from .world import ONE_CHIP, TINY, Firm, World, compute


def give_up_chips(w: World) -> None:
    """By what everybody would order now if halls were no question, before anybody does."""
    for lab in w.labs:
        give_up(w, lab, lab_plans.wanted_order(w, lab) * part_now(w, lab))
    for cloud in w.clouds:
        give_up(w, cloud, cloud_plans.wanted_order(w, cloud) * part_now(w, cloud))


def give_up(w: World, owner: Firm, wanted: float) -> None:
    """min(idle, crowd), pro rata to vendors and the oldest first, where new chips draw less."""
    fleet, per_compute = compute(owner), mix_power(w, owner)
    idle = max(owner.fleet_power - sheltered(w, owner), 0.0)
    crowd = max(wanted * per_compute - spare_halls(w, owner), 0.0)
    better = owner.active and wanted > ONE_CHIP and per_compute * fleet < owner.fleet_power
    part = min(idle, crowd) / max(owner.fleet_power, TINY) if better else 0.0
    owner.given_up = part * fleet
    owner.fleet = [(1.0 - part) * chips for chips in owner.fleet]
    owner.old_fleet = max(owner.old_fleet - owner.given_up, 0.0)
    owner.fleet_power *= 1.0 - part


def sheltered(w: World, owner: Firm) -> float:
    """(D + Dwait - hosted of its guests + hosted of its own) / pue."""
    guests = -sum(owner.hosted) if owner.kind == "clouds" else sum(cloud.hosted[owner.row] for cloud in w.clouds)
    return max(owner.halls + owner.halls_unconnected + guests, 0.0) / owner.pue
