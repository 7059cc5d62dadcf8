// The house's colours and the switch between light and dark. The pairs are those of
// src/cosmodrome/report/theme.py, but for the sea and its coasts, which lie under
// pictures of the ground here and on white paper there; the sky is the page's own.

export interface Palette {
  dark: boolean;
  page: string;
  card: string;
  ink: string;
  muted: string;
  rule: string;
  grid: string;
  first: string;
  second: string;
  third: string;
  wash: string;
  limit: string;
  mark: string;
  land: string;
  coast: string;
  sea: string;
  good: string;
  bad: string;
  sky: string;
}

const pairs: Record<Exclude<keyof Palette, "dark">, [light: string, dark: string]> = {
  page: ["#fbfaf7", "#11161c"],
  card: ["#ffffff", "#181f27"],
  ink: ["#1c2530", "#e7eaee"],
  muted: ["#5d6875", "#9ba6b2"],
  rule: ["#dfe1e0", "#2b343e"],
  grid: ["#eceeed", "#252d37"],
  first: ["#1c5d99", "#82b7ea"],
  second: ["#c05a17", "#f2a56c"],
  third: ["#6b4596", "#c7a8ea"],
  wash: ["#dbe8f4", "#1d3550"],
  limit: ["#a3450f", "#f5b584"],
  mark: ["#b4bac0", "#4d5864"],
  land: ["#ebe8e0", "#29323c"],
  coast: ["#8f8775", "#66747f"],
  sea: ["#e6edf2", "#141b23"],
  good: ["#17603f", "#7fcfa6"],
  bad: ["#9b2f1b", "#f3a08e"],
  sky: ["#fbfaf7", "#11161c"],
};

export type Choice = "system" | "light" | "dark";

const KEY = "cosmodrome.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<(palette: Palette) => void>();

export function choice(): Choice {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function palette(): Palette {
  const chosen = choice();
  const dark = chosen === "dark" || (chosen === "system" && system.matches);
  const which = dark ? 1 : 0;
  const named = Object.entries(pairs).map(([name, pair]) => [name, pair[which]]);
  return { dark, ...Object.fromEntries(named) } as Palette;
}

/** Put the colours on the page and tell everything that draws. */
function apply(): void {
  const now = palette();
  const root = document.documentElement;
  root.dataset.theme = now.dark ? "dark" : "light";
  for (const [name, value] of Object.entries(now)) {
    if (typeof value === "string") root.style.setProperty(`--${name}`, value);
  }
  for (const tell of listeners) tell(now);
}

export function choose(next: Choice): void {
  if (next === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  apply();
}

export function onTheme(tell: (palette: Palette) => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

system.addEventListener("change", apply);
apply();
