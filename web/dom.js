// Elements from values. Strings become text nodes and nothing else: whatever an article holds, it cannot become markup. (The
// server's policy enforces it as well: browsers refuse strings as markup on these pages.)

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, v] of Object.entries(value)) element.style.setProperty(key, v);
    else if (name === 'value' && 'value' in element) element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  put(element, children);
  return element;
}

function put(element, children) {
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) element.append(child);
}

/** Puts children at the end; what is null, undefined or false is left out. */
export const add = (element, ...children) => put(element, children);

/** h('p', {class: 'x'}, 'words', h('b', null, …)) */
export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);
export const svg = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

export function replace(element, ...children) {
  element.replaceChildren();
  put(element, children);
}

export const plural = (n, one, many = one + 's') => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** A link inside these pages: an address with those parameters that are not empty. */
export function href(view, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== '' && value !== null && value !== undefined) query.set(name, value);
  const text = query.toString();
  return '/' + view + (text ? '?' + text : '');
}

/** The passage of a search with its hits between « and » as marks. */
export function passage(text) {
  return (text || '').split(/(«[^»]*»)/).map(part => part.startsWith('«') && part.endsWith('»') ? h('mark', null, part.slice(1, -1)) : part);
}

/** "doc#v3" in parts. */
export function split_id(id) {
  const at = id.lastIndexOf('#');
  return {document: id.slice(0, at), at: id.slice(at + 1)};
}

export function tell(message) {
  document.getElementById('status').textContent = message;
}
