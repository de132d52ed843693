// What do the lines mean, and which of them are shown?
// Drawn from the same table as the map; only what is present stands here, with its number.
(function (g) {
  "use strict";

  var GROUPS = [["path_class", "classes"], ["status", "statuses"]];
  g.hidden = { path_class: new Set(), status: new Set() };

  g.isShown = function (segment) {
    return GROUPS.every(function (group) {
      return !g.hidden[group[0]].has(segment.text(group[0]));
    });
  };

  function present(column, all) {
    var counts = new Map();
    if (g.data.tiled) {
      return new Map(Object.entries(g.data.tiled.counts[column]).map(function (pair) {
        return [pair[0], { n: pair[1][0], metres: pair[1][1] }];
      }));
    }
    all.forEach(function (segment) {
      var code = segment.text(column), count = counts.get(code) || { n: 0, metres: 0 };
      count.n += 1;
      count.metres += segment.value("length_m") || 0;
      counts.set(code, count);
    });
    return counts;
  }

  function row(column, code, count) {
    var look = column === "path_class" ? g.look(code, "proposed", "high") : statusLook(code);
    var letters = column === "path_class" && g.data.style.classes[code].letters;
    var box = g.h("input", {
      type: "checkbox", name: column, value: code, checked: !g.hidden[column].has(code),
      change: function () {
        g.hidden[column][box.checked ? "delete" : "add"](code);
        g.tell("filter");
      }
    });
    return g.h("li", {}, g.h("label", { class: "legend-row" }, box, g.swatch(look, 44),
      g.h("span", { class: "legend-name", text: g.label(column, code) }),
      letters ? g.h("abbr", { class: "letters", text: letters, title: g.t("legend.letters") }) : null,
      g.h("span", { class: "legend-count", text: g.length(count.metres) })));
  }
  function statusLook(code) {
    var look = g.look("cykelbana", code, "high");
    return Object.assign(look, { colour: "#B9B4AA", main: true });
  }

  g.legend = function (all) {
    var holder = document.getElementById("legend-body");
    GROUPS.forEach(function (group) {
      var counts = present(group[0], all), codes = Object.keys(g.data.style[group[1]]);
      var rows = codes.filter(function (code) { return counts.has(code); }).map(function (code) {
        return row(group[0], code, counts.get(code));
      });
      holder.append(g.h("fieldset", { class: "legend-group" },
        g.h("legend", { text: g.t("legend." + group[0]) }),
        g.h.apply(null, ["ul", { class: "plain" }].concat(rows))));
    });
    holder.append(g.h("p", { class: "small", text: g.t("legend.confidence") }));
  };
  // Short legends of the pages that show something else.
  g.legendOf = function (rows) {
    document.getElementById("legend-body").append(g.h.apply(null, ["ul", { class: "plain" }].concat(
      rows.map(function (entry) {
        return g.h("li", { class: "legend-row" }, g.swatch(entry[0], 52),
          g.h("span", { class: "legend-name", text: entry[1] }),
          g.h("span", { class: "legend-count", text: entry[2] || "" }));
      }))));
  };
  g.clearLegend = function () { document.getElementById("legend-body").replaceChildren(); };
})(window.gcvag);
