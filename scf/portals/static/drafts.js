// What somebody types into the forms of a page marked data-drafts is kept in this browser until it is
// sent, so that a closed window, a lost network or an expired login loses nothing. Logging out
// forgets it all.
(() => {
  const PREFIX = "scf-draft:";
  const KEEP_MS = 14 * 24 * 3600 * 1000;
  let store;
  try {
    store = window.localStorage;
    store.length;
  } catch {
    return; // a browser that keeps nothing keeps no drafts
  }

  const read = (key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  };
  const ours = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const forget = (keys) => keys.forEach((key) => store.removeItem(key));

  forget(ours().filter((key) => !(Date.now() - (read(key)?.at ?? 0) < KEEP_MS)));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[action$='/accounts/logout/']")) forget(ours());
  });

  const place = document.querySelector("[data-drafts]");
  if (!place) return;
  const mine = PREFIX + place.dataset.drafts + ":";
  // Of the same thing only the version before us counts: an older one was sent.
  const subject = PREFIX + place.dataset.drafts.split(":").slice(0, -1).join(":") + ":";
  forget(ours().filter((key) => key.startsWith(subject) && !key.startsWith(mine)));

  const note = (field, key) => {
    const said = document.createElement("p");
    said.className = "draft-note text-secondary";
    said.setAttribute("role", "status");
    said.append(place.dataset.restored + " ");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm";
    drop.textContent = place.dataset.discard;
    drop.addEventListener("click", () => {
      field.value = field.defaultValue;
      store.removeItem(key);
      said.remove();
      field.focus();
    });
    said.append(drop);
    field.after(said);
  };

  for (const field of place.querySelectorAll("form[method=post] textarea, form[method=post] input[type=text]")) {
    const key = mine + new URL(field.form.action).pathname.split("/").pop() + ":" + field.name;
    const kept = read(key);
    if (kept && field.value === field.defaultValue && kept.text !== field.value) {
      field.value = kept.text;
      note(field, key);
    }
    field.addEventListener("input", () => {
      if (field.value === field.defaultValue) store.removeItem(key);
      else {
        try {
          store.setItem(key, JSON.stringify({ text: field.value, at: Date.now() }));
        } catch {
          // full: what is typed stays on the page
        }
      }
    });
  }
})();
