// Small comforts; every page works without them.
// The database is there again: what said otherwise goes with the first answer.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelector("#refusal [data-away]")?.remove();
});
document.addEventListener("click", (event) => {
  // A copy button takes the text of the element it names.
  const button = event.target.closest("[data-copy]");
  if (button) {
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      document.getElementById("announce").textContent = button.dataset.copied;
    });
  }
  if (event.target.closest("[data-print]")) window.print();
  // An open menu closes when one clicks elsewhere.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  }
});

document.addEventListener("change", (event) => {
  // A choice that sends its form by itself; without scripts its button is there.
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  // One press sends once; the server would refuse the second anyway.
  const form = event.target;
  if (form.method === "post" && !form.dataset.many) {
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; }, 0);
  }
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
  }
});
