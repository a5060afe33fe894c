"""JSON tables (`--to json`), interpreted from their schema alone: what a reader in any language has to do."""

import calendar
import datetime as dt
from decimal import Decimal

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def local(text, zone):
    """A moment, with its offset, on the clock of the policy's time zone."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(zone)


def minutes(text):
    hour, minute = text.split(":")[:2]
    return int(hour) * 60 + int(minute)


def day_of(value, zone):
    return local(value, zone).date() if "T" in value else dt.date.fromisoformat(value)


def in_weeks(day, weeks):
    return any(w["from"] <= day.isoformat() <= w["to"] and DAYS[day.weekday()] in w["days"] for w in weeks)


def months(a, b):
    whole = (b.year - a.year) * 12 + b.month - a.month
    return whole if min(a.day, calendar.monthrange(b.year, b.month)[1]) <= b.day else whole - 1


def counted(a, b, weeks):
    if a > b:
        return -counted(b, a, weeks)
    n = 0
    for week in weeks:
        first = max(a + dt.timedelta(days=1), dt.date.fromisoformat(week["from"]))
        last = min(b, dt.date.fromisoformat(week["to"]))
        span = (last - first).days + 1
        if span > 0:
            n += sum(span // 7 + ((d - first.weekday()) % 7 < span % 7) for d in map(DAYS.index, week["days"]))
    return n


def measure(axis, case, zone):
    """What an axis looks at; None where it does not exist. Of a set: a truth value for each block."""
    values = [case.get(fact) for fact in axis["facts"]]
    if any(v is None for v in values):
        return None
    value, kind = values[0], axis["kind"]
    if kind == "set":
        return [any(e in value for e in block) for block in axis["blocks"]]
    if kind == "weekday":
        return DAYS[day_of(value, zone).weekday()]
    if kind == "within":
        if "weeks" in axis:
            return in_weeks(day_of(value, zone), axis["weeks"])
        clock = local(value, zone)
        minute = clock.hour * 60 + clock.minute
        return any(minutes(h["from"]) <= minute < minutes(h["to"]) and in_weeks(clock.date(), h["weeks"]) for h in axis["hours"])
    if kind == "distance":
        a, b = values
        unit = axis["unit"]
        if unit == "number":
            return Decimal(str(b)) - Decimal(str(a))
        if unit == "minutes":
            if "T" in a:
                return (local(b, dt.timezone.utc) - local(a, dt.timezone.utc)) // dt.timedelta(minutes=1)
            return minutes(b) - minutes(a)
        a, b = day_of(a, zone), day_of(b, zone)
        if unit == "days":
            return (b - a).days
        return months(a, b) if unit == "months" else counted(a, b, axis["weeks"])
    if kind == "range" and axis["type"] == "number":
        return Decimal(str(value))
    if kind == "range" and axis["type"] == "datetime":
        return local(value, dt.timezone.utc)
    return value


def end(axis, value):
    if value is None or axis["kind"] == "distance" and axis["unit"] != "number":
        return value
    if axis["kind"] == "distance" or axis["type"] == "number":
        return Decimal(value)
    return local(value, dt.timezone.utc) if axis["type"] == "datetime" else value


def holds(axis, constraint, value):
    if value is None:
        return constraint["absent"]
    if axis["kind"] in ("range", "distance"):
        ends = [(end(axis, a), end(axis, b)) for a, b in constraint["values"]]
        return any((a is None or a <= value) and (b is None or value <= b) for a, b in ends)
    return value in constraint["values"]


def decide(table, case, zone):
    """The row of a case, in a unique or ordered table."""
    values = [measure(axis, case, zone) for axis in table["axes"]]
    for row in table["rows"]:
        if all(holds(table["axes"][c["axis"]], c, values[c["axis"]]) for c in row["constraints"]):
            return row
    return None
