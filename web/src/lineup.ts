// The vehicles side by side, all to one scale, as a group of radio buttons.
import { fresh, h, put } from "./dom";
import { vehiclePicture } from "./picture";
import { say, sayOr } from "./say";
import type { Vehicle } from "./types";
import { table } from "./parts";
import { ABSENT, number } from "./words";

/** Pixels to the metre: the tallest of them all stands 150 px high. */
const TALLEST_PX = 150;
const SHEET_PX = 260;

export interface Lineup {
  element: HTMLElement;
  value(): string;
  choose(name: string): void;
}

export function makeLineup(vehicles: Vehicle[], changed: (name: string) => void): Lineup {
  const tallest = Math.max(...vehicles.map((one) => one.height_m ?? one.drawing.height_m ?? 0), 1);
  const scale = TALLEST_PX / tallest;
  const group = fresh("vehicle");
  const radios = new Map<string, HTMLInputElement>();
  const cards = vehicles.map((vehicle) => {
    const radio = h("input", {
      type: "radio",
      name: group,
      value: vehicle.name,
      onchange: () => {
        tell(vehicle.name);
        changed(vehicle.name);
      },
    });
    radios.set(vehicle.name, radio);
    const tall = vehicle.height_m === null ? "" : `${number(vehicle.height_m, 1)} m`;
    const words = say("vehicle.picture", { title: vehicle.title, height: tall });
    const card = h(
      "label",
      { class: "vehicle", title: `${vehicle.title}, ${vehicle.country}` },
      radio,
      h("span", { class: "stand" }, vehiclePicture(vehicle.drawing, scale, words)),
      h("span", { class: "name" }, vehicle.title),
      h(
        "span",
        { class: "small" },
        [tall, vehicle.status === "flying" ? "" : sayOr(`status.${vehicle.status}`, vehicle.status)]
          .filter(Boolean)
          .join(", "),
      ),
    );
    return { card, words: `${vehicle.name} ${vehicle.title} ${vehicle.country} ${vehicle.family}`.toLowerCase() };
  });
  const strip = h("div", { class: "strip", role: "radiogroup", "aria-label": say("vehicle.group") });
  const none = h("p", { class: "small", role: "status" });
  const show = (wanted: string) => {
    const found = cards.filter((one) => one.words.includes(wanted.trim().toLowerCase()));
    put(strip, found.map((one) => one.card));
    put(none, found.length === 0 ? say("vehicle.none", { wanted }) : "");
  };
  const filter = h("input", {
    type: "search",
    placeholder: say("vehicle.filter"),
    "aria-label": say("vehicle.filterLabel"),
    oninput: (event: Event) => show((event.target as HTMLInputElement).value),
  });
  show("");
  const sheet = h("details", { class: "sheet" });
  const tell = (name: string) => {
    const vehicle = vehicles.find((one) => one.name === name);
    if (vehicle) put(sheet, h("summary", {}, say("vehicle.sheet", { title: vehicle.title })), stagesOf(vehicle));
  };
  const element = h(
    "section",
    { class: "lineup", "aria-labelledby": "lineup-title" },
    h(
      "div",
      { class: "top" },
      h("h2", { id: "lineup-title" }, say("vehicle.title")),
      h("span", { class: "small grow" }, say("vehicle.scale")),
      filter,
    ),
    strip,
    none,
    sheet,
  );
  return {
    element,
    value: () => [...radios].find(([, radio]) => radio.checked)?.[0] ?? "",
    choose(name) {
      const radio = radios.get(name);
      if (!radio) return;
      radio.checked = true;
      tell(name);
      radio.closest(".vehicle")?.scrollIntoView({ block: "nearest", inline: "center" });
    },
  };
}

/** A vehicle larger, beside the numbers it is drawn from. */
function stagesOf(vehicle: Vehicle): HTMLElement {
  const { stages, strapons, fairing, height_m } = vehicle.drawing;
  const tonnes = (kg: number | null) => (kg === null ? ABSENT : number(kg / 1000, 2));
  const rows = [...stages, ...strapons].map((one) => [
    one.name,
    String(one.count),
    number(one.diameter_m, 2),
    number(one.length_m, 1),
    tonnes(one.propellant_kg),
    tonnes(one.dry_kg),
    one.thrust_vac_n === null ? ABSENT : number(one.thrust_vac_n / 1000),
  ]);
  if (fairing) {
    const sizes = [number(fairing.diameter_m, 2), number(fairing.length_m, 1)];
    rows.push([say("vehicle.fairing"), "1", ...sizes, ABSENT, tonnes(fairing.mass_kg), ABSENT]);
  }
  const scale = SHEET_PX / (height_m ?? 50);
  const title = say("vehicle.sheet", { title: vehicle.title });
  return h(
    "div",
    {},
    h(
      "div",
      { class: "sheet-row" },
      vehiclePicture(vehicle.drawing, scale, say("vehicle.picture", { title: vehicle.title, height: `${number(height_m, 1)} m` })),
      table(
        title,
        [
          { head: say("vehicle.stage"), kind: "name" },
          { head: say("vehicle.count"), number: true },
          { head: say("vehicle.diameter"), number: true },
          { head: say("vehicle.length"), number: true },
          { head: say("vehicle.propellant"), number: true },
          { head: say("vehicle.dry"), number: true },
          { head: say("vehicle.thrust"), number: true },
        ],
        rows,
      ),
    ),
    h("p", { class: "small" }, say("vehicle.sources", { name: vehicle.name })),
  );
}
