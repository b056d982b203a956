// Built from island/src by `npm run build`; not edited by hand.
"use strict";
(() => {
  // src/dropping.ts
  var forms = document.querySelectorAll("form[data-drop]");
  function take(form, files) {
    let field = form.querySelector("input[type=file]");
    if (!field || !files?.length) return !1;
    let held = new DataTransfer();
    for (let file of field.multiple ? [...field.files ?? [], ...files] : [files[0]]) file && held.items.add(file);
    return field.files = held.files, say(form, field), !0;
  }
  function say(form, field) {
    let output = form.querySelector("output.dropped");
    if (!output) return;
    let names = [...field.files ?? []].map((file) => file.name).join(", ");
    output.textContent = `${output.dataset.says ?? ""} ${names}`, output.hidden = !names;
  }
  for (let form of forms)
    form.addEventListener("paste", (event) => {
      take(form, event.clipboardData?.files) && event.preventDefault();
    }), form.addEventListener("dragover", (event) => {
      event.dataTransfer?.types.includes("Files") && (event.preventDefault(), form.classList.add("over"));
    }), form.addEventListener("dragleave", () => form.classList.remove("over")), form.addEventListener("drop", (event) => {
      form.classList.remove("over"), take(form, event.dataTransfer?.files) && event.preventDefault();
    }), form.addEventListener("change", (event) => {
      event.target instanceof HTMLInputElement && event.target.type === "file" && say(form, event.target);
    });
})();
