// The vehicles side by side, all to one scale, as a group of radio buttons.
import { fresh, h, put } from "./dom";
import { vehiclePicture } from "./picture";
import { say, sayOr } from "./say";
import type { StoredFile, Vehicle } from "./types";
import { table } from "./parts";
import { ABSENT, number } from "./words";

/** Pixels to the metre: the tallest of them all stands 150 px high. */
const TALLEST_PX = 150;
const SHEET_PX = 260;

export interface Lineup {
  element: HTMLElement;
  /** The buttons, as one group. */
  group: HTMLElement;
  /** A vehicle's name, or "file:" with the id of its file. */
  value(): string;
  chosen(): Vehicle | undefined;
  /** The id of the chosen vehicle's own file; null for one of the catalogue. */
  file(): string | null;
  choose(name: string): void;
  /** Put a vehicle of one's own before the catalogue's. */
  own(file: StoredFile): void;
}

const OWN = "file:";

/**
 * @param forget takes a vehicle's file away for good; true where that was done
 */
export function makeLineup(
  catalogue: Vehicle[],
  changed: () => void,
  forget: (file: StoredFile) => Promise<boolean>,
): Lineup {
  const vehicles = [...catalogue];
  const files = new Map<string, StoredFile>();
  const key = (vehicle: Vehicle) => [...files].find(([, one]) => one.vehicle === vehicle)?.[0] ?? vehicle.name;
  const find = (value: string) => files.get(value)?.vehicle ?? catalogue.find((one) => one.name === value);
  const tallest = Math.max(...vehicles.map((one) => one.height_m ?? one.drawing.height_m ?? 0), 1);
  const scale = TALLEST_PX / tallest;
  const group = fresh("vehicle");
  const radios = new Map<string, HTMLInputElement>();
  /** The chosen one: the buttons only show it. */
  let now = "";
  const makeCard = (vehicle: Vehicle) => {
    const value = key(vehicle);
    const radio = h("input", {
      type: "radio",
      name: group,
      value,
      onchange: () => {
        now = value;
        tell(value);
        changed();
      },
    });
    radios.set(value, radio);
    const tall = vehicle.height_m === null ? "" : `${number(vehicle.height_m, 1)} m`;
    const words = say("vehicle.picture", { title: vehicle.title, height: tall });
    const card = h(
      "label",
      { class: "vehicle", title: `${vehicle.title}, ${vehicle.country}` },
      radio,
      h("span", { class: "stand" }, vehiclePicture(vehicle.drawing, Math.min(scale, TALLEST_PX / (vehicle.height_m ?? 1)), words)),
      h("span", { class: "name" }, vehicle.title),
      h(
        "span",
        { class: "small" },
        [tall, files.has(value) ? say("vehicle.own") : vehicle.status === "flying" ? "" : sayOr(`status.${vehicle.status}`, vehicle.status)]
          .filter(Boolean)
          .join(", "),
      ),
    );
    return { value, card, words: `${vehicle.name} ${vehicle.title} ${vehicle.country} ${vehicle.family}`.toLowerCase() };
  };
  let cards = vehicles.map(makeCard);
  const strip = h("div", { class: "strip", role: "radiogroup", "aria-label": say("vehicle.group") });
  const none = h("p", { class: "small", role: "status" });
  put(strip, cards.map((one) => one.card));
  // Hidden, not taken away: a button that leaves its group stays pressed beside the next one.
  const show = (wanted: string) => {
    const words = wanted.trim().toLowerCase();
    for (const one of cards) one.card.hidden = !one.words.includes(words);
    put(none, cards.every((one) => one.card.hidden) ? say("vehicle.none", { wanted }) : "");
  };
  const filter = h("input", {
    type: "search",
    placeholder: say("vehicle.filter"),
    "aria-label": say("vehicle.filterLabel"),
    oninput: (event: Event) => show((event.target as HTMLInputElement).value),
  });
  const sheet = h("details", { class: "sheet" });
  const tell = (value: string) => {
    const vehicle = find(value);
    if (vehicle) put(sheet, h("summary", {}, say("vehicle.sheet", { title: vehicle.title })), stagesOf(vehicle, files.get(value), drop));
  };
  const drop = async (file: StoredFile) => {
    if (!(await forget(file))) return;
    files.delete(OWN + file.id);
    radios.delete(OWN + file.id);
    cards.find((one) => one.value === OWN + file.id)?.card.remove();
    cards = cards.filter((one) => one.value !== OWN + file.id);
    show(filter.value);
    lineup.choose(catalogue[0]!.name);
    changed();
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
  const lineup: Lineup = {
    element,
    group: strip,
    value: () => now,
    chosen: () => find(now),
    file: () => (now.startsWith(OWN) ? now.slice(OWN.length) : null),
    own(file) {
      if (!file.vehicle || files.has(OWN + file.id)) return;
      files.set(OWN + file.id, file);
      const made = makeCard(file.vehicle);
      cards.unshift(made);
      strip.prepend(made.card);
      show(filter.value);
    },
    choose(name) {
      const radio = radios.get(name);
      if (!radio) return;
      radio.checked = true;
      now = name;
      tell(name);
      const card = radio.closest<HTMLElement>(".vehicle");
      if (card?.hidden) {
        filter.value = "";
        show("");
      }
      card?.scrollIntoView({ block: "nearest", inline: "center" });
    },
  };
  return lineup;
}

/** A vehicle larger, beside the numbers it is drawn from. */
function stagesOf(vehicle: Vehicle, file: StoredFile | undefined, drop: (file: StoredFile) => Promise<void>): HTMLElement {
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
    file
      ? h(
          "div",
          { class: "row" },
          h("span", { class: "small" }, say("vehicle.fromFile", { file: file.name })),
          h("button", { type: "button", class: "quiet", onclick: () => void drop(file) }, say("vehicle.forget")),
        )
      : h("p", { class: "small" }, say("vehicle.sources", { name: vehicle.name })),
  );
}
