// Which segments are in view, for those who do not use the map?
// Every row holds one button that does what a click on the line does.
(function (g) {
  "use strict";

  var PAGE = 50;
  // `source` gives further rows of a large inventory, page by page; null when all are here.
  var shown = PAGE, rows = [], source = null;

  function sortName(segment) { return segment.text("name") || segment.text("beside") || "\uFFFF"; }
  // How the reader wants the rows: by name, or first by another column.
  function collate() {
    var compare = new Intl.Collator(g.lang).compare, wish = document.getElementById("sort").value;
    var first = {
      name: function () { return 0; },
      length_m: function (one, other) { return (other.value("length_m") || 0) - (one.value("length_m") || 0); },
      path_class: function (one, other) { return byLabel("path_class", one, other); },
      status: function (one, other) { return byLabel("status", one, other); }
    }[wish];
    function byLabel(name, one, other) { return compare(g.label(name, one.text(name)), g.label(name, other.text(name))); }
    return function (one, other) {
      return first(one, other) || Number(!one.text("name")) - Number(!other.text("name")) ||
        compare(sortName(one), sortName(other)) || one.row - other.row;
    };
  }

  g.row = function (segment, hook, note) {
    var code = segment.text("path_class"), status = segment.text("status");
    var name = segment.text("name");
    return g.h("li", { class: "row", "data-testid": hook, "data-segment-id": segment.id },
      g.h("button", {
        type: "button", class: "row-button", "data-segment-id": segment.id,
        click: function (event) { g.open(segment.id, event.currentTarget); }
      },
        g.swatch(g.look(code, status, segment.text("confidence")), 48),
        g.h("span", { class: "row-text" },
          g.h("span", { class: name ? "row-name" : "row-name unnamed", dir: "auto", text: g.nameOf(segment) }),
          g.h("span", { class: "row-more", text: g.label("path_class", code) + " · " +
            g.label("status", status).toLowerCase() + " · " + g.length(segment.value("length_m") || 0) }),
          note ? g.h("span", { class: "row-note", text: note }) : null)));
  };

  g.list = function (segments, further) {
    source = further || null;
    var holder = document.getElementById("rows"), more = document.getElementById("more");
    rows = segments.slice().sort(collate());
    shown = PAGE;
    var active = /** @type {any} */ (document.activeElement);
    var focused = holder.contains(active) && active.dataset.segmentId;
    holder.replaceChildren.apply(holder, rows.slice(0, shown).map(function (segment) {
      return g.row(segment, "segment-row");
    }));
    if (focused) { again(holder, focused); }
    var metres = rows.reduce(function (sum, segment) {
      return sum + (segment.value("length_m") || 0);
    }, 0);
    // Of a large inventory seen from afar only the first rows are here: these in order would mislead.
    document.getElementById("sort").parentNode.hidden = Boolean(source);
    document.getElementById("list-count").textContent = source
      ? g.t("list.count.all", { n: g.number(source.total) })
      : g.t("list.count", { n: g.number(rows.length), length: g.length(metres) });
    button(more);
  };
  // A list that is written anew keeps the focus on its row.
  function again(holder, id) {
    var same = holder.querySelector("button[data-segment-id='" + CSS.escape(id) + "']");
    (same || document.getElementById("list")).focus({ preventScroll: true });
  }
  function button(more) {
    var left = (source ? source.total : rows.length) - shown;
    more.hidden = left <= 0;
    more.textContent = g.t("list.more", { n: Math.min(PAGE, Math.max(left, 0)) });
  }
  g.startList = function () {
    var sort = document.getElementById("sort");
    sort.addEventListener("change", function () {
      g.list(rows, source);
      g.note(g.t("sorted", { by: sort.selectedOptions[0].textContent.toLowerCase() }));
    });
    var more = document.getElementById("more");
    more.addEventListener("click", async function () {
      // Without a network the button stays, to be tried again.
      try {
        if (source) { rows = rows.concat(await source.more()); }
      } catch (error) {
        document.getElementById("failed").hidden = false;
        return;
      }
      var holder = document.getElementById("rows");
      /** @type {any} */
      var first = null;
      rows.slice(shown, shown + PAGE).forEach(function (segment) {
        var row = g.row(segment, "segment-row");
        first = first || row;
        holder.append(row);
      });
      shown += PAGE;
      button(more);
      if (first) { first.querySelector("button").focus(); }
    });
  };

  // The queue of work of the review: gravest first, each with what is asked.
  g.queue = function () {
    var holder = document.getElementById("queue-rows"), byRow = [];
    if (!holder) { return; }
    g.byId.forEach(function (segment) { byRow[segment.row] = segment; });
    holder.replaceChildren.apply(holder, g.data.queue.map(function (row) {
      var segment = byRow[row], place = segment.findings[0];
      var note = place === undefined ? "" : g.text(g.data.findings["message_" + g.lang][place]);
      return g.row(segment, "queue-item", note);
    }));
    document.getElementById("queue-count").textContent =
      g.t("queue.count", { n: g.number(g.data.queue_total) });
  };
})(window.gcvag);
