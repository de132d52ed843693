// What else does a planner do at a segment: read residents, ask for a visit, decide a corridor?
(function (g) {
  "use strict";

  var ERRANDS = "/api/errands", MESSAGES = "/api/messages", MOST = 500, CALM_MS = 400;
  var open = null, told = { errands: [], inspectors: [], districts: [] }, messages = [], corridor = [], later = null;
  // An area that is drawn for an errand: its corners, whether it is being drawn, and its layer.
  var DRAWN = "drawn", DISTRICT = "district:", LEAST_CORNERS = 3, corners = [], drawing = false, area = null;

  function at(id) { return document.getElementById(id); }
  function json(method, body, headers) {
    return {
      method: method, body: JSON.stringify(body),
      headers: Object.assign({ "Content-Type": "application/json" }, headers)
    };
  }
  function key() { return { "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") }; }

  async function refresh() {
    var answers = await Promise.all([g.review.ask(ERRANDS), g.review.ask(MESSAGES)]);
    told = answers[0].body;
    messages = answers[1].body.messages.filter(function (one) { return one.state === "open"; });
    inbox();
    draw();
  }
  function inbox() {
    var holder = at("review-inbox");
    holder.hidden = !messages.length;
    holder.replaceChildren(g.t("review.messages.all", { n: messages.length }));
    messages.slice(0, 5).forEach(function (one) {
      holder.append(" ", g.h("button", {
        type: "button", class: "button button-quiet", text: name(one.segment_id),
        click: function (event) { g.open(one.segment_id, event.currentTarget); }
      }));
    });
  }
  function name(id) { return g.byId.has(id) ? g.nameOf(g.byId.get(id)).slice(0, 40) : id; }

  function draw() {
    if (!open) { return; }
    at("review-messages").replaceChildren.apply(at("review-messages"), [residents()].filter(Boolean));
    at("review-more-work").replaceChildren.apply(at("review-more-work"),
      [standing(), corridorForm(), errandForm()].filter(Boolean));
  }

  function residents() {
    var mine = messages.filter(function (one) { return one.segment_id === open; });
    if (!mine.length) { return null; }
    return g.h("section", { class: "review-part" }, g.h("h3", { text: g.t("review.messages") }),
      g.h.apply(null, ["ul", { class: "plain" }].concat(mine.map(function (one) {
        return g.h("li", { "data-testid": "resident-message" },
          g.h("q", { dir: "auto", text: one.text }),
          g.h("span", { class: "small", text: " " + one.received_at.slice(0, 10) + " " }),
          g.h("button", { type: "button", class: "button button-quiet", text: g.t("review.messages.close"), click: function () {
            g.review.ask(MESSAGES + "/" + encodeURIComponent(one.id), json("PATCH", { state: "closed" })).then(refresh, g.review.fault);
          } }));
      }))));
  }

  function standing() {
    var mine = told.errands.find(function (one) { return one.segment_id === open; });
    if (!mine) { return null; }
    var what = [mine.visit ? g.t("review.errand.visit.short") : "", mine.inspector || ""].filter(Boolean).join(", ");
    return g.h("p", { class: "small", "data-testid": "errand", dir: "auto", text: g.t("review.errand.stands", { what: what, note: mine.note, author: mine.author }) });
  }

  function corridorForm() {
    if (corridor.length < 2) { return null; }
    return g.h("details", { class: "review-corridor" }, g.h("summary", { text: g.t("review.corridor") }),
      g.h("p", { text: g.t("review.corridor.about", { n: corridor.length }) }),
      g.h.apply(null, ["ol", { class: "small", tabindex: "0", "aria-label": g.t("review.corridor") }].concat(corridor.map(function (one) {
        return g.h("li", { text: [g.label("path_class", one.path_class), g.label("status", one.status).toLowerCase(), g.length(one.length_m)].join(" · ") });
      }))),
      g.h("button", { type: "button", class: "button", "data-testid": "decide-corridor", text: g.t("review.corridor.send", { n: corridor.length }), click: decideAll }));
  }
  async function decideAll(event) {
    var id = open, button = event.currentTarget, versions = {};
    if (!g.review.chosen()) { g.review.say(g.t("review.corridor.choose")); return; }
    corridor.forEach(function (one) { versions[one.segment_id] = one.version; });
    button.disabled = true;
    try {
      var properties = { path_class: g.review.chosen() };
      if (g.review.comment()) { properties.reason = g.review.comment(); }
      var answer = await g.review.ask("/api/review/" + encodeURIComponent(id) + "/corridor",
        json("PATCH", { properties: properties, versions: versions }));
      var left = answer.body.results.filter(function (one) { return one.result !== "applied"; });
      await Promise.all(answer.body.results.map(shown));
      g.review.say(g.t("review.corridor.done", {
        done: answer.body.results.length - left.length, n: answer.body.results.length,
        left: left.length ? g.t("review.corridor.left", { n: left.length, names: left.map(function (one) { return name(one.segment_id); }).join(", ") }) : ""
      }));
      await g.review.reload(id);
      await related(id, true);
    } catch (error) { g.review.fault(error); }
    button.disabled = false;
  }
  async function shown(one) {
    var item = await g.review.ask("/ogc/collections/segments/items/" + encodeURIComponent(one.segment_id));
    g.review.show(one.segment_id, item.body.properties);
  }

  function errandForm() {
    var view = g.map.getBounds(), inView = [];
    // Far away, a page with tiles does not know all that is in view.
    if (!g.data.tiled || g.map.getZoom() >= g.data.tiled.close) {
      g.byId.forEach(function (segment) { if (segment.box.intersects(view)) { inView.push(segment.id); } });
    }
    function where(value, key, ids) {
      return ids.length > MOST ? null : g.h("option", { value: value, text: g.t(key, { n: ids.length }) });
    }
    var whole = corridor.map(function (one) { return one.segment_id; });
    var targets = { one: [open], corridor: whole, view: inView };
    return g.h("details", { class: "review-errand" }, g.h("summary", { text: g.t("review.errand") }),
      g.h("form", { class: "message", "data-testid": "errand-form", submit: function (event) {
        event.preventDefault();
        send(event.currentTarget.elements, targets);
      } },
        g.h("label", {}, g.h("input", { type: "checkbox", name: "visit", checked: true }), " " + g.t("review.errand.visit")),
        g.h("label", {}, g.t("review.errand.inspector") + " ", g.h.apply(null, ["select", { name: "inspector" },
          g.h("option", { value: "", text: g.t("review.errand.nobody") })].concat(told.inspectors.map(function (one) {
          return g.h("option", { value: one, text: one });
        })))),
        g.h("label", {}, g.t("review.errand.where") + " ", g.h.apply(null, ["select", { name: "where", change: function (event) { outline(event.currentTarget); } }].concat([
          where("one", "review.errand.one", [open]),
          whole.length > 1 ? where("corridor", "review.errand.corridor", whole) : null,
          inView.length ? where("view", "review.errand.view", inView) : null,
          g.h("option", { value: DRAWN, text: g.t("review.errand.drawn") })
        ].filter(Boolean).concat(told.districts.map(function (one) {
          return g.h("option", { value: DISTRICT + one, text: g.t("review.errand.district", { name: one }) });
        }))))),
        g.h("p", { id: "review-corners", class: "small", role: "status", hidden: true }),
        g.h("label", {}, g.t("review.errand.note") + " ", g.h("input", { type: "text", name: "note", maxlength: 2000, autocomplete: "off" })),
        g.h("button", { type: "submit", class: "button", text: g.t("review.errand.send") })));
  }
  async function send(fields, targets) {
    var asked = placed(fields.where.value, targets);
    if (asked.corners && asked.corners.length < LEAST_CORNERS) { g.review.say(g.t("review.errand.corners", { n: corners.length })); return; }
    try {
      var answer = await g.review.ask(ERRANDS, json("POST", Object.assign(asked, {
        visit: fields.visit.checked, inspector: fields.inspector.value || null, note: fields.note.value
      }), key()));
      outline(null);
      await refresh();
      g.review.say(g.t("review.errand.saved", { n: answer.body.errands }));
    } catch (error) {
      if (error.status === 404 && !asked.segment_ids) { g.review.say(g.t("review.errand.none")); } else { g.review.fault(error); }
    }
  }
  function placed(wish, targets) {
    if (wish === DRAWN) { return { corners: corners.map(function (one) { return [one.lng, one.lat]; }) }; }
    return wish.startsWith(DISTRICT) ? { district: wish.slice(DISTRICT.length) } : { segment_ids: targets[wish] };
  }

  // An area is drawn corner by corner, by clicks on the map; choosing anything else drops it.
  function outline(select) {
    drawing = Boolean(select) && select.value === DRAWN;
    corners = [];
    if (drawing) { g.map.closePopup(); }
    paint();
  }
  function paint() {
    var said = at("review-corners");
    if (area) { area.remove(); area = null; }
    if (drawing) { area = L.polygon(corners, { renderer: L.svg(), interactive: false, color: "#1B2328", weight: 3, dashArray: "6 6", fillOpacity: 0.12 }).addTo(g.map); }
    if (said) {
      said.hidden = !drawing;
      said.textContent = drawing ? g.t("review.errand.corners", { n: corners.length }) : "";
    }
  }
  function clicked(event) {
    if (!drawing || event.target.closest(".leaflet-control") || g.map.dragging.moved()) { return; }
    event.stopImmediatePropagation();
    corners.push(g.map.mouseEventToLatLng(event));
    paint();
  }

  async function related(id, afresh) {
    var answer = await g.review.ask("/api/review/" + encodeURIComponent(id) + "/corridor");
    // A form that somebody has opened meanwhile is left as it is.
    var used = at("review-more-work").querySelector("details[open]");
    if (open === id) { corridor = answer.body.segments; if (!used || afresh) { draw(); } }
  }
  function opened(id) {
    open = id;
    corridor = [];
    outline(null);
    draw();
    clearTimeout(later);
    later = setTimeout(function () {
      related(id).catch(function () { /* the rest of the panel stands without it */ });
    }, CALM_MS);
  }

  g.on("open", function (event) { if (event.id !== open) { opened(event.id); } });
  g.on("map", function () { g.map.getContainer().addEventListener("click", clicked, true); });
  g.on("language", function () { refresh().catch(g.review.fault); });
})(window.gcvag);
