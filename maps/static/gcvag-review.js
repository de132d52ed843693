// How does a planner go from one segment to the next?
// Open, decide, next; what was typed is kept until the server has taken it.
(function (g) {
  "use strict";

  var ITEMS = "/ogc/collections/", PATCH = "application/merge-patch+json";
  var form = at("review-form"), comment = at("review-comment"), undo = at("review-undo");
  // `open`: id of the segment in the panel; `moved`: the page opened it after a decision, so that
  // undo still means that decision; `asked` numbers requests, so that a late answer is dropped.
  var open = null, detail = null, last = null, moved = false, asked = 0, sending = false;
  var drafts = new Map();

  function at(id) { return document.getElementById(id); }
  function say(text) { at("review-said").textContent = text; }
  function nameOf(id) { return g.byId.has(id) ? g.nameOf(g.byId.get(id)).slice(0, 80) : id; }
  function chosen() { var box = form.querySelector("input[name=path_class]:checked"); return box ? box.value : ""; }

  // Ask the server; a refusal is an error that carries the answer.
  async function ask(address, options) {
    var answer = await fetch(address, Object.assign({ credentials: "same-origin" }, options));
    var body = await answer.json().catch(function () { return null; });
    if (!answer.ok || body === null) {
      throw Object.assign(new Error("refused"), { status: answer.status, body: body });
    }
    return { body: body, tag: answer.headers.get("etag") };
  }
  function patch(collection, id, tag, properties) {
    return ask(ITEMS + collection + "/items/" + encodeURIComponent(id), {
      method: "PATCH", headers: { "Content-Type": PATCH, "If-Match": tag },
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
  }
  function noFault() { at("review-fault").hidden = true; at("review-fault").replaceChildren(); }

  // Read a segment into the panel; with `keep` the form stays as it is.
  async function load(id, keep) {
    var mine = asked += 1;
    at("review").setAttribute("aria-busy", "true");
    try {
      var told = await ask("/api/review/" + encodeURIComponent(id));
      if (mine !== asked) { return; }
      detail = told.body;
      at("review-hint").hidden = true;
      at("review-name").textContent = nameOf(id);
      panelOf(id, keep);
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
    form.hidden = true;
    at("review-hint").hidden = false;
    at("review-hint").textContent = g.t("review.wait");
    at("review-name").textContent = nameOf(id);
    at("review-now").textContent = "";
    at("review-evidence").replaceChildren();
    load(id, false);
  }

  // The queue: rows of the page's table, in order of work.
  function rows() { return g.data.queue; }
  function needs(properties) {
    return ["disputed", "stale"].indexOf(properties.status) >= 0 || properties.severity >= 2;
  }
  function drawQueue() {
    var all = [];
    g.byId.forEach(function (segment) { all[segment.row] = segment; });
    g.queue(all);
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
    drawQueue();
    return needs(properties) ? index + 1 : index;
  }
  function go(index) {
    var id = rows().length ? idAt(index >= 0 && index < rows().length ? index : 0) : null;
    if (id === null) {
      say([at("review-said").textContent, g.t("review.empty")].join(" "));
      load(open, false);
      return;
    }
    moved = true;
    if (id === open) { load(id, false); return; }
    g.open(id, document.querySelector("#queue-rows button[data-segment-id='" + CSS.escape(id) + "']"));
    moved = true;
  }

  // Write what now stands into the page's own data, so that map, list and popup say it too.
  function show(id, properties) {
    var segment = g.byId.get(id), table = g.data.segments;
    if (!segment) { return; }
    ["path_class", "status", "confidence", "runner_up", "basis", "rule", "reason_sv", "reason_en"].forEach(function (name) {
      put(table, name, segment.row, properties[name]);
    });
    ["decided_at", "inspected_at"].forEach(function (name) {
      put(table, name, segment.row, (properties[name] || "").slice(0, 10));
    });
    if (table.severity) { table.severity[segment.row] = properties.severity; }
    segment.findings = segment.findings.filter(function (finding) {
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

  // One deed at a time; the button stays where the focus is.
  async function once(act) {
    if (sending) { return; }
    sending = true;
    noFault();
    try { await act(); } finally { sending = false; }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (detail) { once(decide); }
  });
  async function decide() {
    var id = open, properties = { path_class: chosen() };
    if (comment.value.trim()) { properties.reason = comment.value.trim(); }
    try {
      var answer = await patch("segments", id, detail.etag, properties);
      var now = answer.body.properties;
      last = { id: id, version: now.version };
      drafts.delete(id);
      form.reset();
      detail = null;
      say(g.t("review.saved", { name: nameOf(id), kind: g.label("path_class", now.path_class) }) +
        (needs(now) ? " " + g.t("review.left") : ""));
      go(take(id, now));
      offerUndo();
    } catch (error) {
      fault(error);
      if (error.status === 412) { await load(id, true); }
    }
  }

  async function accept(finding, reason) {
    once(async function () {
      var id = open;
      try {
        await patch("findings", finding.finding_id, finding.etag, { state: "accepted", reason: reason });
        say(g.t("review.accepted", { name: finding["message_" + g.lang].slice(0, 120) }));
        await load(id, true);
        if (detail && open === id) { take(id, detail.segment); at("review-name").focus({ preventScroll: true }); }
      } catch (error) {
        // The form of the finding stays as it is; what was typed there is not lost.
        fault(error);
      }
    });
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
  undo.addEventListener("click", function () { once(takeBack); });
  async function takeBack() {
    var wanted = target();
    if (!wanted) { return; }
    wanted.key = wanted.key || crypto.getRandomValues(new Uint32Array(4)).join("-");
    try {
      var answer = await ask("/api/segments/" + encodeURIComponent(wanted.id) + "/undo", {
        method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": wanted.key },
        body: JSON.stringify({ version: wanted.version })
      });
      var properties = answer.body.segment.properties;
      last = null;
      say(g.t("review.undone", { name: nameOf(wanted.id) }));
      take(wanted.id, properties);
      moved = false;
      if (open === wanted.id) { await load(open, false); } else { g.open(wanted.id, undo); }
      offerUndo();
    } catch (error) {
      if (error.status === 404 || error.status === 412) { last = null; }
      fault(error);
      if (open) { await load(open, true); }
    }
  }

  at("review-skip").addEventListener("click", function () {
    var index = open === null ? 0 : place(open) + 1;
    say("");
    go(index);
    moved = false;
  });

  g.on("open", function (event) {
    if (event.id !== open) { moved = false; }
    opened(event.id);
  });
  // The map may have opened the segment of the address before this script was there.
  var before = document.querySelector("[data-testid=popup]");
  if (before) { opened(before.dataset.segmentId); }
})(window.gcvag);
