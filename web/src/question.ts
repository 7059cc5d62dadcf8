// The question: vehicle, site, orbit, what is wanted, limits, time.
import { written } from "./answer/common";
import { get, post, remove } from "./api";
import { announce, fresh, h, put } from "./dom";
import { makeFileField } from "./files";
import { makeLineup } from "./lineup";
import { makeOrbitField } from "./orbit_field";
import { confirm } from "./parts";
import { say } from "./say";
import type { Name } from "./text/en";
import type { OrbitCheck, Question, Site, StoredFile, Vehicle } from "./types";
import { amount, box, clean, isSaid, missionText, numberField, pick, textField, tick, toml, words, type Tied, type Wanted } from "./tied";
import { makeZones } from "./zones";

export interface Asked {
  kind: string;
  question: Question;
}

export interface QuestionForm {
  lineup: HTMLElement;
  element: HTMLElement;
  asked(): Promise<Asked>;
  site(): string;
  chooseSite(name: string): void;
  /** Show a question as it was asked; what it does not name goes back to how it was at first. */
  write(question: Question, kind?: string): void;
  /** Change what is named here and keep the rest. */
  change(question: Question): void;
  /** Take a file for what it is; false where this form has no use for it. */
  take(file: StoredFile): boolean;
  busy(is: boolean): void;
  fault(message: string | null, key?: string | null): void;
}

interface Hooks {
  submit: () => void;
  siteChanged: (name: string) => void;
  reached: (check: OrbitCheck) => void;
}

/** The limits a mission file may set: its key, the unit shown, and what the key's unit needs. */
const LIMITS = [
  { key: "dynamic_pressure_pa", label: "limit.q", unit: "kPa", factor: 1000 },
  { key: "q_alpha_pa_deg", label: "limit.qAlpha", unit: "kPa deg", factor: 1000 },
  { key: "acceleration_m_s2", label: "limit.acceleration", unit: "m/s2", factor: 1 },
  { key: "heating_w_m2", label: "limit.heating", unit: "W/m2", factor: 1 },
  { key: "pitch_rate_deg_s", label: "limit.pitchRate", unit: "deg/s", factor: 1 },
] as const;

/** What a mission file can be asked: the other kinds say site, orbit and vehicle themselves. */
const OF_A_MISSION: Wanted[] = ["plan", "load"];
const BESIDE_A_MISSION = ["payload_kg", "interval"];

/** How many vehicles of one's own stand in the row. */
const OWN_SHOWN = 8;

const DEFAULT_EPOCH = "2027-03-20T12:00:00Z";

export function makeQuestion(vehicles: Vehicle[], sites: Site[], hooks: Hooks): QuestionForm {
  let mission: StoredFile | null = null;
  const again = () => orbit.check(vehicleAsked(), padOf() || null);
  const chosenAnew = () => {
    offerPads();
    offerOptions();
    again();
  };
  const lineup = makeLineup(vehicles, chosenAnew, async (file) => {
    if (!(await confirm(say("vehicle.forgetSure", { file: file.name }), say("vehicle.forget")))) return false;
    await remove(`files/${file.id}`, file.id);
    return true;
  });
  const vehicleAsked = (): Question =>
    lineup.file() ? { vehicle_file: lineup.file() } : { vehicle: lineup.value() || null };
  const siteSelect = h("select", {
    id: fresh("site"),
    onchange: () => {
      offerPads();
      hooks.siteChanged(siteSelect.value);
      again();
    },
  });
  for (const one of [...sites].sort((a, b) => a.title.localeCompare(b.title))) {
    siteSelect.append(h("option", { value: one.name }, `${one.title}, ${one.country}`));
  }
  const padSelect = h("select", { id: fresh("pad"), onchange: again });
  const orbit = makeOrbitField(again, hooks.reached);

  function offerPads(): void {
    const site = sites.find((one) => one.name === siteSelect.value);
    const own = lineup.chosen()?.pads ?? [];
    const kept = padSelect.value;
    put(
      padSelect,
      h("option", { value: "" }, say("site.usualPad")),
      (site?.pads ?? []).map((pad) => {
        const path = `${site!.name}/${pad.key}`;
        return h("option", { value: path }, own.includes(path) ? `${pad.title} *` : pad.title);
      }),
    );
    if ([...padSelect.options].some((one) => one.value === kept)) padSelect.value = kept;
  }

  const padOf = () => padSelect.value || siteSelect.value;

  // ------------------------------------------------------------ what is wanted
  const WANTED: Wanted[] = ["plan", "load", "check", "map", "windows", "satellite"];
  const group = fresh("wanted");
  let wanted: Wanted = "plan";
  const payload = numberField("ask.payload", "kg", "3000");
  const altitudes = textField("ask.altitudes", "km", "200:800:200");
  const inclinations = textField("ask.inclinations", "deg", "51.7:91.7:10");
  const days = numberField("ask.days", "d", "7");
  const interval = h("input", { type: "checkbox", id: fresh("interval") });
  const craft = makeFileField("craft.file", "craft.hint", ".toml", ["spacecraft"]);
  const build = h("input", { type: "checkbox", id: fresh("build") });
  const more = h("div", { class: "fields" });
  const wantedRadios = new Map<Wanted, HTMLInputElement>();
  const radios = WANTED.map((one) => {
    const radio = h("input", {
      type: "radio",
      name: group,
      value: one,
      checked: one === wanted,
      onchange: () => {
        wanted = one;
        showMore();
      },
    });
    wantedRadios.set(one, radio);
    return h(
      "label",
      { class: "choice" },
      radio,
      h("span", {}, say(`ask.${one}` as Name), " ", h("span", { class: "small" }, say(`ask.${one}.why` as Name))),
    );
  });

  function showMore(): void {
    const needs = {
      plan: [
        h(
          "label",
          { class: "choice" },
          interval,
          h("span", {}, say("ask.interval"), " ", h("span", { class: "small" }, say("ask.interval.why"))),
        ),
      ],
      load: [payload.element],
      check: [payload.element],
      map: [altitudes.element, inclinations.element],
      windows: [days.element],
      satellite: [
        craft.element,
        h("label", { class: "choice" }, build, h("span", {}, say("craft.build"), " ", h("span", { class: "small" }, say("craft.build.why")))),
      ],
    }[wanted];
    put(more, needs);
    button.textContent = say(`ask.${wanted}.do` as Name);
    orbitAndLimits();
  }

  function orbitAndLimits(): void {
    orbit.element.hidden = wanted === "map";
    details.hidden = wanted === "satellite";
    // What is asked is seen: each kind shows the fields that it sends.
    keptFields.hidden = wanted === "windows";
    epoch.element.hidden = wanted === "map" || wanted === "check";
    const flies = wanted === "plan" || wanted === "load";
    zones.element.hidden = !flies;
    limitSet.hidden = !flies;
    places.hidden = wanted === "satellite";
  }

  // ------------------------------------------------------------ time and limits
  const epoch = textField("ask.epoch", "UTC", DEFAULT_EPOCH);
  const reserve = numberField("ask.reserve", "m/s", "");
  reserve.input.placeholder = say("ask.usual");
  const riders = h(
    "select",
    { id: fresh("riders") },
    ...(["default", "all", "none"] as const).map((one) => h("option", { value: one }, say(`riders.${one}`))),
  );
  const recovery = h("select", { id: fresh("recovery") });
  const recoveryField = h(
    "div",
    { class: "field" },
    h("label", { for: recovery.id }, say("ask.recovery")),
    recovery,
  );
  function offerOptions(): void {
    const found = lineup.chosen();
    zones.vehicle(found);
    // Limits go into a mission file, which cannot name a file of one's own.
    limitFieldsBox.hidden = lineup.file() !== null;
    put(limitNote, say(lineup.file() ? "limit.own" : "limit.note"));
    put(
      recovery,
      h("option", { value: "" }, say("recovery.none")),
      (found?.recovery ?? []).map((one) => h("option", { value: one }, one)),
    );
    recoveryField.hidden = (found?.recovery ?? []).length === 0;
    ridersField.hidden = (found?.riders ?? []).length === 0;
  }
  const ridersField = h("div", { class: "field" }, h("label", { for: riders.id }, say("ask.riders")), riders);
  const keptFields = h("div", { class: "fields" }, reserve.element, ridersField, recoveryField);
  const limitFields = LIMITS.map((one) => ({ ...one, field: numberField(one.label, one.unit, "") }));
  for (const one of limitFields) one.field.input.placeholder = say("ask.usual");
  const zones = makeZones();
  const limitNote = h("p", { class: "small" }, say("limit.note"));
  const limitFieldsBox = h("div", { class: "fields" }, ...limitFields.map((one) => one.field.element));
  const limitSet = h("fieldset", {}, h("legend", {}, say("limit.legend")), limitNote, limitFieldsBox);
  const details = h(
    "details",
    { class: "more" },
    h("summary", {}, say("ask.more")),
    epoch.element,
    keptFields,
    limitSet,
    zones.element,
  );

  // ------------------------------------------------------------ the form
  const button = h("button", { type: "submit", class: "main" }, say("ask.plan.do"));
  const fault = h("p", { class: "bad", role: "alert" });
  const missionNote = h("div", { class: "mission-note", hidden: true });
  const places = h(
    "div",
    { class: "fields" },
    h("div", { class: "field" }, h("label", { for: siteSelect.id }, say("site.label")), siteSelect),
    h("div", { class: "field" }, h("label", { for: padSelect.id }, say("site.pad")), padSelect),
  );
  const form = h(
    "form",
    {
      class: "question",
      "aria-label": say("ask.form"),
      novalidate: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        hooks.submit();
      },
    },
    missionNote,
    places,
    orbit.element,
    h("fieldset", {}, h("legend", {}, say("ask.legend")), h("div", { class: "choices" }, ...radios), more),
    details,
    h("div", { class: "submit" }, button),
    fault,
  );

  const limitLines = () =>
    (lineup.file() ? [] : limitFields).flatMap(({ key, factor, field }) => {
      const value = written(field.input);
      return value === null ? [] : [`${key} = ${toml(typeof value === "number" ? value * factor : value)}`];
    });

  // ------------------------------------------------------------ fields and keys
  const FLOWN: Wanted[] = ["plan", "load", "check", "map"];
  const TIED: Tied[] = [
    amount("payload_kg", ["load", "check"], payload),
    tick("interval", ["plan"], interval, null),
    words("altitudes", ["map"], altitudes),
    words("inclinations", ["map"], inclinations),
    pick("riders", FLOWN, riders, "default"),
    pick("recovery", FLOWN, recovery, ""),
    amount("reserve_m_s", FLOWN, reserve),
    box("epoch_utc", ["plan", "load"], epoch.input, () => {
      const said = epoch.input.value.trim();
      return said === DEFAULT_EPOCH ? null : said;
    }),
    words("start_utc", ["windows"], epoch),
    amount("days", ["windows"], days),
    {
      key: "spacecraft",
      kinds: ["satellite"],
      input: craft.element.querySelector("input")!,
      read: () => craft.value()?.id ?? null,
      write: (value) => craft.take(stored.find((one) => one.id === value) ?? null),
    },
    tick("build", ["satellite"], build, false),
  ];

  /** Where the server's word on a key is shown. */
  const PLACES = new Map<string, HTMLElement>([
    ["site", siteSelect],
    ["sites", siteSelect],
    ["orbit", orbit.input],
    ["vehicle", lineup.group],
    ["vehicle_file", lineup.group],
    ["zone_margin_km", zones.margin],
    // An instant that cannot be read is refused by what it is, not by whose it is.
    ["epoch", epoch.input],
    ...limitFields.map((one): [string, HTMLElement] => [one.key, one.field.input]),
    ...TIED.map((one): [string, HTMLElement] => [one.key, one.input]),
  ]);
  let marked: HTMLElement | null = null;

  function mark(key: string | null): void {
    marked?.removeAttribute("aria-invalid");
    const names = key?.split(".").reverse() ?? [];
    marked = names.map((name) => PLACES.get(name)).find((one) => one?.isConnected) ?? null;
    if (!marked) return;
    marked.setAttribute("aria-invalid", "true");
    const fold = marked.closest("details");
    if (fold) fold.open = true;
    (marked.querySelector<HTMLElement>("input:checked") ?? marked).focus();
  }

  async function asked(): Promise<Asked> {
    const base: Question = { ...vehicleAsked(), site: padOf(), orbit: orbit.value() };
    const own: Question = Object.fromEntries(
      TIED.filter((one) => one.kinds.includes(wanted)).map((one) => [one.key, one.read()]),
    );
    if (wanted === "check") return { kind: "check", question: clean({ ...base, ...own }) };
    if (wanted === "map") return { kind: "map", question: clean({ ...vehicleAsked(), sites: [base["site"]], ...own }) };
    if (wanted === "satellite") {
      if (!own["spacecraft"]) throw new Error(say("craft.missing"));
      return { kind: "satellite", question: clean({ orbit: base["orbit"], ...own }) };
    }
    if (wanted === "windows") {
      return { kind: "windows", question: clean({ site: base["site"], orbit: base["orbit"], ...own }) };
    }
    const zoned = zones.asked();
    const beside = Object.fromEntries(Object.entries(own).filter(([key]) => BESIDE_A_MISSION.includes(key)));
    if (mission) return { kind: "plan", question: clean({ mission: mission.id, ...beside, ...zoned }) };
    const lines = limitLines();
    if (lines.length > 0) {
      // Limits are set in a mission file on the command line; here too.
      const said = Object.fromEntries(Object.entries(own).filter(([key]) => !["interval", "epoch_utc"].includes(key)));
      const file = await post<StoredFile>("files", {
        name: "mission.toml",
        text: missionText(base, said, epoch.input.value.trim(), lines),
      });
      remember(file);
      return { kind: "plan", question: clean({ mission: file.id, interval: own["interval"], ...zoned }) };
    }
    return { kind: "plan", question: clean({ ...base, ...own, ...zoned }) };
  }

  function useMission(file: StoredFile | null): void {
    mission = file;
    missionNote.hidden = file === null;
    for (const part of [places, orbit.element, limitSet, keptFields, epoch.element]) {
      part.classList.toggle("aside", file !== null);
      part.inert = file !== null;
    }
    zones.vehicle(file ? vehicles.find((one) => one.name === file.mission?.vehicle) : lineup.chosen());
    for (const [name, radio] of wantedRadios) {
      radio.disabled = file !== null && !OF_A_MISSION.includes(name);
      radio.parentElement!.classList.toggle("aside", radio.disabled);
    }
    if (!file) return;
    if (!OF_A_MISSION.includes(wanted)) choose("plan");
    put(
      missionNote,
      h("b", {}, file.name),
      h("p", {}, file.told),
      h("p", { class: "small" }, say("mission.note")),
      h("button", { type: "button", class: "quiet", onclick: () => useMission(null) }, say("mission.leave")),
    );
  }

  function choose(next: Wanted): void {
    wanted = next;
    const radio = wantedRadios.get(next);
    if (radio) radio.checked = true;
    showMore();
  }

  function write(question: Question, kind = "plan"): void {
    const file = stored.find((one) => one.id === question["mission"]) ?? null;
    const { vehicle, site, orbit: target, payload_kg } = file?.mission ?? {};
    const whole: Question = { ...(file ? { vehicle, site, orbit: target, payload_kg } : {}), ...clean(question) };
    fill(whole);
    for (const one of TIED) one.write(null);
    for (const one of TIED) if (isSaid(whole[one.key])) one.write(whole[one.key]);
    for (const one of limitFields) one.field.input.value = "";
    zones.write(question, stored);
    const known = WANTED.includes(kind as Wanted) ? (kind as Wanted) : "plan";
    useMission(file);
    choose(known === "plan" && isSaid(whole["payload_kg"]) ? "load" : known);
    mark(null);
    put(fault, question["mission"] && !file ? say("mission.gone") : "");
    again();
  }

  function change(question: Question): void {
    useMission(null);
    fill(question);
    for (const one of TIED) if (isSaid(question[one.key])) one.write(question[one.key]);
    again();
  }

  /** Vehicle, site and orbit, where the question names them. */
  function fill(question: Question): void {
    const own = stored.find((one) => one.id === question["vehicle_file"]);
    if (own) lineup.own(own);
    const vehicle = own ? `file:${own.id}` : question["vehicle"];
    if (typeof vehicle === "string") lineup.choose(vehicle);
    offerOptions();
    const sitesGiven = question["sites"];
    const place = String(question["site"] ?? (Array.isArray(sitesGiven) ? sitesGiven[0] : "") ?? "");
    if (place) {
      siteSelect.value = place.split("/")[0]!;
      offerPads();
      padSelect.value = place.includes("/") ? place : "";
      hooks.siteChanged(siteSelect.value);
    }
    if (typeof question["orbit"] === "string") orbit.write(question["orbit"]);
  }

  function take(file: StoredFile): boolean {
    remember(file);
    if (file.form === "mission") {
      write({ mission: file.id });
    } else if (file.form === "vehicle") {
      useMission(null);
      lineup.own(file);
      lineup.choose(`file:${file.id}`);
      chosenAnew();
    } else if (file.form === "spacecraft") {
      useMission(null);
      craft.take(file);
      choose("satellite");
    } else if (file.form === "area") {
      if (!OF_A_MISSION.includes(wanted)) choose("plan");
      details.open = true;
      zones.add(file);
    } else return false;
    announce(say("file.taken", { name: file.name }));
    return true;
  }

  // What was handed in earlier is still there.
  let stored: StoredFile[] = [];
  const remember = (file: StoredFile) => {
    stored = [file, ...stored.filter((one) => one.id !== file.id)];
  };
  const fetchFiles = () => get<{ files: StoredFile[] }>("files").then(({ files }) => (stored = files)).catch(() => stored);
  let turn: Promise<unknown> = fetchFiles().then((files) =>
    files.filter((one) => one.vehicle).slice(0, OWN_SHOWN).reverse().forEach((one) => lineup.own(one)),
  );
  const inTurn = (work: () => unknown) => void (turn = turn.then(work));
  /** Files that were handed in elsewhere since are fetched when a question names them. */
  const holdsAll = (question: Question) =>
    ["mission", "vehicle_file", "spacecraft"].every((key) => !question[key] || stored.some((one) => one.id === question[key]));

  showMore();
  write({ vehicle: "angara-1.2", site: "vostochny", orbit: "200 km 51.7 deg" });
  return {
    lineup: lineup.element,
    element: form,
    asked,
    site: () => siteSelect.value,
    chooseSite(name) {
      siteSelect.value = name;
      offerPads();
      hooks.siteChanged(name);
      again();
    },
    write: (question, kind) =>
      inTurn(async () => {
        if (!holdsAll(question)) await fetchFiles();
        write(question, kind);
      }),
    change: (question) => inTurn(() => change(question)),
    take,
    busy(is) {
      button.disabled = is;
      button.setAttribute("aria-busy", String(is));
    },
    fault(message, key = null) {
      put(fault, message ?? "");
      mark(message ? key : null);
    },
  };
}
