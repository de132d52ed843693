// In which order are the open questions near me best visited, and along which ways?
// Nearest neighbour, then 2-opt, over the network of the phone; where that does not hang together
// the straight line counts. A suggestion: the person knows gates, hills and rain.
import { distance } from "./falt-place.js";
import { lengthOf } from "./falt-line.js";

const MOST = 25;
const DIGITS = 5;
const LONELY = 1.5;

const key = ([lat, lon]) => `${lat.toFixed(DIGITS)},${lon.toFixed(DIGITS)}`;

/**
 * Suggest a round.
 * @param {object[]} segments those to visit, nearest first; the first MOST are taken
 * @param {number[][][]} lines of the whole network, streets too
 * @param {number[]} from [lat, lon]
 * @returns {{stops: object[], line: number[][], length_m: number}} stops in order, from and back to where I am
 */
export function suggest(segments, lines, from) {
  const wanted = segments.slice(0, MOST);
  const net = network(lines);
  const places = [closest(net, from), ...wanted.map((one) => key(one.line[0]))];
  const ways = places.map((place) => paths(net, place, new Set(places)));
  const cost = (a, b) => ways[a].far.get(places[b]) ?? LONELY * distance(net.at(places[a]), net.at(places[b]));
  const order = shorter(greedy(places.length, cost), cost);
  const legs = order.map((at, i) => way(ways[at], net, places[at], places[order[(i + 1) % order.length]]));
  return { stops: order.slice(1).map((at) => wanted[at - 1]), line: legs.flat(),
    length_m: Math.round(order.reduce((sum, at, i) => sum + cost(at, order[(i + 1) % order.length]), 0)) };
}

function network(lines) {
  const edges = new Map();
  const put = (from, to, far, line) => {
    if (!edges.has(from)) { edges.set(from, []); }
    edges.get(from).push({ to, far, line });
  };
  for (const line of lines) {
    const [one, other, far] = [key(line[0]), key(line[line.length - 1]), lengthOf(line)];
    put(one, other, far, line);
    put(other, one, far, [...line].reverse());
  }
  return { edges, at: (name) => name.split(",").map(Number) };
}

function closest(net, place) {
  let best = [Infinity, key(place)];
  for (const name of net.edges.keys()) {
    const away = distance(net.at(name), place);
    if (away < best[0]) { best = [away, name]; }
  }
  return best[1];
}

// Shortest ways from one node until every wanted one is reached (Dijkstra with a binary heap).
function paths(net, start, wanted) {
  const far = new Map([[start, 0]]);
  const came = new Map();
  const settled = new Set();
  const heap = [[0, start]];
  let left = wanted.size;
  while (heap.length && left) {
    const [metres, name] = pop(heap);
    if (settled.has(name)) { continue; }
    settled.add(name);
    if (wanted.has(name)) { left -= 1; }
    for (const edge of net.edges.get(name) || []) {
      const next = metres + edge.far;
      if (next < (far.get(edge.to) ?? Infinity)) {
        far.set(edge.to, next);
        came.set(edge.to, { from: name, line: edge.line });
        push(heap, [next, edge.to]);
      }
    }
  }
  return { far: new Map([...far].filter(([name]) => settled.has(name))), came };
}

function push(heap, entry) {
  heap.push(entry);
  for (let i = heap.length - 1; i > 0;) {
    const up = (i - 1) >> 1;
    if (heap[up][0] <= heap[i][0]) { return; }
    [heap[up], heap[i]] = [heap[i], heap[up]];
    i = up;
  }
}
function pop(heap) {
  const top = heap[0];
  const last = heap.pop();
  if (!heap.length) { return top; }
  heap[0] = last;
  for (let i = 0; ;) {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    let least = i;
    if (left < heap.length && heap[left][0] < heap[least][0]) { least = left; }
    if (right < heap.length && heap[right][0] < heap[least][0]) { least = right; }
    if (least === i) { return top; }
    [heap[least], heap[i]] = [heap[i], heap[least]];
    i = least;
  }
}

// From where I am always to the nearest that is left.
function greedy(count, cost) {
  const order = [0];
  const left = new Set(Array.from({ length: count - 1 }, (_, i) => i + 1));
  while (left.size) {
    const here = order[order.length - 1];
    const next = [...left].reduce((best, one) => cost(here, one) < cost(here, best) ? one : best);
    order.push(next);
    left.delete(next);
  }
  return order;
}

// Turn a stretch of the round as long as that makes it shorter.
function shorter(order, cost) {
  const n = order.length;
  for (let better = true; better;) {
    better = false;
    for (let i = 1; i < n - 1; i += 1) {
      for (let j = i + 1; j < n; j += 1) {
        const [a, b, c, d] = [order[i - 1], order[i], order[j], order[(j + 1) % n]];
        if (cost(a, c) + cost(b, d) < cost(a, b) + cost(c, d) - 0.01) {
          order = [...order.slice(0, i), ...order.slice(i, j + 1).reverse(), ...order.slice(j + 1)];
          better = true;
        }
      }
    }
  }
  return order;
}

function way(from, net, start, end) {
  if (!from.far.has(end)) { return [net.at(start), net.at(end)]; }
  const parts = [];
  for (let name = end; name !== start;) {
    const step = from.came.get(name);
    parts.unshift(step.line);
    name = step.from;
  }
  return parts.length ? parts.flat() : [net.at(start)];
}
