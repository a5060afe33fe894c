import bisect
import calendar
import datetime as dt
from decimal import Decimal, ROUND_HALF_EVEN
from typing import Callable, Iterable, List, Literal, NamedTuple, Optional, TypedDict, Union


class _Table(NamedTuple):
    # Pieces of the local clock: first minute, minutes to add.
    offsets: List[List[int]]
    root: int
    # A node is a feature's number and, class by class, where to go on; below 0 it is an answer.
    nodes: List[int]
    answers: list
    cells: List[Callable]


def answered(table, v):
    at = table.root
    while at >= 0:
        at = table.nodes[at + 1 + table.cells[table.nodes[at]](v, table)]
    found = table.answers[-1 - at]
    if not found[0]:
        raise ValueError("there is no such case in the policy")
    return found


def given(name, case, optional):
    value = case.get(name)
    if value is None and not optional:
        raise ValueError(f"{name} has no value")
    return value


def inside(name, value, n, lo, hi):
    if n is None or not lo <= n <= hi:
        raise ValueError(f"{value!r} is no value of {name}")
    return n


def yes(name, case, optional):
    x = given(name, case, optional)
    return None if x is None else inside(name, x, int(x) if isinstance(x, bool) else None, 0, 1)


def choice(name, case, optional, of):
    x = given(name, case, optional)
    return None if x is None else inside(name, x, of.index(x) if x in of else None, 0, len(of))


def members(name, case, optional, of):
    x = given(name, case, optional)
    if x is None:
        return None
    x = list(x)
    for e in x:
        inside(name, e, of.index(e) if e in of else None, 0, len(of))
    return [e in x for e in of]


def count(name, case, optional, scale, lo, hi):
    """Steps of 10^-scale; rounding undoes what binary fractions do to decimals."""
    x = given(name, case, optional)
    if x is None:
        return None
    steps = (Decimal(str(x)) * 10**scale).to_integral_value(ROUND_HALF_EVEN)
    return inside(name, x, int(steps), lo, hi)


_EPOCH = dt.date(1970, 1, 1)


def date(name, case, optional, lo, hi):
    """Days since 1970-01-01."""
    x = given(name, case, optional)
    if x is None:
        return None
    day = x if isinstance(x, dt.date) else dt.date.fromisoformat(x)
    return inside(name, x, (day - _EPOCH).days, lo, hi)


def time(name, case, optional):
    """Minutes since midnight."""
    x = given(name, case, optional)
    if x is None:
        return None
    clock = x if isinstance(x, dt.time) else dt.time.fromisoformat(x)
    return clock.hour * 60 + clock.minute


def instant(name, case, optional, lo, hi):
    """Minutes since 1970-01-01 00:00 UTC; seconds are cut off."""
    x = given(name, case, optional)
    if x is None:
        return None
    moment = x if isinstance(x, dt.datetime) else dt.datetime.fromisoformat(x.replace("Z", "+00:00").replace("z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"{name} has no offset from UTC")
    since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
    return inside(name, x, since // dt.timedelta(minutes=1), lo, hi)


def local(table, t):
    """The minutes that the local clock and calendar show, counted as if it were UTC."""
    piece = table.offsets[0]
    for later in table.offsets:
        if later[0] > t:
            break
        piece = later
    return t + piece[1]


def day(table, t):
    """The local day of a moment."""
    return None if t is None else local(table, t) // 1440


def weekday(day):
    """0 is Monday."""
    return None if day is None else (day + 3) % 7


def on(day, weeks):
    """Whether a day is one of these days of the week, from a day to a day."""
    return None if day is None else int(any(lo <= day <= hi and days[(day + 3) % 7] for lo, hi, days in weeks))


def during(table, t, hours):
    """Whether a moment is in hours of the local clock, on their days."""
    if t is None:
        return None
    today, minute = divmod(local(table, t), 1440)
    return int(any(start <= minute < end and on(today, weeks) for start, end, weeks in hours))


def contains(has, places):
    return None if has is None else int(any(has[p] for p in places))


def less(to, start):
    return None if to is None or start is None else to - start


def counted(start, to, weeks):
    """Days of the weeks after the first day, up to and with the second; negative the other way round."""
    if start is None or to is None:
        return None
    if start > to:
        return -counted(to, start, weeks)
    total = 0
    for lo, hi, days in weeks:
        first, last = max(start + 1, lo), min(to, hi)
        if first <= last:
            # The days d of the week up to a day, counted from one far back.
            total += sum((last + 3 - d) // 7 - (first + 2 - d) // 7 for d in range(7) if days[d])
    return total


def months(start, to):
    """Whole months: the most that can be added to the first day without passing the second."""
    if start is None or to is None:
        return None
    a, b = _EPOCH + dt.timedelta(days=start), _EPOCH + dt.timedelta(days=to)
    whole = (b.year - a.year) * 12 + b.month - a.month
    # A day that a month lacks is its last.
    last = calendar.monthrange(b.year, b.month)[1]
    return whole if min(a.day, last) <= b.day else whole - 1


def pick(value, of, absent):
    """The class of a small value."""
    return absent if value is None else of[value]


def cut(value, cuts, of, absent):
    """The class of a value between cuts."""
    return absent if value is None else of[bisect.bisect_right(cuts, value)]


