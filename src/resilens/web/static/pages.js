// Built from island/src by `npm run build`; not edited by hand.
"use strict";
(() => {
  // src/pages.ts
  var typing = (target) => target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio], [type=submit]")), pressable = () => [...document.querySelectorAll("[data-key]")].filter((one) => one.offsetParent !== null);
  function written(one) {
    let copy = one?.cloneNode(!0);
    for (let key of copy?.querySelectorAll("kbd") ?? []) key.remove();
    return copy?.textContent?.trim() ?? "";
  }
  var named = (one) => one.dataset.says ?? one.getAttribute("aria-label") ?? (written(one) || written(one.closest("label")) || one.title);
  function help() {
    let dialog = document.querySelector("#help"), list = dialog?.querySelector("dl");
    !dialog || !list || (list.replaceChildren(...pressable().flatMap((one) => {
      let key = document.createElement("dt");
      return key.append(Object.assign(document.createElement("kbd"), { textContent: one.dataset.key ?? "" })), [key, Object.assign(document.createElement("dd"), { textContent: named(one) })];
    })), dialog.showModal());
  }
  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || document.querySelector("dialog[open]") || event.key === "Enter" && event.target instanceof Element && event.target.closest("a, button, summary")) return;
    let found = pressable().find((one) => one.dataset.key === event.key);
    found && (event.preventDefault(), found.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select") ? found.focus() : found.click());
  }
  function notice(words, reload = !1) {
    let bar = document.querySelector("#notice");
    if (bar) {
      if (bar.replaceChildren(words), reload) {
        let again2 = Object.assign(document.createElement("button"), { textContent: bar.dataset.reload ?? "" });
        again2.addEventListener("click", () => location.reload()), bar.append(again2);
      }
      bar.hidden = !1;
    }
  }
  function show(form, faults) {
    for (let old of form.querySelectorAll(".faults")) old.remove();
    for (let old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    let list = Object.assign(document.createElement("ul"), { className: "faults" });
    list.setAttribute("role", "alert");
    let marked = [];
    for (let fault of faults) {
      let [, name = "", line = ""] = /^([^[]*)(?:\[(\d+)\])?$/.exec(fault.where) ?? [], field = name ? form.elements.namedItem(name) : null;
      if (field instanceof HTMLElement && field.getAttribute("type") !== "hidden") {
        let words = Object.assign(
          document.createElement("p"),
          { className: "faults", textContent: line ? `${line}: ${fault.message}` : fault.message }
        );
        words.setAttribute("role", "alert");
        let above = field.closest("label") ?? field;
        for (; above.nextElementSibling?.matches("p.faults"); ) above = above.nextElementSibling;
        above.after(words), field.setAttribute("aria-invalid", "true"), marked.push(field);
      } else
        list.append(Object.assign(
          document.createElement("li"),
          { textContent: fault.where ? `${fault.where}: ${fault.message}` : fault.message }
        ));
    }
    list.children.length && form.prepend(list), marked[0]?.focus(), (marked[0] ?? list).scrollIntoView({ block: "nearest" });
  }
  async function send(form, submitter) {
    let body = new FormData(form, submitter), content = [...body.values()].some((value) => value instanceof File) ? body : new URLSearchParams(body), bar = document.querySelector("#notice"), action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, post = () => fetch(action, { method: "POST", body: content, headers: { "X-Resilens-Script": "1" } }), answer;
    try {
      answer = await post().catch(() => new Promise((resolve) => setTimeout(resolve, 500)).then(post));
    } catch {
      notice(bar?.dataset.lost ?? "");
      return;
    }
    if (answer.ok) {
      let there = new URL(answer.url);
      answer.redirected && there.pathname + there.search === location.pathname + location.search ? location.reload() : location.assign(answer.url);
      return;
    }
    let said = await answer.json().catch(() => ({ faults: [] }));
    said.reload ? notice(said.faults[0]?.message ?? "", !0) : show(form, said.faults);
  }
  function submit(event) {
    let form = event.target;
    !(form instanceof HTMLFormElement) || form.matches("[data-plain]") || (event.submitter?.getAttribute("formmethod") ?? form.method) === "post" && (event.preventDefault(), form.ariaBusy !== "true" && (form.ariaBusy = "true", send(form, event.submitter).finally(() => {
      form.ariaBusy = null;
    })));
  }
  function click(event) {
    let target = event.target instanceof Element ? event.target : null;
    target?.closest("[data-help]") && help();
    let copies = target?.closest("[data-copy]");
    if (copies) {
      let words = document.querySelector(copies.dataset.copy ?? "")?.textContent ?? "";
      navigator.clipboard.writeText(words.trim()).then(() => {
        copies.textContent = copies.dataset.copied ?? "✓";
      });
    }
  }
  async function again() {
    for (; document.querySelector("main [data-again]"); ) {
      await new Promise((resolve) => setTimeout(resolve, 1e3));
      let answer = await fetch(location.href).catch(() => null), main = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main") : null;
      if (!main) continue;
      document.querySelector("main")?.replaceChildren(...main.childNodes);
      let done = document.querySelector("main [data-done]")?.dataset.done;
      done && location.assign(done);
    }
  }
  again();
  document.addEventListener("keydown", press);
  document.addEventListener("submit", submit);
  document.addEventListener("click", click);
  document.addEventListener("change", (event) => {
    event.target instanceof Element && event.target.closest("form[data-submit]")?.requestSubmit();
  });
})();
