// The orbit: by kind and numbers, or as the text the command line takes.
// The text is the truth; the fields only write it.
import { fresh, h, later, put } from "./dom";
import { post } from "./api";
import { say } from "./say";
import type { Name } from "./text/en";
import type { OrbitCheck, Question } from "./types";
import { number } from "./words";

interface Field {
  key: string;
  label: Name;
  unit: string;
  start: string;
  optional?: boolean;
}

interface Kind {
  key: string;
  fields: Field[];
  text: (value: (key: string) => string) => string;
}

const inclination: Field = { key: "inclination", label: "orbit.inclination", unit: "deg", start: "51.7" };

const KINDS: Kind[] = [
  {
    key: "circular",
    fields: [{ key: "altitude", label: "orbit.altitude", unit: "km", start: "200" }, inclination],
    text: (v) => `${v("altitude")} km ${v("inclination")} deg`,
  },
  {
    key: "elliptic",
    fields: [
      { key: "perigee", label: "orbit.perigeeLabel", unit: "km", start: "200" },
      { key: "apogee", label: "orbit.apogeeLabel", unit: "km", start: "1000" },
      inclination,
      { key: "argp", label: "orbit.argp", unit: "deg", start: "", optional: true },
    ],
    text: (v) =>
      `${v("perigee")}x${v("apogee")} km ${v("inclination")} deg${v("argp") ? ` argp ${v("argp")}` : ""}`,
  },
  {
    key: "sso",
    fields: [
      { key: "altitude", label: "orbit.altitude", unit: "km", start: "500" },
      { key: "ltan", label: "orbit.ltan", unit: "h", start: "10:30", optional: true },
    ],
    text: (v) => `sso ${v("altitude")} km${v("ltan") ? ` ltan ${v("ltan")}` : ""}`,
  },
  {
    key: "polar",
    fields: [{ key: "altitude", label: "orbit.altitude", unit: "km", start: "600" }],
    text: (v) => `polar ${v("altitude")} km`,
  },
  { key: "gto", fields: [], text: () => "gto" },
  {
    key: "escape",
    fields: [
      { key: "c3", label: "orbit.c3", unit: "km2/s2", start: "10" },
      { key: "dla", label: "orbit.dla", unit: "deg", start: "", optional: true },
    ],
    text: (v) => `escape c3 ${v("c3")}${v("dla") ? ` dla ${v("dla")}` : ""}`,
  },
];

/** Texts that the fields can show; anything else stays a text. */
const READ: { kind: string; form: RegExp; keys: string[] }[] = [
  { kind: "circular", form: /^([\d.]+) km ([\d.]+) deg$/i, keys: ["altitude", "inclination"] },
  {
    kind: "elliptic",
    form: /^([\d.]+)x([\d.]+) km ([\d.]+) deg(?: argp ([\d.]+))?$/i,
    keys: ["perigee", "apogee", "inclination", "argp"],
  },
  { kind: "sso", form: /^sso ([\d.]+) km(?: ltan (\d+:\d+))?$/i, keys: ["altitude", "ltan"] },
  { kind: "polar", form: /^polar ([\d.]+) km$/i, keys: ["altitude"] },
  { kind: "gto", form: /^gto$/i, keys: [] },
  { kind: "escape", form: /^escape c3 ([\d.]+)(?: dla (-?[\d.]+))?$/i, keys: ["c3", "dla"] },
];

export interface OrbitField {
  element: HTMLElement;
  /** The text, which is what is asked. */
  input: HTMLInputElement;
  value(): string;
  write(text: string): void;
  /** Ask the server again what this orbit means from here. */
  check(vehicle: Question, site: string | null): void;
}

export function makeOrbitField(changed: () => void, reached: (check: OrbitCheck) => void): OrbitField {
  const told = fresh("orbit-told");
  const input = h("input", {
    id: fresh("orbit"),
    type: "text",
    value: "200 km 51.7 deg",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": told,
    oninput: () => {
      kind.value = "text";
      fields();
      changed();
    },
  });
  const answer = h("div", { id: told, class: "told-orbit", role: "status", "aria-live": "polite" });
  const place = h("div", { class: "fields" });
  const values = new Map<string, string>();
  const kind = h(
    "select",
    {
      id: fresh("kind"),
      onchange: () => {
        fields();
        compose();
      },
    },
    ...KINDS.map((one) => h("option", { value: one.key }, say(`orbit.kind.${one.key}` as Name))),
    h("option", { value: "text" }, say("orbit.kind.text")),
  );

  function compose(): void {
    const chosen = KINDS.find((one) => one.key === kind.value);
    if (!chosen) return;
    input.value = chosen.text((key) => values.get(`${chosen.key}.${key}`)?.trim() ?? "");
    changed();
  }

  function fields(): void {
    const chosen = KINDS.find((one) => one.key === kind.value);
    const made = (chosen?.fields ?? []).map((one) => {
      const key = `${chosen!.key}.${one.key}`;
      if (!values.has(key)) values.set(key, one.start);
      const id = fresh("orbit-number");
      return h(
        "div",
        { class: "field short" },
        h("label", { for: id }, say(one.label), one.optional ? h("span", { class: "small" }, say("optional")) : null),
        h(
          "span",
          { class: "with-unit" },
          h("input", {
            id,
            type: "text",
            inputmode: "decimal",
            value: values.get(key),
            oninput: (event: Event) => {
              values.set(key, (event.target as HTMLInputElement).value);
              compose();
            },
          }),
          h("span", { class: "unit", "aria-hidden": "true" }, one.unit),
        ),
      );
    });
    put(place, made);
  }

  let asked = 0;
  const ask = later(250, async (vehicle: Question, site: string | null) => {
    const mine = (asked += 1);
    try {
      const found = await post<OrbitCheck>("orbit", { orbit: input.value, ...vehicle, site });
      if (mine !== asked) return;
      show(found);
      reached(found);
    } catch (error) {
      if (mine === asked) put(answer, h("p", { class: "bad" }, (error as Error).message));
    }
  });

  function show(found: OrbitCheck): void {
    input.setAttribute("aria-invalid", String(!found.ok));
    if (!found.ok) {
      const fault = found.error;
      put(
        answer,
        h("p", { class: "bad" }, h("b", {}, say("orbit.notUnderstood")), " ", fault?.message ?? ""),
        fault?.allowed ? h("p", { class: "small" }, say("error.allowed", { allowed: fault.allowed })) : null,
      );
      return;
    }
    const reach = found.reach;
    const good = reach?.verdict === "direct" || reach?.verdict === "edge" || reach?.verdict === "open";
    const ways = (reach?.ways ?? []).map((way) =>
      say(way.in_corridor ? "orbit.way" : "orbit.wayOut", {
        node: say(way.node === "ascending" ? "node.ascending" : "node.descending"),
        azimuth: number(way.azimuth_deg, 1),
      }),
    );
    put(
      answer,
      h("p", {}, h("b", {}, say("orbit.understood")), " ", found.told ?? ""),
      reach
        ? h(
            "p",
            { class: good ? "good" : "bad" },
            h("b", {}, good ? say("orbit.reached") : say("orbit.notReached")),
            " ",
            h("span", { class: "plain" }, reach.told),
          )
        : null,
      ways.length > 0 ? h("p", { class: "small" }, ways.join("; ")) : null,
      (found.site?.inclinations ?? []).map((one) =>
        h("p", { class: "small" }, say("orbit.siteReaches", { azimuths: one.azimuths, inclinations: one.inclinations })),
      ),
    );
  }

  fields();
  const element = h(
    "fieldset",
    { class: "orbit" },
    h("legend", {}, say("orbit.legend")),
    h("div", { class: "field" }, h("label", { for: kind.id }, say("orbit.kind")), kind),
    place,
    h("div", { class: "field" }, h("label", { for: input.id }, say("orbit.text")), input),
    answer,
  );
  return {
    element,
    input,
    value: () => input.value.trim(),
    write(text) {
      input.value = text;
      kind.value = "text";
      for (const one of READ) {
        const found = one.form.exec(text.trim());
        if (!found) continue;
        kind.value = one.kind;
        one.keys.forEach((key, i) => values.set(`${one.kind}.${key}`, found[i + 1] ?? ""));
        break;
      }
      fields();
    },
    check: (vehicle, site) => ask(vehicle, site),
  };
}
