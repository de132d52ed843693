// Which class follows from a sign? The answers of the decision table, asked once for each sign,
// kind of segment and whether a plate permits cycling, and shipped with the form.

/**
 * Answer as the server does.
 * @param {{country: string, plates: [string, boolean][], answers: string[][], decided: Object<string, number>}} form
 * @param {string} kind of the segment
 * @param {string} sign without country, as "D6"
 * @param {string} [plate] its words
 * @returns {{path_class: string, reason: string[]}|null} null for a sign that the catalogue lacks
 */
export function follows(form, kind, sign, plate = "") {
  const mark = permitsCycling(form, plate) ? "|P" : "";
  const place = form.decided[`${kind}|${sign}${mark}`];
  if (place === undefined) { return null; }
  const [path_class, sv, en] = form.answers[place];
  return { path_class, reason: [sv, en] };
}

/** Tell whether the words of a plate permit cycling. */
export function permitsCycling(form, plate) {
  const said = plate.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
  return form.plates.some(([text, permits]) => permits && said.includes(text));
}
