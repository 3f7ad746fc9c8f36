// The archive: choose a whole year; a cover that is not there yet is asked for again.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-all]");
    if (!button) return;
    const boxes = [...button.form.querySelectorAll("input[name=issues]")];
    const wanted = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = wanted;
  });

  /** Shows the number in place of the cover until the cover is there. */
  function wait(cover) {
    const blank = document.createElement("span");
    blank.className = "blank";
    blank.textContent = cover.dataset.cover;
    const address = new URL(cover.src);
    let tries = 0;
    cover.addEventListener("load", () => blank.replaceWith(cover));
    cover.addEventListener("error", retry);
    function retry() {
      if (cover.isConnected) {
        cover.loading = "eager";
        cover.replaceWith(blank);
      }
      tries += 1;
      if (tries > 12) return;
      address.searchParams.set("try", tries);
      setTimeout(() => { cover.src = address; }, 1500 * tries);
    }
    if (cover.complete && cover.naturalWidth === 0) retry();
  }

  for (const cover of document.querySelectorAll("img[data-cover]")) wait(cover);
})();
