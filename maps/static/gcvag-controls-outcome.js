// What came of a planned control: when, how, which way, and numbers. Never who.
(function (g) {
  "use strict";

  var MOST = 100000;

  function field(key, input) { return g.h("label", {}, g.t("controls." + key) + " ", input); }
  function number(name, needed) {
    return g.h("input", { type: "number", name: name, min: 0, max: MOST, value: needed ? 0 : null, required: needed });
  }
  function moment(name, at) {
    return g.h("input", { type: "datetime-local", name: name, value: g.desk.local(at), required: true });
  }
  function choice(name, list) {
    return g.h.apply(null, ["select", { name: name }, g.h("option", { value: "", text: g.t("controls.not_told") })].concat(
      Object.keys(g.data.words[list]).map(function (code) {
        return g.h("option", { value: code, text: g.label(list, code) });
      })));
  }

  // One number for each offence that a control of this kind may find.
  function reported(plan) {
    var rows = g.data.offences.filter(function (one) { return one.kinds.includes(plan.kind); });
    return rows.length ? g.h.apply(null, ["fieldset", { "data-testid": "reported" },
      g.h("legend", { text: g.t("controls.reported") })].concat(rows.map(function (one) {
      return g.h("label", {}, one["label_" + g.lang] + " ", number("offence:" + one.offence));
    }))) : null;
  }
  function counts(fields) {
    var found = {};
    Array.from(fields).forEach(function (one) {
      if (one.name.startsWith("offence:") && Number(one.value) > 0) { found[one.name.slice(8)] = Number(one.value); }
    });
    return found;
  }

  function told(fields) {
    return {
      started_at: new Date(fields.started_at.value).toISOString(), ended_at: new Date(fields.ended_at.value).toISOString(),
      type: fields.type.value || null, direction: fields.direction.value || null,
      stopped: Number(fields.stopped.value), informed: Number(fields.informed.value),
      reported: counts(fields), note: fields.note.value || null
    };
  }
  async function send(event, address) {
    event.preventDefault();
    var done = await g.desk.ask("POST", address + "/performed", told(event.currentTarget.elements));
    if (done) { g.desk.plans(); g.desk.said(g.t("controls.done")); }
  }

  g.performing = function (plan, address) {
    return g.h("details", { class: "review-errand" }, g.h("summary", { text: g.t("controls.perform") }),
      g.h("form", { class: "message", "data-testid": "perform-form", submit: function (event) { send(event, address); } },
        field("started", moment("started_at", plan.starts_at)), field("ended", moment("ended_at", plan.ends_at)),
        field("type", choice("type", "control_type")), field("direction", choice("direction", "control_direction")),
        field("stopped", number("stopped", true)), field("informed", number("informed", true)),
        reported(plan),
        field("note", g.h("input", { type: "text", name: "note", maxlength: 2000, autocomplete: "off" })),
        g.h("button", { type: "submit", class: "button", text: g.t("controls.perform") })));
  };
})(window.gcvag);
