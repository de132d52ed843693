// How is an inventory drawn that is too large to send?
// Far away as vector tiles to look at; close, as real features of the window. The list beside the
// map and every click ask the server for features.
(function (g) {
  "use strict";

  var PAD = 0.4, MOST = 10000, PAGE = 50, FRESH_MS = 30000, NEAR_PX = 14, STREET_PX = 4, SETTLE_MS = 120;

  g.tiled = function (map, received) {
    var told = g.data.tiled, shown = null, asking = null, listing = null, timer = null;
    var tiles = tileLayer(map, told);
    var first = listed();

    function close() { return map.getZoom() >= told.close; }
    function read(address, signal) {
      return fetch(address,
        { credentials: "same-origin", signal: signal, headers: { Accept: "application/geo+json" } })
        .then(function (answer) {
          if (!answer.ok) { throw new Error("status " + answer.status); }
          document.getElementById("failed").hidden = true;
          return answer.json();
        });
    }
    function items(layer, query, signal) {
      return read(told.items.replace("{layer}", layer) + "?" + new URLSearchParams(query), signal);
    }

    // One object a segment for as long as the page lives, so that map, list and popup agree.
    function keep(feature) {
      var known = g.byId.get(feature.id);
      if (!known) {
        known = made(feature);
        g.byId.set(known.id, known);
        return [known, false];
      }
      var changed = ["path_class", "status", "confidence"].some(function (name) {
        return known.text(name) !== feature.properties[name];
      });
      known.props = feature.properties;
      known.line = lineOf(feature);
      known.box = L.latLngBounds(known.line);
      return [known, changed];
    }
    function kept(features) { return features.map(function (one) { return keep(one)[0]; }); }

    // The features of the padded window; none is asked for again while it covers the view.
    function load(force) {
      var view = map.getBounds();
      if (!close()) {
        if (asking) { asking.abort(); asking = null; }
        if (shown) { shown = null; received([], []); }
        if (!map.hasLayer(tiles)) { tiles.addTo(map); }
        return;
      }
      var fresh = shown && Date.now() - shown.at < FRESH_MS && shown.box.contains(view);
      if (fresh && !force) { return; }
      if (asking) { asking.abort(); }
      var mine = asking = new AbortController(), box = view.pad(PAD);
      items("segments", { bbox: box.toBBoxString(), limit: MOST }, mine.signal).then(function (page) {
        if (asking !== mine) { return; }
        asking = null;
        var pairs = page.features.filter(function (one) {
          return one.properties.status !== "retired";
        }).map(keep);
        shown = { box: box, at: Date.now() };
        // What is not seen is neither fetched nor drawn.
        tiles.remove();
        received(pairs.map(function (pair) { return pair[0]; }),
          pairs.filter(function (pair) { return pair[1]; }).map(function (pair) { return pair[0]; }));
        document.getElementById("partial").hidden = page.numberMatched <= MOST;
      }).catch(lost);
    }

    // Far away the list shows the first rows of the view, then page by page.
    function listed() {
      if (close()) { return Promise.resolve(); }
      if (listing) { listing.abort(); }
      var mine = listing = new AbortController();
      // A view of everything asks for everything, which the server need not measure.
      var whole = g.data.extent && map.getBounds().contains(g.data.extent);
      var where = whole ? {} : { bbox: map.getBounds().toBBoxString() };
      return items("segments", Object.assign({ limit: PAGE }, where), mine.signal)
        .then(function (page) {
          if (listing !== mine || close()) { return; }
          var next = link(page);
          g.list(kept(page.features), {
            total: page.numberMatched,
            more: function () {
              return next ? read(next).then(function (page) {
                next = link(page);
                return kept(page.features);
              }) : Promise.resolve([]);
            }
          });
        }).catch(lost);
    }
    function link(page) {
      var found = page.links.find(function (one) { return one.rel === "next"; });
      return found ? new URL(found.href, location.href).pathname + new URL(found.href, location.href).search : null;
    }
    function lost(error) {
      if (error.name !== "AbortError") { document.getElementById("failed").hidden = false; }
    }

    // A click far away opens the nearest segment, as a click on a line does when it is close.
    map.on("click", function (event) {
      if (close()) { return; }
      var here = event.containerPoint, reach = L.point(NEAR_PX, NEAR_PX);
      var box = L.latLngBounds(map.containerPointToLatLng(here.subtract(reach)),
        map.containerPointToLatLng(here.add(reach)));
      items("segments", { bbox: box.toBBoxString(), limit: PAGE }).then(function (page) {
        /** @type {any} */
        var best = null;
        var least = NEAR_PX;
        kept(page.features).forEach(function (segment) {
          var away = g.isShown(segment) ? distance(map, segment.line, here) : Infinity;
          if (away <= least) { best = segment; least = away; }
        });
        if (best) { g.open(best.id); }
      }).catch(lost);
    });

    map.on("moveend", function () {
      clearTimeout(timer);
      timer = setTimeout(function () { load(false); listed(); }, SETTLE_MS);
    });
    g.on("filter", function () { if (map.hasLayer(tiles)) { tiles.rerenderTiles(); } });
    window.addEventListener("focus", function () { load(false); });
    setInterval(function () { if (!document.hidden) { load(false); } }, FRESH_MS);
    load(false);

    return {
      first: first,
      lists: function () { return !close(); },
      find: function (id, element) {
        fetch(told.items.replace("{layer}", "segments") + "/" + encodeURIComponent(id),
          { credentials: "same-origin", headers: { Accept: "application/geo+json" } })
          .then(function (answer) { return answer.ok ? answer.json() : null; })
          .then(function (feature) {
            if (feature) { keep(feature); g.open(id, element); }
          }).catch(lost);
      },
      tell: function (segment) {
        if (segment.findings.length || segment.told && segment.told.length) { return; }
        items("findings", { segment_id: segment.id, limit: PAGE }).then(function (page) {
          segment.told = page.features.map(function (one) { return one.properties; })
            .filter(function (one) { return one.state === "open"; })
            .sort(function (one, other) { return other.severity - one.severity; });
          if (segment.told.length && map._popup && map._popup.options.segment === segment) {
            map._popup._content = null;
            map._popup.update();
          }
        }).catch(lost);
      }
    };
  };

  function made(feature) {
    var line = lineOf(feature), table = g.data.segments.segment_id;
    var segment = g.segment(feature.id, table.push(feature.id) - 1, line, []);
    return Object.assign(segment, { box: L.latLngBounds(line), told: [], props: feature.properties });
  }
  function lineOf(feature) {
    return feature.geometry.coordinates.map(function (pair) { return [pair[1], pair[0]]; });
  }

  function distance(map, line, point) {
    var points = line.map(function (pair) { return map.latLngToContainerPoint(pair); });
    return points.slice(1).reduce(function (least, end, at) {
      return Math.min(least, L.LineUtil.pointToSegmentDistance(point, points[at], end));
    }, Infinity);
  }

  // Streets in white, then a white gap under the main classes, then the classes with their dashes;
  // the first class of the list is drawn last, so that footpaths hide no cycle path.
  function tileLayer(map, told) {
    var classes = Object.entries(g.data.style.classes), rules = [];
    function rule(code, pen) {
      rules.push({
        dataSource: "segments", dataLayer: "segments", symbolizer: new Pen(pen),
        filter: function (zoom, feature) { return seen(feature.props) && feature.props.path_class === code; }
      });
    }
    function tier(main) {
      classes.filter(function (pair) { return (pair[1].tier === "main") === main; }).reverse().forEach(function (pair) {
        if (main) { rule(pair[0], { colour: "#FFFFFF", width: pair[1].width + 2 * g.data.style.gap, dash: [] }); }
        rule(pair[0], pair[1]);
      });
    }
    tier(false);
    tier(true);
    if (!g.data.basemap) {
      drawn(map, told, "streets", 250, [{
        dataSource: "streets", dataLayer: "streets",
        symbolizer: new Pen({ colour: "#FFFFFF", width: STREET_PX, dash: [] })
      }]);
    }
    return drawn(map, told, "segments", 380, rules);
  }
  function drawn(map, told, name, level, rules) {
    var pane = "tiles-" + name;
    map.createPane(pane).style.zIndex = level;
    map.getPane(pane).style.pointerEvents = "none";
    return window.protomapsL.leafletLayer({
      sources: Object.fromEntries([[name, { url: told.tiles.replace("{layer}", name), maxDataZoom: told.far }]]),
      paintRules: rules, labelRules: [], attribution: "", pane: pane, maxZoom: 20, noWrap: true
    }).addTo(map);
  }
  function seen(props) {
    return props.status !== "retired" && ["path_class", "status"].every(function (column) {
      return !props[column] || !g.hidden[column].has(props[column]);
    });
  }

  // Draws one class on a tile as the canvas does on the map.
  function Pen(look) { this.look = look; }
  Pen.prototype.before = function (ctx, zoom) {
    var scale = g.scale(zoom);
    ctx.strokeStyle = this.look.colour;
    ctx.lineWidth = this.look.width * scale;
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    ctx.setLineDash(this.look.dash.map(function (part) { return part * Math.max(scale, 0.6); }));
  };
  Pen.prototype.draw = function (ctx, lines) {
    ctx.beginPath();
    lines.forEach(function (line) {
      line.forEach(function (point, at) {
        if (at) { ctx.lineTo(point.x, point.y); } else { ctx.moveTo(point.x, point.y); }
      });
    });
    ctx.stroke();
  };
})(window.gcvag);
