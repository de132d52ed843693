// What is said about one segment?
// Content is built when it is asked for, from text nodes, and stands in a Leaflet popup.
(function (g) {
  "use strict";

  // Leaflet keeps a popup a layer; these build their content when it is first needed.
  function lazy(Base, build) {
    return Base.extend({
      /** @this {any} */
      getContent: function () {
        if (!this._content || this._spoken !== g.lang) {
          this._content = build(this.options.segment);
          this._spoken = g.lang;
        }
        return this._content;
      },
      _updateContent: function () {
        this.getContent();
        Base.prototype._updateContent.call(this);
      }
    });
  }

  g.Popup = lazy(L.Popup, content);
  g.Tooltip = lazy(L.Tooltip, function (segment) {
    return g.h("span", {}, g.h("strong", { class: "clamp", dir: "auto", text: g.nameOf(segment) }), g.h("br"),
      g.label("path_class", segment.text("path_class")));
  });

  function short(name) { return name.length > 80 ? name.slice(0, 80) + "…" : name; }

  g.closeButton = function () {
    return g.h("button", {
      type: "button", class: "close", "aria-label": g.t("close"), click: function () { g.close(); }
    }, g.s("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" },
      g.s("path", { d: "M4 4 16 16M16 4 4 16", stroke: "currentColor", "stroke-width": 2, fill: "none" })));
  };

  function content(segment) {
    var code = segment.text("path_class"), status = segment.text("status");
    return g.h("article", {
      class: "about", "data-testid": "popup", "data-segment-id": segment.id, tabindex: "-1",
      "aria-label": short(g.nameOf(segment))
    },
      g.h("header", { class: "about-head" },
        g.h("div", {},
          g.h("h3", { text: g.nameOf(segment), dir: "auto" }),
          g.h("p", { class: "about-class" },
            g.swatch(g.look(code, status, segment.text("confidence")), 48),
            g.h("span", { "data-testid": "class", text: g.label("path_class", code) }))),
        g.closeButton()),
      g.h("p", { class: "about-legal", "data-testid": "legal" }, legalNote(), legal(code)),
      questions(segment),
      facts(segment, status),
      notes(segment),
      g.popupMore ? g.popupMore(segment) : null,
      explain(segment));
  }

  function legal(code) {
    var row = g.data.words.path_class[code], plain = row && row.plain ? g.pick(row.plain) : "";
    return plain || g.t("legal.none");
  }
  function legalNote() {
    return g.data.country === "SE" ? null : g.h("strong", { text: g.t("legal.other") + " " });
  }

  // Questions and contradictions stand first; notes ask nobody for anything and wait to be asked.
  function graded(segment, wanted) {
    return g.findingsOf(segment).filter(function (one) {
      return wanted(one.severity);
    }).map(function (one) {
      return g.h("li", { class: "finding grade-" + one.severity },
        g.h("strong", { text: g.t("grade." + one.severity) + " " }),
        one["message_" + g.lang],
        g.h("span", { class: "code", text: " " + one.check_id }));
    });
  }
  function listed(rows) { return g.h.apply(null, ["ul", { class: "plain" }].concat(rows)); }
  function questions(segment) {
    var rows = graded(segment, function (grade) { return grade >= 2; });
    return rows.length
      ? g.h("section", { class: "about-findings" }, g.h("h4", { text: g.t("findings") }), listed(rows))
      : null;
  }
  function notes(segment) {
    var rows = graded(segment, function (grade) { return grade < 2; });
    return rows.length
      ? g.h("details", {}, g.h("summary", { text: g.t("notes", { n: rows.length }) }), listed(rows))
      : null;
  }

  function facts(segment, status) {
    var list = g.h("dl", { class: "facts" });
    function fact(key, value, hook) {
      if (!value) { return; }
      list.append(g.h("dt", { text: g.t("fact." + key) }),
        g.h("dd", { text: value, "data-testid": hook || null, dir: "auto" }));
    }
    fact("reason", segment.text("reason_" + g.lang), "reason");
    fact("confidence", [g.label("confidence", segment.text("confidence")),
      g.label("basis", segment.text("basis")).toLowerCase()].filter(Boolean).join(", "));
    fact("runner_up", segment.text("runner_up") && g.label("path_class", segment.text("runner_up")));
    fact("status", [g.label("status", status), segment.text("decided_at") || segment.text("inspected_at")]
      .filter(Boolean).join(", "));
    fact("signs", segment.list("signs").join(", "));
    fact("width", segment.value("width_m") ? g.number(segment.value("width_m"), 2) + " m" : "");
    fact("surface", segment.text("surface"));
    fact("length", g.length(segment.value("length_m") || 0));
    fact("district", segment.text("district"));
    fact("ltf", segment.text("ltf_id"));
    fact("sources", segment.list("source_ids").join(", "));
    return list;
  }

  function explain(segment) {
    var address = g.data.explain.replace("{id}", encodeURIComponent(segment.id));
    return g.h("footer", { class: "about-foot" },
      g.data.served ? g.h("span", { class: "code", text: segment.id }) : null,
      g.data.served
        ? g.h("a", { href: address, text: g.t("explain.link") })
        : g.h("span", {}, g.t("explain.command") + " ",
          g.h("code", { text: "gcvag explain STORE " + segment.id })));
  }
})(window.gcvag);
