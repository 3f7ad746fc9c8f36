// What every page needs: messages from htmx, menus that close, selects that submit by themselves.
(() => {
  "use strict";

  /** Shows a message at the foot of the page for a while; `text` is plain text. */
  function toast(text, kind = "problem", seconds = 8) {
    const line = document.createElement("p");
    line.className = kind;
    line.textContent = text;
    if (kind === "problem") line.setAttribute("role", "alert");
    document.getElementById("toasts").append(line);
    setTimeout(() => line.remove(), seconds * 1000);
  }
  window.desk = { toast };

  document.addEventListener("htmx:responseError", (event) => {
    const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    toast((answer.body.textContent || "").trim().slice(0, 300) || "没有成功，请重试");
  });
  document.addEventListener("htmx:sendError", () => toast("连不上服务器，请检查网络后重试"));

  // The server can send a message with any answer: HX-Trigger: {"notice": "已保存"} (as \u escapes).
  document.addEventListener("notice", (event) => toast(event.detail.value, "notice", 4));

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    const printer = event.target.closest("[data-print]");
    if (printer) window.print();
    // Back, not anew: what was typed is still in its fields.
    if (event.target.closest("[data-back]")) history.back();
  });

  /** What is wrong with a field, in Chinese whatever language the browser speaks. */
  function complaint(field) {
    const state = field.validity;
    if (state.valueMissing) return field.type === "checkbox" ? "请先勾选这一项" : "请填写这一项";
    if (state.typeMismatch) return field.type === "email" ? "请写邮箱地址，如 xc@example.gov.cn" : "请写完整的网址，如 https://www.example.gov.cn";
    if (state.tooShort) return `至少要 ${field.minLength} 个字符`;
    if (state.tooLong) return `最多 ${field.maxLength} 个字符`;
    if (state.patternMismatch && field.title) return field.title;
    return state.customError ? field.validationMessage : "内容不合要求";
  }
  document.addEventListener("invalid", (event) => event.target.setCustomValidity(complaint(event.target)), true);
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => event.target.setCustomValidity?.(""), true);
  }

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // On a phone the navigation is wider than the screen: the page one is on comes into sight.
  document.querySelector(".main-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
