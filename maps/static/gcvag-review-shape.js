// Where is a segment cut, what was done to its line before, and how is that taken back?
// The place is chosen on a slider or by a click on the map; the server cuts, the page follows it.
(function (g) {
  "use strict";

  var SYNC = "/api/sync", ITEMS = "/ogc/collections/segments/items", MOST = 1000, LEAST_M = 1, AROUND = 0.3;
  var SAME_DEG = 2e-6;
  // `along` is where the cut is, metres from the first point; `unsent` an operation without an answer.
  var open = null, shapings = [], along = 0, spot = null, choosing = false, unsent = null;
  // The lines before and after a move, while they are shown.
  var told = null;

  function holder() { return document.getElementById("review-shape"); }
  function segment() { return g.byId.get(open); }
  function steps(line) {
    return line.slice(1).map(function (point, at) { return L.latLng(line[at]).distanceTo(point); });
  }
  function total(line) { return steps(line).reduce(function (sum, one) { return sum + one; }, 0); }

  // The point of a line so many metres from its beginning.
  function pointAt(line, metres) {
    var left = metres, lengths = steps(line), at = 0;
    while (at < lengths.length - 1 && left > lengths[at]) { left -= lengths[at]; at += 1; }
    var share = lengths[at] ? Math.min(1, left / lengths[at]) : 0, from = line[at], to = line[at + 1];
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  }
  // How far along a line the place lies that is nearest to a point.
  function nearest(line, latlng) {
    var point = g.map.latLngToLayerPoint(latlng), before = 0, best = { away: Infinity, along: 0 };
    var lengths = steps(line), pixels = line.map(function (one) { return g.map.latLngToLayerPoint(one); });
    lengths.forEach(function (length, at) {
      var on = L.LineUtil.closestPointOnSegment(point, pixels[at], pixels[at + 1]);
      var away = on.distanceTo(point), span = pixels[at].distanceTo(pixels[at + 1]);
      if (away < best.away) { best = { away: away, along: before + (span ? length * on.distanceTo(pixels[at]) / span : 0) }; }
      before += length;
    });
    return best.along;
  }

  function show(metres) {
    var line = segment().line, whole = total(line);
    along = Math.min(whole - LEAST_M, Math.max(LEAST_M, metres));
    var slider = document.getElementById("review-along");
    var said = g.t("review.cut.where", { one: g.length(along), other: g.length(whole - along) });
    slider.value = String(along);
    slider.setAttribute("aria-valuetext", said);
    document.getElementById("review-cut-where").textContent = said;
    unsent = null;
    spot = spot || drawn(line);
    spot.eachLayer(function (layer) { if (layer.setRadius) { layer.setLatLng(pointAt(line, along)); } });
  }
  // The line stands out, with a mark where it is cut.
  function drawn(line) {
    var pen = { renderer: L.svg(), color: "#1B2328", interactive: false };
    return L.layerGroup([
      L.polyline(line, Object.assign({ weight: 2, dashArray: "2 6" }, pen)),
      L.circleMarker(line[0], Object.assign({ radius: 9, weight: 3, fillColor: "#FFFFFF", fillOpacity: 1 }, pen))
    ]).addTo(g.map);
  }
  function stop() {
    choosing = false;
    if (spot) { spot.remove(); spot = null; }
  }
  // While a place is chosen, the popup is out of the way. A key may be quicker than the toggle.
  function toggled(event) {
    choosing = event.currentTarget.open;
    if (!choosing) { stop(); return; }
    g.map.closePopup();
    if (!spot) { show(total(segment().line) / 2); }
  }
  function clicked(event) {
    if (!choosing || event.target.closest(".leaflet-control") || g.map.dragging.moved()) { return; }
    event.stopImmediatePropagation();
    show(nearest(segment().line, g.map.mouseEventToLatLng(event)));
  }

  function operation(kind, id, fields, version) {
    return {
      op_id: uuid(), kind: kind, segment_id: id, base_version: version || null, fields: fields,
      observed_at: new Date().toISOString(), fix: null
    };
  }
  // A random UUID; crypto.randomUUID is missing where the page is not on https.
  function uuid() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    return Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("")
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  // Send an operation; `done` is called once the server has taken it.
  async function send(made, said, done) {
    var id = open;
    try {
      var answer = await g.review.ask(SYNC, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ device: "granska", operations: [made] })
      });
      var taken = answer.body.operations[0];
      unsent = null;
      if (taken.result === "invalid") { g.review.say(taken.reason); return; }
      stop();
      if (done) { done(); }
      await follow(id, made.fields.line);
      await g.review.reload(g.byId.has(id) ? id : made.segment_id);
      g.review.say(taken.result === "conflict" ? taken.reason : said);
      document.getElementById("review-name").focus({ preventScroll: true });
    } catch (error) { g.review.fault(error); }
  }

  // Draw the lines of the surroundings as the server has them: new parts, other lines, parts that are gone.
  async function follow(id, line) {
    var box = L.latLngBounds(segment().line.concat(line ? turned(line) : [])).pad(AROUND), held = new Set();
    var page = (await g.review.ask(ITEMS + "?" + new URLSearchParams({ bbox: box.toBBoxString(), limit: String(MOST) }),
      { headers: { Accept: "application/geo+json" } })).body;
    page.features.filter(function (one) { return one.properties.status !== "retired"; }).forEach(function (one) {
      held.add(one.id);
      renew(one, id);
    });
    if (page.numberMatched > MOST) { return; }
    Array.from(g.byId.values()).forEach(function (one) {
      var inside = one.line.some(function (point) { return box.contains(point); });
      if (inside && !held.has(one.id)) { g.review.drop(one.id); g.reshape(one.id, null); }
    });
    if (!g.byId.has(id)) { g.open(Array.from(held)[0]); }
  }
  function renew(feature, from) {
    var line = turned(feature.geometry.coordinates), known = g.byId.get(feature.id);
    if (known && same(known.line, line)) { return; }
    g.reshape(feature.id, line, from);
    if (!known) { g.byId.get(feature.id).props = feature.properties; }
    g.review.take(feature.id, feature.properties);
  }

  // [lon, lat] as the server has it, and [lat, lon] as the map has it.
  function turned(line) { return line.map(function (pair) { return [pair[1], pair[0]]; }); }
  function same(line, other) {
    return line.length === other.length && line.every(function (point, at) {
      return Math.abs(point[0] - other[at][0]) < SAME_DEG && Math.abs(point[1] - other[at][1]) < SAME_DEG;
    });
  }

  function cutForm() {
    var whole = total(segment().line);
    if (whole < 3 * LEAST_M) { return null; }
    return g.h("details", { class: "review-cut", "data-testid": "cut", toggle: toggled },
      g.h("summary", { text: g.t("review.cut") }),
      g.h("p", { class: "small", text: g.t("review.cut.about") }),
      g.h("label", { for: "review-along", text: g.t("review.cut.along") }),
      g.h("input", {
        id: "review-along", type: "range", min: LEAST_M, max: Math.floor(whole - LEAST_M), step: 1,
        input: function (event) { show(Number(event.currentTarget.value)); }
      }),
      g.h("p", { id: "review-cut-where" }),
      g.h("button", { type: "button", class: "button", "data-testid": "cut-here", text: g.t("review.cut.send"), click: cutHere }));
  }
  function cutHere() {
    var point = pointAt(segment().line, along);
    unsent = unsent || operation("split", open, { point: { lon: point[1], lat: point[0] }, measure_m: Math.round(along * 10) / 10 });
    send(unsent, g.t("review.cut.done"));
  }
  function standing() {
    return shapings.length ? g.h.apply(null, ["ul", { class: "plain review-shapings" }].concat(shapings.map(stands))) : null;
  }
  function stands(one) {
    var about = { author: one.author, at: one.at.slice(0, 10) };
    return g.h("li", { class: "small", "data-testid": "shaping" },
      g.h("span", { dir: "auto", text: g.t("review." + one.kind + ".by", about) + " " }),
      one.asked ? g.h("strong", { text: g.t("review.line." + one.asked) + " " }) : null,
      one.kind === "move" && one.before ? g.h("button", {
        type: "button", class: "button button-quiet", "data-testid": "before-after", "aria-pressed": "false",
        text: g.t("review.move.compare"), click: function (event) { compare(event.currentTarget, one); }
      }) : null,
      one.own ? g.h("button", {
        type: "button", class: "button button-quiet", "data-testid": "undo-" + one.kind, text: g.t("review." + one.kind + ".undo"),
        click: function () { send(operation("undo", one.segment_id, { op_id: one.op_id }), g.t("review." + one.kind + ".undone")); }
      }) : null);
  }
  // Both lines of a move on the map: dotted as it was, whole as it was drawn.
  function compare(button, one) {
    var pressed = button.getAttribute("aria-pressed") === "true";
    hide();
    if (pressed) { return; }
    button.setAttribute("aria-pressed", "true");
    g.map.closePopup();
    told = g.shaping.pair(turned(one.before), turned(one.line));
    g.map.fitBounds(L.latLngBounds(turned(one.before).concat(turned(one.line))), { maxZoom: 19, animate: false, padding: [40, 40] });
  }
  function hide() {
    if (told) { told.remove(); told = null; }
    document.querySelectorAll("[data-testid=before-after]").forEach(function (one) { one.setAttribute("aria-pressed", "false"); });
  }

  // What the script that moves and joins lines needs.
  g.shaping = {
    operation: operation, send: send, total: total, nearest: nearest, pointAt: pointAt, turned: turned,
    // Draw a line as it was and as it is to be; the second can be given other places.
    pair: function (before, after) {
      var pen = { renderer: L.svg(), interactive: false };
      return L.layerGroup([
        L.polyline(before, Object.assign({ weight: 3, color: "#1B2328", dashArray: "2 7" }, pen)),
        L.polyline(after, Object.assign({ weight: 9, color: "#FFFFFF", opacity: 0.85 }, pen)),
        L.polyline(after, Object.assign({ weight: 4, color: "#1B2328" }, pen))
      ]).addTo(g.map);
    }
  };

  g.on("detail", function (detail) {
    stop();
    hide();
    if (open !== detail.segment.segment_id) { unsent = null; }
    open = detail.segment.segment_id;
    shapings = detail.shapings;
    holder().replaceChildren.apply(holder(), segment() ? [cutForm(), standing()].filter(Boolean) : []);
  });
  g.on("open", function (event) {
    if (event.id !== open) { stop(); hide(); holder().replaceChildren(); }
  });
  g.on("map", function () { g.map.getContainer().addEventListener("click", clicked, true); });
})(window.gcvag);
