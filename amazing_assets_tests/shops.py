"""Small shops as landing files: a handful of customers, each a little different from the next."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from amazing_assets.dates import first_day
from amazing_assets_tests.builders import landed, line

FIRST_ID = 500_000_000

# Enough events that a segment may be claimed: six visits of six events, and what each adds.
VISITS, EVENTS = 6, 6


@dataclass(frozen=True)
class Shop:
    """A shop and its customers; a test names only what differs.

    Attributes:
        customers: How many come in every month.
        visits: Of each customer, each of some six events.
        buys: Whether anybody buys anything.
        alike: Whether all customers do the very same.
        products: How many different products there are.
        days: On how many days of the month the shop is open.
    """

    customers: int = 60
    visits: int = VISITS
    events: int = EVENTS
    buys: bool = True
    alike: bool = False
    products: int = 40
    days: int = 28

    def deliver(self, folder, *months):
        """Write a file for each month."""
        for month in months:
            name = f"{first_day(month):%Y-%b}.csv"
            landed(folder, *self.lines(month), name=name)

    def lines(self, month):
        """The lines of a month, customer by customer."""
        return [
            row
            for customer in range(self.customers)
            for visit in range(self.visits + (0 if self.alike else customer % 3))
            for row in self.visit(month, 0 if self.alike else customer, customer, visit)
        ]

    def visit(self, month, kind, customer, visit):
        """The events of a visit: what kind of customer it is says what and when."""
        day = (5 * visit + kind % 11) % self.days
        start = datetime.combine(first_day(month), datetime.min.time(), UTC) + timedelta(
            days=day, hours=(8 + kind % 13) % 24, minutes=visit
        )
        for number in range(self.events + kind % 4):
            product = (7 * kind + 3 * visit + number) % self.products
            yield line(
                event_time=f"{start + timedelta(seconds=40 * number):%Y-%m-%d %H:%M:%S} UTC",
                event_type=self.kind_of_event(kind, visit, number),
                product_id=str(1000 + product),
                category_id=str(2000 + product % 5),
                category_code=f"electronics.kind{product % 5}",
                brand=f"brand{product % 7}",
                price=f"{5 + 3 * product}.50",
                user_id=str(FIRST_ID + customer),
                user_session=f"{month}-{customer}-{visit}",
            )

    def kind_of_event(self, kind, visit, number):
        """Every third customer buys on every second visit, the others now and then."""
        last = number == self.events - 1
        often = visit % (2 if kind % 3 == 0 else 5) == 0
        if last and often and self.buys:
            return "purchase"
        return "cart" if number == self.events - 2 and visit % 2 == 0 else "view"
