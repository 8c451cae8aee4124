// Keeps what is ticked and filled in, in this browser only. Nothing is sent anywhere.
(() => {
  "use strict";
  const key = "vup:" + document.documentElement.dataset.sheet;
  const fields = [...document.querySelectorAll("main input, main textarea")];
  const steps = [...document.querySelectorAll(".step.open")];
  const bar = document.querySelector(".bar");
  const isBox = (field) => field.type === "checkbox";
  const value = (field) => (isBox(field) ? field.checked : field.value);
  const initial = fields.map(value);
  const set = (field, to) => {
    if (isBox(field)) field.checked = to === true;
    else field.value = typeof to === "string" ? to : "";
  };

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key) || "{}") || {};
    } catch {
      return {};
    }
  };
  const save = () => {
    const changed = {};
    fields.forEach((field, index) => {
      if (value(field) !== initial[index]) changed[index] = value(field);
    });
    try {
      localStorage.setItem(key, JSON.stringify(changed));
      return true;
    } catch {
      return false;
    }
  };

  const grows = window.CSS && CSS.supports("field-sizing", "content");
  const fit = () => {
    if (grows) return;
    for (const field of fields.filter((field) => !isBox(field))) {
      field.style.height = "auto";
      field.style.height = field.scrollHeight + "px";
    }
  };
  const show = (kept) => {
    const done = steps.filter((step) => step.querySelector(".done input:checked, .results input:checked"));
    bar.querySelector("progress").max = Math.max(steps.length, 1);
    bar.querySelector("progress").value = done.length;
    bar.querySelector("output").textContent = `${done.length} of ${steps.length} steps`;
    bar.querySelector(".kept").textContent = kept
      ? "kept in this browser"
      : "this browser keeps nothing: print before you close it";
    fit();
  };
  const restore = () => {
    const known = read();
    fields.forEach((field, index) => set(field, index in known ? known[index] : initial[index]));
  };

  restore();
  show(save());
  bar.hidden = steps.length === 0 && fields.length === 0;
  document.addEventListener("input", () => show(save()));
  window.addEventListener("storage", (event) => {
    if (event.key === key) {
      restore();
      show(true);
    }
  });
  window.addEventListener("beforeprint", fit);
  bar.querySelector(".print").addEventListener("click", () => window.print());
  bar.querySelector(".clear").addEventListener("click", () => {
    if (!window.confirm("Clear everything that is ticked and filled in?")) return;
    fields.forEach((field, index) => set(field, initial[index]));
    show(save());
  });
})();
