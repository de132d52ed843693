// How does an officer plan a control at a ranked place, and say that it was done?
(function (g) {
  "use strict";

  var PLANS = "/api/police/plans", SHEET = "/kontrollplatser/", UNCLEAR = "/api/police/observations";
  var form = document.getElementById("plan-form"), chosen = null, changed = null;

  function at(id) { return document.getElementById(id); }
  function fault(text) { at("controls-fault").hidden = !text; at("controls-fault").textContent = text || ""; }
  // What has been done is read next: the button that did it may be gone.
  function said(text) {
    at("controls-said").textContent = text;
    at("controls-said").focus();
  }
  // What is sent again after a lost answer carries the same key, so that twice is once.
  var keys = new Map();
  function key(url, body) {
    var text = url + JSON.stringify(body);
    if (!keys.has(text)) { keys.set(text, crypto.getRandomValues(new Uint32Array(4)).join("-")); }
    return keys.get(text);
  }
  function name(id) { return g.byId.has(id) ? g.nameOf(g.byId.get(id)) : id; }
  function time(text) {
    return new Intl.DateTimeFormat(g.lang, { dateStyle: "short", timeStyle: "short" }).format(new Date(text));
  }

  async function ask(method, url, body, headers) {
    var once = method === "POST" ? { "Idempotency-Key": key(url, body) } : {};
    var answer = await fetch(url, {
      method: method, body: body && JSON.stringify(body),
      headers: Object.assign(body ? { "Content-Type": "application/json" } : {}, once, headers)
    }).catch(function () { return null; });
    var told = answer && (answer.status === 204 ? {} : await answer.json().catch(function () { return null; }));
    if (!told) { fault(g.t("controls.offline")); return null; }
    keys.delete(url + JSON.stringify(body));
    if (!answer.ok) { fault(told.detail || told.title); return null; }
    fault("");
    return told;
  }

  function choose(id) {
    chosen = id;
    form.hidden = false;
    at("plan-place").textContent = name(id);
    at("plan-place").focus();
  }

  // The same form makes a plan and changes one: then another place may be chosen before saving.
  function mode(plan) {
    var button = form.querySelector("[type=submit]");
    changed = plan;
    at("plan-changing").hidden = !plan;
    button.textContent = plan ? button.dataset.save : button.dataset.plan;
  }
  function local(text) {
    var moment = new Date(text);
    return new Date(Number(moment) - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }
  function change(plan) {
    mode(plan);
    form.elements.starts_at.value = local(plan.starts_at);
    form.elements.ends_at.value = local(plan.ends_at);
    form.elements.note.value = plan.note || "";
    choose(plan.segment_id);
  }
  function leave() {
    form.reset();
    form.hidden = true;
    mode(null);
  }
  at("plan-stop").addEventListener("click", function () {
    leave();
    at("plans-title").focus();
  });
  // A drawn day is filled in; the hours are the officer's own choice.
  function plan(id, day) {
    form.elements.starts_at.value = day + "T07:30";
    form.elements.ends_at.value = day + "T08:30";
    choose(id);
  }

  function told() {
    var fields = form.elements;
    return {
      segment_id: chosen, starts_at: new Date(fields.starts_at.value).toISOString(),
      ends_at: new Date(fields.ends_at.value).toISOString(), note: fields.note.value || null
    };
  }
  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    var plan = changed
      ? await ask("PATCH", PLANS + "/" + encodeURIComponent(changed.id), told(), { "If-Match": changed.etag })
      : await ask("POST", PLANS, Object.assign({ kind: form.dataset.kind, reason: "ranked" }, told()));
    if (!plan) { return; }
    var done = changed ? g.t("controls.changed") : [g.t("controls.planned")].concat(plan.warnings).join(" · ");
    leave();
    plans();
    said(done);
  });

  async function plans() {
    var told = await ask("GET", PLANS);
    if (!told) { return; }
    var rows = told.plans.length ? told.plans.map(row) : [g.h("li", { class: "small", text: g.t("controls.no_plans") })];
    var within = at("plans").contains(document.activeElement);
    at("plans").replaceChildren.apply(at("plans"), rows);
    if (within) { at("plans-title").focus(); }
  }

  function row(plan) {
    var address = PLANS + "/" + encodeURIComponent(plan.id);
    return g.h("li", { class: "review-part", "data-testid": "plan-row" },
      g.h("p", { dir: "auto", text: name(plan.segment_id) + " · " + g.label("control_kind", plan.kind) }),
      g.h("p", { class: "small", text: time(plan.starts_at) + "–" + time(plan.ends_at) + (plan.performed ? " · " + g.t("controls.performed") : "") }),
      plan.note ? g.h("p", { class: "small", dir: "auto", text: plan.note }) : null,
      g.h("a", { class: "button button-quiet", href: address + "/calendar", text: g.t("controls.calendar") }),
      g.h("a", { class: "button button-quiet", href: SHEET + encodeURIComponent(plan.id), text: g.t("controls.sheet") }),
      plan.performed ? null : g.h("button", {
        type: "button", class: "button button-quiet", text: g.t("controls.change"), click: function () { change(plan); }
      }),
      plan.performed ? null : g.h("button", {
        type: "button", class: "button button-quiet", text: g.t("controls.cancel"),
        click: async function () {
          var gone = await ask("DELETE", address, null, { "If-Match": plan.etag });
          if (gone) { plans(); said(g.t("controls.cancelled")); }
        }
      }),
      g.performing(plan, address));
  }

  g.desk = {
    ask: ask, local: local, plan: plan, plans: plans, said: said
  };

  // The button that the list of sites puts at each place.
  g.here = function (site) {
    return g.h("button", {
      type: "button", class: "button button-quiet", "data-testid": "plan-here", text: g.t("controls.here"),
      "aria-label": g.t("controls.here") + ": " + name(site.segment_id),
      click: function () { choose(site.segment_id); }
    });
  };

  // Places that are not for controls, with why; what an officer saw there may go to the planners.
  function unclear() {
    at("unclear").hidden = !g.data.unclear || !g.data.unclear.length;
    at("unclear-rows").replaceChildren.apply(at("unclear-rows"), (g.data.unclear || []).map(function (place) {
      return g.h("li", { class: "review-part", "data-testid": "unclear-row" },
        g.h("p", { dir: "auto", text: name(place.segment_id) }),
        g.h("p", { class: "small", text: place["why_" + g.lang] }),
        sending(place));
    }));
  }
  function sending(place) {
    return g.h("details", { class: "review-errand" }, g.h("summary", { text: g.t("controls.unclear.send") }),
      g.h("form", { class: "message", submit: async function (event) {
        event.preventDefault();
        var note = event.currentTarget.elements.note, shown = event.currentTarget.parentNode;
        if (!await ask("POST", UNCLEAR, { segment_id: place.segment_id, note: note.value })) { return; }
        note.value = "";
        shown.open = false;
        said(g.t("controls.unclear.sent"));
      } },
        g.h("label", {}, g.t("controls.unclear.seen") + " ", g.h("input", { type: "text", name: "note", required: true, maxlength: 2000, autocomplete: "off" })),
        g.h("button", { type: "submit", class: "button", text: g.t("controls.unclear.send") })));
  }

  g.on("language", function () {
    plans();
    unclear();
  });
})(window.gcvag);
