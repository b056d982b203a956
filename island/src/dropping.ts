// A picture that is pasted into a form, or a file dropped on it, goes into the form's own file field.

const forms = document.querySelectorAll<HTMLFormElement>("form[data-drop]");

function take(form: HTMLFormElement, files: FileList | undefined): boolean {
  const field = form.querySelector<HTMLInputElement>("input[type=file]");
  if (!field || !files?.length) return false;
  const held = new DataTransfer();
  for (const file of field.multiple ? [...field.files ?? [], ...files] : [files[0]]) if (file) held.items.add(file);
  field.files = held.files;
  say(form, field);
  return true;
}

function say(form: HTMLFormElement, field: HTMLInputElement): void {
  const output = form.querySelector<HTMLOutputElement>("output.dropped");
  if (!output) return;
  const names = [...field.files ?? []].map((file) => file.name).join(", ");
  output.textContent = `${output.dataset["says"] ?? ""} ${names}`;
  output.hidden = !names;
}

for (const form of forms) {
  form.addEventListener("paste", (event) => { if (take(form, event.clipboardData?.files)) event.preventDefault(); });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (take(form, event.dataTransfer?.files)) event.preventDefault();
  });
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "file") say(form, event.target);
  });
}

export {};
