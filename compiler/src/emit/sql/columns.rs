//! Facts -> names of columns. Quoted names tell upper and lower case apart in some engines only, so no two columns differ
//! in that alone.

use crate::emit::{Dialect, Export};

#[derive(Debug, Default)]
pub struct Columns {
    /// Fact and column.
    names: Vec<(String, String)>,
}

impl Columns {
    pub fn of(export: &Export<'_>) -> Self {
        let mut columns = Self::default();
        for input in export.inputs() {
            let mut name = input.name.clone();
            let mut n = 1;
            while columns.names.iter().any(|c| c.1.eq_ignore_ascii_case(&name)) {
                n += 1;
                name = format!("{}_{n}", input.name);
            }
            columns.names.push((input.name.clone(), name));
        }
        columns
    }

    pub fn name(&self, fact: &str) -> String {
        self.names.iter().find(|c| c.0 == fact).map_or_else(|| fact.to_string(), |c| c.1.clone())
    }

    pub fn quoted(&self, dialect: Dialect, fact: &str) -> String {
        dialect.name(&self.name(fact))
    }

    /// Facts whose column has another name.
    pub fn renamed(&self) -> Vec<(String, String)> {
        self.names.iter().filter(|c| c.0 != c.1).cloned().collect()
    }
}
