// What can a resident do on the served map: share it, find themselves, tell what is wrong?
(function (g) {
  "use strict";

  var MESSAGES = "/api/messages", MOST = 2000, TOO_MANY = 429;
  var typed = new Map();

  g.on("language", tools);
  var bar = null;
  function tools() {
    if (bar) { bar.remove(); }
    var Bar = L.Control.extend({
      options: { position: "topleft" },
      onAdd: function () {
        var box = g.h("div", { class: "map-tools", role: "group", "aria-label": g.t("tools") },
          g.h("button", { type: "button", class: "button button-quiet", "data-testid": "locate", text: g.t("locate"), click: locate }),
          g.h("button", { type: "button", class: "button button-quiet", "data-testid": "share", text: g.t("share"), click: share }));
        L.DomEvent.disableClickPropagation(box);
        return box;
      }
    });
    bar = new Bar().addTo(g.map);
  }

  function say(text, link) {
    var box = bar.getContainer(), old = box.querySelector(".map-said");
    if (old) { old.remove(); }
    var said = g.h("p", { class: "map-said" }, text);
    if (link) {
      said.append(g.h("input", { type: "text", readonly: true, value: link, "aria-label": g.t("share.link") }));
    }
    box.append(said);
    if (link) { said.querySelector("input").select(); }
    g.note(text);
  }

  // The view of the address, and the open segment when there is one.
  function share() {
    var open = document.querySelector("[data-testid=popup]");
    var centre = g.map.getCenter();
    var address = location.origin + location.pathname + (open ? "?segment=" + encodeURIComponent(open.dataset.segmentId) : "") +
      "#map=" + g.map.getZoom() + "/" + centre.lat.toFixed(5) + "/" + centre.lng.toFixed(5);
    if (!navigator.clipboard) { say(g.t("share.link"), address); return; }
    navigator.clipboard.writeText(address).then(function () {
      say(g.t("share.done"));
    }, function () { say(g.t("share.link"), address); });
  }

  var here = null;
  function locate() {
    g.map.on({ locationfound: stand, locationerror: nowhere });
    g.map.locate({ setView: true, maxZoom: 17, enableHighAccuracy: true, timeout: 15000 });
  }
  function stand(found) {
    if (here) { here.remove(); }
    here = L.circle(found.latlng, {
      radius: found.accuracy, interactive: false, renderer: L.svg(), color: "#0B5770", weight: 2, fillOpacity: 0.15
    }).addTo(g.map);
    say(g.t("locate.done", { n: g.number(found.accuracy) }));
  }
  function nowhere() { say(g.t("locate.fault")); }

  // A message to the planners; what was typed is kept until the server has taken it.
  g.popupMore = function (segment) {
    var name = "message-" + segment.id;
    var said = g.h("p", { class: "small", role: "status" });
    var field = g.h("textarea", {
      id: name, name: "text", rows: 3, maxlength: MOST, required: true,
      input: function () { typed.set(segment.id, field.value); }
    });
    field.value = typed.get(segment.id) || "";
    var send = g.h("button", { type: "submit", class: "button", text: g.t("message.send") });
    var form = g.h("form", {
      class: "message", "data-testid": "message", submit: function (event) {
        event.preventDefault();
        send.disabled = true;
        post(segment.id, field.value).then(function (key) {
          said.textContent = g.t(key);
          send.disabled = false;
          if (key === "message.sent") { typed.delete(segment.id); field.value = ""; }
        });
      }
    }, g.h("label", { for: name, text: g.t("message.label") }), field, send, said);
    return g.h("details", { class: "message-box", open: typed.has(segment.id) },
      g.h("summary", { text: g.t("message") }), form);
  };
  function post(id, text) {
    return fetch(MESSAGES, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") },
      body: JSON.stringify({ segment_id: id, text: text })
    }).then(function (answer) {
      if (answer.ok) { return "message.sent"; }
      return answer.status === TOO_MANY ? "message.many" : "message.fault";
    }, function () { return "message.fault"; });
  }
})(window.gcvag);
