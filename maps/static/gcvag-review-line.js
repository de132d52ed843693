// How is a line that lies beside the path put right, and how do two segments become one?
// A point is dragged on the map, or chosen on a slider and moved a metre at a time. Ends snap to
// the end of another segment. Nothing is sent before it is saved; a draft is kept while the page is.
(function (g) {
  "use strict";

  var METRE_DEG = 1 / 111195, SNAP_M = 2, SNAP_PX = 12, REACH_PX = 14, MEETS_M = 1, DIGITS = 7;
  var WAYS = { north: [1, 0], west: [0, -1], east: [0, 1], south: [-1, 0] };
  // `draft` is the line as it is to be, `steps` what it was before each step, `picked` a point or null.
  var open = null, version = null, draft = null, drafts = new Map(), editing = false, shown = null, handles = null;

  function at(id) { return document.getElementById(id); }
  function segment() { return g.byId.get(open); }
  function metres(one, other) { return L.latLng(one).distanceTo(other); }
  function ends(line) { return [0, line.length - 1]; }

  // The end of another segment that lies nearest to a place, within so many metres.
  function node(place, within_m) {
    var best = null;
    g.byId.forEach(function (one) {
      if (one.id === open || !one.line.length || one.text("status") === "retired") { return; }
      ends(one.line).forEach(function (end) {
        var away = metres(one.line[end], place);
        if (away <= within_m && (!best || away < best.away)) { best = { away: away, place: one.line[end], id: one.id }; }
      });
    });
    return best;
  }
  // The draft with its moved ends where others end, and whom they meet; an end is not drawn back to
  // the node that it was taken away from.
  function snapped() {
    var line = draft.line.slice(), met = [];
    ends(line).forEach(function (end, which) {
      var was = segment().line, found = node(line[end], SNAP_M);
      if (found && metres(found.place, was[ends(was)[which]]) > MEETS_M) { line[end] = found.place; met.push(found.id); }
    });
    return { line: line, met: met };
  }
  // The furthest that a point of either line lies from the other.
  function furthest(line, other) {
    function away(points, from) {
      return Math.max.apply(null, points.map(function (point) {
        return metres(g.shaping.pointAt(from, g.shaping.nearest(from, L.latLng(point))), point);
      }));
    }
    return Math.max(away(line, other), away(other, line));
  }

  function change(line, picked) {
    draft.steps.push(draft.line);
    draft.line = line;
    pick(picked);
  }
  function pick(picked) {
    draft.picked = picked !== null && picked >= 0 && picked < draft.line.length ? picked : null;
    draft.sent = null;
    paint();
  }
  function put(index, place) {
    change(draft.line.map(function (one, here) { return here === index ? place : one; }), index);
  }
  function shift(way) {
    var wide = Math.cos(draft.line[0][0] * Math.PI / 180);
    change(draft.line.map(function (one, here) {
      return draft.picked === null || draft.picked === here
        ? [one[0] + way[0] * METRE_DEG, one[1] + way[1] * METRE_DEG / wide] : one;
    }), draft.picked);
  }
  function insert(index, place) { change(draft.line.slice(0, index).concat([place], draft.line.slice(index)), index); }
  function add() {
    var from = Math.min(draft.picked, draft.line.length - 2), one = draft.line[from], other = draft.line[from + 1];
    insert(from + 1, [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);
  }
  function drop() { change(draft.line.filter(function (_, here) { return here !== draft.picked; }), null); }

  // The map: the line as it was and as it is to be, with a handle on each point.
  function paint() {
    var made = snapped();
    clear();
    shown = g.shaping.pair(segment().line, made.line);
    handles = L.layerGroup(made.line.map(handle)).addTo(g.map);
    words(made);
  }
  function clear() {
    [shown, handles].forEach(function (layer) { if (layer) { layer.remove(); } });
    shown = handles = null;
  }
  function handle(place, index) {
    var marker = L.marker(place, {
      draggable: true, keyboard: false, autoPan: true,
      icon: L.divIcon({ className: "line-point" + (index === draft.picked ? " line-picked" : ""), html: "", iconSize: [28, 28] })
    });
    marker.on("click", function () { pick(index === draft.picked ? null : index); });
    marker.on("drag", function () {
      var line = draft.line.slice();
      line[index] = dropped(marker, index);
      shown.eachLayer(function (layer) { if (layer.options.weight !== 3) { layer.setLatLngs(line); } });
    });
    marker.on("dragend", function () { put(index, dropped(marker, index)); });
    return marker;
  }
  // Where a dragged point is let go; an end goes to the node that it is let go at.
  function dropped(marker, index) {
    var latlng = marker.getLatLng(), here = g.map.latLngToLayerPoint(latlng);
    var reach = latlng.distanceTo(g.map.layerPointToLatLng(here.add([SNAP_PX, 0])));
    var found = ends(draft.line).indexOf(index) >= 0 && node([latlng.lat, latlng.lng], reach);
    return found ? found.place : [latlng.lat, latlng.lng];
  }

  function words(made) {
    var count = draft.line.length, slider = at("review-point"), was = segment().line;
    var which = draft.picked === null ? g.t("review.move.whole", { n: count })
      : g.t("review.move.nth", { i: draft.picked + 1, n: count });
    slider.max = String(count);
    slider.value = String(draft.picked === null ? 0 : draft.picked + 1);
    slider.setAttribute("aria-valuetext", which);
    at("review-point-said").textContent = which;
    at("review-move-said").textContent = [g.t("review.move.changed", {
      before: g.length(g.shaping.total(was)), after: g.length(g.shaping.total(made.line)),
      far: g.number(furthest(made.line, was), 1)
    })].concat(made.met.map(function (id) {
      return g.t("review.move.snapped", { name: g.nameOf(g.byId.get(id)).slice(0, 60) });
    })).join(" ");
    at("review-move-add").disabled = draft.picked === null;
    at("review-move-drop").disabled = draft.picked === null || count < 3;
    at("review-move-back").disabled = at("review-move-save").disabled = !draft.steps.length;
  }

  function moveForm() {
    draft = drafts.get(open) || { line: segment().line.slice(), steps: [], picked: null, sent: null };
    return g.h("details", { class: "review-move", "data-testid": "move", toggle: toggled },
      g.h("summary", { text: g.t("review.move") }),
      g.h("p", { class: "small", text: g.t("review.move.about") }),
      g.h("label", { for: "review-point", text: g.t("review.move.point") }),
      g.h("input", {
        id: "review-point", type: "range", min: 0, max: draft.line.length, step: 1, value: 0,
        input: function (event) { pick(Number(event.currentTarget.value) - 1); }
      }),
      g.h("p", { id: "review-point-said" }),
      g.h.apply(null, ["div", { class: "review-ways", role: "group", "aria-label": g.t("review.move.steps") }]
        .concat(Object.keys(WAYS).map(function (way) {
          return button("review-move-" + way, "review.move." + way, function () { shift(WAYS[way]); });
        }))),
      g.h("div", { class: "review-ways" },
        button("review-move-add", "review.move.add", add), button("review-move-drop", "review.move.drop", drop),
        button("review-move-back", "review.move.step_back", function () { draft.line = draft.steps.pop(); pick(null); })),
      g.h("p", { id: "review-move-said", class: "small", role: "status" }),
      g.h("button", { id: "review-move-save", type: "button", class: "button", "data-testid": "move-save", text: g.t("review.move.send"), click: save }));
  }
  function button(id, key, act) {
    return g.h("button", { id: id, type: "button", class: "button button-quiet", text: g.t(key), click: act });
  }
  // While a line is moved, the popup is out of the way and the map shows all of the line.
  function toggled(event) {
    editing = event.currentTarget.open;
    if (!editing) { clear(); return; }
    g.map.closePopup();
    g.map.fitBounds(segment().box, { maxZoom: 19, animate: false, padding: [60, 60] });
    drafts.set(open, draft);
    paint();
  }
  // A click on the line gives it a new point; elsewhere the chosen point goes where it fell.
  function clicked(event) {
    if (!editing || event.target.closest(".leaflet-control, .line-point") || g.map.dragging.moved()) { return; }
    event.stopImmediatePropagation();
    var latlng = g.map.mouseEventToLatLng(event), along = g.shaping.nearest(draft.line, latlng);
    var on = g.shaping.pointAt(draft.line, along);
    if (g.map.latLngToLayerPoint(on).distanceTo(g.map.latLngToLayerPoint(latlng)) <= REACH_PX) {
      insert(1 + draft.line.slice(1).findIndex(function (_, here) {
        return g.shaping.total(draft.line.slice(0, here + 2)) >= along;
      }), on);
    } else if (draft.picked !== null) { put(draft.picked, [latlng.lat, latlng.lng]); }
  }
  function save() {
    var id = open;
    draft.sent = draft.sent || g.shaping.operation("move", id,
      { line: degrees(snapped().line), before: degrees(segment().line) }, version);
    g.shaping.send(draft.sent, g.t("review.move.done"), function () { drafts.delete(id); shut(); });
  }
  function degrees(line) {
    return g.shaping.turned(line).map(function (pair) {
      return pair.map(function (one) { return Number(one.toFixed(DIGITS)); });
    });
  }
  function shut() {
    editing = false;
    clear();
    at("review-line").replaceChildren();
  }

  // What can become one with the open path: it meets it, lives, and is the same kind of thing.
  function neighbours() {
    var own = segment(), mine = own.line, box = own.box, edge = 3 * METRE_DEG, met = [];
    var around = L.latLngBounds([box.getSouth() - edge, box.getWest() - edge], [box.getNorth() + edge, box.getEast() + edge]);
    g.byId.forEach(function (one) {
      var meets = one.id !== open && one.line.length && one.box.intersects(around) && one.text("status") !== "retired" &&
        one.text("kind") === own.text("kind") && one.text("side") === own.text("side") &&
        ends(one.line).some(function (end) {
          return ends(mine).some(function (at) { return metres(one.line[end], mine[at]) <= MEETS_M; });
        });
      if (meets) { met.push(one); }
    });
    return met;
  }
  function joinForm() {
    var met = neighbours();
    if (!met.length) { return null; }
    var select = g.h.apply(null, ["select", { id: "review-join-with", change: point }].concat(met.map(function (one) {
      return g.h("option", { value: one.id, text: [g.nameOf(one).slice(0, 60),
        g.label("path_class", one.text("path_class")), g.length(g.shaping.total(one.line))].join(", ") });
    })));
    function point() { clear(); shown = g.shaping.pair(segment().line, g.byId.get(select.value).line); }
    return g.h("details", { class: "review-errand", "data-testid": "join", toggle: function (event) {
      if (event.currentTarget.open) { g.map.closePopup(); point(); } else { clear(); }
    } },
      g.h("summary", { text: g.t("review.join") }), g.h("p", { class: "small", text: g.t("review.join.about") }),
      g.h("label", { for: "review-join-with", text: g.t("review.join.with") }), select,
      g.h("button", { type: "button", class: "button", "data-testid": "join-save", text: g.t("review.join.send"), click: function () {
        g.shaping.send(g.shaping.operation("join", open, { with: select.value }, version), g.t("review.join.done"), shut);
      } }));
  }

  g.on("detail", function (detail) {
    var draftsOpen = editing && open === detail.segment.segment_id;
    shut();
    open = detail.segment.segment_id;
    version = detail.segment.version;
    if (!segment()) { return; }
    at("review-line").replaceChildren.apply(at("review-line"), [moveForm(), joinForm()].filter(Boolean));
    at("review-line").querySelector("[data-testid=move]").open = draftsOpen || drafts.has(open) && drafts.get(open).steps.length > 0;
  });
  g.on("open", function (event) { if (event.id !== open) { shut(); } });
  g.on("map", function () { g.map.getContainer().addEventListener("click", clicked, true); });
})(window.gcvag);
