// Built from island/src by `npm run build`; not edited by hand.
"use strict";
(() => {
  // src/api.ts
  var Failure = class extends Error {
    constructor(trouble, status, faults) {
      super(faults.map((fault) => fault.message).join(" ") || trouble);
      this.trouble = trouble;
      this.status = status;
      this.faults = faults;
    }
    trouble;
    status;
    faults;
  }, PATIENCE = 2e4, Api = class {
    constructor(round, version) {
      this.round = round;
      this.version = version;
    }
    round;
    version;
    overview() {
      return this.ask("");
    }
    thread(post) {
      return this.ask(`/threads/${encodeURIComponent(post)}`);
    }
    send(acts) {
      return this.ask("/acts", { acts });
    }
    undo(act) {
      return this.ask("/undo", { act });
    }
    async ask(path, body) {
      let address = `/api/coding/${encodeURIComponent(this.round)}${path}`, headers = { "X-Resilens-Script": "coding", "Content-Type": "application/json" }, asked = body === void 0 ? { headers } : { method: "POST", headers, body: JSON.stringify(body) }, version = body === void 0 ? "" : `?v=${encodeURIComponent(this.version)}`, response, content;
      try {
        response = await fetch(address + version, { ...asked, signal: AbortSignal.timeout(PATIENCE) }), content = await response.json();
      } catch (error) {
        throw error instanceof SyntaxError ? new Failure("lost", 0, []) : error instanceof TypeError || error instanceof DOMException ? new Failure("lost", 0, []) : error;
      }
      if (response.ok) return content;
      let faults = content.faults ?? [];
      throw new Failure(troubleOf(response.status), response.status, faults);
    }
  };
  function troubleOf(status) {
    return status === 401 ? "out" : status === 409 ? "old" : status >= 500 || status === 429 || status === 408 ? "lost" : "refused";
  }

  // src/ids.ts
  var latest = 0, counter = 0;
  function laterThan(id) {
    let at = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    at >= latest && (latest = at + 1, counter = 0);
  }
  function uuid7() {
    let now = Date.now();
    now > latest ? (latest = now, counter = 0) : ++counter > 4095 && (latest += 1, counter = 0);
    let random = crypto.getRandomValues(new Uint8Array(8));
    random[0] = random[0] & 63 | 128;
    let tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join(""), all = latest.toString(16).padStart(12, "0") + (28672 | counter).toString(16) + tail;
    return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join("-");
  }

  // src/sending.ts
  var MOST = 100, FIRST_WAIT = 500, LONGEST_WAIT = 15e3, Sender = class {
    constructor(queue, api, listener) {
      this.queue = queue;
      this.api = api;
      this.listener = listener;
      addEventListener("online", () => this.wake()), addEventListener("focus", () => this.wake());
    }
    queue;
    api;
    listener;
    running = !1;
    wait = FIRST_WAIT;
    alone = !1;
    // after a refusal as a whole: one act at a time, to find the one that is wrong
    interrupt = () => {
    };
    /** Send what waits, now. */
    wake() {
      this.interrupt(), this.running || this.run();
    }
    async run() {
      this.running = !0;
      try {
        for (; this.queue.acts().length; ) {
          let trouble = await exclusively(this.queue.name, () => this.attempt());
          trouble && await this.pause(), this.wait = trouble ? Math.min(this.wait * 2, LONGEST_WAIT) : FIRST_WAIT;
        }
      } finally {
        this.running = !1;
      }
      this.listener.saving("saved", []);
    }
    /** One request; whether it failed. */
    async attempt() {
      let acts = this.queue.acts(), first2 = acts[0];
      if (!first2) return !1;
      this.wait === FIRST_WAIT && this.listener.saving("saving", []);
      let end = this.alone ? 1 : acts.slice(0, MOST).findIndex((act) => act.do === "undo"), batch = first2.do === "undo" ? [first2] : acts.slice(0, end < 0 ? MOST : end);
      try {
        let answer = first2.do === "undo" ? await this.api.undo(first2.act) : await this.api.send(batch);
        return this.alone = !1, this.settle(batch, answer), !1;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return this.failed(batch, error);
      }
    }
    settle(batch, answer) {
      let refused = new Map((answer.results ?? []).flatMap((one) => one.saved ? [] : [[one.act, one.faults ?? []]]));
      for (let act of batch) {
        let faults = refused.get(act.act);
        faults && this.refuse(act, faults);
      }
      let done = batch.filter((act) => !refused.has(act.act));
      this.queue.done(done.map((act) => act.act)), this.listener.answered(done, answer);
    }
    /** Put an act aside, with the undo that was meant for it and would now take back another. */
    refuse(act, faults) {
      this.queue.refuse(act, faults);
      let meant = this.queue.acts().filter((other) => other.do === "undo" && other.of === act.act);
      this.queue.done(meant.map((other) => other.act));
    }
    failed(batch, failure) {
      let about = [400, 404, 413, 422].includes(failure.status);
      return about && batch.length === 1 ? (this.refuse(batch[0], failure.faults), this.listener.answered([], { results: [], codings: {}, read: -1, can_undo: !0 }), !1) : about ? (this.alone = !0, !1) : (this.listener.saving(failure.trouble, failure.faults), !0);
    }
    pause() {
      return new Promise((resolve) => {
        let timer = setTimeout(resolve, this.wait * (0.75 + Math.random() / 2));
        this.interrupt = () => {
          clearTimeout(timer), resolve();
        };
      });
    }
  };
  function exclusively(name, work) {
    return navigator.locks ? navigator.locks.request(name, work) : work();
  }

  // src/acts.ts
  var NOWHERE = {
    field: "",
    start: null,
    end: null,
    media_id: "",
    x: null,
    y: null,
    w: null,
    h: null,
    second_item: ""
  };
  function whole(item_id) {
    return { item_id, ...NOWHERE };
  }
  function targetOf(coding) {
    let target2 = whole(coding.item_id);
    for (let key of Object.keys(target2)) {
      let value = coding[key];
      value != null && Object.assign(target2, { [key]: value });
    }
    return target2;
  }
  function keyOf(code, target2) {
    let { item_id, field, start, end, media_id, x, y, w, h: h2, second_item } = target2;
    return JSON.stringify([item_id, code, field, start, end, media_id, x, y, w, h2, second_item]);
  }
  function isCodingAct(act) {
    return "item_id" in act;
  }
  function effective(acts) {
    let undone = new Set(acts.flatMap((act) => act.do === "undo" && act.of ? [act.of] : []));
    return undone.size ? acts.filter((act) => !undone.has(act.act)) : acts;
  }
  function latestToUndo(acts) {
    return effective(acts).findLast(isCodingAct)?.act ?? "";
  }
  function after(codings, act, coder) {
    if (!("code_id" in act)) {
      let others2 = codings.filter((coding) => !coding.nothing_applies);
      return act.do === "not_nothing" || others2.length ? others2 : [nothing(act.item_id, coder)];
    }
    let target2 = targetOf(act), key = keyOf(act.code_id, target2), before = codings.find((coding) => keyOf(coding.code_id, targetOf(coding)) === key), others = codings.filter((coding) => coding !== before && !(act.do === "set" && coding.nothing_applies));
    if (act.do === "remove") return others;
    let memo = act.memo ?? before?.memo ?? "";
    return [...others, { ...target2, code_id: act.code_id, nothing_applies: !1, memo, coder, outdated: !1 }];
  }
  function nothing(item_id, coder) {
    return { ...whole(item_id), code_id: "", nothing_applies: !0, memo: "", coder, outdated: !1 };
  }
  function standing(saved, acts, item_id, coder) {
    let codings = saved;
    for (let act of effective(acts))
      isCodingAct(act) && act.item_id === item_id && (codings = after(codings, act, coder));
    return codings;
  }

  // src/types.ts
  var itemsOf = (thread) => thread.post ? [thread.post, ...thread.comments] : thread.comments;

  // src/state.ts
  var Store = class {
    constructor(state) {
      this.state = state;
    }
    state;
    views = [];
    set(change) {
      let before = this.state;
      this.state = { ...before, ...change };
      for (let view of this.views) view(this.state, before);
    }
    draw(...views) {
      for (let view of views) view(this.state, null);
      this.views.push(...views);
    }
  };
  function remembered(make) {
    let last = null;
    return (a, b) => ((!last || last.a !== a || last.b !== b) && (last = { a, b, result: make(a, b) }), last.result);
  }
  var placesOf = remembered((overview, _) => new Map(overview.items.map((one, at) => [one.id, at]))), codesOf = remembered((overview, _) => new Map(overview.codebook.codes.map((one) => [one.id, one]))), underWay = remembered((pending, _) => effective(pending)), place = (state, item) => placesOf(state.overview, null).get(item) ?? -1, codeOf = (state, id) => codesOf(state.overview, null).get(id), open = (state) => state.overview.round.state === "open", together = (state) => state.overview.round.mode === "joint" || state.overview.round.state === "revealed";
  function codingsOf(state, item) {
    return standing(state.saved.get(item) ?? [], underWay(state.pending, null), item, state.overview.coder);
  }
  function othersOn(state, item) {
    return (state.threads.get(postOf(state, item))?.codings ?? []).filter((one) => one.item_id === item && one.coder && one.coder !== state.overview.coder);
  }
  function isRead(state, entry) {
    return codingsOf(state, entry.id).length > 0 || entry.read && !state.saved.has(entry.id);
  }
  var counted = remembered((saved, pending) => ({ saved, pending, n: -1 }));
  function readCount(state) {
    let count = counted(state.saved, state.pending);
    return count.n < 0 && (count.n = state.overview.items.filter((entry) => isRead(state, entry)).length), count.n;
  }
  function shownItem(state) {
    return state.mode.name === "relation" ? state.mode.candidate : state.cursor;
  }
  function shownPost(state) {
    return postOf(state, shownItem(state));
  }
  function postOf(state, item) {
    let entry = state.overview.items[place(state, item)];
    if (entry) return entry.post;
    for (let [post, thread] of state.threads) if (itemIn(thread, item)) return post;
    return "";
  }
  function itemIn(thread, item) {
    return thread && itemsOf(thread).find((one) => one.item_id === item);
  }
  function itemOf(state, item) {
    return itemIn(state.threads.get(postOf(state, item)), item);
  }
  function textOf(state, item, field) {
    let found = itemOf(state, item);
    if (field === "title" || field === "text") return found?.[field] ?? "";
    let id = field.replace(/^translation:/, "");
    return (state.threads.get(postOf(state, item))?.translations[item] ?? []).find((one) => one.translation_id === id)?.text ?? "";
  }

  // src/words.ts
  var entries = {}, chinese = !1;
  function useWords(given, language) {
    entries = given, chinese = language.startsWith("zh");
  }
  function t(name, values = {}) {
    return ((values.n === 1 ? entries[`${name}_one`] : void 0) ?? entries[name] ?? name).replace(/\{(\w+)\}/g, (_, value) => {
      let given = values[value];
      return given === void 0 ? "" : typeof given == "number" ? number(given) : given;
    });
  }
  function number(value) {
    return value.toLocaleString("en-US");
  }
  function nameOf(named) {
    return chinese && named.name_zh || named.name;
  }
  function kindOf(actor_type) {
    return t(`actor_${actor_type.replaceAll(" ", "_")}`);
  }

  // src/app.ts
  var App = class {
    constructor(store, api, queue) {
      this.store = store;
      this.api = api;
      this.queue = queue;
      this.channel = new BroadcastChannel(queue.name), this.channel.onmessage = (event) => this.learn(event.data), this.sender = new Sender(queue, api, {
        saving: (saving, faults) => this.store.set({ saving, faults, ...this.kept() }),
        answered: (done, answer) => this.answered(done, answer)
      }), queue.watch(() => {
        this.store.set(this.kept()), this.state.pending.length && this.sender.wake();
      });
    }
    store;
    api;
    queue;
    sender;
    channel;
    asked = /* @__PURE__ */ new Map();
    get state() {
      return this.store.state;
    }
    /** Do something: keep it, show it, send it. */
    act(...intents) {
      if (!open(this.state)) {
        this.say(t(`round_${this.state.overview.round.state}`));
        return;
      }
      for (let intent of intents) this.queue.add({ act: uuid7(), ...intent });
      let saving = this.state.saving === "saved" ? "saving" : this.state.saving;
      this.store.set({ ...this.kept(), saving, notice: "" }), this.sender.wake();
    }
    say(notice) {
      this.store.set({ notice });
    }
    /** Go to an item; its thread is read if it is not here yet. */
    async go(item, change = {}) {
      this.store.set({ cursor: item, mode: { name: "read" }, notice: "", ...change }), await this.need(shownPost(this.state));
    }
    /** Read a thread, and the one behind it ahead of time. */
    async need(post) {
      if (!post) return;
      this.state.threads.has(post) || await this.load(post);
      let { items } = this.state.overview, next = items[items.findLastIndex((entry) => entry.post === post) + 1];
      next && !this.state.threads.has(next.post) && this.load(next.post);
    }
    /** Read a thread again: in a joint round others go on meanwhile. */
    refresh(post) {
      together(this.state) && this.state.threads.has(post) && this.load(post);
    }
    load(post) {
      let under = this.asked.get(post) ?? this.fetch(post).finally(() => this.asked.delete(post));
      return this.asked.set(post, under), under;
    }
    async fetch(post) {
      try {
        this.have(post, await this.api.thread(post));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (shownPost(this.state) !== post || this.state.threads.has(post)) return;
        let why = error.trouble === "out" ? t("out_long") : error.faults.map((fault) => fault.message).join(" ");
        this.say(why || t("thread_lost")), error.trouble === "lost" && setTimeout(() => {
          this.need(shownPost(this.state));
        }, 2e3);
      }
    }
    have(post, thread) {
      let { state } = this, own = /* @__PURE__ */ new Map();
      for (let item of itemsOf(thread)) place(state, item.item_id) >= 0 && own.set(item.item_id, []);
      for (let coding of thread.codings)
        (!coding.coder || coding.coder === state.overview.coder) && own.get(coding.item_id)?.push(coding);
      this.store.set({
        threads: new Map(state.threads).set(post, thread),
        saved: new Map([...state.saved, ...own]),
        notes: new Map(state.notes).set(post, thread.notes)
      });
    }
    kept() {
      return { pending: this.queue.acts(), refused: this.queue.refused() };
    }
    answered(done, answer) {
      let { codings, can_undo } = answer, change = {};
      for (let act of done) Object.assign(change, this.counted({ ...this.state, ...change }, act));
      this.store.set(change), this.learn({ codings, can_undo }), this.channel.postMessage({ codings, can_undo }), "undone" in answer && this.undone(answer.undone ?? null);
    }
    /** What the answer to codings does not bring: notes, groups, the end of the round. */
    counted(state, act) {
      if (act.do === "finish" || act.do === "resume") return { finished: act.do === "finish" };
      if (act.do === "group") {
        let { author, group, actor_type } = act;
        return { authors: new Map(state.authors).set(author, { group, actor_type }) };
      }
      if (act.do !== "note" && act.do !== "argue" && act.do !== "changed_mind") return {};
      let { memo_id, about, text } = act, post = about.map((id) => postOf(state, id)).find(Boolean) ?? "", type = { note: "memo", argue: "argument", changed_mind: "change_of_mind" }[act.do], note = { memo_id, about, text, coder: state.overview.coder, at: (/* @__PURE__ */ new Date()).toISOString(), type }, others = (state.notes.get(post) ?? []).filter((one) => one.memo_id !== memo_id);
      return { notes: new Map(state.notes).set(post, text ? [...others, note] : others) };
    }
    learn({ codings, can_undo }) {
      let saved = new Map([...this.state.saved, ...Object.entries(codings)]);
      this.store.set({ saved, canUndo: can_undo, ...this.kept() });
    }
    undone(undone) {
      undone ? place(this.state, undone.item_id) < 0 ? this.say(t("undone", { words: undone.words })) : this.go(undone.item_id, { mode: this.state.mode, notice: t("undone", { words: undone.words }) }) : this.say(t("nothing_to_undo"));
    }
  };

  // src/dom.ts
  function h(tag, given = {}, ...children) {
    let made = document.createElement(tag);
    return attributes(made, given), made.append(...present(children)), made;
  }
  function svg(tag, given = {}, ...children) {
    let made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    return attributes(made, given), made.append(...present(children)), made;
  }
  function attributes(element, given) {
    for (let [name, value] of Object.entries(given))
      typeof value == "function" ? element.addEventListener(name.slice(2), value) : value === !1 || value === null || value === void 0 ? element.removeAttribute(name) : element.setAttribute(name, value === !0 ? "" : String(value));
  }
  function present(children) {
    return children.filter((child) => child !== null && child !== !1 && child !== void 0);
  }
  function kbd(key) {
    return h("kbd", {}, key);
  }

  // src/text.ts
  var SURROGATES = /[\ud800-\udbff][\udc00-\udfff]/;
  function toPoint(text, unit) {
    if (!SURROGATES.test(text)) return unit;
    let points = 0;
    for (let at = 0; at < unit; points++) {
      let next = at + (text.codePointAt(at) > 65535 ? 2 : 1);
      if (next > unit) break;
      at = next;
    }
    return points;
  }
  function toUnit(text, point) {
    if (!SURROGATES.test(text)) return point;
    let at = 0;
    for (let points = 0; points < point && at < text.length; points++) at += text.codePointAt(at) > 65535 ? 2 : 1;
    return at;
  }
  var segmenters = /* @__PURE__ */ new Map();
  function stretches(text, grain) {
    let segmenter = segmenters.get(grain);
    segmenter || (segmenter = new Intl.Segmenter(void 0, { granularity: grain }), segmenters.set(grain, segmenter));
    let found = [];
    for (let { segment, index } of segmenter.segment(text)) {
      let end = index + segment.trimEnd().length;
      end > index && found.push({ start: index, end });
    }
    return found;
  }
  function tidied(text, start, end) {
    let within2 = stretches(text, "grapheme").filter((one) => one.end > start && one.start < end);
    return within2.length ? { start: within2[0].start, end: within2.at(-1).end } : null;
  }
  function shortened(text, most) {
    let flat = text.slice(0, most * 30).replace(/\s+/g, " ").trim();
    if (flat.length <= most) return flat;
    let seen = stretches(flat, "grapheme");
    return seen.length <= most ? flat : `${flat.slice(0, seen[most - 1].end)}…`;
  }

  // src/span.ts
  function rangeOf(span) {
    return { start: Math.min(span.anchor.start, span.focus.start), end: Math.max(span.anchor.end, span.focus.end) };
  }
  function firstSpan(item, field, text) {
    let first2 = stretches(text, "word")[0];
    return first2 ? { item, field, anchor: first2, focus: first2 } : null;
  }
  function spanOver(item, field, text, start, end) {
    let tidy = tidied(text, start, end);
    return tidy && { item, field, anchor: tidy, focus: tidy };
  }
  function stepped(span, text, grain, forward, extend) {
    let all = stretches(text, grain), base = extend && grain === "grapheme" ? narrowed(span, all) : span, next = grain === "sentence" && around(base.focus, all) || (forward ? nextOf(base, all, extend) : previousOf(base, all, extend));
    return next ? extend ? { ...base, focus: next } : { ...base, anchor: next, focus: next } : span;
  }
  function around(stretch, all) {
    let sentence = all.find((one) => one.start <= stretch.start && stretch.start < one.end);
    return sentence && (sentence.start !== stretch.start || sentence.end > stretch.end) ? sentence : void 0;
  }
  function toEdge(span, text, last, extend) {
    let edge = stretches(text, "word").at(last ? -1 : 0);
    return edge ? extend ? { ...span, focus: edge } : { ...span, anchor: edge, focus: edge } : span;
  }
  function narrowed(span, characters) {
    let { start, end } = rangeOf(span), backward = span.focus.start < span.anchor.start, first2 = characters.find((one) => one.start >= start) ?? span.anchor, last = characters.findLast((one) => one.end <= end) ?? span.anchor;
    return backward ? { ...span, anchor: last, focus: first2 } : { ...span, anchor: first2, focus: last };
  }
  function nextOf({ anchor, focus }, all, extend) {
    let drawnIn = extend && focus.start < anchor.start;
    return all.find((one) => drawnIn ? one.start > focus.start : one.start >= focus.end);
  }
  function previousOf({ anchor, focus }, all, extend) {
    let drawnIn = extend && focus.end > anchor.end;
    return all.findLast((one) => drawnIn ? one.end < focus.end : one.end <= focus.start);
  }

  // src/applying.ts
  function target(state) {
    let { mode } = state;
    if (mode.name === "span") {
      let text = textOf(state, mode.span.item, mode.span.field), { start, end } = rangeOf(mode.span);
      return {
        ...whole(mode.span.item),
        field: mode.span.field,
        start: toPoint(text, start),
        end: toPoint(text, end)
      };
    }
    if (mode.name === "region") {
      let { item, media, x, y, w, h: h2 } = mode.region;
      return { ...whole(item), media_id: media, x, y, w, h: h2 };
    }
    return whole(state.cursor);
  }
  function codingHere(state, code) {
    let here = target(state);
    return codingsOf(state, here.item_id).find((coding) => {
      if (coding.code_id !== code) return !1;
      let there = targetOf(coding);
      return keyOf(code, codeOf(state, code)?.second_item ? { ...there, second_item: "" } : there) === keyOf(code, here);
    });
  }
  function press(app, id) {
    let { state } = app, code = codeOf(state, id);
    code && (app.store.set({ looked: id }), state.mode.name === "look" ? app.store.set({ mode: { name: "read" }, notice: "" }) : code.second_item ? beginRelation(app, id) : toggle(app, id, target(state)));
  }
  function toggle(app, code, here) {
    let stands = codingsOf(app.state, here.item_id).some((coding) => coding.code_id === code && keyOf(code, targetOf(coding)) === keyOf(code, here));
    !stands && !codeOf(app.state, code)?.active ? app.say(t("retired")) : app.act({ do: stands ? "remove" : "set", code_id: code, ...here });
  }
  function remove(app, coding) {
    coding.nothing_applies ? app.act({ do: "not_nothing", item_id: coding.item_id }) : app.act({ do: "remove", code_id: coding.code_id, ...targetOf(coding) });
  }
  function nothingApplies(app) {
    let item = app.state.cursor, codings = codingsOf(app.state, item);
    codings.some((coding) => coding.nothing_applies) ? app.act({ do: "not_nothing", item_id: item }) : codings.length ? app.say(t("codes_stand")) : app.act({ do: "nothing", item_id: item });
  }
  function undo(app) {
    let { pending, canUndo } = app.state, of = latestToUndo(pending);
    of || canUndo ? app.act({ do: "undo", of }) : app.say(t("nothing_to_undo"));
  }
  function threadItems(state) {
    let thread = state.threads.get(shownPost(state));
    return thread ? itemsOf(thread) : [];
  }
  function beginRelation(app, code) {
    let { state } = app, items = threadItems(state), at = items.findIndex((item) => item.item_id === state.cursor), candidate = items[at + 1] ?? items[at - 1], from = target(state), elsewhere = state.overview.items.find((entry) => entry.id !== state.cursor)?.id, first2 = candidate?.item_id ?? elsewhere;
    first2 ? app.store.set({ mode: { name: "relation", code, from, candidate: first2 }, notice: "" }) : app.say(t("no_second_item"));
  }
  function chooseSecond(app, second2) {
    let { mode } = app.state;
    if (mode.name === "relation") {
      if (second2 === mode.from.item_id) {
        app.say(t("same_item"));
        return;
      }
      app.store.set({ mode: { name: "read" } }), toggle(app, mode.code, { ...mode.from, second_item: second2 }), app.need(shownPost(app.state));
    }
  }
  function mark(app, coding) {
    let { state } = app;
    app.store.set({ looked: coding.code_id || state.looked });
    let { item_id: item, field, media_id: media, x, y, w, h: h2 } = coding;
    if (field && coding.start !== null && coding.end !== null) {
      let text = textOf(state, item, field), anchor = { start: toUnit(text, coding.start), end: toUnit(text, coding.end) }, translations = state.translations || field.startsWith("translation:"), mode = { name: "span", span: { item, field, anchor, focus: anchor } };
      app.store.set({ cursor: item, mode, translations, notice: "" });
    } else media && x !== null && y !== null && w !== null && h2 !== null ? app.store.set({ cursor: item, mode: { name: "region", region: { item, media, x, y, w, h: h2 } }, notice: "" }) : coding.second_item && place(state, coding.second_item) >= 0 ? app.go(coding.second_item) : itemIn(state.threads.get(shownPost(state)), item) && app.store.set({ cursor: item, mode: { name: "read" }, notice: "" });
  }
  function described(state, coding) {
    let code = codeOf(state, coding.code_id);
    return coding.nothing_applies ? t("nothing") : code ? nameOf(code) : coding.code_id;
  }

  // src/marks.ts
  var EXCERPT = 24;
  function drawMarks(app, row, view, own, others) {
    let focused = row.contains(document.activeElement) ? document.activeElement.closest("[data-key-of]")?.dataset.keyOf : void 0;
    if (row.replaceChildren(
      ...[...own].sort(inOrder).map((coding) => chip(app, view, coding, !0)),
      ...[...others].sort(inOrder).map((coding) => chip(app, view, coding, !1))
    ), row.hidden = !row.childElementCount, focused === void 0) return;
    ([...row.querySelectorAll("[data-key-of]")].find((one) => one.dataset.keyOf === focused)?.querySelector("button") ?? view.element).focus({ preventScroll: !0 });
  }
  function inOrder(a, b) {
    return a.field.localeCompare(b.field) || (a.start ?? -1) - (b.start ?? -1) || a.code_id.localeCompare(b.code_id);
  }
  function chip(app, view, coding, own) {
    let { state } = app, code = codeOf(state, coding.code_id), key = keyOf(coding.code_id, targetOf(coding)), says = [
      coding.memo && `${t("memo")}: ${coding.memo}`,
      coding.outdated && t("outdated"),
      !own && coding.coder
    ].filter(Boolean).join(" · "), main = h(
      "button",
      {
        type: "button",
        title: says || null,
        onclick: () => mark(app, coding),
        onkeydown: own && open(state) ? (event) => chipKey(app, event, coding) : null
      },
      code?.key ? kbd(code.key) : h("span", { class: "dot" }),
      described(state, coding),
      ...place2(view, coding),
      ...second(app, coding),
      coding.memo && h("span", { class: "sign" }, " ✎", h("span", { class: "unseen" }, t("memo"))),
      coding.outdated && h("span", { class: "sign" }, " ↻", h("span", { class: "unseen" }, t("outdated"))),
      !own && h("span", { class: "coder" }, ` ${coding.coder}`)
    ), off = own && open(state) && h("button", {
      type: "button",
      class: "off",
      tabindex: -1,
      title: t("take_off"),
      "aria-label": `${t("take_off")}: ${described(state, coding)}`,
      onclick: () => remove(app, coding)
    }, "×"), kind = coding.nothing_applies ? "nothing" : own ? "own" : "others", made = h("span", { class: `mark ${kind} ${codeClass(app, coding.code_id)}`, "data-key-of": own ? key : null }, main, off);
    return made.addEventListener("pointerenter", () => view.element.dispatchEvent(new CustomEvent("point", { detail: coding }))), made.addEventListener("pointerleave", () => view.element.dispatchEvent(new CustomEvent("point", { detail: null }))), made;
  }
  function codeClass(app, code) {
    let at = app.state.overview.codebook.codes.findIndex((one) => one.id === code);
    return at < 0 ? "" : `code-${at}`;
  }
  function chipKey(app, event, coding) {
    if (event.key === "Delete" || event.key === "Backspace") remove(app, coding);
    else return;
    event.preventDefault();
  }
  function place2(view, coding) {
    if (coding.field && coding.start !== null && coding.end !== null) {
      let text = view.fields.get(coding.field)?.data ?? "", words = text.slice(toUnit(text, coding.start), toUnit(text, coding.end));
      return [" ", h("q", { dir: "auto" }, shortened(words, EXCERPT))];
    }
    return coding.media_id && coding.w !== null ? [h("span", { class: "sign" }, ` ▣ ${coding.w} × ${coding.h}`)] : [];
  }
  function second(app, coding) {
    if (!coding.second_item) return [];
    let item = itemOf(app.state, coding.second_item), words = item ? shortened(item.text || item.title, EXCERPT) : coding.second_item;
    return [" ▸ ", h("q", { dir: "auto" }, words)];
  }
  function codingInHand({ state }) {
    let chip2 = document.activeElement?.closest("[data-key-of]")?.dataset.keyOf;
    if (chip2 || state.mode.name !== "span" && state.mode.name !== "region") return chip2 ?? "";
    let here = target(state);
    return codingsOf(state, here.item_id).map((coding) => keyOf(coding.code_id, targetOf(coding))).find((key) => codesMarked(key) === codesMarked(keyOf("", here))) ?? "";
  }
  function codesMarked(key) {
    let parts = JSON.parse(key);
    return JSON.stringify([parts[0], ...parts.slice(2)]);
  }

  // src/region.ts
  function firstRegion(item, media, { width, height }) {
    return within({ item, media, x: width * 0.3, y: height * 0.3, w: width * 0.4, h: height * 0.4 }, { width, height });
  }
  function between(item, media, size, ax, ay, bx, by) {
    let [left, right] = [Math.min(ax, bx), Math.max(ax, bx)].map((x) => Math.min(Math.max(x, 0), size.width)), [top, bottom] = [Math.min(ay, by), Math.max(ay, by)].map((y) => Math.min(Math.max(y, 0), size.height));
    return within({ item, media, x: left, y: top, w: right - left, h: bottom - top }, size);
  }
  function moved(region, size, right, down, resize, fine) {
    let step2 = fine ? 1 : Math.max(1, Math.round(Math.max(size.width, size.height) / 40)), changed = resize ? { ...region, w: region.w + right * step2, h: region.h + down * step2 } : { ...region, x: region.x + right * step2, y: region.y + down * step2 };
    return within(changed, size, resize);
  }
  function within(region, { width, height }, cut = !1) {
    let w = Math.min(Math.max(Math.round(region.w), 1), cut ? width - region.x : width), h2 = Math.min(Math.max(Math.round(region.h), 1), cut ? height - region.y : height), x = Math.min(Math.max(Math.round(region.x), 0), width - w), y = Math.min(Math.max(Math.round(region.y), 0), height - h2);
    return { ...region, x, y, w, h: h2 };
  }

  // src/moving.ts
  function step(app, by) {
    let { state } = app;
    if (state.mode.name === "relation") {
      stepCandidate(app, by);
      return;
    }
    let next = state.overview.items[place(state, state.cursor) + by];
    next ? app.go(next.id) : app.say(t(by > 0 ? "last_item" : "first_item"));
  }
  function stepCandidate(app, by) {
    let { state } = app;
    if (state.mode.name !== "relation") return;
    let { mode, overview } = state, items = threadItems(state), at = items.findIndex((item) => item.item_id === mode.candidate) + by;
    items[at]?.item_id === mode.from.item_id && (at += by);
    let within2 = items[at], here = (entry) => entry.post === shownPost(state), beyond = overview.items[by > 0 ? overview.items.findLastIndex(here) + 1 : overview.items.findIndex(here) - 1], next = within2?.item_id ?? beyond?.id;
    next && (app.store.set({ mode: { ...mode, candidate: next } }), app.need(shownPost(app.state)));
  }
  function onward(app) {
    let { state } = app;
    if (state.mode.name === "relation") {
      chooseSecond(app, state.mode.candidate);
      return;
    }
    let { items } = state.overview, at = place(state, state.cursor), next = [...items.slice(at + 1), ...items.slice(0, at + 1)].find((entry) => !isRead(state, entry));
    next && next.id !== state.cursor ? app.go(next.id) : readCount(state) === items.length ? app.say(t("all_read")) : app.say(t("only_this_unread"));
  }
  function leave(app) {
    let { state } = app;
    getSelection()?.removeAllRanges(), state.editor ? app.store.set({ editor: null }) : state.mode.name !== "read" ? app.store.set({ mode: { name: "read" }, notice: "" }) : app.store.set({ notice: "", zoomed: !1 }), app.need(shownPost(app.state));
  }
  function beginSpan(app) {
    let { state } = app, fields = fieldsOf(state, state.cursor), before = state.mode.name === "span" ? fields.indexOf(state.mode.span.field) : -1, field = fields[(before + 1) % fields.length], span = field && firstSpan(state.cursor, field, textOf(state, state.cursor, field));
    span ? app.store.set({ mode: { name: "span", span }, notice: "" }) : app.say(t("no_text"));
  }
  function fieldsOf(state, item) {
    let translations = state.threads.get(shownPost(state))?.translations[item] ?? [];
    return ["text", "title", ...state.translations ? translations.map((one) => `translation:${one.translation_id}`) : []].filter((field) => firstSpan(item, field, textOf(state, item, field)));
  }
  function beginRegion(app) {
    let { state } = app, pictures = (itemOf(state, state.cursor)?.media ?? []).filter((media2) => sizeOf(state, media2)), before = state.mode.name === "region" ? pictures.indexOf(state.mode.region.media) : -1, media = pictures[(before + 1) % pictures.length];
    if (!media) {
      app.say(t("no_picture"));
      return;
    }
    let region = firstRegion(state.cursor, media, sizeOf(state, media));
    app.store.set({ mode: { name: "region", region }, notice: "" });
  }
  function sizeOf(state, media) {
    let found = state.threads.get(shownPost(state))?.media[media];
    return found?.width && found.height ? { width: found.width, height: found.height } : null;
  }
  var DIRECTIONS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1]
  };
  function arrow(app, event) {
    let { mode } = app.state, direction = DIRECTIONS[event.key];
    if (mode.name === "region" && direction) {
      let size = sizeOf(app.state, mode.region.media);
      if (!size) return !1;
      let region = moved(mode.region, size, direction[0], direction[1], event.shiftKey, event.altKey);
      return app.store.set({ mode: { name: "region", region } }), !0;
    }
    return mode.name === "span" ? arrowInSpan(app, event, direction) : !direction?.[1] || event.altKey || event.shiftKey ? !1 : (step(app, direction[1] > 0 ? 1 : -1), !0);
  }
  function arrowInSpan(app, event, direction) {
    let { mode } = app.state;
    if (mode.name !== "span") return !1;
    let text = textOf(app.state, mode.span.item, mode.span.field), span = mode.span;
    if (event.key === "Home" || event.key === "End")
      span = toEdge(span, text, event.key === "End", event.shiftKey);
    else if (direction) {
      let forward = direction[1] ? direction[1] > 0 : direction[0] > 0 !== leftward(span.item, span.field), grain = direction[1] ? "sentence" : event.altKey ? "grapheme" : "word";
      span = stepped(span, text, grain, forward, event.shiftKey);
    } else
      return !1;
    return getSelection()?.removeAllRanges(), app.store.set({ mode: { name: "span", span } }), !0;
  }
  function leftward(item, field) {
    let element = document.querySelector(`[data-item="${CSS.escape(item)}"] [data-field="${CSS.escape(field)}"]`);
    return element !== null && getComputedStyle(element).direction === "rtl";
  }

  // src/keys.ts
  function edit(app, kind, about = "") {
    app.store.set({ editor: { kind, item: app.state.cursor, about }, notice: "" });
  }
  var joint = (state) => state.overview.round.mode === "joint", COMMANDS = [
    { name: "next", keys: ["j", "J", "]"], run: (app) => step(app, 1) },
    { name: "previous", keys: ["k", "K", "["], run: (app) => step(app, -1) },
    { name: "onward", keys: ["Enter"], run: onward },
    { name: "nothing", keys: ["0", "`"], run: nothingApplies },
    { name: "span", keys: ["v", "V", "'"], run: beginSpan },
    { name: "region", keys: ["r", "R", "#"], run: beginRegion },
    { name: "memo", keys: ["m", "M", ";"], run: (app) => edit(app, "memo", codingInHand(app)) },
    { name: "argue", keys: ["a", "A", "!"], run: (app) => edit(app, "argument"), when: joint },
    { name: "group", keys: ["g", "G", "@"], run: (app) => edit(app, "group") },
    { name: "undo", keys: ["u", "U", "-"], run: undo },
    {
      name: "translations",
      keys: ["t", "T", "="],
      run: (app) => app.store.set({ translations: !app.state.translations })
    },
    { name: "zoom", keys: ["z", "Z", "+"], run: (app) => app.store.set({ zoomed: !app.state.zoomed }) },
    { name: "look", keys: [" "], run: (app) => app.store.set({ mode: { name: "look" }, notice: "" }) },
    { name: "filter", keys: ["/"], run: () => document.querySelector("#codebook-filter")?.focus() },
    { name: "leave", keys: ["Escape"], run: leave },
    { name: "help", keys: ["?"], run: () => document.querySelector("#coding-help")?.showModal() }
  ], Keys = class {
    codes = /* @__PURE__ */ new Map();
    commands = /* @__PURE__ */ new Map();
    ofCommand = /* @__PURE__ */ new Map();
    constructor(codes, state) {
      for (let code of codes) code.active && code.key && this.codes.set(code.key, code.id);
      for (let command of COMMANDS) {
        let key = command.keys.find((one) => !this.codes.has(one) && !this.commands.has(one));
        key === void 0 || command.when?.(state) === !1 || (this.commands.set(key, command), this.ofCommand.set(command.name, key));
      }
    }
    /** The key of a command; empty where none is left. */
    of(name) {
      return this.ofCommand.get(name) ?? "";
    }
    /** What a key does: toggles the code of this id, or runs a command. */
    find(event) {
      for (let key of candidates(event)) {
        let found = this.codes.get(key) ?? this.commands.get(key);
        if (found !== void 0) return found;
      }
    }
  };
  function candidates(event) {
    let { key, code } = event;
    if (new RegExp("^\\p{L}$", "u").test(key) && event.getModifierState("CapsLock"))
      return [key === key.toUpperCase() ? key.toLowerCase() : key.toUpperCase()];
    let latin = /^(?:Key|Digit)(\w)$/.exec(code)?.[1], foreign = key === "Process" || /^[^\p{ASCII}]$/u.test(key);
    return latin && foreign ? [key, event.shiftKey ? latin : latin.toLowerCase()] : [key];
  }
  function listen(app, keys) {
    addEventListener("keydown", (event) => {
      let target2 = event.target instanceof Element ? event.target : null;
      event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]") || target2?.closest("input, textarea, select") || target2?.closest("button, a, summary, video") && ["Enter", " ", "Delete"].includes(event.key) || target2?.closest("#codebook") && event.key.startsWith("Arrow") || handle(app, keys, event) && (event.preventDefault(), event.stopPropagation());
    }, { capture: !0 });
  }
  function handle(app, keys, event) {
    if (arrow(app, event)) return !0;
    if (event.altKey) return !1;
    let found = keys.find(event);
    return found === void 0 ? !1 : (typeof found == "string" ? press(app, found) : found.run(app), !0);
  }

  // src/bar.ts
  var BarView = class {
    constructor(app, root2, announcer) {
      this.app = app;
      this.announcer = announcer;
      root2.append(this.where, this.progress, this.saved, this.finish), this.saved.addEventListener("click", () => {
        app.state.saving === "old" ? location.reload() : app.state.refused.length ? document.querySelector("#coding-refused")?.showModal() : app.sender.wake();
      }), this.finish.addEventListener("click", () => app.act({ do: app.state.finished ? "resume" : "finish" }));
    }
    app;
    announcer;
    where = h("span", { class: "where" });
    progress = h("progress", { "aria-label": t("progress") });
    saved = h("button", { type: "button", class: "saved" });
    finish = h("button", { type: "button", class: "finish" });
    announced = "";
    draw = (state) => {
      let { round, items } = state.overview, n = readCount(state);
      this.where.replaceChildren(
        h("strong", {}, round.title || round.id),
        " · ",
        t("item_of", { at: place(state, state.cursor) + 1, all: items.length }),
        " · ",
        h("span", { class: "count-read" }, t("read_of", { n }))
      ), this.progress.max = items.length || 1, this.progress.value = n, this.finish.hidden = !open(state) || !state.finished && n < items.length, this.finish.textContent = t(state.finished ? "resume" : "finish");
      let [style, words] = this.standing(state);
      this.saved.className = `saved ${style}`, this.saved.textContent = words, this.saved.disabled = style === "good" || style === "busy", style !== "busy" && this.announce(words);
    };
    standing(state) {
      if (!open(state)) return ["good", t(`state_${state.overview.round.state}`)];
      let n = state.pending.length, kept = t(this.app.queue.kept ? "kept_here" : "kept_in_tab", { n });
      return state.saving === "out" ? ["bad", `${t("not_saved")} · ${kept} · ${t("out")}`] : state.saving === "old" ? ["bad", `${t("not_saved")} · ${kept} · ${t("old")}`] : n && (state.saving === "lost" || state.saving === "refused") ? ["bad", `${t("not_saved")} · ${kept} · ${state.faults[0]?.message ?? t("trying")}`] : state.refused.length ? ["bad", t("refused", { n: state.refused.length })] : n ? ["busy", t("saving")] : ["good", t("saved")];
    }
    /** Screen readers are told when it changes between saved and not, not at each key. */
    announce(words) {
      words !== this.announced && (this.announced = words, this.announcer.textContent = words);
    }
  }, LineView = class {
    constructor(root2) {
      this.root = root2;
    }
    root;
    draw = (state) => {
      let words = state.notice || hint(state);
      this.root.classList.toggle("active", state.mode.name !== "read" && !state.notice), this.root.classList.toggle("said", state.notice !== ""), this.root.textContent !== words && (this.root.textContent = words);
    };
  };
  function hint(state) {
    let { mode } = state;
    if (mode.name === "span") {
      let { start, end } = rangeOf(mode.span);
      return t("in_span", { words: shortened(textOf(state, mode.span.item, mode.span.field).slice(start, end), 40) });
    }
    if (mode.name === "region") {
      let { x, y, w, h: height } = mode.region;
      return t("in_region", { x, y, w, h: height });
    }
    if (mode.name === "relation") {
      let code = codeOf(state, mode.code), item = itemIn(state.threads.get(shownPost(state)), mode.candidate), words = item ? shortened(item.text || item.title, 40) : "…";
      return t("in_relation", { code: code ? nameOf(code) : mode.code, words });
    }
    return mode.name === "look" ? t("in_look") : "";
  }
  var CommandsView = class {
    buttons = /* @__PURE__ */ new Map();
    constructor(app, keys, root2) {
      let shown = ["nothing", "span", "region", "memo", "argue", "group", "undo", "translations", "help"];
      for (let command of COMMANDS.filter((one) => shown.includes(one.name) && one.when?.(app.state) !== !1)) {
        let key = keys.of(command.name), made = h(
          "button",
          { type: "button", onclick: () => command.run(app), "aria-keyshortcuts": key || null },
          key ? kbd(key) : null,
          t(`do_${command.name}`)
        );
        this.buttons.set(command.name, made), root2.append(made);
      }
      root2.addEventListener("mousedown", (event) => event.preventDefault());
    }
    draw = (state) => {
      let pressed = {
        span: state.mode.name === "span",
        region: state.mode.name === "region",
        translations: state.translations
      };
      for (let [name, value] of Object.entries(pressed)) this.buttons.get(name)?.setAttribute("aria-pressed", String(value));
      let codings = state.pending.some((act) => "item_id" in act);
      this.buttons.get("undo")?.toggleAttribute("disabled", !state.canUndo && !codings);
    };
  };

  // src/codebook.ts
  var CodebookView = class {
    constructor(app, root2) {
      this.app = app;
      root2.append(h("div", { class: "filter" }, this.filter, kbd("/")), this.list), this.filter.addEventListener("input", () => app.store.set({ filter: this.filter.value })), this.filter.addEventListener("keydown", (event) => this.filterKey(event)), this.list.addEventListener("keydown", (event) => this.listKey(event)), this.list.addEventListener("mousedown", (event) => event.preventDefault());
      let { facets, codes } = app.state.overview.codebook, shown = codes.filter((code) => code.active);
      this.list.append(...facets.flatMap((facet) => {
        let own = shown.filter((code) => code.facet === facet.id);
        return own.length ? [this.facet(facet, own)] : [];
      })), shown.length || this.list.append(h("p", { class: "waiting" }, t("no_codes")));
    }
    app;
    buttons = /* @__PURE__ */ new Map();
    filter = h("input", { id: "codebook-filter", type: "search", autocomplete: "off", placeholder: t("filter"), "aria-label": t("filter") });
    list = h("div", { class: "facets" });
    draw = (state, before) => {
      if ((!before || before.filter !== state.filter) && this.filtered(state.filter), !before || before.folded !== state.folded)
        for (let facet of this.list.querySelectorAll("[data-facet]")) {
          let folded = state.folded.has(facet.dataset.facet);
          facet.classList.toggle("folded", folded), facet.querySelector("button")?.setAttribute("aria-expanded", String(!folded));
        }
      let wanted = state.mode.name === "relation" ? state.mode.code : "", onItem = new Set(codingsOf(state, state.cursor).map((coding) => coding.code_id)), first2 = this.visible()[0]?.dataset.code ?? "";
      for (let [id, button] of this.buttons)
        button.setAttribute("aria-pressed", String(codingHere(state, id) !== void 0)), button.classList.toggle("somewhere", onItem.has(id)), button.classList.toggle("wanted", id === wanted), button.classList.toggle("looked", id === state.looked), button.tabIndex = id === (this.buttons.has(state.looked) ? state.looked : first2) ? 0 : -1;
    };
    facet(facet, codes) {
      let top = codes.filter((code) => !codes.some((other) => other.id === code.parent)), fold = () => {
        let folded = new Set(this.app.state.folded);
        folded.delete(facet.id) || folded.add(facet.id), this.app.store.set({ folded });
      }, title = `facet-${facet.id}`;
      return h(
        "section",
        { class: "facet", "data-facet": facet.id, "aria-labelledby": title },
        h("h3", {}, h("button", { type: "button", id: title, onclick: fold, "aria-expanded": !0 }, nameOf(facet))),
        this.branch(top, codes)
      );
    }
    branch(codes, all) {
      return h("ul", {}, ...codes.map((code) => {
        let nested = all.filter((other) => other.parent === code.id);
        return h("li", { class: nested.length ? "nest" : null }, this.button(code), nested.length ? this.branch(nested, all) : null);
      }));
    }
    button(code) {
      let at = this.app.state.overview.codebook.codes.indexOf(code), made = h(
        "button",
        {
          type: "button",
          class: `code code-${at}`,
          "data-code": code.id,
          tabindex: -1,
          "aria-keyshortcuts": code.key || null,
          onclick: () => press(this.app, code.id),
          onpointerenter: () => this.app.store.set({ looked: code.id }),
          onfocus: () => this.app.store.set({ looked: code.id })
        },
        code.key ? kbd(code.key) : h("span", { class: "dot" }),
        h("span", { class: "name" }, nameOf(code)),
        code.second_item && h("span", { class: "sign" }, " ▸")
      );
      return this.buttons.set(code.id, made), made;
    }
    filtered(filter) {
      this.filter.value !== filter && (this.filter.value = filter);
      let wanted = filter.trim().toLocaleLowerCase();
      for (let [id, button] of this.buttons) {
        let code = codeOf(this.app.state, id), words = [code.name, code.name_zh, code.id, code.key].map((word) => word.toLocaleLowerCase());
        button.hidden = wanted !== "" && !words.some((word) => word.includes(wanted));
      }
      this.list.classList.toggle("filtered", wanted !== "");
      for (let part of this.list.querySelectorAll("section, li, ul"))
        part.hidden = !part.querySelector("button.code:not([hidden])");
    }
    visible() {
      let all = this.list.classList.contains("filtered");
      return [...this.buttons.values()].filter((button) => !button.hidden && (all || !button.closest(".folded")));
    }
    /** Enter applies the first code that is left, Escape goes back to the item, arrow down into the list. */
    filterKey(event) {
      if (event.isComposing) return;
      let first2 = this.visible()[0];
      if (event.key === "Escape" || event.key === "Enter" && first2)
        this.app.store.set({ filter: "" }), backToItem(), event.key === "Enter" && first2 && press(this.app, first2.dataset.code);
      else if (event.key === "ArrowDown")
        first2?.focus();
      else
        return;
      event.preventDefault(), event.stopPropagation();
    }
    /** Arrows go through the codes, Space shows what a code means, Enter applies it. */
    listKey(event) {
      let button = event.target.closest("button.code");
      if (!button) return;
      let all = this.visible(), by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (by) all[(all.indexOf(button) + by + all.length) % all.length]?.focus();
      else if (event.key === " ") this.app.store.set({ looked: button.dataset.code });
      else return;
      event.preventDefault();
    }
  };
  function backToItem() {
    document.querySelector('.feed [tabindex="0"]')?.focus({ preventScroll: !0 });
  }

  // src/highlights.ts
  var LANES = 4;
  function highlightCodes(state, views) {
    let names = /* @__PURE__ */ new Map(), places = placesOf2(state);
    for (let view of views) {
      let own = codingsOf(state, view.item.item_id);
      for (let [field, node] of own.length ? view.fields : []) {
        let spans = own.flatMap((coding) => drawnOf(coding, field, node, places));
        for (let { span, lane } of inLanes(spans)) {
          let name = `${span.name}-${lane}`, found = names.get(name) ?? new Highlight();
          found.priority = lane, names.set(name, add(found, node, span));
        }
      }
    }
    for (let name of [...CSS.highlights.keys()]) name.startsWith("code-") && !names.has(name) && CSS.highlights.delete(name);
    for (let [name, found] of names) CSS.highlights.set(name, found);
  }
  function highlightHand(state, views, pointed) {
    let pointedAt = new Highlight();
    pointedAt.priority = LANES;
    let node = pointed && views.get(pointed.item_id)?.fields.get(pointed.field);
    if (node) for (let one of drawnOf(pointed, pointed.field, node, placesOf2(state))) add(pointedAt, node, one);
    CSS.highlights.set("pointed", pointedAt);
    let marking = new Highlight();
    if (marking.priority = LANES + 1, state.mode.name === "span") {
      let { span } = state.mode, marked = views.get(span.item)?.fields.get(span.field);
      marked && add(marking, marked, rangeOf(span));
    }
    CSS.highlights.set("marking", marking);
  }
  function placesOf2(state) {
    return new Map(state.overview.codebook.codes.map((code, at) => [code.id, at]));
  }
  function add(highlight, node, { start, end }) {
    let last = Math.min(end, node.data.length);
    return start >= last ? highlight : highlight.add(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: last }));
  }
  function drawnOf(coding, field, node, places) {
    let at = places.get(coding.code_id);
    return coding.field !== field || coding.start === null || coding.end === null || at === void 0 ? [] : [{ start: toUnit(node.data, coding.start), end: toUnit(node.data, coding.end), name: `code-${at}` }];
  }
  function inLanes(spans) {
    let ends = [];
    return [...spans].sort((a, b) => a.start - b.start || b.end - a.end).map((span) => {
      let free = ends.findIndex((end) => end <= span.start), lane = Math.min(free < 0 ? ends.length : free, LANES - 1);
      return ends[lane] = Math.max(ends[lane] ?? 0, span.end), { span, lane };
    });
  }

  // src/colours.ts
  var LINES = ["solid", "dashed", "dotted", "double"], PLAIN = "#767676";
  function useColours(codes) {
    let sheet = new CSSStyleSheet();
    sheet.replaceSync(codes.map((code, at) => rules(code, at, codes)).join(`
`)), document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  function rules(code, at, codes) {
    let colour = /^#[0-9a-f]{6}$/i.test(code.colour) ? code.colour : PLAIN, line = LINES[codes.slice(0, at).filter((one) => one.colour === code.colour).length % LINES.length], shown = `light-dark(${colour}, color-mix(in oklab, ${colour}, white 30%))`, lanes = Array.from({ length: LANES }, (_, lane) => `::highlight(code-${at}-${lane}) { text-decoration: underline ${line} ${line === "double" ? 1 : 2}px ${shown}; text-underline-offset: ${3 + lane * 4}px; }`);
    return [`.code-${at} { --code: ${shown}; --stroke: ${line};${line === "double" ? " --thick: 3px;" : ""} }`, ...lanes].join(`
`);
  }

  // src/definition.ts
  var EXCERPT2 = 70, DefinitionView = class {
    constructor(app, root2) {
      this.app = app;
      this.root = root2;
    }
    app;
    root;
    shown = "";
    draw = (state, before) => {
      if (before && state.looked === this.shown && before.threads === state.threads) return;
      let code = codeOf(state, state.looked);
      state.looked !== this.shown && (this.root.scrollTop = 0), this.shown = state.looked, this.root.replaceChildren(...code ? this.page(state, code) : [h("p", { class: "waiting" }, t("look_hint"))]);
    };
    page(state, code) {
      let part = (name, words) => words ? [h("p", { dir: "auto" }, h("strong", {}, `${t(name)} `), words)] : [];
      return [
        h("h3", { class: codeClass(this.app, code.id) }, h("span", { class: "swatch" }), nameOf(code)),
        ...code.definition ? [h("p", { dir: "auto" }, code.definition)] : [],
        ...part("use_when", code.use_when),
        ...part("not_when", code.not_when),
        ...part("example", code.example),
        ...code.anchors.length ? [h("p", {}, h("strong", {}, t("anchors")))] : [],
        ...code.anchors.map((anchor) => this.anchor(state, anchor))
      ];
    }
    anchor(state, id) {
      let item = itemOf(state, id), words = item ? shortened(item.text || item.title, EXCERPT2) : id;
      return place(state, id) < 0 ? h("p", { class: "anchor" }, h("a", { href: `/items/${encodeURIComponent(id)}` }, words)) : h(
        "p",
        { class: "anchor" },
        h("button", { type: "button", dir: "auto", onclick: () => {
          this.app.go(id);
        } }, words)
      );
    }
  };

  // src/refusals.ts
  function inWords(state, act) {
    if ("text" in act) return `${t("memo")}: “${shortened(act.text, 60)}”`;
    if (act.do === "group") return `${t("group_of")} ${act.author}: ${act.group} ${act.actor_type}`;
    if (!("item_id" in act)) return t(`do_${act.do}`);
    let item = itemOf(state, act.item_id), where = item ? shortened(item.text || item.title, 40) : act.item_id, code = "code_id" in act ? codeOf(state, act.code_id) : void 0, what = code ? nameOf(code) : "code_id" in act ? act.code_id : t("nothing");
    return `${t(act.do === "remove" || act.do === "not_nothing" ? "take_off" : "apply")}: ${what}, “${where}”`;
  }

  // src/help.ts
  var SHOWN = { " ": "Space", Escape: "Esc" };
  function closing() {
    return h("form", { method: "dialog" }, h("button", { class: "primary", autofocus: !0 }, t("close")));
  }
  function rows(pairs) {
    return h("dl", {}, ...pairs.flatMap(([key, words]) => [h("dt", {}, kbd(SHOWN[key] ?? key)), h("dd", {}, words)]));
  }
  function helpDialog(app, keys) {
    let commands = COMMANDS.flatMap((one) => keys.of(one.name) ? [[keys.of(one.name), t(`do_${one.name}`)]] : []), within2 = [
      ["← →", t("key_word")],
      ["Alt ← →", t("key_character")],
      ["↑ ↓", t("key_sentence")],
      ["Shift", t("key_extend")],
      ["Del", t("key_delete")],
      ["Ctrl Enter", t("key_save")]
    ], codes = app.state.overview.codebook.codes.filter((code) => code.active && code.key).map((code) => [code.key, nameOf(code)]);
    return h(
      "dialog",
      { id: "coding-help", "aria-labelledby": "coding-help-title" },
      h("h2", { id: "coding-help-title" }, t("keys")),
      h(
        "div",
        { class: "key-columns", tabindex: 0 },
        h("section", {}, h("h3", {}, t("keys_everywhere")), rows(commands)),
        h("section", {}, h("h3", {}, t("keys_marking")), rows(within2)),
        h("section", {}, h("h3", {}, t("codebook")), rows(codes))
      ),
      h("p", { class: "hint" }, t("keys_taken")),
      closing()
    );
  }
  var RefusedView = class {
    constructor(app) {
      this.app = app;
    }
    app;
    dialog = h("dialog", { id: "coding-refused", "aria-labelledby": "coding-refused-title" });
    draw = (state, before) => {
      before && before.refused === state.refused || before && JSON.stringify(before.refused) === JSON.stringify(state.refused) || (!state.refused.length && this.dialog.open && this.dialog.close(), this.dialog.replaceChildren(
        h("h2", { id: "coding-refused-title" }, t("refused_title")),
        h("p", {}, t("refused_why")),
        h("ul", { class: "list" }, ...state.refused.map(({ act, faults }) => h(
          "li",
          {},
          h("strong", {}, inWords(state, act)),
          h("br"),
          faults.map((fault) => fault.message).join(" "),
          " ",
          h("button", { type: "button", onclick: () => this.dismiss(act.act) }, t("dismiss"))
        ))),
        closing()
      ));
    };
    dismiss(id) {
      this.app.queue.dismiss(id), this.app.store.set({ refused: this.app.queue.refused() });
    }
  };

  // src/queue.ts
  var Queue = class {
    name;
    /** What this browser would not keep; it lives as long as the tab. */
    inMemory = /* @__PURE__ */ new Map();
    constructor(study, coder, round) {
      this.name = ["resilens", study, coder, round].map(encodeURIComponent).join(":");
      let ids = this.keys("act").map((key) => key.slice(this.prefix("act").length));
      ids.length && laterThan(ids.at(-1));
    }
    /** Whether everything would survive closing the tab. */
    get kept() {
      return this.inMemory.size === 0;
    }
    acts() {
      return this.keys("act").flatMap((key) => this.read(key));
    }
    refused() {
      return this.keys("refused").flatMap((key) => this.read(key));
    }
    add(act) {
      this.write(this.prefix("act") + act.act, act);
    }
    done(ids) {
      for (let id of ids) this.drop(this.prefix("act") + id);
    }
    refuse(act, faults) {
      this.write(this.prefix("refused") + act.act, { act, faults }), this.done([act.act]);
    }
    dismiss(id) {
      this.drop(this.prefix("refused") + id);
    }
    /** Tell of changes by other tabs. */
    watch(changed) {
      addEventListener("storage", (event) => {
        (event.key === null || event.key.startsWith(this.name)) && changed();
      });
    }
    prefix(kind) {
      return `${this.name}:${kind}:`;
    }
    keys(kind) {
      let prefix = this.prefix(kind), stored = [];
      try {
        stored = Object.keys(localStorage);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
      return [...stored, ...this.inMemory.keys()].filter((key) => key.startsWith(prefix)).sort();
    }
    read(key) {
      let text = this.inMemory.get(key) ?? localStorage.getItem(key);
      return text === null ? [] : [JSON.parse(text)];
    }
    write(key, value) {
      let text = JSON.stringify(value);
      try {
        localStorage.setItem(key, text);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        this.inMemory.set(key, text);
      }
    }
    drop(key) {
      this.inMemory.delete(key) || localStorage.removeItem(key);
    }
  };

  // src/notes.ts
  var TYPES = { note: "memo", argue: "argument", changed_mind: "change_of_mind" };
  function notesOf(state, item) {
    let { coder } = state.overview, found = new Map((state.notes.get(postOf(state, item)) ?? []).map((note) => [note.memo_id, note]));
    for (let act of state.pending) {
      if (act.do !== "note" && act.do !== "argue" && act.do !== "changed_mind") continue;
      let { memo_id, about, text } = act;
      text ? found.set(memo_id, { memo_id, about, text, coder, at: "", type: TYPES[act.do] }) : found.delete(memo_id);
    }
    return [...found.values()].filter((note) => note.about.includes(item));
  }
  function drawNotes(row, item, thread, state) {
    let claims = thread.claims[item.item_id] ?? [], leads = thread.leads[item.item_id] ?? [];
    row.replaceChildren(
      ...notesOf(state, item.item_id).map((note) => noteOf(state, note)),
      ...claims.map((claim) => h(
        "p",
        { class: "aside" },
        `${t(claim.side === "against" ? "claim_against" : "claim_for")}: `,
        h("a", { href: `/claims/${encodeURIComponent(claim.id)}` }, claim.statement)
      )),
      ...leads.map((lead) => h("p", { class: "aside" }, `${t("lead")}: `, h("a", { href: "/leads" }, lead.text)))
    ), row.hidden = !row.childElementCount;
  }
  function noteOf(state, note) {
    let own = note.coder === state.overview.coder, codes = note.about.flatMap((id) => codeOf(state, id) ?? []).map(nameOf), what = [t(note.type), ...codes].join(" · "), changed = note.type === "change_of_mind" ? " changed" : note.type === "argument" ? " argument" : "";
    return h(
      "div",
      { class: `note${changed}` },
      h("span", { class: "who" }, own && note.type === "memo" ? what : `${note.coder} · ${what}`),
      h("p", { dir: "auto" }, note.text)
    );
  }

  // src/editor.ts
  function editorFor(app, editor, item) {
    return editor.kind === "group" ? groupForm(app, item) : editor.kind === "argument" ? argumentForm(app, item) : memoForm(app, editor, item);
  }
  function form(app, title, save, ...fields) {
    let close = () => app.store.set({ editor: null }), made = h(
      "form",
      {
        class: "editor",
        "aria-label": title,
        "data-plain": !0,
        onsubmit: (event) => {
          event.preventDefault(), save() && close();
        },
        onkeydown: (event) => {
          if (!event.isComposing) {
            if (event.key === "Escape") close();
            else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) made.requestSubmit();
            else return;
            event.preventDefault(), event.stopPropagation();
          }
        }
      },
      h("strong", {}, title),
      ...fields,
      h(
        "p",
        { class: "buttons" },
        h("button", { class: "primary" }, t("save")),
        h("button", { type: "button", onclick: close }, t("cancel")),
        h("span", { class: "hint" }, t("editor_keys"))
      )
    );
    return made;
  }
  function labelled(label, control) {
    return h("label", {}, label, control);
  }
  function draft(app, name, before) {
    let key = `${app.queue.name}:draft:${name}`, area = h("textarea", { rows: 3, "data-first": !0, dir: "auto", required: before === "" });
    return area.value = sessionStorage.getItem(key) ?? before, area.addEventListener("input", () => sessionStorage.setItem(key, area.value)), { area, done: () => sessionStorage.removeItem(key) };
  }
  function memoForm(app, editor, item) {
    let { state } = app, codings = codingsOf(state, item.item_id).filter((coding) => !coding.nothing_applies), about = h("select", {}, h("option", { value: "" }, t(item.kind)), ...codings.map((coding) => h("option", { value: keyOf(coding.code_id, targetOf(coding)) }, labelOf(app, item, coding))));
    about.value = codings.some((coding) => keyOf(coding.code_id, targetOf(coding)) === editor.about) ? editor.about : "";
    let note = notesOf(state, item.item_id).find((one) => one.type === "memo" && one.coder === state.overview.coder), chosen = () => codings.find((one) => keyOf(one.code_id, targetOf(one)) === about.value), words = draft(app, `memo:${item.item_id}:${about.value}`, chosen()?.memo ?? note?.text ?? "");
    about.addEventListener("change", () => {
      let coding = chosen(), other = draft(app, `memo:${item.item_id}:${about.value}`, (coding ? coding.memo : note?.text) ?? "");
      words.area.replaceWith(other.area), words = other;
    });
    let save = () => {
      let coding = chosen(), text = words.area.value.trim();
      return coding ? app.act({ do: "set", code_id: coding.code_id, ...targetOf(coding), memo: text }) : (text || note) && app.act({ do: "note", memo_id: note?.memo_id ?? uuid7(), about: note?.about ?? [item.item_id], text }), words.done(), !0;
    }, label = labelled(t("memo"), words.area);
    return form(app, t("memo"), save, codings.length ? labelled(t("about"), about) : null, label);
  }
  function labelOf(app, item, coding) {
    let text = coding.field === "title" ? item.title : coding.field === "text" ? item.text : "";
    if (!text || coding.start === null || coding.end === null) return described(app.state, coding);
    let words = text.slice(toUnit(text, coding.start), toUnit(text, coding.end));
    return `${described(app.state, coding)}: ${shortened(words, 24)}`;
  }
  function argumentForm(app, item) {
    let words = draft(app, `argument:${item.item_id}`, ""), codes = new Set([...codingsOf(app.state, item.item_id), ...othersOn(app.state, item.item_id)].map((one) => one.code_id)), about = h("select", {}, h("option", { value: "" }, t(item.kind)), ...[...codes].flatMap((id) => {
      let code = codeOf(app.state, id);
      return code ? [h("option", { value: id }, nameOf(code))] : [];
    })), changed = h("input", { type: "checkbox" }), save = () => {
      let text = words.area.value.trim();
      return text ? (app.act({ do: changed.checked ? "changed_mind" : "argue", memo_id: uuid7(), about: [item.item_id, about.value].filter(Boolean), text }), words.done(), !0) : !1;
    }, label = h("label", { class: "check" }, changed, t("i_changed_my_mind"));
    return form(
      app,
      t("argument"),
      save,
      codes.size ? labelled(t("about"), about) : null,
      labelled(t("argument_why"), words.area),
      label
    );
  }
  function groupForm(app, item) {
    let { overview, authors } = app.state, known = { ...item, ...authors.get(item.author) }, group = select([["", t("as_by_rules")], ...overview.groups.map((one) => [one.id, one.name])], known.group), kinds = overview.actor_types.map((kind2) => [kind2, kindOf(kind2)]), kind = select([["", t("as_by_rules")], ...kinds], known.actor_type);
    group.setAttribute("data-first", "");
    let { area: reason, done } = draft(app, `group:${item.author}`, "");
    reason.removeAttribute("data-first");
    let save = () => (app.act({ do: "group", author: item.author, group: group.value, actor_type: kind.value, reason: reason.value.trim() }), done(), !0);
    return form(
      app,
      `${t("group_of")} ${item.author}`,
      save,
      labelled(t("group"), group),
      labelled(t("actor_type"), kind),
      labelled(t("reason"), reason)
    );
  }
  function select(options, value) {
    let made = h("select", {}, ...options.map(([id, name]) => h("option", { value: id }, name)));
    return made.value = value !== "unknown" && options.some(([id]) => id === value) ? value : "", made;
  }

  // src/picture.ts
  var DRAG = 4, LABEL = 13, Pictures = class {
    constructor(app, item, media) {
      this.app = app;
      this.item = item;
      for (let id of item.media) {
        let found = media[id];
        found ? this.element.append(this.figure(id, found)) : this.element.append(h("p", { class: "aside" }, t("picture_missing")));
      }
      this.element.hidden = !this.element.childElementCount;
    }
    app;
    item;
    element = h("div", { class: "pictures" });
    overlays = /* @__PURE__ */ new Map();
    drawn = { codings: null, region: null };
    draw(state, own) {
      let region = state.mode.name === "region" && state.mode.region.item === this.item.item_id ? state.mode.region : null;
      this.element.classList.toggle("zoomed", state.zoomed && state.cursor === this.item.item_id), !(own === this.drawn.codings && region === this.drawn.region) && (this.drawn = { codings: own, region }, this.redraw());
    }
    figure(id, media) {
      if (media.kind === "video")
        return h("figure", {}, h("video", { src: media.src, controls: !0, preload: "metadata", "aria-label": t("recording") }));
      let { width, height } = media, image = h("img", { src: media.src, alt: t("picture"), width, height, decoding: "async", draggable: "false" }), frame = h("figure", {}, image);
      if (image.addEventListener("error", () => frame.replaceChildren(h("p", { class: "aside" }, t("picture_missing")))), !width || !height) return frame;
      let overlay = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
      return frame.append(overlay), this.overlays.set(id, { overlay, size: { width, height }, frame }), this.listen(id, overlay, { width, height }), new ResizeObserver(() => this.redraw()).observe(frame), frame;
    }
    /** A drag marks a region; a click on a region takes it in hand, a click beside all of them zooms. */
    listen(id, overlay, size) {
      let from = null, dragged = !1;
      overlay.addEventListener("pointerdown", (event) => {
        event.button === 0 && (from = { x: event.clientX, y: event.clientY }, dragged = !1, overlay.setPointerCapture(event.pointerId));
      }), overlay.addEventListener("pointermove", (event) => {
        if (!from || !open(this.app.state) || (dragged ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG, !dragged)) return;
        let box = overlay.getBoundingClientRect(), inPicture = (x, y) => [(x - box.left) / box.width * size.width, (y - box.top) / box.height * size.height], region = between(this.item.item_id, id, size, ...inPicture(from.x, from.y), ...inPicture(event.clientX, event.clientY));
        this.app.store.set({ cursor: this.item.item_id, mode: { name: "region", region }, notice: "" });
      }), overlay.addEventListener("pointerup", (event) => {
        let coding = this.under(id, event, overlay, size);
        from && !dragged && coding ? mark(this.app, coding) : from && !dragged && this.app.store.set({ cursor: this.item.item_id, zoomed: !this.app.state.zoomed }), from = null;
      });
    }
    under(id, event, overlay, size) {
      let box = overlay.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * size.width, y = (event.clientY - box.top) / box.height * size.height;
      return this.drawn.codings?.find((one) => one.media_id === id && one.x !== null && one.y !== null && x >= one.x && y >= one.y && x < one.x + one.w && y < one.y + one.h);
    }
    redraw() {
      let { codings, region } = this.drawn;
      for (let [id, { overlay, size, frame }] of this.overlays) {
        let scale = size.width / (frame.clientWidth || size.width), shapes = (codings ?? []).filter((coding) => coding.media_id === id && coding.w !== null).map((coding) => this.shape(coding, scale)), now = region?.media === id ? svg("rect", { class: "marking", "vector-effect": "non-scaling-stroke", x: region.x, y: region.y, width: region.w, height: region.h }) : null;
        overlay.replaceChildren(...shapes, ...now ? [now] : []);
      }
      region && this.element.querySelector(".marking")?.scrollIntoView({ block: "nearest" });
    }
    shape(coding, scale) {
      let { x, y, w, h: height } = coding, at = (this.drawn.codings ?? []).filter((one) => sameRegion(one, coding)).findIndex((one) => keyOf(one.code_id, targetOf(one)) === keyOf(coding.code_id, targetOf(coding))), label = codeOf(this.app.state, coding.code_id)?.key || described(this.app.state, coding).slice(0, 1), text = svg("text", { "font-size": LABEL * scale, x: x + (5 + at * LABEL) * scale, y: y + (LABEL + 2) * scale }, label), box = svg("rect", { "vector-effect": "non-scaling-stroke" });
      return attributes(box, { x, y, width: w, height }), svg("g", { class: codeClass(this.app, coding.code_id) }, box, text);
    }
  };
  function sameRegion(a, b) {
    return a.media_id === b.media_id && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
  }

  // src/item.ts
  var DEEPEST = 6;
  function underWay2(before, state, of) {
    return before.pending !== state.pending && (before.pending.some(of) || state.pending.some(of));
  }
  var ItemView = class {
    constructor(app, item, thread) {
      this.app = app;
      this.item = item;
      this.thread = thread;
      this.pictures = new Pictures(app, item, thread.media);
      let isPost = item.kind === "post", depth = isPost ? 0 : Math.min(Math.max((item.depth ?? 1) - 1, 0), DEEPEST);
      this.element = h("article", {
        class: `item ${item.kind} depth-${depth}${this.mine ? "" : " context"}`,
        tabindex: -1,
        "data-item": item.item_id
      });
      let about = h(
        "header",
        {},
        this.mark,
        this.by,
        this.time(),
        this.counts(),
        this.tags(),
        this.mine ? null : h("em", {}, t("context"))
      ), words = h("div", { class: "said" }, this.field("title", isPost ? "h2" : "p"), this.field("text", "div"));
      this.element.append(
        about,
        this.pictures.element,
        this.elsewhere() ?? "",
        words,
        this.translated,
        this.marks,
        this.notes,
        this.editor
      ), this.translations(thread.translations[item.item_id] ?? []);
    }
    app;
    item;
    thread;
    element;
    /** The text nodes by field. */
    fields = /* @__PURE__ */ new Map();
    pictures;
    mark = h("span", { class: "mark-read" });
    by = h("span", { class: "by" });
    marks = h("div", { class: "marks" });
    notes = h("div", { class: "notes" });
    editor = h("div", { class: "slot" });
    translated = h("div", { class: "translations", hidden: !0 });
    /** Whether it is this coder's to code; others give context and may be second items. */
    get mine() {
      return place(this.app.state, this.item.item_id) >= 0;
    }
    draw(state, before) {
      let id = this.item.item_id, candidate = state.mode.name === "relation" && state.mode.candidate === id;
      this.element.toggleAttribute("data-candidate", candidate), state.cursor === id ? this.element.setAttribute("aria-current", "true") : this.element.removeAttribute("aria-current");
      let focusable = candidate || state.cursor === id && state.mode.name !== "relation";
      this.element.tabIndex = focusable ? 0 : -1;
      let own = codingsOf(state, id);
      (!before || own !== codingsOf(before, id) || before.overview !== state.overview) && this.coded(state, own);
      let { author } = this.item;
      (!before || before.authors !== state.authors || underWay2(before, state, (act) => "author" in act && act.author === author)) && this.signed(state), (!before || before.notes !== state.notes || underWay2(before, state, (act) => "about" in act && act.about.includes(id))) && drawNotes(this.notes, this.item, this.thread, state), this.translated.hidden = !state.translations || !this.translated.childElementCount, this.pictures.draw(state, own), this.edited(state, before);
    }
    coded(state, own) {
      if (drawMarks(this.app, this.marks, this, own, othersOn(state, this.item.item_id)), !this.mine) return;
      let nothing2 = own.some((coding) => coding.nothing_applies), says = t(nothing2 ? "nothing" : own.length ? "read" : "unread");
      this.mark.className = `mark-read ${nothing2 ? "none" : own.length ? "yes" : "no"}`, this.mark.title = says, this.mark.replaceChildren(h("span", { class: "unseen" }, says));
    }
    edited(state, before) {
      let shown = state.editor?.item === this.item.item_id ? state.editor : null, was = before?.editor?.item === this.item.item_id ? before.editor : null;
      if (shown === was) return;
      let held = this.editor.contains(document.activeElement);
      if (this.editor.replaceChildren(), shown) {
        let form2 = editorFor(this.app, shown, this.item);
        this.editor.append(form2), form2.querySelector("[data-first]")?.focus(), form2.scrollIntoView({ block: "nearest" });
      } else held && this.element.focus({ preventScroll: !0 });
    }
    signed(state) {
      let { item } = this, known = { ...item, ...state.authors.get(item.author) };
      for (let act of state.pending) act.do === "group" && act.author === item.author && (known = act);
      let group = state.overview.groups.find((one) => one.id === known.group)?.name ?? known.group, kind = known.actor_type && known.actor_type !== "unknown" ? kindOf(known.actor_type) : "", unknown = !group || group === "unknown";
      this.by.replaceChildren(
        h("span", { class: "author" }, item.author || t("author_unknown")),
        h("span", { class: "group" }, unknown ? t("group_unknown") : group),
        ...kind ? [h("span", { class: "group" }, kind)] : []
      ), this.element.setAttribute("aria-label", `${t(item.kind)}, ${item.author}, ${unknown ? "" : group}`);
    }
    field(name, tag) {
      let text = this.item[name];
      return text ? this.words(name, text, this.item.language, tag, name) : null;
    }
    words(field, text, language, tag, style) {
      let node = document.createTextNode(text);
      this.fields.set(field, node);
      let lang = /^[a-z]{2,3}(-\w+)*$/i.test(language) && language !== "und" ? language : null;
      return h(tag, { class: style, dir: "auto", lang, "data-field": field }, node);
    }
    time() {
      let { published_at, shown, time_basis } = this.item;
      return published_at ? h("time", { datetime: published_at, title: published_at }, (time_basis === "id_lower_bound" ? "≥ " : "") + (shown || published_at)) : h("span", { class: "time" }, t("time_unknown"));
    }
    counts() {
      let signs = { exact: "", rounded: "≈ ", at_least: "≥ " }, counts = Object.entries(this.item.counts).flatMap(([name, [value, bound]]) => value === null ? [] : [h("span", { class: "count" }, t(`count_${name}`), " ", (signs[bound] ?? "") + number(value))]);
      return h("span", { class: "counts" }, ...counts);
    }
    tags() {
      let tags = this.item.kind === "post" ? this.item.hashtags : [];
      return tags.length ? h("span", { class: "tags" }, ...tags.map((tag) => h("bdi", {}, `#${tag} `))) : null;
    }
    elsewhere() {
      let n = this.item.elsewhere ?? 0;
      return n ? h("p", { class: "aside" }, t("media_elsewhere", { n })) : null;
    }
    translations(given) {
      let order = [...given].sort((a, b) => Number(b.accepted) - Number(a.accepted));
      this.translated.append(...order.map((one) => h(
        "figure",
        { class: one.accepted ? "accepted" : "" },
        h(
          "figcaption",
          {},
          h("span", { class: "engine" }, [one.engine, one.version].filter(Boolean).join(" ")),
          ` ${one.language} ${one.made_on.slice(0, 10)}`,
          one.field === "title" && ` · ${t("of_title")}`,
          one.accepted && h("strong", {}, ` ✓ ${t("accepted")}`)
        ),
        this.words(`translation:${one.translation_id}`, one.text, one.language, "div", "text")
      )));
    }
  };

  // src/thread.ts
  var MARGIN = 48, ThreadView = class {
    constructor(app, feed) {
      this.app = app;
      this.feed = feed;
      feed.addEventListener("click", (event) => this.clicked(event)), feed.addEventListener("mouseup", () => setTimeout(() => this.selected())), feed.addEventListener("point", (event) => {
        this.pointed = event.detail, highlightHand(this.app.state, this.views, this.pointed);
      }, { capture: !0 });
    }
    app;
    feed;
    views = /* @__PURE__ */ new Map();
    thread;
    pointed = null;
    draw = (state, before) => {
      let thread = state.threads.get(shownPost(state)), fresh = thread !== this.thread;
      fresh && this.build(thread);
      let said = !before || fresh || before.saved !== state.saved || before.pending !== state.pending, views = said || before.notes !== state.notes || before.authors !== state.authors || before.translations !== state.translations ? [...this.views.values()] : this.inHand(state, before);
      for (let view of views) view.draw(state, fresh ? null : before);
      said && highlightCodes(state, [...this.views.values()]), (said || before.mode !== state.mode) && highlightHand(state, this.views, this.pointed), (fresh || !before || shownItem(before) !== shownItem(state)) && this.reach(state, fresh), before && before.mode !== state.mode && state.mode.name === "span" && this.reveal(state.mode.span);
    };
    /** The items that moving, marking and writing are about, now and before. */
    inHand(state, before) {
      let ids = [state, before].flatMap((one) => [one.cursor, shownItem(one), one.editor?.item ?? ""]);
      return [...new Set(ids)].flatMap((id) => this.views.get(id) ?? []);
    }
    /** Bring a span into sight, if it is not. */
    reveal(span) {
      let node = this.views.get(span.item)?.fields.get(span.field);
      if (!node) return;
      let range = document.createRange();
      range.setStart(node, Math.min(span.focus.start, node.data.length)), range.setEnd(node, Math.min(span.focus.end, node.data.length));
      let [box, frame] = [range.getBoundingClientRect(), this.feed.getBoundingClientRect()], below = box.bottom + MARGIN - frame.bottom, above = frame.top + MARGIN - box.top;
      box.height && (below > 0 || above > 0) && this.feed.scrollBy(0, above > 0 ? -above : below);
    }
    build(thread) {
      let sameThread = thread !== void 0 && this.views.has(itemsOf(thread)[0]?.item_id ?? ""), top = this.feed.scrollTop;
      if (this.thread = thread, this.pointed = null, this.views = /* @__PURE__ */ new Map(), !thread) {
        this.feed.replaceChildren(h("p", { class: "waiting" }, t("loading")));
        return;
      }
      for (let item of itemsOf(thread)) this.views.set(item.item_id, new ItemView(this.app, item, thread));
      let elements = [...this.views.values()].map((view) => view.element), above = elements.splice(0, thread.post ? 1 : 0);
      this.feed.replaceChildren(...above, this.heading(thread), ...elements), this.feed.scrollTop = sameThread ? top : 0;
    }
    heading(thread) {
      let n = thread.comments.length, declared = thread.declared_comments;
      return h("h3", { class: "comments" }, declared !== null && declared > n ? t("comments_of", { n, all: declared }) : n ? t("comments", { n }) : t("no_comments"));
    }
    /** Bring the item in hand into sight, and the focus to it. */
    reach(state, fresh) {
      let view = this.views.get(shownItem(state));
      if (!view) return;
      let { element } = view;
      document.activeElement?.closest("form, dialog, input") || element.focus({ preventScroll: !0 });
      let tall = element.offsetHeight > this.feed.clientHeight, first2 = fresh && view.item.kind === "post";
      element.scrollIntoView({ block: first2 || tall ? "start" : "nearest" }), state.mode.name !== "relation" && history.replaceState(null, "", `#${encodeURIComponent(state.cursor)}`);
    }
    /** A click takes an item in hand; while a second one is chosen, it chooses. */
    clicked(event) {
      let target2 = event.target, item = target2.closest("[data-item]")?.dataset.item;
      if (!item || target2.closest("button, a, form, video, svg") || !getSelection()?.isCollapsed) return;
      let { mode, cursor } = this.app.state;
      mode.name === "relation" ? this.app.store.set({ mode: { ...mode, candidate: item } }) : place(this.app.state, item) >= 0 && item !== cursor ? this.app.go(item) : mode.name === "span" && item === cursor && this.app.store.set({ mode: { name: "read" } });
    }
    /** Words marked with the mouse are a span. */
    selected() {
      let selection = getSelection();
      if (!selection || selection.isCollapsed || !open(this.app.state)) return;
      let range = selection.getRangeAt(0), home = (range.commonAncestorContainer.parentElement ?? this.feed).closest("[data-field]") ?? (range.startContainer.parentElement ?? this.feed).closest("[data-field]"), item = home?.closest("[data-item]")?.dataset.item, field = home?.dataset.field, node = item && field ? this.views.get(item)?.fields.get(field) : void 0;
      if (!item || !field || !node || place(this.app.state, item) < 0) return;
      let start = range.startContainer === node ? range.startOffset : 0, end = range.endContainer === node ? range.endOffset : node.data.length, span = spanOver(item, field, node.data, start, end);
      span && this.app.store.set({ cursor: item, mode: { name: "span", span }, notice: "" });
    }
  };

  // src/coding.ts
  function begin(root2) {
    let data = (name) => root2.dataset[name] ?? "";
    useWords(JSON.parse(data("words")), data("language"));
    let api = new Api(data("round"), data("version"));
    ask(root2, api, data("study"));
  }
  async function ask(root2, api, study) {
    try {
      show(root2, api, study, await api.overview());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      let why = error.faults.map((fault) => fault.message).join(" ");
      root2.replaceChildren(h("p", { class: "waiting" }, error.trouble === "out" ? t("out_long") : why || t("thread_lost"))), error.trouble === "lost" && setTimeout(() => {
        ask(root2, api, study);
      }, 1500);
    }
  }
  function show(root2, api, study, overview) {
    let queue = new Queue(study, overview.coder, overview.round.id), store = new Store({
      overview,
      threads: /* @__PURE__ */ new Map(),
      saved: /* @__PURE__ */ new Map(),
      notes: /* @__PURE__ */ new Map(),
      authors: /* @__PURE__ */ new Map(),
      pending: queue.acts(),
      refused: queue.refused(),
      saving: queue.acts().length ? "saving" : "saved",
      faults: [],
      cursor: first(overview),
      mode: { name: "read" },
      looked: "",
      filter: "",
      folded: /* @__PURE__ */ new Set(),
      translations: !1,
      zoomed: !1,
      editor: null,
      notice: "",
      canUndo: overview.can_undo,
      finished: overview.finished
    });
    if (!overview.items.length) {
      root2.replaceChildren(h("p", { class: "waiting" }, t("nothing_to_read")));
      return;
    }
    useColours(overview.codebook.codes);
    let app = new App(store, api, queue), keys = new Keys(overview.codebook.codes, store.state);
    draw(root2, app, keys), listen(app, keys), addEventListener("hashchange", () => {
      let item = decodeURIComponent(location.hash.slice(1));
      place(store.state, item) >= 0 && item !== store.state.cursor && app.go(item);
    }), addEventListener("focus", () => app.refresh(shownPost(store.state))), addEventListener("beforeunload", (event) => {
      queue.kept || event.preventDefault();
    }), app.need(shownPost(store.state)), app.sender.wake();
  }
  function first(overview) {
    let named = decodeURIComponent(location.hash.slice(1));
    return (overview.items.find((entry) => entry.id === named) ?? overview.items.find((entry) => !entry.read) ?? overview.items[0])?.id ?? "";
  }
  function draw(root2, app, keys) {
    let feed = h("section", { class: "feed", "aria-label": t("thread") }), line = h("p", { class: "line", role: "status" }), announcer = h("p", { class: "unseen", role: "status" }), codes = h("div", { class: "codes" }), definition = h("section", { class: "definition", tabindex: 0, "aria-label": t("definition") }), commands = h("div", { class: "commands", role: "group", "aria-label": t("commands") }), codebook = h("aside", { id: "codebook", "aria-label": t("codebook") }, codes, definition, commands), refused = new RefusedView(app);
    root2.replaceChildren(h("div", { class: "reading" }, feed, line), codebook, announcer, helpDialog(app, keys), refused.dialog), app.store.draw(
      new BarView(app, document.querySelector("#coding-bar"), announcer).draw,
      new CodebookView(app, codes).draw,
      new DefinitionView(app, definition).draw,
      new CommandsView(app, keys, commands).draw,
      new LineView(line).draw,
      refused.draw,
      new ThreadView(app, feed).draw
    );
  }
  var root = document.querySelector("#coding");
  root && begin(root);
})();
