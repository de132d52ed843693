// How does somebody record a measure of the promise, and correct one?
(function () {
  "use strict";

  var MEASURES = "/api/measures", part = document.getElementById("measures"), changed = null;
  var keys = new WeakMap(); // a form keeps its key until it was taken, so that sending twice is once

  function at(id) { return document.getElementById(id); }
  function fault(text) { at("measures-fault").hidden = !text; at("measures-fault").textContent = text || ""; }
  function key(form) {
    if (!keys.has(form)) { keys.set(form, crypto.getRandomValues(new Uint32Array(4)).join("-")); }
    return keys.get(form);
  }
  function all(form, name) { return Array.from(form.querySelectorAll("[name=" + name + "]")); }
  function chosen(form, name) {
    return all(form, name).filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
  }

  // The form as the body of the interface; what is left empty is not told.
  function told(form) {
    var body = { date: form.elements.date.value, organisers: chosen(form, "organisers") };
    ["title", "association", "area", "note"].forEach(function (name) {
      if (all(form, name).length && form.elements[name].value) { body[name] = form.elements[name].value; }
    });
    ["premises", "officer_hours"].forEach(function (name) {
      if (all(form, name).length) { body[name] = Number(form.elements[name].value); }
    });
    if (all(form, "audience").length) { body.audience = chosen(form, "audience"); }
    if (all(form, "participants").length) {
      body.participants = {};
      all(form, "participants").forEach(function (field) { body.participants[field.dataset.group] = Number(field.value); });
    }
    return body;
  }

  async function ask(method, url, body, headers) {
    var answer = await fetch(url, {
      method: method, body: body && JSON.stringify(body),
      headers: Object.assign(body ? { "Content-Type": "application/json" } : {}, headers)
    }).catch(function () { return null; });
    var said = answer && await answer.json();
    fault(!answer ? part.dataset.offline : answer.ok ? "" : said.detail || said.title);
    return answer && answer.ok ? { body: said, tag: answer.headers.get("ETag") } : null;
  }

  function send(form) {
    var body = told(form);
    if (!changed || changed.form !== form) {
      return ask("POST", MEASURES, Object.assign({ kind: form.dataset.kind }, body), { "Idempotency-Key": key(form) });
    }
    return ask("PATCH", MEASURES + "/" + encodeURIComponent(changed.id),
      Object.assign(body, { reason: form.elements.reason.value || null }), { "If-Match": changed.tag });
  }

  part.addEventListener("submit", async function (event) {
    event.preventDefault();
    var done = await send(event.target);
    if (!done) { return; }
    keys.delete(event.target);
    sessionStorage.setItem("gcvag-measure", [part.dataset.said, done.body.not_counted || ""].join(" "));
    location.reload();
  });

  function fill(form, measure) {
    form.reset();
    Object.keys(measure).forEach(function (name) {
      all(form, name).forEach(function (field) {
        if (field.type === "checkbox") { field.checked = measure[name].indexOf(field.value) >= 0; }
        else if (field.dataset.group) { field.value = measure[name][field.dataset.group] || 0; }
        else { field.value = measure[name]; }
      });
    });
    form.querySelector("[data-only=change]").hidden = false;
    form.querySelector("[type=submit]").textContent = part.dataset.change;
  }
  part.addEventListener("click", async function (event) {
    var button = event.target.closest("button[data-change]");
    if (!button) { return; }
    var found = await ask("GET", MEASURES + "/" + encodeURIComponent(button.dataset.change));
    if (!found) { return; }
    var form = part.querySelector("form[data-kind=" + found.body.kind + "]");
    changed = { id: found.body.id, tag: found.tag, form: form };
    fill(form, found.body);
    form.parentNode.open = true;
    form.elements.date.focus();
  });

  var done = sessionStorage.getItem("gcvag-measure");
  if (done) {
    // The page was loaded anew, so nothing has the focus, and a status that stands is not read out.
    at("measures-said").textContent = done;
    at("measures-said").focus();
  }
  sessionStorage.removeItem("gcvag-measure");
})();
