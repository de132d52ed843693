// Where would a control do most good, and why there?
(function (g) {
  "use strict";

  var PIN_PX = 44, STEP_PX = 12;

  /** @type {any} */
  var Pin = L.DivIcon.extend({
    createIcon: function () {
      var pin = g.h("div", {}, g.h("span", { text: this.options.mark }));
      this._setIconStyles(pin, "icon");
      pin.classList.add("pin");
      if (this.options.information) { pin.classList.add("pin-information"); }
      return pin;
    }
  });

  function reasons(site) {
    return g.h.apply(null, ["ul", { class: "reasons" }].concat(site.reasons.map(function (reason) {
      return g.h("li", { text: reason["text_" + g.lang] });
    })));
  }
  // What a control may find here, each with paragraph, ground and amount as far as they are known.
  function offence(one) {
    var said = [one["label_" + g.lang] + (one.paragraph ? " (" + one.paragraph + ")" : "")];
    if (one.ground) { said.push(g.t("sites.ground", { ground: g.label("path_class", one.ground).toLowerCase() })); }
    said.push(one.amount_sek === null ? g.t("sites.no_amount") : g.t("sites.amount", { amount: g.number(one.amount_sek) }));
    if (!one.verified) { said.push(g.t("sites.unverified")); }
    return g.h("li", { text: said.join(" · ") });
  }
  function offences(site) {
    if (!site.offences || !site.offences.length) { return null; }
    return g.h("details", { "data-testid": "offences" }, g.h("summary", { text: g.t("sites.offences") }),
      g.h.apply(null, ["ul", { class: "plain small" }].concat(site.offences.map(offence))));
  }
  function alternative(site) {
    var other = site.alternative, segment = other && g.byId.get(other.segment_id);
    return other ? g.h("p", { class: "small", dir: "auto", text: g.t("sites.alternative", {
      name: segment ? g.nameOf(segment) : other.segment_id, metres: g.number(other.distance_m),
      loss: g.number(100 * other.loss_share)
    }) }) : null;
  }
  function place(site) {
    return g.label("control_kind", site.kind) + " · " + g.t("sites.rank", { rank: site.rank, low: site.rank_low, high: site.rank_high });
  }
  // Sites of several kinds have a rank each: the letter is the kind's own first one.
  function mark(site) {
    return g.label("control_kind", site.kind).charAt(0) + site.rank;
  }
  function title(site) {
    var segment = g.byId.get(site.segment_id);
    return segment ? g.nameOf(segment) : site.segment_id;
  }
  function content(site) {
    return g.h("article", {
      class: "about", "data-testid": "popup", "data-segment-id": site.segment_id, tabindex: "-1",
      "aria-label": title(site).slice(0, 80)
    },
      g.h("header", { class: "about-head" },
        g.h("div", {}, g.h("h3", { text: title(site), dir: "auto" }), g.h("p", { text: place(site) })),
        g.closeButton()),
      site.information_only ? g.h("p", { class: "about-legal", text: g.t("sites.information") }) : null,
      g.h("h4", { text: g.t("sites.why") }), reasons(site),
      g.h("footer", { class: "about-foot" }, g.h("span", { class: "code", text: site.segment_id })));
  }

  // Ways to school, little used first: each group of lines is wider than the one before.
  function schoolWays(map) {
    map.createPane("ways").style.zIndex = 350;
    var renderer = L.canvas({ pane: "ways" });
    (g.data.school_ways || []).forEach(function (lines, width) {
      L.polyline(lines, { renderer: renderer, pane: "ways", interactive: false, color: "#C75B00", opacity: 0.75, weight: 2 + 3 * width }).addTo(map);
    });
  }

  // The nearest place to a point where a pin lies over no other.
  function freeSpot(point, taken) {
    for (var ring = 0; ; ring += 1) {
      for (var turn = 0; turn < 6 * ring || turn < 1; turn += 1) {
        var angle = ring ? 2 * Math.PI * turn / (6 * ring) : 0;
        var spot = point.add([ring * STEP_PX * Math.cos(angle), ring * STEP_PX * Math.sin(angle)]).round();
        if (taken.every(function (other) {
          return Math.max(Math.abs(other.x - spot.x), Math.abs(other.y - spot.y)) >= PIN_PX + 2;
        })) { return spot; }
      }
    }
  }

  g.sites = function (map) {
    var holder = document.getElementById("site-rows"), markers = [], leads = [];
    // Pins that would cover one another stand apart, each with a line to its place.
    function spread() {
      var taken = [];
      g.data.sites.forEach(function (site, row) {
        var spot = freeSpot(map.latLngToLayerPoint(site.at), taken);
        taken.push(spot);
        markers[row].setLatLng(map.layerPointToLatLng(spot));
        leads[row].setLatLngs([site.at, markers[row].getLatLng()]);
      });
    }
    var Bubble = g.Popup.extend({
      /** @this {any} */
      getContent: function () {
        this._content = content(this.options.site);
        return this._content;
      }
    });
    schoolWays(map);
    map.createPane("leads").style.zIndex = 590;
    var lines = L.svg({ pane: "leads" });
    g.data.sites.forEach(function (site) {
      var marker = L.marker(site.at, {
        icon: new Pin({
          mark: mark(site), information: site.information_only, iconSize: [PIN_PX, PIN_PX],
          iconAnchor: [PIN_PX / 2, PIN_PX / 2], className: ""
        }),
        alt: g.t("sites.pin", { rank: mark(site) }), riseOnHover: true
      });
      marker.bindPopup(new Bubble({ site: site, closeButton: false, maxWidth: 320 }));
      marker.addTo(map);
      markers.push(marker);
      leads.push(L.polyline([site.at, site.at], {
        renderer: lines, interactive: false, color: "#1B1B1B", weight: 1.5
      }).addTo(map));
    });
    map.on("zoomend", spread);
    spread();
    function list() {
      holder.replaceChildren.apply(holder, g.data.sites.map(function (site, row) {
        return g.h("li", { class: "row", "data-testid": "site-row", "data-segment-id": site.segment_id },
          g.h("button", {
            type: "button", class: "row-button",
            click: function (event) {
              g.from(event.currentTarget);
              map.setView(site.at, Math.max(map.getZoom(), 16), { animate: false });
              markers[row].openPopup();
            }
          },
            g.h("span", { class: "pin pin-row" + (site.information_only ? " pin-information" : "") },
              g.h("span", { text: mark(site) })),
            g.h("span", { class: "row-text" },
              g.h("span", { class: "row-name", text: title(site), dir: "auto" }),
              g.h("span", { class: "row-more", text: place(site) }))),
          reasons(site), offences(site), alternative(site), g.here ? g.here(site) : null);
      }));
    }
    list();
    g.on("language", list);
  };
})(window.gcvag);
