// Runs examples in Python, away from the page: one message with code and a release, one answer with what came of it.
import { loadPyodide } from "./run/pyodide.mjs";

const base = new URL("./run/", import.meta.url);
const fetched = async (name) => new Uint8Array(await (await fetch(new URL(name, base))).arrayBuffer());

const ready = (async () => {
  const python = await loadPyodide({ indexURL: base.href });
  python.FS.mkdir("/releases");
  python.FS.writeFile("/releases/asgiref.zip", await fetched("asgiref.zip"));
  python.runPython(await (await fetch(new URL("./browser.py", import.meta.url))).text());
  return python;
})();

const have = new Set();

self.onmessage = async ({ data: { id, code, release } }) => {
  try {
    const python = await ready;
    if (!have.has(release)) {
      python.FS.writeFile(`/releases/${release}.zip`, await fetched(`${release}.zip`));
      have.add(release);
    }
    self.postMessage({ id, begun: true });
    const answer = python.globals.get("run")(code, release);
    self.postMessage({ id, ...JSON.parse(answer) });
  } catch (error) {
    self.postMessage({ id, verdict: "unknown", text: String(error) });
  }
};
