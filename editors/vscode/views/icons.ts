// The few signs that no font is sure to have, drawn.

const PATHS = {
  search: 'M6.8 2.2a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2ZM10.2 10.2 14 14',
  columns: 'M2 3h12v10H2ZM2 6.3h12M6 6.3v6.7M10 6.3v6.7',
  lines: 'M2 4h12M2 8h12M2 12h12',
  filter: 'M2 3h12L9.5 8.5v4.5l-3-1.5v-3Z',
};

export function icon(name: keyof typeof PATHS): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const attributes = { viewBox: '0 0 16 16', width: '14', height: '14', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.2', 'stroke-linejoin': 'round', 'aria-hidden': 'true' };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
