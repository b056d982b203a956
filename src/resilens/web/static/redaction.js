// Built from island/src by `npm run build`; not edited by hand.
"use strict";
(() => {
  // src/redaction.ts
  var figure = document.querySelector(".canvas"), svg = figure?.querySelector("svg"), form = document.querySelector("#redaction"), body = form?.querySelector("tbody"), template = document.querySelector("#row"), saved = document.querySelector("#saved"), SIDES = ["x", "y", "w", "h"];
  function begin(figure2, svg2, form2, body2) {
    let width = Number(figure2.dataset.width), height = Number(figure2.dataset.height), before = [], kind = "face", selected = -1, drag = null, rows = () => [...body2.querySelectorAll("tr.box")], field = (row, name) => row.querySelector(`[name=${name}]`), boxes = () => rows().map((row) => ({
      x: Number(field(row, "x").value),
      y: Number(field(row, "y").value),
      w: Number(field(row, "w").value),
      h: Number(field(row, "h").value),
      covers: field(row, "covers").value
    }));
    function fitted(box) {
      let w = Math.min(Math.max(1, Math.round(box.w)), width), h = Math.min(Math.max(1, Math.round(box.h)), height), x = Math.min(Math.max(0, Math.round(box.x)), width - w), y = Math.min(Math.max(0, Math.round(box.y)), height - h);
      return { ...box, x, y, w, h };
    }
    function write(row, box) {
      for (let side of SIDES) field(row, side).value = String(box[side]);
      field(row, "covers").value = box.covers;
    }
    function changed() {
      saved && (saved.textContent = saved.dataset.unsaved ?? "", saved.classList.add("unsaved"));
    }
    function remember() {
      before.push(boxes()), before.length > 200 && before.shift();
    }
    function draw() {
      let focused = document.activeElement instanceof SVGRectElement, shapes = boxes().map((box, place2) => {
        let rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (let [name, value] of [["x", box.x], ["y", box.y], ["width", box.w], ["height", box.h]])
          rect.setAttribute(name, String(value));
        rect.setAttribute("class", box.covers), rect.setAttribute("tabindex", "0"), rect.setAttribute("role", "button"), rect.setAttribute("aria-pressed", String(place2 === selected));
        let covers = field(rows()[place2], "covers"), called = (figure2.dataset.box ?? "#").replace("#", String(place2 + 1));
        return rect.setAttribute("aria-label", `${called}: ${covers.selectedOptions[0]?.textContent ?? ""}`), rect;
      });
      svg2.replaceChildren(...shapes), rows().forEach((row, place2) => {
        row.setAttribute("aria-selected", String(place2 === selected)), row.querySelector(".number").textContent = String(place2 + 1);
      }), focused && shapes[selected]?.focus();
    }
    function select(place2, focus = !0) {
      selected = place2, draw(), focus && svg2.querySelectorAll("rect")[place2]?.focus();
    }
    function add(box) {
      let row = template.content.firstElementChild.cloneNode(!0);
      write(row, fitted(box)), body2.append(row), changed();
    }
    function replace(all) {
      body2.replaceChildren(), all.forEach(add), selected = Math.min(selected, all.length - 1), draw();
    }
    function alter(place2, change) {
      let row = rows()[place2], box = boxes()[place2];
      !row || !box || (write(row, fitted({ ...box, ...change })), changed(), draw());
    }
    function remove(place2) {
      remember(), rows()[place2]?.remove(), changed(), selected = Math.min(place2, rows().length - 1), draw();
      let next = svg2.querySelectorAll("rect")[selected];
      next ? next.focus() : document.querySelector("#add")?.focus();
    }
    function choose(name) {
      kind = name;
      for (let button of form2.querySelectorAll("[data-kind]"))
        button.setAttribute("aria-pressed", String(button.dataset.kind === name));
      let chosen = boxes()[selected];
      chosen && chosen.covers !== name && (remember(), alter(selected, { covers: name }));
    }
    function place(event) {
      let shown = svg2.getBoundingClientRect();
      return new DOMPoint(
        (event.clientX - shown.left) * width / shown.width,
        (event.clientY - shown.top) * height / shown.height
      );
    }
    svg2.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      let from = place(event), rect = event.target instanceof SVGRectElement ? event.target : null;
      if (remember(), rect) {
        let at = [...svg2.querySelectorAll("rect")].indexOf(rect), start = boxes()[at], near = Math.max(start.w, start.h) / 5, resize = start.x + start.w - from.x < near && start.y + start.h - from.y < near;
        drag = { from, at, start, resize, moved: !1 }, select(at);
      } else
        drag = { from, at: -1, start: { x: from.x, y: from.y, w: 1, h: 1, covers: kind }, resize: !0, moved: !1 };
      svg2.setPointerCapture(event.pointerId);
    }), svg2.addEventListener("pointermove", (event) => {
      if (!drag) return;
      let to = place(event), [right, down] = [to.x - drag.from.x, to.y - drag.from.y];
      if (!drag.moved && Math.hypot(right, down) * svg2.getBoundingClientRect().width / width < 4) return;
      drag.moved = !0, drag.at < 0 && (add(drag.start), drag.at = rows().length - 1, selected = drag.at);
      let { x, y, w, h } = drag.start;
      if (!drag.resize) return alter(drag.at, { x: x + right, y: y + down });
      let [left, top] = [Math.max(0, Math.min(x, x + w + right)), Math.max(0, Math.min(y, y + h + down))];
      alter(drag.at, {
        x: left,
        y: top,
        w: Math.min(width, Math.max(x, x + w + right)) - left,
        h: Math.min(height, Math.max(y, y + h + down)) - top
      });
    }), svg2.addEventListener("pointerup", () => {
      drag && !drag.moved && before.pop(), drag && drag.moved && select(drag.at), drag = null;
    }), svg2.addEventListener("focusin", (event) => {
      let at = [...svg2.querySelectorAll("rect")].indexOf(event.target);
      at >= 0 && at !== selected && select(at);
    }), svg2.addEventListener("keydown", (event) => {
      let box = boxes()[selected];
      if (!box || event.ctrlKey || event.metaKey) return;
      let step = event.altKey ? 1 : Math.max(1, Math.round(Math.max(width, height) / 100)), way = {
        ArrowLeft: [-step, 0],
        ArrowRight: [step, 0],
        ArrowUp: [0, -step],
        ArrowDown: [0, step]
      }[event.key];
      way ? (event.preventDefault(), remember(), alter(selected, event.shiftKey ? { w: box.w + way[0], h: box.h + way[1] } : { x: box.x + way[0], y: box.y + way[1] })) : (event.key === "Delete" || event.key === "Backspace") && (event.preventDefault(), remove(selected));
    }), body2.addEventListener("focusin", (event) => {
      let row = event.target.closest("tr.box");
      row && select(rows().indexOf(row), !1);
    }), body2.addEventListener("input", () => {
      changed(), draw();
    }), body2.addEventListener("click", (event) => {
      let button = event.target.closest("[data-remove]");
      button && remove(rows().indexOf(button.closest("tr.box")));
    }), form2.addEventListener("click", (event) => {
      let target = event.target.closest("button");
      if (target?.id === "add") {
        remember();
        let side = Math.round(Math.min(width, height) / 5);
        add({ x: (width - side) / 2, y: (height - side) / 2, w: side, h: side, covers: kind }), select(rows().length - 1);
      } else target?.dataset.kind ? choose(target.dataset.kind) : target?.id === "next-box" && rows().length ? select((selected + 1) % rows().length) : target?.id === "undo" && before.length && (event.preventDefault(), replace(before.pop()), svg2.querySelectorAll("rect")[selected]?.focus());
    });
    let sent = JSON.stringify(boxes());
    form2.addEventListener("submit", () => {
      sent = JSON.stringify(boxes());
    }), addEventListener("beforeunload", (event) => {
      JSON.stringify(boxes()) !== sent && event.preventDefault();
    }), draw();
  }
  figure && svg && form && body && template && begin(figure, svg, form, body);
})();
