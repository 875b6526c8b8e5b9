// Keys for people who work with them all day: never while typing, never with Ctrl, Alt or Cmd, and to
// be turned off in the overlay that "?" opens.
(() => {
  const OFF = "scf-keys-off";
  const help = document.getElementById("keys-help");
  if (!help) return;
  const decide = document.getElementById("keys-decide");
  const main = document.getElementById("main");
  const recall = () => {
    try {
      return window.localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  };
  let off = recall();

  const shown = (node) => node.getClientRects().length > 0;
  const form = (...names) => names.map((name) => main.querySelector(`form[action$='/${name}']`)).find(Boolean);
  const go = (node) => {
    node.scrollIntoView({ block: "center" });
    node.focus();
  };

  const openDecision = () => {
    const target = form("approve", "recommend");
    if (!target || !decide) return false;
    target.id = target.id || "decision";
    const button = target.querySelector("button[type=submit]");
    decide.querySelector("[data-title]").textContent = button.textContent;
    const yes = decide.querySelector("button[data-yes]");
    yes.textContent = button.textContent;
    yes.setAttribute("form", target.id);
    decide.showModal();
    return true;
  };
  const openReturn = () => {
    const field = form("refuse", "send-back")?.querySelector("input:not([type=hidden]), textarea");
    if (field) go(field);
    return Boolean(field);
  };
  const search = () => {
    const field = main.querySelector("form[role=search] input[type=search]");
    if (field) {
      go(field);
      field.select();
      return true;
    }
    const list = document.querySelector("header nav a[href$='/applications/'], header nav a[href$='/orders/']");
    if (list) location.href = `${list.href}#id_q`;
    return Boolean(list);
  };
  const step = (by) => {
    const rows = [...main.querySelectorAll("table.cards tbody tr, ul.list-group > li")].filter(shown);
    if (!rows.length) return false;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1)];
    let inside = row.querySelector("a[href], summary, button");
    if (!inside || !shown(inside)) {
      row.tabIndex = -1;
      inside = row;
    }
    go(inside);
    return true;
  };
  const keys = {
    "?": () => (help.showModal(), true),
    "/": search,
    a: openDecision,
    r: openReturn,
    j: () => step(1),
    k: () => step(-1),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (off && event.key !== "?") return;
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
  });

  const toggle = help.querySelector("[data-keys-on]");
  toggle.checked = !off;
  toggle.addEventListener("change", () => {
    off = !toggle.checked;
    try {
      window.localStorage.setItem(OFF, off ? "1" : "0");
    } catch {
      // not kept: it counts for this page
    }
  });
  for (const button of document.querySelectorAll("[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
  if (location.hash === "#id_q") search();
})();
