"use strict";
// Filters rows by a case and by words, and opens a row's rules. Without it the page is a plain table.
for (const section of document.querySelectorAll("section.table")) {
  const data = JSON.parse(section.querySelector("script[type='application/json']").textContent);
  const rows = [...section.querySelectorAll("tbody tr.row")];
  const form = section.querySelector("form");
  const count = section.querySelector(".count");
  const search = form.querySelector("input[type=search]");
  const fields = [...form.querySelectorAll("[data-feature]")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  form.hidden = false;

  // Whether a value passes a test: null is no test, "" an absent fact; [absent, kind, what].
  const holds = (test, value) => {
    if (!test) return true;
    const [absent, kind, what] = test;
    if (value === null) return absent;
    if (kind === "any") return true;
    if (kind === "none") return false;
    if (kind === "is") return what.includes(value);
    return what.some(([lo, hi]) => (lo === null || lo <= value) && (hi === null || value <= hi));
  };
  const number = (field) => {
    const scale = Number(field.dataset.scale || 0);
    return Math.round(Number(field.value) * 10 ** scale);
  };
  // What is filled in, in the units of the tests; undefined where nothing is.
  const value = (field) => {
    if (field.value === "") return undefined;
    if (field.value === "(none)") return null;
    switch (field.dataset.kind) {
      case "choice": return Number(field.value);
      case "number": return number(field);
      case "date": return Date.parse(field.value + "T00:00:00Z") / 86400000;
      case "time": { const [h, m] = field.value.split(":"); return h * 60 + Number(m); }
      // The policy's local time, as its tests have it.
      case "datetime": return Date.parse(field.value + ":00Z") / 60000;
    }
  };
  const apply = () => {
    const asked = fields.map((f) => [Number(f.dataset.feature), value(f)]).filter(([, v]) => v !== undefined && !Number.isNaN(v));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      const lines = data.rows[i];
      const fits = lines.some((tests) => asked.every(([f, v]) => holds(tests[f], v))) && words.every((w) => texts[i].includes(w));
      row.hidden = !fits;
      if (!fits) close(row);
      shown += fits;
    });
    count.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
    const set = fields.filter((f) => f.value !== "").length;
    form.querySelector("summary").textContent = set ? `Filter by facts (${set} set)` : "Filter by facts";
  };

  const list = (items) => items.map((item) => {
    const li = document.createElement("li");
    const code = document.createElement("code");
    code.textContent = item.path;
    li.append(code, item.title ? ` ${item.title}` : "", item.cites.length ? ` (${item.cites.join(", ")})` : "");
    return li;
  });
  const close = (row) => {
    if (row.nextElementSibling?.classList.contains("more")) row.nextElementSibling.remove();
    row.classList.remove("chosen");
    row.setAttribute("aria-expanded", "false");
  };
  const open = (row) => {
    if (row.classList.contains("chosen")) return close(row);
    rows.forEach(close);
    row.classList.add("chosen");
    row.setAttribute("aria-expanded", "true");
    const more = document.createElement("tr");
    more.className = "more";
    const cell = document.createElement("td");
    cell.colSpan = row.cells.length;
    const facts = data.info[rows.indexOf(row)];
    const rules = facts.rules.map((r) => data.rules[r]);
    if (facts.kinds) cell.append(paragraph(facts.kinds));
    if (rules.length) {
      const ul = document.createElement("ul");
      ul.append(...list(rules));
      cell.append(paragraph("Decided by"), ul);
    }
    if (facts.by_default) cell.append(paragraph(facts.by_default));
    more.append(cell);
    row.after(more);
  };
  const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });

  rows.forEach((row) => {
    row.tabIndex = 0;
    row.setAttribute("aria-expanded", "false");
    row.addEventListener("click", () => open(row));
    row.addEventListener("keydown", (event) => {
      const visible = rows.filter((r) => !r.hidden);
      const at = visible.indexOf(row);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(row); }
      else if (event.key === "Escape") close(row);
      else if (step && visible[at + step]) { event.preventDefault(); visible[at + step].focus(); }
    });
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
}
