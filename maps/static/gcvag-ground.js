// What lies under the paths? Water, green, buildings and streets of the same extract.
(function (g) {
  "use strict";

  var CELL = 0.02;
  var AREAS = {
    water: { colour: "#C3DCE9", from: 0 }, green: { colour: "#DDE8CF", from: 0 },
    school: { colour: "#F1E3C9", from: 13 }, square: { colour: "#E9E1DA", from: 14 },
    building: { colour: "#E0D8CC", edge: "#CFC5B6", from: 14 }
  };
  // Width in pixels at zoom 12, 13, … 19.
  var BROAD = [1.5, 2.5, 4, 6, 9, 13, 19, 28];
  var STREET = [0.6, 1.2, 2.2, 4, 6.5, 10, 15, 23];
  var NARROW = [0, 0, 1, 2, 3.5, 5.5, 9, 14];
  var WIDTHS = {
    motorway: BROAD, trunk: BROAD, primary: BROAD, secondary: BROAD, tertiary: STREET,
    residential: STREET, unclassified: STREET, living_street: STREET, busway: STREET,
    service: NARROW, track: NARROW
  };
  var FIRST = 12;

  g.streetWidth = function (highway, zoom) {
    var widths = WIDTHS[highway.replace("_link", "")] || STREET;
    return widths[Math.max(0, Math.min(widths.length - 1, Math.round(zoom) - FIRST))];
  };

  function cells(shapes, first) {
    var found = new Map();
    shapes.forEach(function (shape) {
      var point = first(shape);
      var key = Math.floor(point[0] / CELL) + " " + Math.floor(point[1] / (2 * CELL));
      if (!found.has(key)) { found.set(key, []); }
      found.get(key).push(shape);
    });
    return Array.from(found.values());
  }

  function pane(map, name, level) {
    map.createPane(name).style.zIndex = level;
    map.getPane(name).style.pointerEvents = "none";
    return name;
  }

  // A background from elsewhere, where the area names one, stands instead of our own.
  function basemap(map) {
    var address = g.data.basemap.address;
    if (address.endsWith(".pmtiles")) {
      window.protomapsL.leafletLayer({ url: address, flavor: "light", lang: g.lang, attribution: "" }).addTo(map);
    } else {
      L.tileLayer(address, { maxZoom: 20, maxNativeZoom: 19, attribution: "" }).addTo(map);
    }
  }

  g.ground = function (map) {
    if (g.data.basemap) { basemap(map); return; }
    var level = 210, groups = [];
    Object.keys(AREAS).forEach(function (role) {
      var coded = g.data.background[role];
      level += 5;
      if (!coded) { return; }
      var look = AREAS[role];
      var renderer = L.canvas({ pane: pane(map, "ground-" + role, level), padding: 0.2 });
      var group = L.layerGroup(cells(g.polygons(coded), function (rings) {
        return rings[0][0];
      }).map(function (polygons) {
        return L.polygon(polygons, {
          renderer: renderer, pane: "ground-" + role, interactive: false, fillRule: "nonzero",
          stroke: Boolean(look.edge), color: look.edge, weight: 1, opacity: 1,
          fillColor: look.colour, fillOpacity: 1, smoothFactor: 0.5
        });
      }));
      groups.push([group, look.from]);
    });
    var streets = streetGroup(map);
    function fit() {
      groups.forEach(function (pair) {
        if (map.getZoom() >= pair[1]) { pair[0].addTo(map); } else { pair[0].remove(); }
      });
    }
    map.on("zoomend", fit);
    map.on("zoomend", function () { widths(streets, map.getZoom()); });
    fit();
    streets.addTo(map);
    widths(streets, map.getZoom());
  };

  function streetGroup(map) {
    var table = g.data.streets, lines = g.lines(table.line), byClass = new Map();
    var renderer = new g.Canvas({ pane: pane(map, "ground-streets", 250), padding: 0.2 });
    lines.forEach(function (line, row) {
      var highway = g.text(table.highway[row]);
      if (!byClass.has(highway)) { byClass.set(highway, []); }
      byClass.get(highway).push(line);
    });
    var layers = [];
    byClass.forEach(function (all, highway) {
      cells(all, function (line) { return line[0]; }).forEach(function (part) {
        layers.push(L.polyline(part, /** @type {any} */ ({
          renderer: renderer, pane: "ground-streets", interactive: false, fixed: true,
          highway: highway, lineCap: "round", weight: 30
        })));
      });
    });
    return L.layerGroup(layers);
  }
  function widths(streets, zoom) {
    streets.eachLayer(function (layer) {
      var width = g.streetWidth(layer.options.highway, zoom);
      layer.options.look = width ? {
        main: true, colour: "#FFFFFF", width: width, dash: [], opacity: 1,
        gapColour: "#D3CCBF", casing: 0
      } : null;
      layer.redraw();
    });
  }
})(window.gcvag);
