"use strict";

for (const form of document.querySelectorAll("form.filter")) {
  const rows = [...form.parentElement.querySelectorAll("tbody tr")];
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const apply = () => {
    const text = form.elements.text.value.trim().toLowerCase();
    const status = form.elements.status.value;
    for (const row of rows) {
      row.hidden = (status && row.dataset.status !== status) || !words.get(row).includes(text);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    form.querySelector("output").value = `${shown} of ${rows.length} clauses`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link to a clause leads there, whatever the filter says.
  addEventListener("hashchange", () => {
    const row = rows.find((each) => each.hidden && each.matches(":target"));
    if (row) {
      form.reset();
      apply();
      row.scrollIntoView();
    }
  });
  form.hidden = false;
  apply();
}

for (const button of document.querySelectorAll("button.copy")) {
  const script = button.closest(".script").querySelector("code");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(script.textContent);
      button.textContent = "Copied";
    } catch {
      // Without permission or a secure context the user copies what is selected.
      getSelection().selectAllChildren(script);
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
  });
  button.hidden = false;
}
