"""What customers look at, and what they then put in the cart, take out, and buy.

Arrays have one position per look; a look is one product in one session.
"""

from dataclasses import dataclass

import numpy as np

from amazing_assets.demo.catalogue import Catalogue, Dialect
from amazing_assets.demo.chance import Flags, Floats, Ints, expit, logit
from amazing_assets.demo.customers import Customers
from amazing_assets.demo.sessions import Sessions
from amazing_assets.demo.shelf import Shelf

# Taste varies from look to look with this standard deviation of the logit of the quantile.
WHIM, LOYAL_WHIM = 0.8, 0.1
# 35 % of the multi-category sessions that buy have no cart event.
DIRECT = 1.0
# Cosmetics are put in the cart from list pages: .28 of events are carts, and .22 of what is
# carted was viewed. Carts are kept for days, orders are whole carts.
EAGER_CARTS, VIEWED_CARTS, REGRET = 16.0, 0.15, 1.7
ORDERS_PER_BUY, ORDERED, ORDERED_FROM_OLD_CARTS = 0.55, 0.9, 0.3


@dataclass(frozen=True)
class Shop:
    """What stays the same from day to day."""

    dialect: Dialect
    catalogue: Catalogue
    customers: Customers
    favourite: Ints  # each customer's category


@dataclass(frozen=True)
class Looks:
    """One position per look, in the order of sessions."""

    session: Ints  # position among the day's sessions
    product: Ints
    views: Ints
    cart: Flags
    remove: Flags
    buy: Flags


def choose(rng: np.random.Generator, shop: Shop, shelf: Shelf, sessions: Sessions) -> Looks:
    """Return everything that is looked at in the sessions, and what comes of it."""
    session = np.repeat(np.arange(len(sessions)), sessions.looks)
    customer = sessions.customer[session]
    traits = {name: values[customer] for name, values in shop.customers.traits.items()}
    product = choose_products(rng, shop, traits, customer)
    turned = rng.random(len(product)) < traits["bargains"]
    product = np.where(turned, shelf.discounted[product], product)
    decide = fill_carts if shop.dialect == "multicat" else fill_baskets
    return decide(rng, shelf, traits, Looks(session, product, *undecided(rng, traits["views"])))


def undecided(rng: np.random.Generator, more: Floats) -> tuple[Ints, Flags, Flags, Flags]:
    """Return the number of views, at least one, and no decision yet."""
    nothing = np.zeros(len(more), dtype=np.bool_)
    return rng.geometric(1 / (1 + more)).astype(np.int64), nothing, nothing, nothing


def choose_products(
    rng: np.random.Generator, shop: Shop, traits: dict[str, Floats], customer: Ints
) -> Ints:
    """Return what is looked at: something new, a loved brand, or the one product again."""
    again = rng.random(len(customer)) < traits["again"]
    loyal = rng.random(len(customer)) < traits["loyalty"]
    at_home = again | (rng.random(len(customer)) < traits["focus"])
    elsewhere = shop.catalogue.pick_categories(rng, len(customer))
    category = np.where(at_home, shop.favourite[customer], elsewhere)
    whim = rng.standard_normal(len(customer)) * np.where(loyal, LOYAL_WHIM, WHIM)
    quantile = expit(logit(traits["tier"]) + np.where(again, 0.0, whim))
    return shop.catalogue.find(category, np.clip(quantile, 1e-6, 1 - 1e-6))


def fill_carts(
    rng: np.random.Generator, shelf: Shelf, traits: dict[str, Floats], looks: Looks
) -> Looks:
    """Return what happens in the multi-category store: no removals, some direct purchases."""
    carts, buys = shelf.eagerness
    wanted = np.minimum(carts * traits["cart"], 0.95)
    bought = np.minimum(buys * traits["buy"], 0.9)
    chance = rng.random(len(wanted))
    cart = rng.random(len(wanted)) < wanted * shelf.carts[looks.product]
    direct = DIRECT * wanted * bought * shelf.purchases[looks.product]
    return Looks(
        looks.session,
        looks.product,
        looks.views,
        cart=cart,
        remove=looks.remove,
        buy=chance < np.where(cart, bought, direct),
    )


def fill_baskets(
    rng: np.random.Generator, shelf: Shelf, traits: dict[str, Floats], looks: Looks
) -> Looks:
    """Return what happens in the cosmetics shop: carts without view, removals, whole orders."""
    carts, buys = shelf.eagerness
    count = len(looks.session)
    cart = rng.random(count) < 1 - (1 - traits["cart"]) ** (EAGER_CARTS * np.sqrt(carts))
    remove = cart & (rng.random(count) < expit(logit(traits["remove"]) + REGRET))
    seen = ~cart | (rng.random(count) < VIEWED_CARTS)
    ordering = rng.random(looks.session[-1] + 1 if count else 0)[looks.session]
    orders = ordering < np.minimum(ORDERS_PER_BUY * carts * buys * traits["buy"], 0.9)
    ordered = rng.random(count) < np.where(cart, ORDERED, ORDERED_FROM_OLD_CARTS)
    return Looks(
        looks.session,
        looks.product,
        np.where(seen, looks.views, 0),
        cart=cart,
        remove=remove,
        buy=orders & ordered & ~remove,
    )
