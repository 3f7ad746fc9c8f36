// The draft: dragging within and between sections and from the pool, arrow keys on the handle, conflicts shown in place.
(() => {
  "use strict";

  const draft = () => document.getElementById("draft");

  function act(values) {
    const { id, version } = draft().dataset;
    htmx.ajax("POST", `/arrange/${id}/act`, {
      source: draft(),
      target: "#draft",
      swap: "outerHTML",
      values: { version, ...values },
    });
  }

  function dropped(event) {
    const { item, from, to, newIndex, oldIndex } = event;
    if (!to.dataset.section || (from === to && newIndex === oldIndex)) return;
    const values = { article: item.dataset.article, section: to.dataset.section, place: newIndex };
    act({ act: "pool" in from.dataset ? "put" : "move", ...values });
  }

  function sortable() {
    for (const list of document.querySelectorAll("ol.entries:not([data-ready])")) {
      list.dataset.ready = "";
      Sortable.create(list, {
        group: "entries", handle: ".handle", draggable: ".entry, .spare", animation: 120,
        delay: 120, delayOnTouchOnly: true, ghostClass: "ghost", onEnd: dropped,
      });
    }
    for (const list of document.querySelectorAll("[data-pool]:not([data-ready])")) {
      list.dataset.ready = "";
      Sortable.create(list, {
        group: { name: "entries", pull: true, put: false }, sort: false, draggable: ".spare", filter: "form, a",
        preventOnFilter: false, delay: 200, delayOnTouchOnly: true, ghostClass: "ghost", onEnd: dropped,
      });
    }
  }

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".handle");
    const key = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!handle || !key) return;
    event.preventDefault();
    act({ act: key, article: handle.closest(".entry").dataset.article });
  });

  // The forms of the pool were made for an earlier version of the draft than the one that stands beside them now.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-fresh-version]")) event.detail.parameters.version = draft().dataset.version;
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409 && event.detail.target.id === "draft") {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // What goes out comes back to the list beside, and the other way round.
  document.addEventListener("draft-changed", () => {
    const form = document.querySelector("#pool > form");
    if (form) htmx.trigger(form, "submit");
  });

  document.addEventListener("htmx:afterSettle", sortable);
  document.addEventListener("DOMContentLoaded", sortable);
})();
