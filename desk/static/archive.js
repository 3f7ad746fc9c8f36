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

  for (const cover of document.querySelectorAll("img[data-cover]")) {
    let tries = 0;
    cover.addEventListener("error", () => {
      tries += 1;
      if (tries > 10) return;
      const address = new URL(cover.src);
      address.searchParams.set("try", tries);
      setTimeout(() => { cover.src = address; }, 1500 * tries);
    });
  }
})();
