// The one sequential map of the course: viridis, even in lightness, also to an eye that does not tell red from green.
// Source: matplotlib's viridis (Smith and van der Walt, 2015), 17 of its colours; between them lines.

const VIRIDIS = [
  '#440154', '#48186a', '#472d7b', '#424086', '#3b528b', '#33638d', '#2c728e', '#26828e', '#21918c',
  '#1fa088', '#28ae80', '#3fbc73', '#5ec962', '#84d44b', '#addc30', '#d8e219', '#fde725',
];

/** "#rrggbb" as three numbers. */
function rgb(hex) {
  return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
}

const known = new Map();

/** Any colour of CSS as four bytes, [red, green, blue, alpha]: what a picture of pixels is made of. */
function colourBytes(colour) {
  if (!known.has(colour)) {
    const ctx = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
    ctx.fillStyle = colour;
    ctx.fillRect(0, 0, 1, 1);
    known.set(colour, ctx.getImageData(0, 0, 1, 1).data);
  }
  return known.get(colour);
}

/** The colour of a value in 0 … 1, dark to bright, as three numbers from 0 to 255. */
export function viridis(value) {
  const at = Math.max(0, Math.min(1, value)) * (VIRIDIS.length - 1), k = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [low, high] = [rgb(VIRIDIS[k]), rgb(VIRIDIS[k + 1])];
  return low.map((c, n) => Math.round(c + (high[n] - c) * (at - k)));
}

/** A part of the map that stands out against the paper of the theme (3 : 1 at least): for lines in an order, 0 … 1. */
export function scaleColour(value, dark) {
  const [from, to] = dark ? [0.4, 1] : [0, 0.56];
  return `rgb(${viridis(from + (to - from) * value).join(' ')})`;
}
