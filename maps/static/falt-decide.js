// Which class follows from signs and markings? The answers of the decision table, asked once for
// each sign, plate and set of markings at each kind of segment, and shipped with the form.

/**
 * Answer as the server does.
 * @param {{plates: [string, boolean][], signs: object[], markings: Object<string, string[]>,
 *   answers: string[][], decided: Object<string, number>}} form
 * @param {string} kind of the segment
 * @param {string[]} signs without country, as "D6"
 * @param {{plate?: string, markings?: string[]}} beside words of a plate; markings on the ground
 * @returns {{path_class: string, reason: string[]}|null} null for what the catalogue lacks
 */
export function follows(form, kind, signs, { plate = "", markings = [] } = {}) {
  const painted = form.markings[kind].filter((one) => markings.includes(one)).join(",");
  const key = [kind, leading(form, signs), permitsCycling(form, plate) ? "P" : "", painted].join("|");
  const place = form.decided[key];
  if (place === undefined) { return null; }
  const [path_class, sv, en] = form.answers[place];
  return { path_class, reason: [sv, en] };
}

// Of several signs the first that says a class by itself decides, one of a cycle crossing before all.
function leading(form, signs) {
  const says = (code) => form.signs.find((one) => one.code === code)?.says;
  const main = signs.filter(says);
  return main.find((code) => says(code) === "cykeloverfart") || main[0] || signs[0] || "";
}

/** Tell whether the words of a plate permit cycling. */
export function permitsCycling(form, plate) {
  const said = plate.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
  return form.plates.some(([text, permits]) => permits && said.includes(text));
}
