// How does a planner go from one segment to the next?
// Open, decide, next; what was typed is kept until the server has taken it.
(function (g) {
  "use strict";

  var ITEMS = "/ogc/collections/", PATCH = "application/merge-patch+json", FRESH_MS = 60000;
  var form = at("review-form"), comment = at("review-comment"), undo = at("review-undo");
  // `open`: id of the segment in the panel; `moved`: the page opened it after a decision, so that
  // undo still means that decision; `asked` numbers requests, so that a late answer is dropped.
  // Writes go one after another in `chain`; the next segment opens without waiting for them.
  var open = null, detail = null, last = null, moved = false, asked = 0, finished = 0, back = null, ahead = null;
  var drafts = new Map(), pending = new Set(), chain = Promise.resolve();

  function at(id) { return document.getElementById(id); }
  function say(text) { at("review-said").textContent = text; }
  function nameOf(id) { return g.byId.has(id) ? g.nameOf(g.byId.get(id)).slice(0, 80) : id; }
  function chosen() { var box = form.querySelector("input[name=path_class]:checked"); return box ? box.value : ""; }

  // Ask the server; a refusal is an error that carries the answer.
  async function ask(address, options) {
    var answer = await fetch(address, Object.assign({ credentials: "same-origin" }, options));
    var body = answer.status === 204 ? {} : await answer.json().catch(function () { return null; });
    if (!answer.ok || body === null) {
      throw Object.assign(new Error("refused"), { status: answer.status, body: body });
    }
    return { body: body, tag: answer.headers.get("etag") };
  }
  function patch(collection, id, tag, properties) {
    return ask(ITEMS + collection + "/items/" + encodeURIComponent(id), {
      method: "PATCH", keepalive: true, headers: { "Content-Type": PATCH, "If-Match": tag },
      body: JSON.stringify({ type: "Feature", properties: properties })
    });
  }

  function fault(error, again) {
    var holder = at("review-fault"), key = { 401: "login", 404: "gone", 412: "stale" }[error.status];
    if (!key) { key = error.status ? "other" : "offline"; }
    var differs = error.status === 412 && error.body ? error.body.differences || [] : [];
    holder.replaceChildren(g.t("review.fault." + key));
    differs.filter(function (one) { return one.field === "path_class"; }).forEach(function (one) {
      holder.append(" " + g.t("review.fault.differs", {
        now: g.label("path_class", one.current), chosen: g.label("path_class", chosen())
      }));
    });
    if (key === "login") {
      holder.append(" ", g.h("a", { href: "/logga-in", target: "_blank", rel: "noopener", text: g.t("review.fault.open") }));
    }
    if (again) {
      holder.append(" ", g.h("button", { type: "button", class: "button", text: g.t("review.fault.again"), click: again }));
    }
    holder.hidden = false;
    holder.scrollIntoView({ block: "nearest" });
  }
  function noFault() { at("review-fault").hidden = true; at("review-fault").replaceChildren(); }

  // All about a segment; `done` tells how many writes of this page it knows of.
  function read(id) {
    var done = finished;
    return ask("/api/review/" + encodeURIComponent(id)).then(function (told) {
      return Object.assign(told.body, { done: done });
    });
  }
  // The next of the queue is read while the planner thinks about this one.
  function readAhead() {
    var next = after(place(open) + 1);
    if (next === null || next === open || ahead && ahead.id === next) { return; }
    ahead = { id: next, at: Date.now(), told: read(next).catch(function () { return null; }) };
  }
  async function readOrTake(id) {
    var taken = ahead;
    ahead = null;
    var fresh = taken && taken.id === id && Date.now() - taken.at < FRESH_MS;
    return fresh && await taken.told || read(id);
  }

  // Read a segment into the panel; with `keep` the form stays as it is.
  async function load(id, keep) {
    var mine = asked += 1;
    at("review").setAttribute("aria-busy", "true");
    try {
      var told = await (keep ? read(id) : readOrTake(id));
      if (mine !== asked) { return; }
      detail = told;
      at("review-hint").hidden = true;
      at("review-name").textContent = nameOf(id);
      panelOf(id, keep);
      readAhead();
    } catch (error) {
      if (mine === asked) { fault(error, function () { noFault(); load(id, keep); }); }
    } finally {
      if (mine === asked) { at("review").removeAttribute("aria-busy"); }
    }
  }
  function panelOf(id, keep) {
    var kept = keep ? { path_class: chosen(), comment: comment.value } : drafts.get(id) || {};
    g.panel.choices(detail);
    g.panel.evidence(detail, accept);
    g.tell("detail", detail);
    comment.value = kept.comment || "";
    form.querySelectorAll("input[name=path_class]").forEach(function (box) {
      box.checked = box.value === kept.path_class;
      if (box.checked && box.closest("details")) { at("review-more").open = true; }
    });
    form.hidden = false;
    offerUndo();
    if (!keep) { focus(); }
  }
  // The focus goes to the first suggestion, unless the planner has gone elsewhere meanwhile.
  function focus() {
    var now = document.activeElement, box = form.querySelector("input[name=path_class]");
    var free = !now || now === document.body || now.closest("[data-testid=popup], #queue-rows, #rows, #review, .map");
    if (!free || !box || now === comment) { return; }
    box.focus({ preventScroll: true });
    at("review").parentElement.scrollTop = 0;
  }
  function opened(id) {
    if (id === open && detail) { return; }
    if (open && detail) { drafts.set(open, { path_class: chosen(), comment: comment.value }); }
    open = id;
    detail = null;
    noFault();
    if (back && back.id === id) { again(back); return; }
    form.hidden = true;
    at("review-hint").hidden = false;
    at("review-hint").textContent = g.t("review.wait");
    at("review-name").textContent = nameOf(id);
    at("review-now").textContent = "";
    at("review-evidence").replaceChildren();
    load(id, false);
  }

  // A segment whose decision was not taken, as it stood in the panel; needs no connection.
  function again(job) {
    asked += 1;
    back = null;
    detail = job.detail;
    at("review").removeAttribute("aria-busy");
    at("review-hint").hidden = true;
    at("review-name").textContent = nameOf(job.id);
    panelOf(job.id, false);
  }

  g.work = function () { return pending.size ? null : finished; };
  // The queue: rows of the page's table, in order of work.
  function rows() { return g.data.queue; }
  function needs(properties) {
    return ["disputed", "stale"].indexOf(properties.status) >= 0 || properties.severity >= g.data.queue_least;
  }
  function place(id) { return g.byId.has(id) ? rows().indexOf(g.byId.get(id).row) : -1; }
  function idAt(index) {
    var row = rows()[index], found = null;
    g.byId.forEach(function (segment) { if (segment.row === row) { found = segment.id; } });
    return found;
  }
  function take(id, properties) {
    var index = place(id);
    show(id, properties);
    if (needs(properties) && index < 0) { rows().unshift(g.byId.get(id).row); g.data.queue_total += 1; }
    if (!needs(properties) && index >= 0) { rows().splice(index, 1); g.data.queue_total -= 1; }
    g.queue();
    return needs(properties) ? index + 1 : index;
  }
  function drop(id) {
    var index = place(id);
    if (index >= 0) { rows().splice(index, 1); g.data.queue_total -= 1; g.queue(); }
  }
  // Open the first row from a place on that waits for no answer; without one, say so.
  function go(index) {
    var id = after(index);
    moved = true;
    if (id === null) {
      form.hidden = true;
      detail = null;
      if (!pending.size && g.data.queue_total > 0) { location.reload(); return; }
      if (!pending.size) {
        say([at("review-said").textContent, g.t("review.empty")].join(" "));
        if (open) { load(open, false); }
      }
    } else if (id === open) {
      load(id, false);
    } else {
      g.open(id, button(id));
      moved = true;
    }
  }
  function after(index) {
    var count = rows().length;
    for (var step = 0; step < count; step += 1) {
      var here = idAt((Math.max(index, 0) + step) % count);
      if (!pending.has(here)) { return here; }
    }
    return null;
  }
  function button(id) {
    return document.querySelector("#queue-rows button[data-segment-id='" + CSS.escape(id) + "']");
  }

  // Write what now stands into the page's own data, so that map, list and popup say it too.
  function show(id, properties) {
    var segment = g.byId.get(id), table = g.data.segments;
    if (!segment) { return; }
    if (segment.props) { segment.props = Object.assign({}, segment.props, properties); }
    ["path_class", "status", "confidence", "runner_up", "basis", "rule", "reason_sv", "reason_en"].forEach(function (name) {
      put(table, name, segment.row, properties[name]);
    });
    ["decided_at", "inspected_at"].forEach(function (name) {
      put(table, name, segment.row, (properties[name] || "").slice(0, 10));
    });
    if (table.severity) { table.severity[segment.row] = properties.severity; }
    segment.known = segment.known || segment.findings;
    segment.findings = segment.known.filter(function (finding) {
      return properties.flags.indexOf(g.text(g.data.findings.check_id[finding])) >= 0;
    });
    g.map.eachLayer(function (layer) {
      if (layer.options && layer.options.segmentId === id) { redraw(layer, properties); }
    });
  }
  function put(table, name, row, text) {
    var texts = g.data.texts, index = text ? texts.indexOf(text) : -1;
    if (text && index < 0) { index = texts.push(text) - 1; }
    if (!table[name]) { table[name] = new Array(table.segment_id.length).fill(-1); }
    table[name][row] = index;
  }
  function redraw(layer, properties) {
    var look = g.look(properties.path_class, properties.status, properties.confidence);
    if (!needs(properties)) { look.opacity *= 0.4; look.casing = 0; }
    layer.options.look = look;
    layer.options.weight = look.width;
    [layer.getPopup(), layer.getTooltip()].forEach(function (box) { if (box) { box._content = null; } });
    layer.redraw();
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (detail && !pending.has(open)) { decide(); }
  });
  function decide() {
    var job = { id: open, detail: detail, properties: { path_class: chosen() } };
    if (comment.value.trim()) { job.properties.reason = comment.value.trim(); }
    drafts.set(open, { path_class: chosen(), comment: comment.value });
    pending.add(open);
    noFault();
    say(g.t("review.saving", { name: nameOf(open) }));
    chain = chain.then(function () { return send(job); });
    go(place(job.id) + 1);
  }
  async function send(job) {
    try {
      var now = (await write(job)).body.properties, waiting = open === job.id && !detail;
      pending.delete(job.id);
      drafts.delete(job.id);
      finished += 1;
      last = { id: job.id, version: now.version };
      var index = take(job.id, now);
      say(g.t("review.saved", { name: nameOf(job.id), kind: g.label("path_class", now.path_class) }) +
        (needs(now) ? " " + g.t("review.left") : ""));
      if (waiting) { go(index); }
      offerUndo();
    } catch (error) {
      pending.delete(job.id);
      await refused(job, error);
    }
  }
  // One's own earlier decision nearby may have touched the segment; only then is the tag read anew.
  async function write(job) {
    try {
      return await patch("segments", job.id, job.detail.etag, job.properties);
    } catch (error) {
      if (error.status !== 412 || job.detail.done === finished) { throw error; }
      var fresh = await read(job.id);
      if (fresh.segment.version !== job.detail.segment.version) { throw error; }
      return patch("segments", job.id, fresh.etag, job.properties);
    }
  }
  async function refused(job, error) {
    say("");
    if (open === job.id) { drafts.set(job.id, drafts.get(job.id) || {}); again(job); } else {
      back = job;
      g.open(job.id, button(job.id));
    }
    if (error.status === 412) { await load(job.id, true); }
    fault(error);
  }

  // Accept a finding with a reason, or open it again.
  function accept(finding, reason, state) {
    var id = open, properties = { state: state || "accepted", reason: reason };
    chain = chain.then(async function () {
      try {
        await patch("findings", finding.finding_id, finding.etag, properties);
        finished += 1;
        ahead = null;
        if (open === id) { await load(id, true); }
        if (open === id && detail) {
          take(id, detail.segment);
          at("review-name").focus({ preventScroll: true });
        }
        say(g.t(state ? "review.reopened" : "review.accepted", { name: finding["message_" + g.lang].slice(0, 120) }));
      } catch (error) {
        // The form of the finding stays as it is, or is filled again: what was typed is not lost.
        if (error.status === 412 && open === id) {
          await load(id, true);
          refill(at("review-reason-" + finding.finding_id), reason);
        }
        fault(error);
      }
    });
  }

  function refill(input, text) {
    if (!input) { return; }
    input.value = text;
    for (var box = input.closest("details"); box; box = box.parentElement.closest("details")) { box.open = true; }
  }

  // Undo means the decision just made, or that of the segment the planner opened.
  function target() {
    if (detail && detail.decided && !(moved && last)) {
      return { id: detail.segment.segment_id, version: detail.segment.version };
    }
    return last;
  }
  function offerUndo() {
    var wanted = target();
    undo.hidden = !wanted;
    if (wanted) { undo.textContent = g.t("review.undo", { name: nameOf(wanted.id) }); }
  }
  undo.addEventListener("click", function () {
    var wanted = target();
    if (!wanted) { return; }
    undo.disabled = true;
    noFault();
    chain = chain.then(function () { return takeBack(wanted); }).finally(function () { undo.disabled = false; });
  });
  async function takeBack(wanted) {
    wanted.key = wanted.key || crypto.getRandomValues(new Uint32Array(4)).join("-");
    try {
      var answer = await ask("/api/segments/" + encodeURIComponent(wanted.id) + "/undo", {
        method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": wanted.key },
        body: JSON.stringify({ version: wanted.version })
      });
      var properties = answer.body.segment.properties;
      last = null;
      finished += 1;
      ahead = null;
      say(g.t("review.undone", { name: nameOf(wanted.id) }));
      take(wanted.id, properties);
      moved = false;
      if (open === wanted.id) { await load(open, false); } else { g.open(wanted.id, undo); }
      offerUndo();
    } catch (error) {
      if (error.status === 404 || error.status === 412) { last = null; }
      if (open && detail) { await load(open, true); }
      fault(error);
    }
  }

  at("review-skip").addEventListener("click", function () {
    var index = open === null ? 0 : place(open) + 1;
    say("");
    go(index);
    moved = false;
  });

  // What the other script of the panel needs: the class that is chosen, and to read all anew.
  g.review = {
    chosen: chosen, comment: function () { return comment.value.trim(); }, ask: ask, fault: fault, say: say,
    reload: async function (id) {
      finished += 1;
      ahead = null;
      if (open === id) { await load(id, true); if (detail) { take(id, detail.segment); } }
    },
    show: show, take: take, drop: drop
  };

  g.on("open", function (event) {
    if (event.id !== open) { moved = false; }
    opened(event.id);
  });
  // The map may have opened the segment of the address before this script was there.
  var before = document.querySelector("[data-testid=popup]");
  if (before) { opened(before.dataset.segmentId); }
})(window.gcvag);
