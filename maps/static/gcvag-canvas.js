// How is a line with its casing drawn?
// All casings first, then all white gaps, then all lines: where segments meet, no casing lies
// over a line. The renderer is Leaflet's own canvas, drawn in passes.
(function (g) {
  "use strict";

  var PASSES = ["halo", "casing", "gap", "line"];
  var SCALES = [[13, 0.4], [14, 0.5], [15, 0.65], [16, 0.85]];
  var CASING_FROM_ZOOM = 14;

  // Lines are thinner when the map is far, so that a town is no tangle.
  g.scale = function (zoom) {
    for (var i = 0; i < SCALES.length; i += 1) {
      if (zoom <= SCALES[i][0]) { return SCALES[i][1]; }
    }
    return 1;
  };

  g.Canvas = L.Canvas.extend({
    /** @this {any} */
    _draw: function () {
      var bounds = this._redrawBounds, order, layer;
      this._ctx.save();
      if (bounds) {
        var size = bounds.getSize();
        this._ctx.beginPath();
        this._ctx.rect(bounds.min.x, bounds.min.y, size.x, size.y);
        this._ctx.clip();
      }
      this._drawing = true;
      this._scale = g.scale(this._map.getZoom());
      this._far = this._map.getZoom() < CASING_FROM_ZOOM;
      for (var i = 0; i < PASSES.length; i += 1) {
        this._pass = PASSES[i];
        for (order = this._drawFirst; order; order = order.next) {
          layer = order.layer;
          if (stroke(layer.options, this._pass, this._far) &&
              (!bounds || (layer._pxBounds && layer._pxBounds.intersects(bounds)))) {
            layer._updatePath();
          }
        }
      }
      this._drawing = false;
      this._ctx.restore();
    },
    _fillStroke: function (ctx, layer) {
      var pen = stroke(layer.options, this._pass, this._far);
      if (!pen) { return; }
      var scale = layer.options.fixed ? 1 : this._scale;
      ctx.globalAlpha = pen.opacity;
      ctx.lineWidth = pen.width * scale + 2 * pen.casing * scale * scale;
      ctx.strokeStyle = pen.colour;
      ctx.lineCap = pen.dash.length ? "butt" : (layer.options.lineCap || "butt");
      ctx.lineJoin = "round";
      ctx.setLineDash(pen.dash.map(function (part) { return part * Math.max(scale, 0.6); }));
      ctx.stroke();
      ctx.setLineDash([]);
    }
  });

  // The pen of one pass, or null when this line has none.
  function stroke(options, pass, far) {
    var look = options.look;
    if (!look || (far && pass !== "line" && pass !== "halo")) { return null; }
    var white = look.width + 2 * g.data.style.gap;
    if (pass === "halo") {
      return options.chosen ? pen("#FFC400", white + 10, [], 0.9, look.casing) : null;
    }
    if (pass === "casing") {
      return look.casing ? pen(look.casingColour, white, look.casingDash, 1, look.casing) : null;
    }
    if (pass === "gap") {
      return look.casing || look.main ? pen(look.gapColour || "#FFFFFF", white, [], 1) : null;
    }
    return pen(look.colour, look.width, look.dash, look.opacity);
  }
  // A casing shrinks faster than its line: far away the class is read first.
  function pen(colour, width, dash, opacity, casing) {
    return { colour: colour, width: width, dash: dash, opacity: opacity, casing: casing || 0 };
  }

  // How a segment of this class, status and confidence looks.
  g.look = function (code, status, confidence) {
    var line = g.data.style.classes[code] || g.data.style.classes.okand;
    var casing = g.data.style.statuses[status] || g.data.style.statuses.proposed;
    return {
      main: line.tier === "main", colour: line.colour, dash: line.dash, width: line.width,
      opacity: confidence === "low" ? 0.5 : 1,
      casing: casing.width, casingColour: casing.colour, casingDash: casing.dash
    };
  };

  // The same look as a small picture for legend, list and popup.
  g.swatch = function (look, width) {
    var across = width || 56, white = look.width + 2 * g.data.style.gap;
    var picture = g.s("svg", {
      class: "swatch", viewBox: "0 0 " + across + " 24", width: across, height: 24,
      "aria-hidden": "true", focusable: "false"
    });
    function draw(colour, thickness, dash, opacity) {
      picture.append(g.s("line", {
        x1: 4, x2: across - 4, y1: 12, y2: 12, stroke: colour, "stroke-width": thickness,
        "stroke-dasharray": dash.join(" ") || null, "stroke-opacity": opacity
      }));
    }
    if (look.casing) { draw(look.casingColour, white + 2 * look.casing, look.casingDash, 1); }
    if (look.casing || look.main) { draw("#FFFFFF", white, [], 1); }
    if (look.colour) { draw(look.colour, look.width, look.dash, look.opacity); }
    return picture;
  };
})(window.gcvag);
