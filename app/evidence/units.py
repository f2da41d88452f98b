"""Units as they are written, folded and turned into one base each. Pure.

Only certain conversions: fixed ratios that nobody argues about. Left out because the word alone
does not say which is meant: ton, pound, ounce, gallon, barrel, dollar, MW (or mW); because the
ratio is not fixed: months in days, one currency in another; because more than a ratio is needed:
degrees. Such a unit is compared with itself only.
"""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from app.annotations.names import fold


class Unit(NamedTuple):
    """What a unit measures, named by its base, and how many of the base it is."""

    base: str
    factor: Decimal


_TABLE: dict[str, dict[str, str]] = {
    "metre": {
        "0.001": "millimetre, millimeter, mm",
        "0.01": "centimetre, centimeter, cm",
        "1": "metre, meter, m",
        "1000": "kilometre, kilometer, km",
        "0.3048": "foot, feet, ft",
        "0.9144": "yard, yd",
        "1609.344": "mile",
        "1852": "nautical mile",
    },
    "square metre": {
        "1": "square metre, square meter, m², m2, sq m",
        "10000": "hectare, ha",
        "1000000": "square kilometre, square kilometer, km², km2, sq km",
        "4046.8564224": "acre",
        "2589988.110336": "square mile, sq mi",
    },
    "litre": {"1": "litre, liter, l", "1000": "cubic metre, cubic meter, m³, m3"},
    "kilogram": {
        "0.001": "gram, gramme",
        "1": "kilogram, kilogramme, kilo, kg",
        "1000": "tonne, metric ton",
    },
    "second": {
        "1": "second, sec",
        "60": "minute",
        "3600": "hour, hr, hrs",
        "86400": "day",
        "604800": "week",
        "1209600": "fortnight",
    },
    "month": {"1": "month", "12": "year", "120": "decade", "1200": "century, centuries"},
    "km/h": {
        "1": "km/h, kph, kilometre per hour, kilometer per hour",
        "1.609344": "mph, mile per hour",
    },
    "watt": {
        "1": "watt",
        "1000": "kilowatt, kw",
        "1000000": "megawatt",
        "1000000000": "gigawatt, gw",
    },
    "percent": {"1": "percent, per cent, %, pct", "0.1": "permille, per mille, ‰"},
    "percentage point": {"1": "percentage point, pp", "0.01": "basis point"},
    "person": {"1": "person, people"},
    "EUR": {"1": "eur, euro, €"},
    "USD": {"1": "usd, us dollar, us$"},
    "GBP": {"1": "gbp, pound sterling, £"},
}
"""Base → factor → the names of the unit, folded, in the singular."""

KNOWN = {
    fold(name): Unit(base, Decimal(factor))
    for base, units in _TABLE.items()
    for factor, names in units.items()
    for name in names.split(", ")
}
"""Every unit that is converted, by its folded name."""

_NO_PLURAL = ("ss", "us", "is")


@lru_cache(maxsize=4096)
def unit_of(written: str | None) -> Unit:
    """The unit that is written; one that is not known is its own base.

    Case, white space, a full stop at the end and a plural s do not count. No unit is a unit of
    its own, with the base "".
    """
    name = fold(written or "").rstrip(".")
    singular = _singular(name)
    return KNOWN.get(name) or KNOWN.get(singular) or Unit(singular, Decimal(1))


def _singular(name: str) -> str:
    first, per, rest = name.partition(" per ")
    if len(first) > 3 and first.endswith("s") and not first.endswith(_NO_PLURAL):
        first = first[:-1]
    return first + per + rest
