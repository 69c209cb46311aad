"""P7, P8, P14: premia by class of credit, what lenders outside take, and what lenders learn."""

from math import exp

from .world import TINY, Firm, World, clip, debt, part_of

CLASSES = ("bonds", "private")
PRIVATE = 1


def weights(firm: Firm) -> tuple[float, float]:
    """ig = 1 / (1 + exp((PD - .012) / .002)); bonds ig, private credit the rest."""
    rated = 1.0 / (1.0 + exp((firm.default_risk - 0.012) / 0.002))
    return rated, 1.0 - rated


def term(w: World, name: str, k: int) -> float:
    return getattr(w.p, f"{name}_{CLASSES[k]}")


def class_premia(w: World) -> list[float]:
    """floor_k + learnable_k (experience_k / experience_k0)^-learning_k + scarcity_k."""
    market = w.market
    known = [now / first for now, first in zip(market.experience, market.first_experience, strict=True)]
    worn = [market.learnable[k] * known[k] ** -term(w, "learning", k) for k in range(len(CLASSES))]
    return [term(w, "floor", k) + worn[k] + market.scarcity[k] for k in range(len(CLASSES))]


def premium(w: World, firm: Firm) -> float:
    """By the firm's part in each class."""
    return sum(weight * asked for weight, asked in zip(weights(firm), w.market.premium, strict=True))


def lend_outside(w: World) -> list[float]:
    """open_k asked_k / (1 + open_k (asked_k + deals' draws_k(-1)) / supply_k), by firm."""
    found = [0.0] * len(w.borrowers)
    for k in range(len(CLASSES)):
        asked = [weights(firm)[k] * firm.debt_request for firm in w.borrowers]
        would = [openness(w, firm, k) * amount for firm, amount in zip(w.borrowers, asked, strict=True)]
        used = term(w, "open", k) * w.market.deal_loans_before[k]
        scale = 1.0 / (1.0 + (sum(would) + used) / supply(w, asked, k))
        found = [before + amount * scale for before, amount in zip(found, would, strict=True)]
    return found


def openness(w: World, firm: Firm, k: int) -> float:
    """open_k clip((quoted - reservation_k) / depth_k, 0, 1), less in a crunch."""
    beyond = firm.quoted_rate - w.p.risk_free_rate - term(w, "reservation", k)
    ready = w.p.capital_available * (1.0 - w.p.credit_crunch)
    return min(1.0, term(w, "open", k) * clip(beyond / term(w, "depth", k), 0.0, 1.0) * ready)


def supply(w: World, asked: list[float], k: int) -> float:
    """flow_k growth^t exp(clip((quoted - reservation_k) / depth_k - 1, -3, 3)), quoted on average by request."""
    rates = sum(amount * firm.quoted_rate for amount, firm in zip(asked, w.borrowers, strict=True))
    beyond = rates / max(sum(asked), TINY) - w.p.risk_free_rate - term(w, "reservation", k)
    flow = term(w, "flow", k) * w.p.supply_growth**w.elapsed
    return flow * exp(clip(beyond / term(w, "depth", k) - 1.0, -3.0, 3.0))


def note_lending(w: World, asked: list[float], could: list[float], lent: list[float]) -> None:
    for name, amounts in (("managers_asked", asked), ("could_be_placed", could), ("loans_priced", lent)):
        by_class = [
            sum(weights(firm)[k] * amount for firm, amount in zip(w.borrowers, amounts, strict=True))
            for k in range(len(CLASSES))
        ]
        setattr(w.market, name, by_class)


def learn(w: World) -> None:
    """Discovery from deals' own rates, experience with what was lent, scarcity with what is short."""
    market, p = w.market, w.p
    for k in range(len(CLASSES)):
        drawn, known = market.deal_loans[k], market.experience[k]
        news = p.discovery * market.deal_margin[k] / (drawn + known)
        market.learnable[k] = max(market.learnable[k] + news, 0.0)
        market.experience[k] = (1.0 - p.forgetting) * known + market.loans_priced[k] + drawn
        market.scarcity[k] = clip(market.scarcity[k] * dearer(w, k), 0.0005, 0.10)


def dearer(w: World, k: int) -> float:
    """clip((asked / could be placed)^speed, .8, 1.25); 1 where nothing is asked."""
    asked = w.market.managers_asked[k]
    if asked <= TINY:
        return 1.0
    return clip(part_of(asked, w.market.could_be_placed[k]) ** w.p.scarcity_speed, 0.8, 1.25)


def mean_yield(w: World) -> float:
    return part_of(sum(debt(firm) * firm.quoted_rate for firm in w.borrowers), sum(map(debt, w.borrowers)))
