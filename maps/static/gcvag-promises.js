// What was promised, what is done, what is left?
(function (g) {
  "use strict";

  var DONE = { colour: "#0B6B57", width: 5, dash: [], opacity: 1, main: true, casing: 0 };
  var LEFT = { colour: "#6B6B6B", width: 3, dash: [5, 4], opacity: 1, main: false, casing: 0 };
  var INVENTORIED = ["inspected", "decided"];

  g.covered = function (segment) {
    return INVENTORIED.indexOf(segment.text("status")) >= 0;
  };
  g.coverageLook = function (segment) { return g.covered(segment) ? DONE : LEFT; };

  g.coverageLegend = function (all) {
    function metres(wanted) {
      return g.length(all.filter(function (segment) {
        return segment.text("kind") === "path" && g.covered(segment) === wanted;
      }).reduce(function (sum, segment) { return sum + (segment.value("length_m") || 0); }, 0));
    }
    g.clearLegend();
    g.legendOf([
      [DONE, g.t("promises.done"), metres(true)], [LEFT, g.t("promises.left"), metres(false)]
    ]);
  };

  function state(row) {
    if (row.target === null) { return g.t("promises.no_target", { done: g.number(row.done || 0, 1) }); }
    return g.t("promises.progress", {
      done: g.number(row.done || 0, 1), target: g.number(row.target, 1), unit: g.pick(row.unit)
    });
  }
  function remarks(row) {
    var said = row.notes.concat(row.not_counted.map(function (left) {
      return g.t("promises.not_counted", { reason: left.reason, n: g.number(left.n) });
    }));
    return said.map(function (text) { return g.h("li", { text: text }); });
  }
  g.promises = function () {
    var holder = document.getElementById("promise-rows");
    holder.replaceChildren.apply(holder, g.data.promises.map(function (row) {
      var share = row.target ? Math.min(1, (row.done || 0) / row.target) : null;
      var mark = row.on_schedule === null ? "" : row.on_schedule ? "promises.on" : "promises.behind";
      return g.h("li", { class: "promise", "data-testid": "promise", "data-promise-id": row.id },
        g.h("h3", { text: g.pick(row.label) }),
        share === null ? null : g.s("svg", {
          class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true"
        }, g.s("rect", { class: "bar-all", width: 100, height: 8 }),
          g.s("rect", { class: "bar-done", width: 100 * share, height: 8 })),
        g.h("p", {}, g.h("strong", { text: state(row) }),
          mark ? g.h("span", { class: "badge " + mark.replace(".", "-"), text: g.t(mark) }) : null),
        row.from ? g.h("p", { class: "small", text: row.from + " – " + row.to }) : null,
        g.h.apply(null, ["ul", { class: "plain small" }].concat(remarks(row))));
    }));
  };
})(window.gcvag);
