// What does the page know, and how is it said?
// Everything here builds text nodes; no text of a layer is ever read as HTML.
window.gcvag = window.gcvag || {};
(function (g) {
  "use strict";

  var LANGUAGES = ["sv", "en"];
  var PARTS = 1e6;
  var SVG = "http://www.w3.org/2000/svg";
  var listeners = {}, formats = {};

  g.on = function (name, act) { (listeners[name] = listeners[name] || []).push(act); };
  g.tell = function (name, detail) {
    (listeners[name] || []).forEach(function (act) { act(detail); });
    document.dispatchEvent(new CustomEvent("gcvag:" + name, { detail: detail }));
  };

  // A sentence of the catalogue; {name} is filled from values.
  g.t = function (key, values) {
    var row = g.data.says[key];
    if (!row) { throw new Error("no sentence " + key); }
    return row[LANGUAGES.indexOf(g.lang)].replace(/\{(\w+)\}/g, function (all, name) {
      return values && name in values ? String(values[name]) : all;
    });
  };
  g.pick = function (pair) { return pair ? pair[LANGUAGES.indexOf(g.lang)] : ""; };
  // The name of a code of a code list, or the code itself when the list lacks it.
  g.label = function (list, code) {
    var row = g.data.words[list] && g.data.words[list][code];
    return row ? g.pick(row.label) : code;
  };
  // A format takes long to make, and is made once for a language and its digits.
  g.number = function (value, digits) {
    var name = g.lang + (digits || 0);
    formats[name] = formats[name] || new Intl.NumberFormat(g.lang === "sv" ? "sv-SE" : "en-GB",
      { maximumFractionDigits: digits || 0 });
    return formats[name].format(value);
  };
  g.length = function (metres) {
    return metres < 1000 ? g.number(metres) + " m" : g.number(metres / 1000, 1) + " km";
  };

  // An element: h("p", {class: "x", text: "…"}, child, …). Attributes are set, never parsed.
  g.h = function (tag, attributes) { return grow(document.createElement(tag), arguments); };
  g.s = function (tag, attributes) { return grow(document.createElementNS(SVG, tag), arguments); };
  function grow(element, given) {
    Object.entries(given[1] || {}).forEach(function (pair) {
      if (pair[0] === "text") {
        element.textContent = pair[1];
      } else if (typeof pair[1] === "function") {
        element.addEventListener(pair[0], pair[1]);
      } else if (pair[1] !== null && pair[1] !== undefined && pair[1] !== false) {
        element.setAttribute(pair[0], pair[1] === true ? "" : pair[1]);
      }
    });
    Array.prototype.slice.call(given, 2).forEach(function (child) {
      if (child !== null && child !== undefined) { element.append(child); }
    });
    return element;
  }

  g.text = function (place) { return place === undefined || place < 0 ? "" : g.data.texts[place]; };

  // Differences to [[lat, lon], …] a feature; see maps/layers/coding.py.
  g.lines = function (coded) {
    var at = 0, lat = 0, lon = 0;
    return coded.n.map(function (count) {
      var line = new Array(count);
      for (var i = 0; i < count; i += 1) {
        lat += coded.d[at];
        lon += coded.d[at + 1];
        at += 2;
        line[i] = [lat / PARTS, lon / PARTS];
      }
      return line;
    });
  };
  g.polygons = function (coded) {
    var rings = g.lines(coded), at = 0;
    return coded.p.map(function (count) {
      at += count;
      return rings.slice(at - count, at);
    });
  };

  // One object a segment, with a way to read every column by its name.
  g.segments = function () {
    var table = g.data.segments, lines = g.lines(table.line), findings = {};
    (g.data.findings.row || []).forEach(function (row, place) {
      (findings[row] = findings[row] || []).push(place);
    });
    return table.segment_id.map(function (id, row) {
      return g.segment(id, row, lines[row], findings[row] || []);
    });
  };
  // A segment by its row of the page's table, or, once `props` is set, by what the server told of it.
  g.segment = function (id, row, line, findings) {
    var segment = {
      table: g.data.segments, row: row, id: id, line: line, findings: findings, props: null,
      value: function (name) {
        var column = segment.table[name], value = segment.props ? segment.props[name] : column && column[segment.row];
        return value === undefined ? null : value;
      },
      text: function (name) {
        var value = segment.value(name);
        if (!segment.props) { return g.text(value === null ? -1 : value); }
        return value === null ? "" : name.endsWith("_at") ? value.slice(0, 10) : String(value);
      },
      list: function (name) {
        var value = segment.value(name) || [];
        return segment.props ? value : value.map(function (place) { return g.text(place); });
      }
    };
    return segment;
  };
  // A new segment that knows what another one knows, in a row of its own.
  g.copied = function (segment, id, line) {
    var table = g.data.segments, row = table.segment_id.length;
    Object.values(table).filter(Array.isArray).forEach(function (column) { column.push(column[segment.row]); });
    table.segment_id[row] = id;
    var made = g.segment(id, row, line, segment.findings.slice());
    made.props = segment.props && Object.assign({}, segment.props);
    return made;
  };
  // What is asked at a segment, gravest first; of a large inventory it is fetched when it is opened.
  g.findingsOf = function (segment) {
    var table = g.data.findings;
    return segment.told || segment.findings.map(function (place) {
      return {
        severity: table.severity[place], check_id: g.text(table.check_id[place]),
        message_sv: g.text(table.message_sv[place]), message_en: g.text(table.message_en[place])
      };
    });
  };
  g.nameOf = function (segment) {
    var street = segment.text("beside");
    return segment.text("name") || (street ? g.t("beside", { name: street }) : g.t("unnamed"));
  };

  g.bounds = function (line) { return L.latLngBounds(line); };

  // The kept choice; a file without storage keeps none.
  function kept() {
    try { return localStorage.getItem("gcvag-lang"); } catch (error) { return null; }
  }
  g.setLanguage = function (lang) {
    g.lang = LANGUAGES.indexOf(lang) < 0 ? "sv" : lang;
    if (document.documentElement.lang !== g.lang) { reword(); }
    g.tell("language", g.lang);
  };
  // Say in another language what the page was written with.
  function reword() {
    document.documentElement.lang = g.lang;
    document.querySelectorAll("[data-t]").forEach(function (element) {
      element.textContent = g.t(element.dataset.t);
    });
    document.querySelectorAll("[data-t-label]").forEach(function (element) {
      element.setAttribute("aria-label", g.t(element.dataset.tLabel));
    });
    document.querySelectorAll("[data-t-hint]").forEach(function (element) {
      element.setAttribute("placeholder", g.t(element.dataset.tHint));
    });
    document.title = g.t("title." + g.data.kind) + (g.data.title ? " – " + g.data.title : "");
    document.querySelectorAll("button[data-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === g.lang));
    });
  }
  g.languageSwitch = function () {
    document.querySelectorAll("button[data-lang]").forEach(function (button) {
      button.addEventListener("click", function () {
        try { localStorage.setItem("gcvag-lang", button.dataset.lang); } catch (error) { /* kept nowhere */ }
        g.setLanguage(button.dataset.lang);
      });
    });
    return document.querySelector("button[data-lang]") ? kept() : null;
  };
})(window.gcvag);
