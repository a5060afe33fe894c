//! The functions that measures call: whole numbers only, so that every engine of Rego reckons alike.

/// Name and text, in the order in which they are printed.
pub const FUNCTIONS: [(&str, &str); 7] = [
    (
        "has_any",
        "# The set has one of these elements.
has_any(set, elements) if {
	some element in set
	element in elements
}",
    ),
    (
        "clock_minute",
        "# Minutes since midnight of \"15:00\".
clock_minute(clock) := floor(time.parse_rfc3339_ns(concat(\"\", [\"1970-01-01T\", substring(clock, 0, 5), \":00+00:00\"])) / 60000000000)",
    ),
    (
        "offset_at",
        "# Minutes from UTC to the local clock: [from this minute on, minutes].
offset_at(minute, offsets) := offsets[count([1 | some piece in offsets; piece[0] <= minute]) - 1][1]",
    ),
    (
        "on_days",
        "# A day is one of these: [first, last, how many days of the week count up to each of Monday to Sunday, …].
on_days(day, weeks) if {
	some week in weeks
	week[0] <= day
	day <= week[1]
	counts := array.concat([0], week[2])
	counts[(day % 7) + 1] > counts[day % 7]
}",
    ),
    (
        "in_hours",
        "# A local minute is in one of these: [from, up to, on these days].
in_hours(local, hours) if {
	some part in hours
	part[0] <= local % 1440
	local % 1440 < part[1]
	on_days(floor(local / 1440), part[2])
}",
    ),
    (
        "days_until",
        "# How many of these days are not after a day.
days_until(day, weeks) := sum([n |
	some week in weeks
	week[0] <= day
	end := min([day, week[1]])
	n := ((floor(end / 7) * week[2][6]) + week[2][end % 7]) - week[3]
])",
    ),
    (
        "months_between",
        "# Whole months from one day to another; a day that the month lacks is its last day.
months_between(a, b) := ((((to[0] - from[0]) * 12) + to[1]) - from[1]) - begun if {
	from := civil(a)
	to := civil(b)
	begun := count([1 | from[2] > to[2]; civil(b + 1)[2] != 1])
}

# Year, month and day of a day.
civil(day) := [(y + (era * 400)) + floor((12 - month) / 10), month, date] if {
	shifted := day + 693873
	era := floor(shifted / 146097)
	doe := shifted - (era * 146097)
	yoe := floor((((doe - floor(doe / 1460)) + floor(doe / 36524)) - floor(doe / 146096)) / 365)
	y := yoe
	doy := doe - (((365 * yoe) + floor(yoe / 4)) - floor(yoe / 100))
	mp := floor(((5 * doy) + 2) / 153)
	date := (doy - floor(((153 * mp) + 2) / 5)) + 1
	month := ((mp + 2) % 12) + 1
}",
    ),
];
