// Why is a place on the map not among the chosen, and what happened where the police have stood?
(function (g) {
  "use strict";

  var kind = document.getElementById("plan-form").dataset.kind, usual = g.popupMore;
  var effect = document.getElementById("effect");

  function line(key, values) { return g.h("p", { class: "small", text: g.t(key, values) }); }
  function name(id) { return g.byId.has(id) ? g.nameOf(g.byId.get(id)) : id; }

  g.whyNot = function (told) {
    var other = told.alternative, why = told["why_not_" + g.lang];
    return [
      told.chosen ? line("controls.why.chosen", { rank: told.chosen.rank }) : g.h("p", {}, g.h("strong", { text: why })),
      told.place && !told.chosen ? line("controls.why.place", { place: g.number(told.place), places: g.number(told.places) }) : null,
      other ? line(other.loss_share === null ? "controls.why.nearest" : "sites.alternative", {
        name: name(other.segment_id), metres: g.number(other.distance_m), loss: g.number(100 * other.loss_share)
      }) : null
    ].filter(Boolean);
  };
  // Every opened segment may be asked about, and planned at: the ranking is advice.
  g.popupMore = function (segment) {
    var said = g.h("div", { role: "status", "data-testid": "why-not" });
    return g.h("div", {}, g.h("div", { class: "control-kinds" },
      g.h("button", {
        type: "button", class: "button button-quiet", "data-testid": "why-here", text: g.t("controls.why"),
        click: async function () {
          var told = await g.desk.ask("GET", "/api/police/sites/" + encodeURIComponent(segment.id) + "?kind=" + kind);
          if (!told) { return; }
          said.replaceChildren.apply(said, g.whyNot(told));
          said.scrollIntoView({ block: "nearest" });
        }
      }),
      g.here({ segment_id: segment.id })), said, usual ? usual(segment) : null);
  };

  function row(key, injuries, years) {
    return g.h("tr", {}, g.h("th", { scope: "row", text: g.t("controls.effect." + key) }),
      g.h("td", { text: g.number(injuries, 1) }), g.h("td", { text: g.number(years) }));
  }
  function table(told) {
    return g.h("table", {}, g.h("thead", {}, g.h("tr", {}, ["when", "injured", "years"].map(function (key) {
      return g.h("th", { scope: "col", text: g.t("controls.effect." + key) });
    }).reduce(function (all, one) { all.append(one); return all; }, document.createDocumentFragment()))),
    g.h("tbody", {}, row("before", told.before.injuries, told.before.site_years), row("after", told.after.injuries, told.after.site_years)));
  }
  function share(part) { return g.number(part, 2); }
  function compared(told) {
    var found = [line("controls.effect.sites", { n: told.sites })];
    if (told.before) { found.push(table(told)); }
    found.push(told.ratio === null
      ? line("controls.effect.none")
      : g.h("p", {}, g.h("strong", { text: g.t("controls.effect.ratio", { ratio: share(told.ratio), low: share(told.low), high: share(told.high) }) })));
    found.push(g.h("p", { class: "small", text: told["text_" + g.lang] }));
    return found;
  }
  // Asked for only when opened: each look stands in the log of reads.
  async function look() {
    var told = effect.open && await g.desk.ask("GET", "/api/police/effect?kind=" + kind), shown = document.getElementById("effect-told");
    if (told) { shown.replaceChildren.apply(shown, compared(told)); }
  }
  effect.addEventListener("toggle", look);
  g.on("language", look);
})(window.gcvag);
