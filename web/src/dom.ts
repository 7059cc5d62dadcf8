// Elements made by hand, without a framework.

type Child = Node | string | number | null | undefined | false | Child[];
type Handler = (event: never) => void;
type Attributes = Record<string, string | number | boolean | null | undefined | Handler>;

const SVG = "http://www.w3.org/2000/svg";

/** An element: attributes by name, listeners as `onclick`, children in order. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in a drawing. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as unknown as EventListener);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false) element.append(String(child));
  }
}

export function put(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** Make these the children: what stays is not moved, so that it keeps the focus. */
export function keep(element: Element, children: Element[]): void {
  const wanted = new Set(children);
  for (const one of [...element.children]) if (!wanted.has(one)) one.remove();
  let at = element.firstElementChild;
  for (const one of children) {
    if (one === at) at = at.nextElementSibling;
    else element.insertBefore(one, at);
  }
}

export function find<E extends Element = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

let counter = 0;

/** A name no other element has. */
export function fresh(stem: string): string {
  counter += 1;
  return `${stem}-${counter}`;
}

/** Say something to a screen reader without moving anything. */
export function announce(message: string): void {
  const place = document.getElementById("announce");
  if (place) place.textContent = message;
}

/** Run at most once per `wait_ms`, with the last call winning. */
export function later<A extends unknown[]>(wait_ms: number, run: (...given: A) => void) {
  let timer = 0;
  return (...given: A) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => run(...given), wait_ms);
  };
}
