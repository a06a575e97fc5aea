// Makes examples that can be edited and run, on one release or on two side by side. Without it they are there to be read.
"use strict";
(() => {
  // What scrolls has to be reached by keyboard.
  for (const box of document.querySelectorAll(".highlight pre, .sidebar-scroll, .toc-scroll, .sidebar-drawer, .toc-drawer"))
    box.tabIndex = 0;
  // What stands beside the text is told apart by its name.
  for (const [name, label] of [[".sidebar-drawer", "Contents"], [".toc-drawer", "On this page"]])
    document.querySelector(`aside${name}`)?.setAttribute("aria-label", label);

  const PATIENCE = 20_000;
  const NEWEST = "django-6.1";
  const script = document.currentScript.src;
  const at = (name) => new URL(name, script).href;
  const examples = [...document.querySelectorAll("div.runnable")];
  if (!examples.length) return;

  const stored = {
    get: (key, otherwise) => { try { return localStorage.getItem(key) ?? otherwise; } catch { return otherwise; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* It is asked for anew next time. */ } },
  };
  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  if (location.protocol === "file:") {
    for (const example of examples) {
      const note = "To run and edit it here, serve this folder: python3 -m http.server";
      example.after(make("p", { class: "note" }, note));
    }
    return;
  }

  let worker = null;
  const waiting = new Map();
  let number = 0;

  function started() {
    if (worker) return worker;
    worker = new Worker(at("worker.mjs"), { type: "module" });
    worker.onmessage = ({ data }) => waiting.get(data.id)?.(data);
    worker.onerror = () => stop("This browser cannot run Python in a worker.");
    return worker;
  }

  function stop(text) {
    worker?.terminate();
    worker = null;
    const open = [...waiting.values()];
    waiting.clear();
    for (const answer of open) answer({ verdict: "unknown", text });
  }

  function run(code, release) {
    return new Promise((resolve) => {
      const id = ++number;
      let timer;
      waiting.set(id, (data) => {
        if (data.begun) {
          timer = setTimeout(() => stop("It was stopped after 20 seconds."), PATIENCE);
          return;
        }
        clearTimeout(timer);
        waiting.delete(id);
        resolve(data);
      });
      started().postMessage({ id, code, release });
    });
  }

  const SAID = { passes: "✓ runs to its end", fails: "✗ fails", unknown: "? cannot be run" };

  function outcome(release, { verdict, text }) {
    const made = make("section", { class: `outcome ${verdict}` }, make("p", {}, make("strong", {}, release), ` ${SAID[verdict]}`));
    if (text) made.append(make("pre", { tabindex: "0", "aria-label": `What ${release} printed` }, text));
    return made;
  }

  function chooser(label, names, chosen) {
    const select = make("select", { "aria-label": label });
    for (const [value, text] of names) select.append(make("option", { value }, text));
    select.value = names.some(([value]) => value === chosen) ? chosen : names[0][0];
    return select;
  }

  function enhance(example, releases) {
    const pre = example.querySelector("pre");
    const code = pre.textContent;
    const name = example.previousElementSibling?.textContent.replace("¶", "").trim() || "example";
    const names = releases.map((each) => [each, each]);
    const one = chooser("Release", names, stored.get("signalspec-one", NEWEST));
    const two = chooser("Beside it", [["", "one release"], ...names.map(([value, text]) => [value, `and ${text}`])], stored.get("signalspec-two", ""));
    const go = make("button", { type: "button", class: "run", "aria-label": `Run ${name}` }, "Run");
    const edit = make("button", { type: "button", "aria-label": `Edit ${name}`, "aria-pressed": "false" }, "Edit");
    const field = make("textarea", { "aria-label": `Code of ${name}`, spellcheck: "false", rows: code.split("\n").length, hidden: "" });
    field.value = code.replace(/\n$/, "");
    const results = make("div", { class: "outcomes", role: "status" });
    const bar = make("div", { class: "bar" }, go, one, two, edit);
    example.after(field, bar, results);

    edit.onclick = () => {
      const editing = field.hidden;
      field.hidden = !editing;
      example.hidden = editing;
      edit.setAttribute("aria-pressed", String(editing));
      edit.textContent = editing ? "As it was" : "Edit";
      if (editing) field.focus();
      else field.value = code.replace(/\n$/, "");
    };
    go.onclick = async () => {
      stored.set("signalspec-one", one.value);
      stored.set("signalspec-two", two.value);
      go.disabled = true;
      results.replaceChildren(make("p", {}, worker ? "Running ..." : "Python is starting; the first run takes some seconds ..."));
      const chosen = [...new Set([one.value, two.value].filter(Boolean))];
      const found = [];
      for (const release of chosen) found.push(outcome(release, await run(`${field.value}\n`, release)));
      results.replaceChildren(...found);
      go.disabled = false;
    };
    field.onkeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go.click();
    };
  }

  fetch(at("run/releases.json"))
    .then((answer) => answer.json())
    .then((releases) => {
      for (const example of examples) enhance(example, releases);
      // What a link leads to has moved down meanwhile.
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    })
    .catch(() => { /* They stay what they are: text. */ });
})();
