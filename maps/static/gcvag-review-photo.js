// How does a planner look at the photos from a place, make faces unreadable or drop a photo?
(function (g) {
  "use strict";

  // Shares of the picture: the size of a new box, its least size, one step of an arrow key.
  var NEW = 0.2, LEAST = 0.02, STEP = 0.02;
  var KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  // A picture that was blurred has the same address: another ending makes the browser ask again.
  var looked = 0;

  function address(one) { return "/api/photos/" + one.sha256; }
  function between(low, value, high) { return Math.min(Math.max(value, low), high); }
  function button(key, more, testid, click) {
    return g.h("button", { type: "button", class: "button" + more, "data-testid": testid, text: g.t(key), click: click });
  }

  // One photo with who took it, and what can be done to it; text alone where there is no picture.
  g.photo = function (one, said, id) {
    if (one.state === "dropped" || !one.state) {
      return g.h("p", { class: "small", "data-testid": "photo", dir: "auto", text: g.t(one.state ? "review.photos.dropped" : "review.photos.awaited", { said: said }) });
    }
    var source = address(one) + (looked ? "?" + looked : "");
    return g.h("figure", { "data-testid": "photo" },
      g.h("a", { href: address(one), target: "_blank", rel: "noopener" }, g.h("img", { src: source, alt: said, loading: "lazy" })),
      g.h("figcaption", { class: "small", dir: "auto", text: said }),
      button("review.photos.blur", " button-quiet", "photo-blur", function () { blur(one, source, said, id); }),
      button("review.photos.drop", " button-quiet", "photo-drop", function () { drop(one, source, said, id); }));
  };

  // A window over the page; closing it gives the focus back to what opened it.
  function dialog(title, parts) {
    var shown = g.h.apply(null, ["dialog", { class: "photo-window", "aria-labelledby": "photo-title" },
      g.h("h3", { id: "photo-title", text: g.t(title) })].concat(parts));
    shown.addEventListener("close", function () { shown.remove(); });
    document.body.append(shown);
    shown.showModal();
    return shown;
  }
  function shut(shown) { shown.close(); shown.remove(); }
  function deeds(buttons, shown) {
    return g.h.apply(null, ["div", { class: "photo-deeds" }].concat(buttons,
      button("review.photos.leave", " button-quiet", "photo-leave", function () { shut(shown()); })));
  }
  async function send(shown, id, options, one, ending, done) {
    try {
      await g.review.ask(address(one) + ending, options);
      looked += 1;
      shut(shown);
      await g.review.reload(id);
      g.review.say(g.t(done));
      document.getElementById("review-said").focus();
    } catch (error) {
      shut(shown);
      g.review.fault(error);
    }
  }

  function drop(one, source, said, id) {
    var shown = dialog("review.photos.drop", [
      g.h("p", { text: g.t("review.photos.drop.about") }), g.h("img", { src: source, alt: said }),
      deeds([button("review.photos.drop.send", "", "photo-drop-send", function () {
        send(shown, id, { method: "DELETE" }, one, "", "review.photos.drop.done");
      })], function () { return shown; })
    ]);
  }

  function blur(one, source, said, id) {
    var boxes = [], picture = g.h("img", { src: source, alt: said, draggable: "false" });
    var stage = g.h("div", { class: "photo-stage", "data-testid": "photo-stage" }, picture);
    var sending = button("review.photos.blur.send", "", "photo-blur-send", function () {
      send(shown, id, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ boxes: boxes.map(pixels) })
      }, one, "/blur", "review.photos.blur.done");
    });
    sending.disabled = true;

    function pixels(box) {
      var wide = picture.naturalWidth, high = picture.naturalHeight;
      return {
        left: Math.floor(box.left * wide), top: Math.floor(box.top * high),
        right: Math.ceil((box.left + box.width) * wide), bottom: Math.ceil((box.top + box.height) * high)
      };
    }
    function place(box) {
      ["left", "top", "width", "height"].forEach(function (side) { box.shown.style[side] = 100 * box[side] + "%"; });
    }
    function add(left, top, width, height) {
      var box = { left: left, top: top, width: width, height: height };
      box.shown = g.h("button", {
        type: "button", class: "photo-box", "data-testid": "photo-box", "aria-label": g.t("review.photos.box"),
        keydown: function (event) { pressed(event, box); }
      });
      boxes.push(box);
      stage.append(box.shown);
      place(box);
      sending.disabled = false;
      return box;
    }
    function remove(box) {
      boxes.splice(boxes.indexOf(box), 1);
      box.shown.remove();
      sending.disabled = !boxes.length;
      adding.focus();
    }
    // The arrow keys move a box, with Shift they make it larger or smaller.
    function pressed(event, box) {
      var way = KEYS[event.key];
      if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(box); return; }
      if (!way) { return; }
      event.preventDefault();
      if (event.shiftKey) {
        box.width = between(LEAST, box.width + way[0], 1 - box.left);
        box.height = between(LEAST, box.height + way[1], 1 - box.top);
      } else {
        box.left = between(0, box.left + way[0], 1 - box.width);
        box.top = between(0, box.top + way[1], 1 - box.height);
      }
      place(box);
    }
    function at(event) {
      var frame = picture.getBoundingClientRect();
      return [between(0, (event.clientX - frame.left) / frame.width, 1), between(0, (event.clientY - frame.top) / frame.height, 1)];
    }
    function drag(event) {
      if (event.target !== picture && event.target !== stage) { return; }
      var from = at(event), box = null;
      function move(now) {
        var to = at(now);
        if (!box && Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) < LEAST) { return; }
        box = box || add(from[0], from[1], LEAST, LEAST);
        box.left = Math.min(from[0], to[0]);
        box.top = Math.min(from[1], to[1]);
        box.width = between(LEAST, Math.abs(to[0] - from[0]), 1 - box.left);
        box.height = between(LEAST, Math.abs(to[1] - from[1]), 1 - box.top);
        place(box);
      }
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      stage.addEventListener("pointermove", move);
      stage.addEventListener("lostpointercapture", function () { stage.removeEventListener("pointermove", move); }, { once: true });
    }
    stage.addEventListener("pointerdown", drag);
    var adding = button("review.photos.box.add", " button-quiet", "photo-box-add", function () {
      add((1 - NEW) / 2, (1 - NEW) / 2, NEW, NEW).shown.focus();
    });
    var shown = dialog("review.photos.blur", [
      g.h("p", { text: g.t("review.photos.blur.about") }), stage, deeds([adding, sending], function () { return shown; })
    ]);
  }
})(window.gcvag);
