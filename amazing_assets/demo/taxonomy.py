"""The categories of the two demo shops.

The multi-category store changed its taxonomy on 1 December 2019: smartphones became
`construction.tools.light`, and the share of events without a code fell from .32 to .10.
"""

from typing import NamedTuple


class Category(NamedTuple):
    """A code before and after the change (empty: none), shared by some category ids."""

    code: str
    later: str
    weight: float  # percent of looks
    price: float  # median
    ids: int = 1


MULTICAT = (
    Category("electronics.smartphone", "construction.tools.light", 24.0, 260, 2),
    Category("electronics.clocks", "electronics.clocks", 3.2, 190, 3),
    Category("computers.notebook", "computers.notebook", 3.2, 520, 2),
    Category("electronics.video.tv", "appliances.personal.massager", 3.0, 330, 2),
    Category("electronics.audio.headphone", "sport.bicycle", 2.9, 110, 2),
    Category("apparel.shoes", "apparel.shoes", 2.8, 70, 5),
    Category("appliances.kitchen.refrigerators", "appliances.kitchen.refrigerators", 2.4, 400, 2),
    Category("appliances.kitchen.washer", "appliances.kitchen.washer", 2.4, 310, 2),
    Category("appliances.environment.vacuum", "appliances.environment.vacuum", 2.2, 110, 2),
    Category("electronics.tablet", "electronics.tablet", 1.7, 210, 2),
    Category("computers.desktop", "computers.desktop", 1.5, 430, 2),
    Category("furniture.living_room.sofa", "furniture.living_room.sofa", 1.4, 380, 3),
    Category("appliances.kitchen.hood", "kids.toys", 1.3, 120, 2),
    Category("auto.accessories.player", "auto.accessories.player", 1.3, 90, 2),
    Category("appliances.environment.air_conditioner", "country_yard.cultivator", 1.2, 330, 2),
    Category("kids.carriage", "kids.carriage", 1.2, 160, 2),
    Category("computers.peripherals.printer", "computers.peripherals.printer", 1.1, 190, 2),
    Category("furniture.bedroom.bed", "furniture.bedroom.bed", 1.1, 220, 2),
    Category("apparel.costume", "apparel.costume", 1.0, 55, 3),
    Category("construction.tools.drill", "construction.tools.drill", 1.0, 85, 2),
    Category("accessories.bag", "accessories.bag", 1.0, 40, 3),
    Category("appliances.iron", "appliances.iron", 0.9, 45, 1),
    Category("electronics.camera.photo", "electronics.camera.photo", 0.8, 420, 1),
    Category("kids.toys", "apparel.scarf", 0.8, 35, 3),
    Category("sport.bicycle", "sport.bicycle", 0.7, 190, 1),
    Category("stationery.cartrige", "stationery.cartrige", 0.5, 30, 1),
    Category("medicine.tools.tonometer", "medicine.tools.tonometer", 0.4, 45, 1),
    Category("country_yard.lawn_mower", "country_yard.lawn_mower", 0.4, 230, 1),
    Category("", "appliances.personal.scales", 5.6, 60, 6),
    Category("", "construction.components.faucet", 5.2, 75, 6),
    Category("", "apparel.shirt", 4.2, 50, 6),
    Category("", "furniture.kitchen.table", 3.8, 150, 5),
    Category("", "electronics.audio.subwoofer", 3.2, 130, 4),
    Category("", "", 10.0, 70, 12),
)

COSMETICS = (
    Category("", "", 42.0, 4.2, 40),
    Category("", "", 36.0, 7.0, 60),
    Category("", "", 18.5, 12.0, 80),
    Category("appliances.environment.vacuum", "appliances.environment.vacuum", 1.1, 55, 2),
    Category("stationery.cartrige", "stationery.cartrige", 0.9, 6, 2),
    Category("furniture.living_room.cabinet", "furniture.living_room.cabinet", 0.6, 60, 1),
    Category("apparel.glove", "apparel.glove", 0.5, 5, 1),
    Category("accessories.bag", "accessories.bag", 0.3, 16, 1),
    Category("furniture.bathroom.bath", "furniture.bathroom.bath", 0.1, 20, 1),
)
