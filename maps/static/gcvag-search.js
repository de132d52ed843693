// Where is the street or place with this name?
(function (g) {
  "use strict";

  var MOST = 8, TEXT = 90, SEGMENT = /^s[0-9a-z]{12,}$/;

  function plain(text) {
    return text.toLocaleLowerCase("sv").normalize("NFC");
  }

  function index(segments) {
    var found = new Map();
    function add(name, kind, bounds) {
      var key = plain(name);
      if (!name) { return; }
      if (found.has(key)) {
        found.get(key).bounds.extend(bounds);
      } else {
        found.set(key, { name: name, kind: kind, bounds: L.latLngBounds(bounds.getSouthWest(), bounds.getNorthEast()) });
      }
    }
    segments.forEach(function (segment) { add(segment.text("name"), "path", segment.box); });
    g.lines(g.data.streets.line).forEach(function (line, row) {
      if (line.length) { add(g.text(g.data.streets.name[row]), "street", g.bounds(line)); }
    });
    g.lines(g.data.labels.point).forEach(function (line, row) {
      if (line.length) { add(g.text(g.data.labels.name[row]), "place", g.bounds(line)); }
    });
    return found;
  }

  g.search = function (map, segments) {
    var names = index(segments), input = document.getElementById("search");
    var holder = document.getElementById("search-rows");
    function go(entry) {
      if (entry.kind === "segment") { g.open(entry.name, input); return; }
      map.fitBounds(entry.bounds.pad(0.2), { maxZoom: 17 });
      g.note(g.t("search.went", { name: entry.name.slice(0, TEXT) }));
    }
    function matches() {
      var wanted = plain(input.value.trim()), first = [], later = [];
      if (wanted.length < 2) { return []; }
      if (g.byId.has(wanted) || g.data.tiled && SEGMENT.test(wanted)) { first.push({ name: wanted, kind: "segment" }); }
      names.forEach(function (entry, key) {
        var at = key.indexOf(wanted);
        if (at === 0) { first.push(entry); } else if (at > 0) { later.push(entry); }
      });
      return first.concat(later).slice(0, MOST);
    }
    function show() {
      var found = matches();
      holder.replaceChildren.apply(holder, found.map(function (entry) {
        return g.h("li", {}, g.h("button", {
          type: "button", class: "hit", click: function () { go(entry); }
        }, g.h("span", { text: entry.name.slice(0, TEXT), dir: "auto" }),
          g.h("span", { class: "small", text: g.t("search." + entry.kind) })));
      }));
      if (input.value.trim().length >= 2) {
        g.note(g.t("search.found", { n: found.length }));
      }
    }
    // The names of a large inventory come when somebody begins to search.
    function fetchNames() {
      fetch(g.data.tiled.names, { credentials: "same-origin" }).then(function (answer) {
        return answer.ok ? answer.json() : { name: [] };
      }).then(function (told) {
        told.name.forEach(function (name, row) {
          var box = told.box[row];
          names.set(plain(name), {
            name: name, kind: told.kind[row], bounds: L.latLngBounds([box[0], box[1]], [box[2], box[3]])
          });
        });
        show();
      }, show);
    }
    if (g.data.tiled) { input.addEventListener("focus", fetchNames, { once: true }); }
    input.addEventListener("input", show);
    document.getElementById("search-form").addEventListener("submit", function (event) {
      event.preventDefault();
      var found = matches();
      if (found.length) { go(found[0]); } else { g.note(g.t("search.none")); }
    });
    g.on("language", show);
  };
})(window.gcvag);
