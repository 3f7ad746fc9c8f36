// Sending in: dropped files and folders, in groups, with the progress of each file.
(() => {
  "use strict";
  const GROUP_FILES = 20;
  const GROUP_BYTES = 20 * 2 ** 20;
  const form = document.getElementById("drop");
  const list = document.getElementById("uploading");
  const csrf = form.elements.csrf.value;

  function row(path, size) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = path;
    const bar = document.createElement("progress");
    bar.max = Math.max(size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", `${path} 上传进度`);
    item.append(name, bar);
    list.append(item);
    return { item, bar, size };
  }

  function groups(found) {
    const result = [];
    let bytes = 0;
    for (const one of found) {
      if (!result.length || result.at(-1).length >= GROUP_FILES || bytes + one.file.size > GROUP_BYTES) {
        result.push([]);
        bytes = 0;
      }
      result.at(-1).push(one);
      bytes += one.file.size;
    }
    return result;
  }

  function post(group, rows, batch) {
    const data = new FormData();
    data.append("batch", batch);
    for (const { file, path } of group) {
      data.append("files", file, file.name);
      data.append("paths", path);
    }
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-CSRF-Token", csrf);
      request.setRequestHeader("HX-Request", "true");
      request.upload.addEventListener("progress", (event) => {
        let left = event.loaded;
        for (const { bar, size } of rows) {
          bar.value = Math.min(left, size || 1);
          left = Math.max(0, left - size);
        }
      });
      request.addEventListener("load", () => {
        const answer = new DOMParser().parseFromString(request.responseText, "text/html");
        if (request.status < 300) resolve(answer);
        else reject(new Error(answer.body.textContent.trim() || "没有收到"));
      });
      request.addEventListener("error", () => reject(new Error("连不上服务器，请检查网络后重试")));
      request.send(data);
    });
  }

  async function send(found) {
    const usable = found.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
    if (!usable.length) return;
    list.replaceChildren();
    let batch = "";
    const work = groups(usable).map((group) => [group, group.map(({ path, file }) => row(path, file.size))]);
    for (const [group, rows] of work) {
      try {
        const answer = await post(group, rows, batch);
        batch = answer.getElementById("batch").dataset.batch;
        rows.forEach(({ item }) => item.remove());
        const place = document.getElementById("batch");
        place.replaceWith(document.adoptNode(answer.getElementById("batch")));
        htmx.process(document.getElementById("batch"));
      } catch (error) {
        rows.forEach(({ item, bar }) => {
          bar.remove();
          const why = document.createElement("span");
          why.className = "tag bad";
          why.textContent = error.message;
          item.append(why);
        });
      }
    }
  }

  function walk(entry, prefix) {
    return new Promise((resolve) => {
      if (entry.isFile) {
        entry.file((file) => resolve([{ file, path: prefix + file.name }]), () => resolve([]));
        return;
      }
      const reader = entry.createReader();
      const found = [];
      const more = () =>
        reader.readEntries(async (entries) => {
          if (!entries.length) {
            resolve(found);
            return;
          }
          for (const one of entries) found.push(...(await walk(one, `${prefix}${entry.name}/`)));
          more();
        }, () => resolve(found));
      more();
    });
  }

  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (entries.every(Boolean) && entries.length) {
      const found = [];
      for (const entry of entries) found.push(...(await walk(entry, "")));
      send(found);
    } else {
      send([...event.dataTransfer.files].map((file) => ({ file, path: file.name })));
    }
  });
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      send([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
      input.value = "";
    });
  }
  // A text or link that was taken leaves its form empty.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt.matches("form[data-clear]")) event.detail.elt.reset();
  });
})();
