// Built from island/src by `npm run build`; not edited by hand.
"use strict";
(() => {
  // src/drafting.ts
  var form = document.querySelector("form[data-draft]"), PAUSE = 1200;
  if (form) {
    let said = form.querySelector("output"), changed = !1, waiting = 0, sending = null, say = (name) => {
      said && (said.textContent = said.dataset[name] ?? "");
    }, body = () => {
      let held = new URLSearchParams(new FormData(form));
      return held.set("do", "autosave"), held;
    }, send = async (last) => {
      changed = !1;
      let answer = await fetch(form.action, {
        method: "POST",
        body: body(),
        keepalive: last,
        headers: { "X-Resilens-Script": "1" }
      }).catch(() => null);
      answer?.ok || (changed = !0), say(answer?.ok ? changed ? "changed" : "kept" : "lost");
    }, keep = async (last = !1) => {
      clearTimeout(waiting), await sending, !(!changed || form.ariaBusy === "true") && (sending = send(last).finally(() => {
        sending = null;
      }), await sending);
    }, typed = () => {
      changed = !0, say("changed"), clearTimeout(waiting), waiting = window.setTimeout(() => {
        keep();
      }, PAUSE);
    };
    form.addEventListener("input", typed), [...form.elements].some((one) => (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement) && one.value !== one.defaultValue.replaceAll("\r", "")) && typed(), document.addEventListener("visibilitychange", () => {
      document.hidden && keep(!0);
    }), document.addEventListener("submit", (event) => {
      let other = event.target;
      if (!(other instanceof HTMLFormElement)) return;
      let own = other === form;
      own && !sending ? (clearTimeout(waiting), changed = !1) : (own || other.matches("[data-after-draft]") && (changed || sending)) && (event.preventDefault(), event.stopImmediatePropagation(), (own ? sending : keep())?.then(() => {
        (own || !changed) && other.requestSubmit(event.submitter);
      }));
    }, !0);
  }
})();
