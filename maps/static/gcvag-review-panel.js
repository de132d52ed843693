// What speaks for each class of the open segment, and what was said about it before?
// Everything is built from text nodes; nothing here sends anything.
(function (g) {
  "use strict";

  /** @type {any} */
  var panel = g.panel = {};

  function at(id) { return document.getElementById(id); }
  function day(text) {
    var when = new Date(text);
    return isNaN(Number(when)) ? "" : when.toLocaleString(g.lang === "sv" ? "sv-SE" : "en-GB",
      { dateStyle: "short", timeStyle: "short" });
  }
  function section(key, body) {
    return g.h("section", { class: "review-part" }, g.h("h3", { text: g.t(key) }), body);
  }
  function list(tag, rows, attributes) {
    return g.h.apply(null, [tag, Object.assign({ class: "plain" }, attributes)].concat(rows));
  }
  function kind(code) { return g.label("path_class", code); }

  // What somebody saw, in the words it was sent with.
  function seen(fields, code) {
    var parts = [].concat(fields.signs || [], fields.signs_end || [], fields.plate || [], fields.markings || []);
    if (code) { parts.push(kind(code)); }
    if (fields.width_m) { parts.push(g.number(fields.width_m, 2) + " m"); }
    ["separation", "surface", "lit", "note"].forEach(function (name) {
      if (fields[name]) { parts.push(fields[name]); }
    });
    return parts.map(String).join(", ");
  }

  // One sentence for one thing that speaks for a class.
  function sentence(one) {
    if (one.type === "reason") {
      return g.t("review.speaks.reason", {
        confidence: g.label("confidence", one.confidence).toLowerCase(), reason: one["reason_" + g.lang]
      });
    }
    if (one.type === "answer") {
      return g.t("review.speaks.answer", { author: one.author, seen: seen(one.fields, one.path_class) });
    }
    if (one.type === "sign") { return g.t("review.speaks.sign", { raw: one.raw }); }
    return g.t("grade." + one.severity) + " " + one["message_" + g.lang];
  }

  function radio(code, speaks) {
    var name = "review-says-" + code;
    return g.h("div", { class: "review-choice" },
      g.h("label", {},
        g.h("input", {
          type: "radio", name: "path_class", value: code, required: true,
          "aria-describedby": speaks.length ? name : null
        }),
        g.swatch(g.look(code, "proposed", "high"), 40),
        g.h("span", { text: kind(code) })),
      speaks.length
        ? list("ul", speaks.map(function (text) { return g.h("li", { dir: "auto", text: text }); }),
          { id: name, class: "review-says" })
        : null);
  }

  // The candidates, the first of which has the focus; then every class that can be decided.
  panel.choices = function (detail) {
    var named = detail.candidates.map(function (one) { return one.path_class; });
    at("review-candidates").replaceChildren.apply(at("review-candidates"), detail.candidates.map(function (one) {
      var speaks = one.speaks.map(sentence);
      if (!speaks.length) { speaks = [g.t("review.speaks.runner_up")]; }
      return radio(one.path_class, speaks);
    }));
    at("review-others").replaceChildren.apply(at("review-others"), detail.classes.filter(function (code) {
      return named.indexOf(code) < 0;
    }).map(function (code) { return radio(code, []); }));
    at("review-more").open = !named.length;
  };

  panel.evidence = function (detail, accept) {
    at("review-now").textContent = [
      g.label("status", detail.segment.status), g.label("confidence", detail.segment.confidence),
      g.length(detail.segment.length_m || 0), detail.segment.district, detail.segment.ltf_id
    ].filter(Boolean).join(" · ");
    at("review-evidence").replaceChildren.apply(at("review-evidence"), [
      changes(detail), findings(detail, accept), answers(detail), photos(detail), signs(detail), data(detail), history(detail)
    ].filter(Boolean));
  };

  // What the sources said when the segment was decided, and what they say now.
  function changes(detail) {
    if (!detail.changes || !detail.changes.length) { return null; }
    var rows = g.h("dl", { class: "facts", "data-testid": "changes" });
    detail.changes.forEach(function (one) {
      rows.append(g.h("dt", { class: "code", text: one.key }), g.h("dd", { dir: "auto" },
        g.h("del", { text: g.t("review.before", { said: one.before === null ? g.t("review.nothing") : one.before }) }), " ",
        g.h("ins", { text: g.t("review.now", { said: one.now === null ? g.t("review.nothing") : one.now }) })));
    });
    return section("review.changes", rows);
  }
  function findings(detail, accept) {
    var asking = detail.findings.filter(function (one) { return one.severity >= 2; });
    var notes = detail.findings.filter(function (one) { return one.severity < 2; });
    function rows(some) {
      return list("ul", some.map(function (one) { return finding(one, accept); }));
    }
    if (!detail.findings.length) { return null; }
    return g.h("section", { class: "review-part" },
      g.h("h3", { text: g.t("review.findings") }),
      asking.length ? rows(asking) : null,
      notes.length
        ? g.h("details", {}, g.h("summary", { text: g.t("review.notes", { n: notes.length }) }), rows(notes))
        : null);
  }
  function finding(one, accept) {
    var says = Object.values(one.evidence).filter(function (value) {
      return typeof value === "string" || typeof value === "number";
    }).map(function (value) { return kind(String(value)); });
    return g.h("li", { class: "finding grade-" + (one.state === "open" ? one.severity : 1), "data-finding-id": one.finding_id },
      g.h("p", {}, g.h("strong", { text: g.t("grade." + one.severity) + " " }),
        one["message_" + g.lang], g.h("span", { class: "code", text: " " + one.check_id })),
      says.length ? g.h("p", { class: "code", dir: "auto", text: says.join(" · ") }) : null,
      settled(one, accept) || form(one, accept));
  }
  function settled(one, accept) {
    if (one.state === "accepted" && one.accepted) {
      return g.h("p", { class: "small", dir: "auto" }, g.t("review.accept.by", {
        author: one.accepted.author, at: day(one.accepted.at), reason: one.accepted.reason || ""
      }), " ", g.h("button", {
        type: "button", class: "button button-quiet", "data-testid": "reopen", text: g.t("review.reopen"),
        click: function () { accept(one, "", "open"); }
      }));
    }
    return one.state === "open" ? null : g.h("p", { class: "small", text: g.t("review.resolved") });
  }
  function form(one, accept) {
    var name = "review-reason-" + one.finding_id;
    return g.h("details", { class: "review-accept" },
      g.h("summary", { text: g.t("review.accept") }),
      g.h("form", {
        "data-testid": "accept", submit: function (event) {
          event.preventDefault();
          accept(one, event.currentTarget.elements.reason.value);
        }
      },
        g.h("label", { for: name, text: g.t("review.accept.reason") }),
        g.h("input", { id: name, name: "reason", type: "text", required: true, maxlength: 2000, autocomplete: "off" }),
        g.h("button", { type: "submit", class: "button", text: g.t("review.accept") })));
  }

  function answers(detail) {
    if (!detail.answers.length) { return null; }
    return section("review.answers", list("ul", detail.answers.map(function (one) {
      return g.h("li", { class: "review-answer", "data-testid": "answer" },
        g.h("strong", { dir: "auto", text: one.author }),
        g.h("span", { dir: "auto", text: " " + seen(one.fields, one.path_class) }),
        g.h("span", { class: "small", text: " " + day(one.at) +
          (one.result === "conflict" ? ", " + g.t("review.conflict") : "") }));
    })));
  }

  function signs(detail) {
    var rows = detail.evidence.filter(function (one) { return one.type === "sign"; });
    if (!rows.length) { return null; }
    var holder = section("review.signs", list("ul", rows.map(function (one) {
      var where = one.end ? g.t("review.sign.end." + one.end) : "";
      var metres = typeof one.distance_m === "number" ? g.number(one.distance_m) + " m" : "";
      return g.h("li", { class: "review-sign", dir: "auto" },
        g.h("span", { class: "review-picture", "data-pictogram": one.pictogram || "", "data-code": one.raw || "" }),
        g.h("span", {}, g.h("strong", { text: one.raw || "" }), " " +
          [one["label_" + g.lang] || one.path_class && kind(one.path_class), where, metres, facing(one.direction)].filter(Boolean).join(", "),
        g.h("span", { class: "code", text: " " + (one.source_id || "") })));
    })));
    pictures(holder);
    return holder;
  }
  function facing(direction) {
    return direction ? g.t("review.sign.facing", { way: direction }) : "";
  }
  // The drawings of signs come when there is a sign; without them the code stands alone.
  function pictures(holder) {
    import("/static/falt-signs.js").then(function (drawn) {
      holder.querySelectorAll("[data-pictogram]").forEach(function (place) {
        if (place.dataset.pictogram) { place.replaceChildren(drawn.pictogram(place.dataset.pictogram, place.dataset.code)); }
      });
    }).catch(function () { /* the words say the same */ });
  }

  function photos(detail) {
    if (!detail.photos.length) { return null; }
    return section("review.photos", list("ul", detail.photos.map(function (one) {
      var said = g.t("review.photos.by", { author: one.author, at: day(one.at) });
      return g.h("li", {}, g.photo(one, said, detail.segment.segment_id));
    }), { class: "plain review-photos" }));
  }

  function data(detail) {
    var rows = detail.evidence.filter(function (one) { return one.type === "data"; });
    if (!rows.length) { return null; }
    return section("review.evidence", list("ul", rows.map(function (one) {
      var facts = g.h("dl", { class: "facts" });
      Object.entries(one.says).filter(function (pair) { return pair[0] !== "line_asked"; }).forEach(function (pair) {
        facts.append(g.h("dt", { class: "code", text: pair[0] }), g.h("dd", { dir: "auto", text: String(pair[1]) }));
      });
      return g.h("li", {}, g.h("p", {}, g.h("strong", { text: one.source_id || "" }),
        one.edited_at ? " " + g.t("review.edited", { at: day(one.edited_at) }) : ""), facts);
    })));
  }

  function history(detail) {
    var rows = detail.history.slice().reverse().map(function (one) {
      var fields = one.fields || {};
      return g.h("li", {},
        g.h("strong", { dir: "auto", text: one.author || "" }), " " +
        [what(one.what), seen(fields, fields.path_class)].filter(Boolean).join(": "),
        one.reason ? g.h("q", { dir: "auto", text: one.reason }) : null,
        g.h("span", { class: "small", text: " " + day(one.at) }));
    });
    if (!rows.length) { rows = [g.h("li", { text: g.t("review.history.none") })]; }
    return section("review.history", list("ol", rows, { "data-testid": "history", class: "plain review-history" }));
  }
  function what(code) {
    var key = "review.what." + code;
    return g.data.says[key] ? g.t(key) : code;
  }
})(window.gcvag);
