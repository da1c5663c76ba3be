// Small DOM builder. Text always goes in as text nodes; nothing from the network is ever parsed as HTML.

const SVG = 'http://www.w3.org/2000/svg';

function build(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name === 'on') {
      for (const [event, handler] of Object.entries(value)) {
        element.addEventListener(event, handler);
      }
    } else if (name === 'vars') {
      // Through the CSSOM: a style attribute in markup would break the content security policy.
      for (const [key, entry] of Object.entries(value)) {
        element.style.setProperty(key, entry);
      }
    } else if (name === 'testid') {
      element.setAttribute('data-testid', value);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

export const h = (tag, props, ...children) => build(document.createElement(tag), props, children);

export const svg = (tag, props, ...children) => build(document.createElementNS(SVG, tag), props, children);

/** Replaces the content of `host` when `key` changed; keyboard focus stays on the element with the same data-focus. */
export function render(host, key, make) {
  const text = JSON.stringify(key);
  if (host.dataset.rendered !== undefined && host.renderKey === text) {
    return;
  }
  const focused = host.contains(document.activeElement) ? document.activeElement.getAttribute('data-focus') : null;
  host.renderKey = text;
  host.dataset.rendered = '';
  const content = make();
  host.replaceChildren(...(Array.isArray(content) ? content.flat(Infinity) : [content]).filter(Boolean));
  if (focused) {
    host.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

let counter = 0;
export const nextId = (prefix) => `${prefix}-${++counter}`;
