// A deal's page follows its deal: told by the event stream, and where there is none by asking every
// few seconds. "look" makes the page ask; what it then shows is the server's to say.
(() => {
  const ASK_EVERY = 3000;
  const TRY_AGAIN = 60000;
  const place = document.getElementById("live");
  if (!place) return;
  const address = place.dataset.stream;
  let source = null;
  let asking = null;
  let again = null;

  const look = () => document.body.dispatchEvent(new Event("look"));
  const ask = (on) => {
    clearInterval(asking);
    asking = on ? setInterval(look, ASK_EVERY) : null;
    document.documentElement.dataset.follows = on ? "asking" : "stream";
  };
  const stop = () => {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  };
  const listen = () => {
    stop();
    source = new EventSource(address, { withCredentials: true });
    source.addEventListener("open", () => ask(false));
    source.addEventListener("deal", look);
    source.addEventListener("error", () => {
      ask(true);
      // Refused for good (too many, logged out, no such server): asking goes on meanwhile.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, TRY_AGAIN);
    });
  };
  const follow = () => {
    // A page nobody looks at holds no stream; seen again it is told to look as the stream opens.
    if (document.hidden) {
      stop();
      clearInterval(asking);
    } else {
      ask(true);
      listen();
    }
  };

  // What the reader had opened, and where the focus was, stay so when the part is swapped.
  const name = (node) => `${node.closest("tr")?.rowIndex ?? ""}|${node.getAttribute("href") ?? node.textContent.trim()}`;
  const inside = (what) => [...document.querySelectorAll(`#live ${what}`)];
  let opened = [];
  let held = null;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "live") return;
    opened = inside("details[open] > summary").map(name);
    held = document.activeElement.closest("#live") ? name(document.activeElement) : null;
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const summary of inside("summary")) {
      if (opened.includes(name(summary))) summary.parentElement.open = true;
    }
    if (held) inside("a, button, summary").find((node) => name(node) === held)?.focus({ preventScroll: true });
    opened = [];
    held = null;
  });

  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", stop);
  window.addEventListener("load", follow);
})();
