// The list of articles under the fingers: j/k, x, digits for sections, / and ?.
(() => {
  "use strict";
  let current = "";

  const pool = () => document.getElementById("pool");
  const rows = () => [...pool().querySelectorAll("tr.item")];
  const at = () => rows().findIndex((row) => row.dataset.id === current);

  function choose(index) {
    const all = rows();
    if (!all.length) return;
    const row = all[Math.max(0, Math.min(index, all.length - 1))];
    current = row.dataset.id;
    show();
    row.scrollIntoView({ block: "nearest" });
  }

  function show() {
    for (const row of rows()) {
      row.classList.toggle("current", row.dataset.id === current);
      if (row.dataset.id === current) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    const form = document.getElementById("pool-form");
    if (!form) return;
    const chosen = form.querySelectorAll("input[name=ids]:checked").length;
    document.getElementById("chosen").textContent = String(chosen);
    document.getElementById("bulk").hidden = chosen === 0;
    const all = document.getElementById("all");
    all.checked = chosen > 0 && chosen === form.querySelectorAll("input[name=ids]").length;
    sessionStorage.setItem("bulletin-list", JSON.stringify(rows().map((row) => row.dataset.id)));
    sessionStorage.setItem("bulletin-list-address", location.pathname + location.search);
  }

  function box(id) {
    return rows().find((row) => row.dataset.id === id)?.querySelector("input[name=ids]");
  }

  /** Presses a button of the bulk bar; without a choice the current row is meant. */
  function act(value) {
    const form = document.getElementById("pool-form");
    if (!form) return;
    if (!form.querySelector("input[name=ids]:checked")) {
      const own = box(current);
      if (!own) return;
      own.checked = true;
    }
    const index = at();
    document.addEventListener("htmx:afterSettle", () => choose(index), { once: true });
    // Clicked, because htmx learns from the click which button it was.
    [...form.querySelectorAll("button[name=act]")].find((button) => button.value === value)?.click();
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "all") {
      for (const one of document.querySelectorAll("#pool-form input[name=ids]")) one.checked = event.target.checked;
    }
    if (event.target.closest("#pool-form")) show();
  });
  document.addEventListener("htmx:afterSettle", show);
  // The versions of an article are fetched once; asking again folds them.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const opener = event.detail.elt;
    if (!opener.matches("[data-once]")) return;
    const opened = [];
    let next = opener.closest("tr").nextElementSibling;
    while (next?.classList.contains("version")) {
      opened.push(next);
      next = next.nextElementSibling;
    }
    if (opened.length) {
      event.preventDefault();
      opened.forEach((row) => row.remove());
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const sections = pool().dataset.sections.split("|");
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    if (event.key === "j") choose(at() + 1);
    else if (event.key === "k") choose(at() < 0 ? 0 : at() - 1);
    else if (event.key === "x") {
      const own = box(current);
      if (own) own.checked = !own.checked;
      show();
    } else if ((event.key === "Enter" || event.key === "o") && current && !event.target.closest("a, button")) {
      location.assign(`/pool/${current}`);
    } else if (digit && digit <= sections.length) act(`section:${sections[digit - 1]}`);
    else if (event.key === "0") act("section:不采用");
    else if (event.key === "p") act("pin");
    else if (event.key === "-") act("exclude");
    else if (event.key === "/") document.getElementById("words").focus();
    else if (event.key === "?") document.getElementById("help").showModal();
    else return;
    event.preventDefault();
  });
  show();
})();
