//! What differs between the engines: literals, types, and how to reckon with dates and times.
//!
//! `Ansi` keeps to the standard as far as engines follow it; lists are JSON texts there, since few agree on arrays. SQLite
//! has no dates and times, so these are texts as in ISO 8601. Every operand that is divided here is not negative.

use crate::emit::Dialect;
use crate::emit::clock;
use crate::emit::sheet::Kind;
use crate::emit::words;
use crate::model::Zone;

impl Dialect {
    pub fn title(self) -> &'static str {
        match self {
            Dialect::Ansi => "ANSI SQL",
            Dialect::Postgresql => "PostgreSQL",
            Dialect::Sqlite => "SQLite",
            Dialect::Duckdb => "DuckDB",
            Dialect::Spark => "Spark SQL",
        }
    }

    /// Lists are JSON texts.
    pub fn lists_are_texts(self) -> bool {
        matches!(self, Dialect::Ansi | Dialect::Sqlite)
    }

    /// A name, as it stands.
    pub fn name(self, name: &str) -> String {
        match self {
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    pub fn text(self, text: &str) -> String {
        let text = match self {
            Dialect::Spark => text.replace('\\', "\\\\").replace('\'', "\\'"),
            _ => text.replace('\'', "''"),
        };
        format!("'{text}'")
    }

    /// A list of texts.
    pub fn list(self, texts: &[String]) -> String {
        let all = || texts.iter().map(|t| self.text(t)).collect::<Vec<_>>().join(", ");
        match self {
            Dialect::Ansi | Dialect::Sqlite => self.text(&serde_json::to_string(texts).unwrap_or_default()),
            Dialect::Postgresql => format!("CAST(ARRAY[{}] AS TEXT[])", all()),
            Dialect::Duckdb => format!("CAST([{}] AS VARCHAR[])", all()),
            Dialect::Spark => format!("CAST(array({}) AS ARRAY<STRING>)", all()),
        }
    }

    /// The type of a column.
    pub fn ty(self, kind: &Kind) -> String {
        let text = match self {
            Dialect::Ansi => "VARCHAR(255)",
            Dialect::Postgresql | Dialect::Sqlite => "TEXT",
            Dialect::Duckdb => "VARCHAR",
            Dialect::Spark => "STRING",
        };
        let sqlite = self == Dialect::Sqlite;
        match kind {
            Kind::YesNo => "BOOLEAN".to_string(),
            Kind::Choice { .. } => text.to_string(),
            Kind::Number { lo, hi, scale, .. } => {
                let digits = lo.unsigned_abs().max(hi.unsigned_abs()).max(1).ilog10() + 1;
                let exact = format!("DECIMAL({}, {scale})", digits.max(scale + 1));
                if sqlite { "NUMERIC".to_string() } else { exact }
            }
            Kind::Date { .. } if !sqlite => "DATE".to_string(),
            Kind::Time if !sqlite && self != Dialect::Spark => "TIME".to_string(),
            Kind::DateTime { .. } if !sqlite => match self {
                Dialect::Spark => "TIMESTAMP".to_string(),
                _ => "TIMESTAMP WITH TIME ZONE".to_string(),
            },
            Kind::Date { .. } | Kind::Time | Kind::DateTime { .. } => text.to_string(),
            Kind::Set { .. } => match self {
                Dialect::Ansi => "VARCHAR(4000)".to_string(),
                Dialect::Sqlite => text.to_string(),
                Dialect::Postgresql | Dialect::Duckdb => format!("{text}[]"),
                Dialect::Spark => "ARRAY<STRING>".to_string(),
            },
        }
    }

    pub fn date(self, day: i64) -> String {
        let text = words::date(day);
        if self == Dialect::Sqlite { format!("'{text}'") } else { format!("DATE '{text}'") }
    }

    pub fn time(self, minute: i64) -> String {
        let text = words::time_of_day(minute);
        match self {
            Dialect::Sqlite | Dialect::Spark => format!("'{text}'"),
            _ => format!("TIME '{text}:00'"),
        }
    }

    /// A moment, to be compared with `moment_of`.
    pub fn moment(self, zone: &Zone, minute: i64) -> String {
        let local = || words::local_instant(zone, minute).replace('T', " ");
        match self {
            Dialect::Sqlite => format!("'{}'", words::instant(minute).replace('T', " ").trim_end_matches('Z')),
            Dialect::Spark => format!("TIMESTAMP '{}'", local()),
            _ => format!("TIMESTAMP WITH TIME ZONE '{}'", local()),
        }
    }

    /// What of a column is compared with moments: SQLite's texts may have any offset.
    pub fn moment_of(self, column: &str) -> String {
        if self == Dialect::Sqlite { format!("datetime({column})") } else { column.to_string() }
    }

    pub fn has(self, column: &str, element: &str) -> String {
        match self {
            Dialect::Ansi => format!("(POSITION({} IN {column}) > 0)", self.text(&words::quoted(element))),
            Dialect::Sqlite => format!("(instr({column}, {}) > 0)", self.text(&words::quoted(element))),
            Dialect::Postgresql => format!("({} = ANY({column}))", self.text(element)),
            Dialect::Duckdb => format!("list_contains({column}, {})", self.text(element)),
            Dialect::Spark => format!("array_contains({column}, {})", self.text(element)),
        }
    }

    pub fn div(self, a: &str, b: i64) -> String {
        match self {
            Dialect::Duckdb => format!("({a} // {b})"),
            Dialect::Spark => format!("({a} div {b})"),
            Dialect::Ansi => format!("FLOOR({a} / {b})"),
            Dialect::Postgresql | Dialect::Sqlite => format!("({a} / {b})"),
        }
    }

    pub fn rest(self, a: &str, b: i64) -> String {
        if self == Dialect::Sqlite { format!("({a} % {b})") } else { format!("MOD({a}, {b})") }
    }

    pub fn least(self, a: &str, b: &str) -> String {
        match self {
            Dialect::Sqlite => format!("min({a}, {b})"),
            Dialect::Ansi => format!("CASE WHEN {a} < {b} THEN {a} ELSE {b} END"),
            _ => format!("LEAST({a}, {b})"),
        }
    }

    /// The difference of two numbers in steps of 10^-scale.
    pub fn steps(self, a: &str, b: &str, scale: u32) -> String {
        let whole = if self == Dialect::Sqlite { "INTEGER" } else { "BIGINT" };
        match scale {
            0 => format!("CAST({b} - {a} AS {whole})"),
            _ => format!("CAST(ROUND(({b} - {a}) * {}) AS {whole})", 10i64.saturating_pow(scale)),
        }
    }

    /// Minutes since day 0 of a moment; seconds are cut off.
    pub fn minutes(self, column: &str) -> String {
        let seconds = clock::UNIX * 60;
        match self {
            Dialect::Ansi => {
                let since =
                    format!("({column} - CAST('{} 00:00:00+00:00' AS TIMESTAMP WITH TIME ZONE))", clock::EPOCH_TEXT);
                format!(
                    "(EXTRACT(DAY FROM {since}) * 1440 + EXTRACT(HOUR FROM {since}) * 60 + EXTRACT(MINUTE FROM {since}))"
                )
            }
            Dialect::Postgresql => format!("(CAST(FLOOR(EXTRACT(EPOCH FROM {column})) AS BIGINT) + {seconds}) / 60"),
            Dialect::Sqlite => format!("(CAST(strftime('%s', {column}) AS INTEGER) + {seconds}) / 60"),
            Dialect::Duckdb => format!("(epoch_us({column}) + {seconds}000000) // 60000000"),
            Dialect::Spark => format!("(unix_seconds({column}) + {seconds}) div 60"),
        }
    }

    /// Days since day 0 of a date.
    pub fn days(self, column: &str) -> String {
        let zero = self.date(clock::EPOCH);
        match self {
            Dialect::Ansi => {
                format!("EXTRACT(DAY FROM (CAST({column} AS TIMESTAMP) - TIMESTAMP '{} 00:00:00'))", clock::EPOCH_TEXT)
            }
            Dialect::Postgresql => format!("({column} - {zero})"),
            Dialect::Sqlite => format!("CAST(julianday({column}) - julianday({zero}) AS INTEGER)"),
            Dialect::Duckdb => format!("date_diff('day', {zero}, {column})"),
            Dialect::Spark => format!("datediff({column}, {zero})"),
        }
    }

    /// Minutes since midnight of a time.
    pub fn clock(self, column: &str) -> String {
        let whole = if self == Dialect::Sqlite { "INTEGER" } else { "INT" };
        match self {
            Dialect::Sqlite | Dialect::Spark => {
                format!("(CAST(substr({column}, 1, 2) AS {whole}) * 60 + CAST(substr({column}, 4, 2) AS {whole}))")
            }
            _ => format!("(EXTRACT(HOUR FROM {column}) * 60 + EXTRACT(MINUTE FROM {column}))"),
        }
    }

    /// Whole months from one day to another, both in days since day 0.
    pub fn months(self, from: &str, to: &str) -> String {
        let part = |part: &str, day: &str| {
            let zero = self.date(clock::EPOCH);
            let date = match self {
                Dialect::Ansi => format!("{zero} + {day} * INTERVAL '1' DAY"),
                Dialect::Postgresql | Dialect::Duckdb => format!("{zero} + CAST({day} AS INTEGER)"),
                Dialect::Sqlite => format!("date({zero}, {day} || ' days')"),
                Dialect::Spark => format!("date_add({zero}, CAST({day} AS INT))"),
            };
            match (self, part) {
                (Dialect::Sqlite, "YEAR") => format!("CAST(strftime('%Y', {date}) AS INTEGER)"),
                (Dialect::Sqlite, "MONTH") => format!("CAST(strftime('%m', {date}) AS INTEGER)"),
                (Dialect::Sqlite, _) => format!("CAST(strftime('%d', {date}) AS INTEGER)"),
                _ => format!("EXTRACT({part} FROM {date})"),
            }
        };
        let next = format!("({to} + 1)");
        format!(
            "(({} - {}) * 12 + {} - {} - CASE WHEN {} > {} AND {} <> 1 THEN 1 ELSE 0 END)",
            part("YEAR", to),
            part("YEAR", from),
            part("MONTH", to),
            part("MONTH", from),
            part("DAY", from),
            part("DAY", to),
            part("DAY", &next),
        )
    }
}
