// Which days and places does chance choose, so that nobody can foresee them?
(function (g) {
  "use strict";

  var DRAWS = "/api/police/draws", form = document.getElementById("draw-form"), rows = document.getElementById("draws");
  var kind = document.getElementById("plan-form").dataset.kind;

  function name(id) { return g.byId.has(id) ? g.nameOf(g.byId.get(id)) : id; }
  function visit(one) {
    return g.h("li", { class: "review-part", "data-testid": "drawn-visit" },
      g.h("p", { dir: "auto", text: one.day + " · " + name(one.segment_id) + (one.explored ? " · " + g.t("controls.draw.explored") : "") }),
      g.h("button", {
        type: "button", class: "button button-quiet", text: g.t("controls.here"),
        "aria-label": g.t("controls.here") + ": " + one.day + " " + name(one.segment_id),
        click: function () { g.desk.plan(one.segment_id, one.day); }
      }));
  }
  // The newest draw stands open; the others wait to be asked.
  function drawn(one, place) {
    return g.h("li", { "data-testid": "draw-row" }, g.h("details", { open: place === 0 },
      g.h("summary", { class: "small", text: g.t("controls.draw.about", {
        first: one.first, last: one.last, n: one.visits.length, share: g.number(100 * one.exploration_share)
      }) }),
      g.h("p", { class: "small code", text: g.t("controls.draw.repeat", { seed: one.seed, hash: one.input_hash.slice(0, 12) }) }),
      g.h.apply(null, ["ol", { class: "plain" }].concat(one.visits.map(visit)))));
  }
  async function list() {
    var told = document.getElementById("draw").open && await g.desk.ask("GET", DRAWS + "?kind=" + kind);
    if (told) { rows.replaceChildren.apply(rows, told.draws.map(drawn)); }
  }
  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    var fields = form.elements, body = {
      kind: kind, first: fields.first.value, last: fields.last.value, visits: Number(fields.visits.value)
    };
    var done = await g.desk.ask("POST", DRAWS, body);
    if (!done) { return; }
    await list();
    g.desk.said(g.t("controls.draw.done", { n: done.visits.length }));
  });
  document.getElementById("draw").addEventListener("toggle", list);
  g.on("language", list);
})(window.gcvag);
