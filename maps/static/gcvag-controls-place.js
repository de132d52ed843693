// Why does nobody stand just here? Any point of the map may be asked: by a click, or by coordinate.
(function (g) {
  "use strict";

  var form = document.getElementById("ask-form"), kind = document.getElementById("plan-form").dataset.kind;
  var asked = 0;

  var Answer = g.Popup.extend({
    /** @this {any} */
    getContent: function () {
      this._content = content(this.options.told, this.options.at);
      return this._content;
    }
  });

  function spot(at) { return at.lat.toFixed(5) + ", " + at.lng.toFixed(5); }
  function near(told) {
    return told.segment_id && g.h("p", { class: "small", dir: "auto", text: g.t("controls.ask.nearest", {
      name: g.byId.has(told.segment_id) ? g.nameOf(g.byId.get(told.segment_id)) : told.segment_id,
      metres: g.number(told.distance_m)
    }) });
  }
  function content(told, at) {
    return g.h.apply(null, ["article", {
      class: "about", "data-testid": "popup", tabindex: "-1", "aria-label": g.t("controls.why") + " " + spot(at)
    },
    g.h("header", { class: "about-head" },
      g.h("div", {}, g.h("h3", { text: g.t("controls.why") }), g.h("p", { class: "small", text: spot(at) })), g.closeButton()),
    near(told)].concat(g.whyNot(told), told.segment_id ? g.here(told) : null));
  }

  async function ask(at, element) {
    var mine = asked += 1;
    var told = await g.desk.ask("GET", "/api/police/place?kind=" + kind + "&lon=" + at.lng.toFixed(6) + "&lat=" + at.lat.toFixed(6));
    if (!told || mine !== asked) { return; }
    g.from(element);
    new Answer({ told: told, at: at, closeButton: false, maxWidth: 320 }).setLatLng(at).openOn(g.map);
    g.note(g.t("controls.why") + " " + (told["why_not_" + g.lang] || g.t("controls.why.chosen", told.chosen)));
  }

  g.on("map", function () {
    g.map.on("click", function (event) { ask(event.latlng.wrap(), g.map.getContainer()); });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var at = L.latLng(form.elements.lat.value, form.elements.lon.value);
    g.map.setView(at, g.map.getZoom(), { animate: false });
    ask(at, form.querySelector("[type=submit]"));
  });
  document.getElementById("ask-centre").addEventListener("click", function () {
    var at = g.map.getCenter().wrap();
    form.elements.lat.value = at.lat.toFixed(5);
    form.elements.lon.value = at.lng.toFixed(5);
    ask(at, document.getElementById("ask-centre"));
  });
})(window.gcvag);
