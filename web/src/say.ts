// Texts of the page, by name. One file per language stands in `text/`.
import { en, type Name } from "./text/en";

type Values = Record<string, string | number>;

/** The text of a name, with `{places}` filled in. */
export function say(name: Name, values: Values = {}): string {
  return en[name].replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** The text of a name made at run time, or the plain word where there is none. */
export function sayOr(name: string, plain: string): string {
  return name in en ? en[name as Name] : plain;
}
