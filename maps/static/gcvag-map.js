// How do data, map and list become one page?
(function (g) {
  "use strict";

  var CLOSE = 16, MOST = 10000, PAD = 0.3, POPUP_PX = 330, LOW = 0.25, HASH_MS = 300, FRESH_MS = 30000;
  var byId = g.byId = new Map();
  // `held`: the list stays as it is while a popup is open that one of its rows opened.
  var all = [], live = new Map(), chosen = null, origin = null, held = false, opening = false;
  // `own`: what the page itself says, of a served one without its data; `tag` names that data.
  var map, renderer, remote = null, own = null, tag = null;

  // Say something to those who do not see the map.
  g.note = function (text) { document.getElementById("status").textContent = text; };
  // How many writes of this page are done; null while one waits for its answer.
  g.work = function () { return 0; };
  g.from = function (element) { origin = element; };

  g.start = function (leaflet) {
    map = g.map = leaflet;
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) { calm(); }
    g.data = JSON.parse(document.getElementById("gcvag-data").textContent);
    g.tell("map", map);
    if (!g.data.src) { draw(); return; }
    own = g.data;
    read({}).then(function (told) {
      g.data = Object.assign(told, own);
      draw();
    }).catch(function () {
      document.getElementById("failed").hidden = false;
      document.documentElement.setAttribute("data-ready", "");
    });
  };

  // The data of a served page; null when it is as the page has it.
  function read(headers) {
    return fetch(own.src, { credentials: "same-origin", headers: headers }).then(function (answer) {
      if (answer.status === 304) { return null; }
      if (!answer.ok) { throw new Error("status " + answer.status); }
      tag = answer.headers.get("ETag");
      return answer.json();
    });
  }
  // What others have done meanwhile shows when the page is looked at again, or after half a minute.
  function keepFresh() {
    if (!own || g.data.tiled || ["inventory", "review"].indexOf(g.data.kind) < 0) { return; }
    function look() {
      var work = g.work();
      if (document.hidden || work === null) { return; }
      read({ "If-None-Match": tag }).then(function (told) {
        // What was written meanwhile from this page is not in the answer: it is asked for again.
        if (told && g.work() !== work) { tag = ""; } else if (told) { renew(told); }
      }).catch(function () { /* without a network the page stays as it is */ });
    }
    window.addEventListener("focus", look);
    setInterval(look, FRESH_MS);
  }
  // One object a segment for as long as the page lives: map, list and popup hold it.
  function renew(told) {
    var before = new Map(all.map(function (segment) { return [segment.id, said(segment)]; }));
    g.data = Object.assign(told, own);
    var gone = new Set(byId.keys());
    all = g.segments().map(function (fresh) {
      var known = byId.get(fresh.id) || fresh;
      gone.delete(fresh.id);
      byId.set(fresh.id, known);
      return Object.assign(known, {
        table: fresh.table, row: fresh.row, line: fresh.line, box: g.bounds(fresh.line), findings: fresh.findings,
        known: undefined, props: null
      });
    });
    live.forEach(function (layer, segment) {
      if (gone.has(segment.id)) { layer.remove(); live.delete(segment); return; }
      if (before.get(segment.id) === said(segment)) { return; }
      var look = lookOf(segment);
      Object.assign(layer.options, { look: look, weight: look.width });
      layer.setLatLngs(segment.line);
      [layer.getPopup(), layer.getTooltip()].forEach(function (box) { box._content = null; });
      if (segment === chosen) { layer.getPopup().update(); }
    });
    gone.forEach(function (id) { byId.delete(id); });
    if (!document.getElementById("legend").contains(document.activeElement)) {
      g.clearLegend();
      g.legend(all);
    }
    g.queue();
    refresh();
  }
  function said(segment) {
    return JSON.stringify([["path_class", "status", "confidence"].map(segment.text), segment.value("severity"), segment.line]);
  }

  // No motion for those who asked for none: neither zoom nor pan is animated.
  function calm() {
    map.options.inertia = false;
    map._zoomAnimated = false;
    map.panBy = function (offset, options) {
      return L.Map.prototype.panBy.call(this, offset, Object.assign({ animate: false }, options));
    };
  }

  function draw() {
    g.lang = g.data.lang;
    all = g.segments();
    all.forEach(function (segment) {
      segment.box = g.bounds(segment.line);
      byId.set(segment.id, segment);
    });
    var labels = new g.Labels({ shown: function () { return Array.from(live.keys()); } });
    // What is asked for over the network comes first; between two steps the browser may breathe.
    steps([
      function () {
        place();
        renderer = new g.Canvas({ padding: 0.2, tolerance: 8 });
        if (g.data.tiled) { remote = g.tiled(map, received); }
      },
      function () { furniture(); g.ground(map); },
      function () {
        refresh();
        labels.addTo(map);
        parts();
        keys();
        g.search(map, all);
        g.startList();
        map.on("moveend", function () { refresh(); keepHash(); });
        g.on("filter", function () { map.closePopup(); refresh(); });
        g.on("language", speak);
      },
      function () { g.setLanguage(g.languageSwitch() || g.data.lang); },
      function () {
        opened();
        labels.draw();
        keepFresh();
        (remote ? remote.first : Promise.resolve()).then(ready);
      }
    ]);
  }
  function steps(acts) {
    acts.shift()();
    if (acts.length) { setTimeout(steps, 0, acts); }
  }
  function ready() {
    requestAnimationFrame(function () {
      requestAnimationFrame(function () { document.documentElement.setAttribute("data-ready", ""); });
    });
  }

  // Of a large inventory the server gave the segments of the window, or news of one of them.
  function received(segments, changed) {
    all = segments;
    changed.forEach(function (segment) {
      if (live.has(segment)) { live.get(segment).remove(); live.delete(segment); }
    });
    refresh();
  }

  // Attribution and scale as plain text; Leaflet's own line would read HTML.
  function furniture() {
    var credits = g.data.attribution.concat(g.data.basemap ? g.data.basemap.attribution : []);
    credits = credits.filter(function (text, at) { return credits.indexOf(text) === at; });
    L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
    var Credit = L.Control.extend({
      options: { position: "bottomright" },
      onAdd: function () {
        return g.h("p", { class: "credit", text: credits.join(" · ") });
      }
    });
    new Credit().addTo(map);
    L.control.zoom({
      position: map.getSize().x < 600 ? "bottomright" : "topright",
      zoomInText: "+", zoomOutText: "−"
    }).addTo(map);
  }

  function hashView() {
    var parts = /^#map=(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(location.hash);
    return parts && Math.abs(Number(parts[2])) <= 90 ? parts.slice(1).map(Number) : null;
  }
  function place() {
    var view = hashView();
    if (view) {
      map.setView([view[1], view[2]], view[0]);
    } else if (g.data.extent) {
      map.fitBounds(g.data.extent, { padding: [4, 4], animate: false });
    } else {
      map.setView([56.16, 15.59], 12);
    }
    window.addEventListener("hashchange", function () {
      var wanted = hashView();
      held = false;
      if (wanted) { map.setView([wanted[1], wanted[2]], wanted[0], { animate: false }); }
    });
  }
  // The address is kept once the map rests: telling the browser takes as long as drawing.
  var hashing = null;
  function keepHash() {
    clearTimeout(hashing);
    hashing = setTimeout(writeHash, HASH_MS);
  }
  function writeHash() {
    var centre = map.getCenter();
    history.replaceState(history.state, "", location.pathname + location.search + "#map=" +
      map.getZoom() + "/" + centre.lat.toFixed(5) + "/" + centre.lng.toFixed(5));
  }

  function lookOf(segment) {
    if (g.data.kind === "promises") { return g.coverageLook(segment); }
    var look = g.look(segment.text("path_class"), segment.text("status"), segment.text("confidence"));
    if (g.data.kind === "review" && (segment.value("severity") || 0) < 2 && !segment.text("status").match(/disputed|stale/)) {
      look.opacity *= 0.4;
      look.casing = 0;
    }
    if (g.data.kind === "sites") { look.opacity *= 0.45; look.casing = 0; }
    return look;
  }
  function line(segment) {
    var look = lookOf(segment);
    var layer = L.polyline(segment.line, /** @type {any} */ ({
      renderer: renderer, weight: look.width, look: look, segmentId: segment.id,
      chosen: segment === chosen, bubblingMouseEvents: false
    }));
    layer.bindPopup(new g.Popup({
      segment: segment, closeButton: false, maxWidth: Math.min(POPUP_PX, map.getSize().x - 50), minWidth: 200,
      maxHeight: Math.max(180, map.getSize().y - 110), autoPanPadding: [14, 14]
    }));
    layer.bindTooltip(new g.Tooltip({ segment: segment, sticky: true, direction: "top" }));
    layer.on("click", function () { origin = map.getContainer(); });
    return layer;
  }

  // Draw what is in view; of very many, the longest.
  function refresh() {
    var view = map.getBounds(), wide = view.pad(PAD);
    var near = all.filter(function (segment) {
      return segment.line.length && g.isShown(segment) && segment.box.intersects(wide);
    });
    var wanted = new Set(near);
    if (near.length > MOST) {
      wanted = new Set(near.slice().sort(function (one, other) {
        return (other.value("length_m") || 0) - (one.value("length_m") || 0);
      }).slice(0, MOST));
    }
    if (chosen) { wanted.add(chosen); }
    live.forEach(function (layer, segment) {
      if (!wanted.has(segment)) { layer.remove(); live.delete(segment); }
    });
    wanted.forEach(function (segment) {
      if (!live.has(segment)) { live.set(segment, line(segment).addTo(map)); }
    });
    document.getElementById("partial").hidden = near.length <= MOST;
    if (!held && !(remote && remote.lists())) {
      g.list(near.filter(function (segment) { return segment.box.intersects(view); }));
    }
  }

  // What stands beside the map, said again when the language changes.
  function parts() {
    map.on("popupopen", function (event) {
      var segment = event.popup.options.segment;
      choose(segment || null);
      var article = event.popup.getElement().querySelector("[data-testid=popup]");
      if (article) { article.focus({ preventScroll: true }); }
      var box = map.getContainer().getBoundingClientRect();
      if (box.top < 0 || box.bottom > window.innerHeight) {
        map.getContainer().scrollIntoView({ block: "start" });
      }
      if (segment) {
        g.note(g.t("opened", { name: g.nameOf(segment).slice(0, 80), kind: g.label("path_class", segment.text("path_class")) }));
        if (remote) { remote.tell(segment); }
        g.tell("open", { id: segment.id });
      }
    });
    map.on("dragstart zoomstart", function () { held = held && opening; });
    map.on("popupclose", function () { choose(null); held = held && opening; g.tell("shut", {}); });
    if (g.data.kind === "sites") { g.sites(map); }
  }
  function speak() {
    held = false;
    g.clearLegend();
    if (g.data.kind === "promises") { g.coverageLegend(all); g.promises(); } else { g.legend(all); }
    g.queue();
    refresh();
    if (chosen && live.has(chosen)) { live.get(chosen).getPopup().update(); }
  }
  function choose(segment) {
    [chosen, segment].forEach(function (one) {
      var layer = one && live.get(one);
      if (layer) { layer.options.chosen = one === segment; layer.redraw(); }
    });
    chosen = segment;
  }

  // A segment got another line, came out of another one, or is gone (no line).
  g.reshape = function (id, line, from) {
    var segment = byId.get(id);
    if (segment && live.has(segment)) { live.get(segment).remove(); live.delete(segment); }
    if (!line) {
      byId.delete(id);
      all = all.filter(function (one) { return one !== segment; });
    } else if (segment) {
      segment.line = line;
    } else {
      segment = g.copied(byId.get(from), id, line);
      byId.set(id, segment);
      all.push(segment);
    }
    if (line) { segment.box = g.bounds(line); }
    refresh();
  };

  g.open = function (id, element) {
    var segment = byId.get(id);
    if (!segment && remote) { remote.find(id, element); }
    if (!segment) { return false; }
    origin = element || map.getContainer();
    held = opening = true;
    var middle = segment.line[Math.floor(segment.line.length / 2)];
    if (segment.line.length === 2) { middle = segment.box.getCenter(); }
    // The place lies low in the view: its popup needs no second move.
    var zoom = Math.max(map.getZoom(), CLOSE), down = L.point(0, map.getSize().y * LOW);
    map.setView(map.unproject(map.project(middle, zoom).subtract(down), zoom), zoom, { animate: false });
    if (!live.has(segment)) { live.set(segment, line(segment).addTo(map)); }
    live.get(segment).openPopup(middle);
    opening = false;
    held = Boolean(element);
    return true;
  };
  g.close = function () {
    map.closePopup();
    var target = origin && origin.isConnected ? origin : map.getContainer();
    if (origin && !origin.isConnected && origin.dataset && origin.dataset.segmentId) {
      target = document.querySelector("button[data-segment-id='" + CSS.escape(origin.dataset.segmentId) + "']") || target;
    }
    target.focus();
  };
  function opened() {
    var wanted = new URLSearchParams(location.search).get("segment");
    if (wanted) { g.open(wanted); }
  }

  function keys() {
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && map._popup && map._popup.isOpen()) { g.close(); }
    });
    document.querySelectorAll("a[href^='#']").forEach(function (link) {
      link.addEventListener("click", function (event) {
        var target = document.getElementById(link.getAttribute("href").slice(1));
        if (target) { event.preventDefault(); target.focus(); target.scrollIntoView({ block: "start" }); }
      });
    });
    window.addEventListener("beforeprint", function () { map.invalidateSize({ animate: false }); });
    window.addEventListener("afterprint", function () { map.invalidateSize({ animate: false }); });
    if (!window.matchMedia("(min-width: 56rem)").matches) {
      document.getElementById("legend").open = false;
    }
  }
})(window.gcvag);
