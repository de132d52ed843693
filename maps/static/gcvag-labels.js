// Which names stand on the map, and where?
// A street's name runs along its straightest long piece in view, once, and again only far away;
// names never lie over one another. Letters of the quiet classes appear when the map is close.
(function (g) {
  "use strict";

  var AGAIN_PX = 700;
  var TURN = 0.45;
  var FONT = "500 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
  var AREA_FONT = "italic 500 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
  var PLACE_FONT = "600 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
  var COLOURS = { water: "#2F5F7A", green: "#44602F", school: "#6B4E16", square: "#5C4A3D" };
  var LETTERS_FROM = 18, LETTERS_PX = 44;

  g.Labels = L.Layer.extend({
    initialize: function (options) { L.setOptions(this, options); },
    /** @this {any} */
    onAdd: function (map) {
      if (!map.getPane("labels")) {
        map.createPane("labels").style.zIndex = 450;
        map.getPane("labels").style.pointerEvents = "none";
      }
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", map.getPane("labels"));
      this._canvas.setAttribute("aria-hidden", "true");
      this._streets = g.data.basemap ? [] : streets();
      var roads = this._streets.map(function (street) { return street.name; });
      this._areas = g.data.basemap ? [] : areas().filter(function (area) { return roads.indexOf(area.name) < 0; });
      map.on("moveend resize", this.draw, this);
      this.draw();
    },
    onRemove: function (map) {
      map.off("moveend resize", this.draw, this);
      this._canvas.remove();
    },
    draw: function () {
      var map = this._map, size = map.getSize(), ratio = window.devicePixelRatio || 1;
      var canvas = this._canvas, ctx = canvas.getContext("2d");
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      ctx.scale(ratio, ratio);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      var taken = [];
      this._drawAreas(ctx, taken);
      this._drawStreets(ctx, taken);
      if (map.getZoom() >= LETTERS_FROM) { this._drawLetters(ctx, taken); }
    },
    _drawAreas: function (ctx, taken) {
      var map = this._map, zoom = map.getZoom();
      this._areas.forEach(function (area) {
        var far = area.kind in COLOURS ? 15 : 13;
        if (zoom < far) { return; }
        var point = map.latLngToContainerPoint(area.at);
        ctx.font = area.kind in COLOURS ? AREA_FONT : PLACE_FONT;
        write(ctx, area.name, point, 0, COLOURS[area.kind] || "#3A3F44", taken);
      });
    },
    _drawStreets: function (ctx, taken) {
      var map = this._map, zoom = map.getZoom(), view = map.getBounds();
      ctx.font = FONT;
      this._streets.forEach(function (street) {
        if (g.streetWidth(street.highway, zoom) < 3.5) { return; }
        var width = ctx.measureText(street.name).width, pieces = [];
        street.lines.forEach(function (line) {
          if (!line.box.intersects(view)) { return; }
          var best = straightest(line.points.map(function (point) {
            return map.latLngToContainerPoint(point);
          }), map.getSize());
          if (best && best.length > width + 12) { pieces.push(best); }
        });
        var placed = [];
        pieces.sort(function (one, other) { return other.length - one.length; });
        pieces.forEach(function (piece) {
          var near = placed.some(function (point) { return point.distanceTo(piece.middle) < AGAIN_PX; });
          if (!near && write(ctx, street.name, piece.middle, piece.angle, "#4A4540", taken)) {
            placed.push(piece.middle);
          }
        });
      });
    },
    _drawLetters: function (ctx, taken) {
      var map = this._map, view = map.getBounds();
      ctx.font = "700 11px system-ui, sans-serif";
      this.options.shown().forEach(function (segment) {
        var letters = g.data.style.classes[segment.text("path_class")];
        if (!letters || !letters.letters || !segment.box.intersects(view)) { return; }
        var best = straightest(segment.line.map(function (point) {
          return map.latLngToContainerPoint(point);
        }), map.getSize());
        if (best && best.length > LETTERS_PX) {
          write(ctx, letters.letters, best.middle, 0, "#2B2B2B", taken);
        }
      });
    }
  });

  function streets() {
    var table = g.data.streets, byName = new Map();
    g.lines(table.line).forEach(function (line, row) {
      var name = g.text(table.name[row]);
      if (!name || !line.length) { return; }
      var key = name.slice(0, 60);
      if (!byName.has(key)) {
        byName.set(key, { name: key, highway: g.text(table.highway[row]), lines: [] });
      }
      byName.get(key).lines.push({ points: line, box: g.bounds(line) });
    });
    return Array.from(byName.values()).sort(function (one, other) {
      return g.streetWidth(other.highway, 14) - g.streetWidth(one.highway, 14);
    });
  }
  function areas() {
    var table = g.data.labels;
    return g.lines(table.point).map(function (line, row) {
      return {
        name: g.text(table.name[row]).slice(0, 60), kind: g.text(table.kind[row]), at: line[0]
      };
    }).filter(function (area) { return area.at; });
  }

  // The longest run of a line inside the view that hardly turns.
  function straightest(points, size) {
    var best = null, start = -1, turned = 0, length = 0;
    function close(end) {
      if (start >= 0 && end > start && (!best || length > best.length)) {
        best = { from: points[start], to: points[end], length: length };
      }
    }
    for (var i = 1; i < points.length; i += 1) {
      var clipped = L.LineUtil.clipSegment(points[i - 1], points[i],
        L.bounds([0, 0], [size.x, size.y]), false, true);
      if (!clipped) { close(i - 1); start = -1; continue; }
      var step = clipped[0].distanceTo(clipped[1]);
      var turn = i > 1 && start >= 0 ? bend(points[i - 2], points[i - 1], points[i]) : 0;
      if (start >= 0 && Math.abs(turned + turn) > TURN) { close(i - 1); start = -1; }
      if (start < 0) { start = i - 1; turned = 0; length = 0; turn = 0; }
      turned += turn;
      length += step;
      if (step > 0 && (!best || step > best.length)) {
        best = { from: clipped[0], to: clipped[1], length: step };
      }
    }
    close(points.length - 1);
    if (!best) { return null; }
    var one = best.from, other = best.to;
    if (one.x > other.x) { one = best.to; other = best.from; }
    return {
      length: Math.min(best.length, one.distanceTo(other)),
      middle: one.add(other).divideBy(2), angle: Math.atan2(other.y - one.y, other.x - one.x)
    };
  }
  function bend(before, at, after) {
    var first = Math.atan2(at.y - before.y, at.x - before.x);
    var turn = Math.atan2(after.y - at.y, after.x - at.x) - first;
    return Math.atan2(Math.sin(turn), Math.cos(turn));
  }

  // Write a name with a halo, unless it would lie over another; tells whether it was written.
  function write(ctx, name, point, angle, colour, taken) {
    var half = ctx.measureText(name).width / 2, spots = [];
    for (var at = -half; at <= half; at += 7) {
      spots.push([point.x + at * Math.cos(angle), point.y + at * Math.sin(angle)]);
    }
    var free = spots.every(function (spot) {
      return taken.every(function (other) {
        return Math.abs(other[0] - spot[0]) > 13 || Math.abs(other[1] - spot[1]) > 13;
      });
    });
    if (!free) { return false; }
    taken.push.apply(taken, spots);
    ctx.save();
    ctx.translate(point.x, point.y);
    ctx.rotate(angle);
    ctx.strokeStyle = "rgba(255, 255, 255, 0.92)";
    ctx.lineWidth = 4;
    ctx.strokeText(name, 0, 0);
    ctx.fillStyle = colour;
    ctx.fillText(name, 0, 0);
    ctx.restore();
    return true;
  }
})(window.gcvag);
