// One article: saved while it is typed, sections by digits, neighbours by j and k.
(() => {
  "use strict";
  const QUIET_MS = 1000;
  let timer = 0;
  let saving = false;
  let dirty = false;
  let stopped = false;

  const form = () => document.getElementById("typed");
  const saved = (text) => { document.getElementById("saved").textContent = text; };
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

  async function save() {
    clearTimeout(timer);
    if (saving || stopped || !dirty || !form()) return;
    saving = true;
    dirty = false;
    try {
      const answer = await fetch(form().action, {
        method: "POST",
        body: new FormData(form()),
        headers: { Accept: "application/json", "HX-Request": "true", "X-CSRF-Token": form().elements.csrf.value },
      });
      if (answer.ok) {
        form().elements.version.value = (await answer.json()).version;
        saved(`${clock()} 已保存`);
      } else {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        stopped = answer.status === 409;
        refuse(page.body.textContent.trim() || "没有保存，请刷新后重试");
      }
    } catch {
      dirty = true;
      saved("连不上服务器，稍后再存");
      timer = setTimeout(save, 5000);
    }
    saving = false;
    if (dirty && !stopped) timer = setTimeout(save, QUIET_MS);
  }

  /** Says why nothing was saved; what was typed stays on the screen to be copied. */
  function refuse(text) {
    saved("没有保存");
    form().querySelector(".problem")?.remove();
    const line = document.createElement("p");
    line.className = "problem";
    line.setAttribute("role", "alert");
    line.textContent = text + (stopped ? "。您写的文字还在下面，可以先复制出来，再重新打开这篇稿件。" : "");
    form().querySelector(".pane-head").after(line);
  }

  async function finish() {
    while (saving) await new Promise((resolve) => setTimeout(resolve, 50));
    await save();
    if (!stopped && !dirty && !form().querySelector(".problem")) location.assign(`/pool/${article()}`);
  }

  const article = () => document.getElementById("article").dataset.id;

  document.addEventListener("input", (event) => {
    if (!form()?.contains(event.target) || stopped) return;
    dirty = true;
    form().querySelector(".problem")?.remove();
    saved("正在输入……");
    clearTimeout(timer);
    timer = setTimeout(save, QUIET_MS);
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    finish();
  });
  document.addEventListener("htmx:afterSettle", () => { form()?.elements.title.focus({ preventScroll: true }); });
  addEventListener("beforeunload", (event) => {
    if (dirty && !stopped) {
      save();
      event.preventDefault();
    }
  });

  function neighbour(step) {
    const list = JSON.parse(sessionStorage.getItem("bulletin-list") || "[]");
    const next = list[list.indexOf(article()) + step];
    if (list.includes(article()) && next) location.assign(`/pool/${next}`);
  }
  const back = () => sessionStorage.getItem("bulletin-list-address") || "/pool";

  document.addEventListener("click", (event) => {
    if (event.target.id === "back") event.target.href = back();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (form()) {
      if (event.key === "Escape" && !event.isComposing) finish();
      return;
    }
    if (event.target.matches("input, textarea, select")) return;
    const buttons = [...document.querySelectorAll("#sections button")];
    if (/^[0-9]$/.test(event.key) && buttons.length) {
      (event.key === "0" ? buttons.at(-1) : buttons.slice(0, -1)[Number(event.key) - 1])?.click();
    } else if (event.key === "e") document.getElementById("edit")?.click();
    else if (event.key === "p") document.querySelector("#wish button")?.click();
    else if (event.key === "j") neighbour(1);
    else if (event.key === "k") neighbour(-1);
    else if (event.key === "u") location.assign(back());
    else if (event.key === "?") document.getElementById("help").showModal();
    else return;
    event.preventDefault();
  });
})();
