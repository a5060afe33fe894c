//! Tables -> an Excel workbook (Office Open XML, ECMA-376): a sheet for each decision, and one that says where they come from.
//!
//! Every cell is text, so no program takes `1-2` for a date, `=x` for a formula or a long number for a float. The head is
//! frozen and has filters; results have colours. The bytes are the same each time: the file bears no date of its own.

use super::{Export, Fidelity, Written};
use crate::tabulate::{ABSENT, Hit, Row, Table};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

/// Columns are no wider than so many characters; longer texts wrap.
const WIDEST: usize = 36;
/// Excel takes no sheet of more rows.
pub const MOST_ROWS: usize = 1_048_576;
/// Nor a cell with more characters.
const LONGEST: usize = 32_767;

pub fn export(export: &Export<'_>) -> Written {
    let mut fidelity = Fidelity::whole();
    let rows = export.sheets.iter().map(|s| s.table.rows.len()).max().unwrap_or(0);
    if rows >= MOST_ROWS {
        fidelity.left_out("rows past the first 1,048,575", "a spreadsheet has no more");
    }
    let main = write(export, &mut fidelity).unwrap_or_default();
    Written { main, beside: Vec::new(), fidelity }
}

fn write(export: &Export<'_>, fidelity: &mut Fidelity) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(export.title()).set_comment("Written by Ordain from the policy");
    workbook.set_properties(&properties.set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let mut names = Vec::new();
    for sheet in &export.sheets {
        let name = sheet_name(&sheet.table.name, &mut names);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(name)?;
        table(worksheet, sheet.table, fidelity)?;
    }
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(sheet_name("About", &mut names))?;
    about(worksheet, export, fidelity)?;
    workbook.save_to_buffer()
}

/// At most 31 characters, none of `[]:*?/\`, unlike the others whatever the case of letters.
fn sheet_name(wish: &str, taken: &mut Vec<String>) -> String {
    let plain: String = wish.chars().map(|c| if "[]:*?/\\'".contains(c) { '_' } else { c }).take(28).collect();
    let mut name = plain.clone();
    let mut n = 1;
    while taken.contains(&name.to_lowercase()) {
        n += 1;
        name = format!("{plain}_{n}");
    }
    taken.push(name.to_lowercase());
    name
}

/// The cell's text, as far as a cell holds it.
fn text(text: &str, fidelity: &mut Fidelity) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_string();
    }
    fidelity.left_out("the ends of texts of more than 32,767 characters", "a cell holds no more");
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn table(worksheet: &mut Worksheet, table: &Table, fidelity: &mut Fidelity) -> Result<(), XlsxError> {
    let any = |has: &dyn Fn(&Row) -> bool| table.rows.iter().any(has);
    let (duties, advice) = (any(&|r| !r.duties.is_empty()), any(&|r| !r.advice.is_empty()));
    let mut head = vec!["row".to_string()];
    head.extend(table.columns.iter().map(|c| c.title.clone()));
    let result = head.len();
    head.push(table.name.clone());
    head.extend(duties.then(|| "duties".to_string()));
    head.extend(advice.then(|| "advice".to_string()));
    head.extend(["rules", "citations"].map(str::to_string));
    let bold = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0x24_3B53))
        .set_font_color(Color::White);
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    let faint = plain.clone().set_font_color(Color::RGB(0x8A_8F98));
    let mut widths: Vec<usize> = head.iter().map(|h| h.width() + 4).collect();
    for (c, title) in head.iter().enumerate() {
        worksheet.write_string_with_format(0, c as u16, text(title, fidelity), &bold)?;
    }
    for (r, row) in table.rows.iter().take(MOST_ROWS - 1).enumerate() {
        let mut line = vec![(r + 1).to_string()];
        line.extend(row.texts.iter().cloned());
        line.push(row.says());
        line.extend(duties.then(|| row.duties.join(", ")));
        line.extend(advice.then(|| row.advice.join(", ")));
        line.push(table.deciders(row).join(", "));
        line.push(super::csv::citations(table, row).join(", "));
        let said = plain.clone().set_bold().set_background_color(colour(table, row));
        for (c, cell) in line.iter().enumerate() {
            widths[c] = widths[c].max(cell.width() + 2);
            let format = match c {
                _ if c == result => &said,
                _ if cell == "–" || cell == ABSENT => &faint,
                _ => &plain,
            };
            worksheet.write_string_with_format(r as u32 + 1, c as u16, text(cell, fidelity), format)?;
        }
    }
    for (c, width) in widths.iter().enumerate() {
        worksheet.set_column_width(c as u16, (*width).clamp(5, WIDEST) as f64)?;
    }
    let last = table.rows.len().clamp(1, MOST_ROWS - 1) as u32;
    worksheet.autofilter(0, 0, last, head.len() as u16 - 1)?;
    worksheet.set_freeze_panes(1, 1)?;
    worksheet.set_landscape().set_repeat_rows(0, 0)?;
    worksheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Green for permit, red for forbid, amber where nothing is decided; other values by their place, in quiet colours.
fn colour(table: &Table, row: &Row) -> Color {
    const OTHERS: [u32; 6] = [0xDC_E9F5, 0xEC_E4F4, 0xE0_F2EE, 0xF7_EAD9, 0xF4_E1E8, 0xEE_EEE6];
    match row.result.as_str() {
        "permit" => Color::RGB(0xD3_F0D8),
        "forbid" => Color::RGB(0xF8_D7D7),
        "conflict" | "undecided" => Color::RGB(0xFD_E8B5),
        other => match table.values.iter().position(|v| v == other) {
            Some(i) => Color::RGB(OTHERS[i % OTHERS.len()]),
            None => Color::White,
        },
    }
}

/// Where the tables come from and how they are read.
fn about(worksheet: &mut Worksheet, export: &Export<'_>, fidelity: &mut Fidelity) -> Result<(), XlsxError> {
    let mut lines: Vec<(String, String)> = vec![("policy".into(), export.title())];
    let mut rules: Vec<(String, String)> = Vec::new();
    for (i, sheet) in export.sheets.iter().enumerate() {
        let table = sheet.table;
        if i == 0 {
            let sources = table.policies.iter().flat_map(|p| &p.sources);
            lines.extend(sources.map(|s| ("source".to_string(), s.clone())));
            lines.push(("time zone".into(), export.model.zone.name.clone()));
        }
        let title = table.title.as_ref().map(|t| format!(" ({t})")).unwrap_or_default();
        lines.push((
            "table".into(),
            format!("{}{title}: hit policy {}: {}", table.name, table.hit.name(), table.meaning()),
        ));
        lines.extend(table.reason().map(|r| ("rows".to_string(), r.to_string())));
        lines.extend(table.proof.iter().map(|p| ("proof".to_string(), p.sentence())));
        if let Some(default) =
            table.default.as_ref().filter(|_| table.hit != Hit::Unique || table.rows.iter().any(|r| r.by_default))
        {
            lines.push(("by default".into(), format!("{default} where no rule speaks")));
        }
        lines.extend(table.legend.iter().cloned());
        lines.extend(table.duties.iter().filter_map(|d| Some((d.name.clone(), d.title.clone()?))));
        for rule in &table.rules {
            let cites = if rule.cites.is_empty() { String::new() } else { format!(" ({})", rule.cites.join(", ")) };
            let entry = (rule.path.clone(), format!("{}{cites}", rule.title.as_deref().unwrap_or_default()));
            if !rules.contains(&entry) {
                rules.push(entry);
            }
        }
    }
    lines.push(("–".into(), "does not matter".into()));
    lines.push((ABSENT.into(), "there is no such fact in these cases".into()));
    let losses: Vec<(String, String)> = fidelity.lines().iter().map(|l| ("fidelity".to_string(), l.clone())).collect();
    lines.extend(losses);
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    let mut r = 0;
    for (group, title) in [(&lines, "about"), (&rules, "rules")] {
        if title == "rules" && !group.is_empty() {
            r += 1;
            worksheet.write_string_with_format(r, 0, "rules", &bold)?;
            r += 1;
        }
        for (name, what) in group {
            worksheet.write_string_with_format(r, 0, text(name, fidelity), &bold)?;
            worksheet.write_string_with_format(r, 1, text(what, fidelity), &wrap)?;
            r += 1;
        }
    }
    worksheet.set_column_width(0, 28)?;
    worksheet.set_column_width(1, 100)?;
    Ok(())
}
