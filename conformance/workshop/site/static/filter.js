// A field above each table that filters its rows, by a word and by the column in which they are broken.
"use strict";
for (const table of document.querySelectorAll("table.filterable")) {
  const rows = [...table.tBodies[0].rows];
  const word = document.createElement("input");
  word.type = "search";
  word.placeholder = "uids, falsy, ...";
  const column = document.createElement("select");
  column.append(new Option("whatever it is", ""));
  [...table.tHead.rows[0].cells].slice(1).forEach((cell, index) => column.append(new Option(cell.textContent, index + 1)));
  const count = document.createElement("output");
  const filter = () => {
    const words = word.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const broken = !column.value || row.cells[column.value].textContent.includes("✗");
      row.hidden = !(broken && words.every((each) => row.textContent.toLowerCase().includes(each)));
    }
    count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  };
  const form = document.createElement("form");
  form.className = "filter";
  const labelled = (text, field) => {
    const label = document.createElement("label");
    label.append(text, " ", field);
    return label;
  };
  form.append(labelled("Clauses with", word), labelled("broken in", column), count);
  form.onsubmit = (event) => event.preventDefault();
  word.oninput = column.onchange = filter;
  const frame = document.createElement("div");
  frame.className = "frame";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Table");
  table.before(form, frame);
  frame.append(table);
  filter();
}
