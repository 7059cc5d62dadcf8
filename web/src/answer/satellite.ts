// What the satellite does afterwards: orbit, ground track, shadow, passes, lifetime.
import { get, result } from "../api";
import { fresh, h, put } from "../dom";
import type { OrbitStates } from "../globe/view";
import { ofRun, start, wait } from "../jobs";
import { jobBox } from "../job_box";
import { endedBox, section } from "../parts";
import { axis, layout, makePlot } from "../plots";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Eclipse, Job, Pass, Plan, Question, Station } from "../types";
import { ABSENT, instant, number } from "../words";
import { budgetsBlock } from "./budgets";
import { block, facts, field, longTable, written } from "./common";
import { coverageBox, repeatBox } from "./coverage";
import { showLifetime } from "./life";
import { fileLinks } from "./takeaway";

/** Hours of orbit shown on the globe, and how far apart its points lie. */
const SHOWN = { days: 0.25, step_s: 30 };

export function satelliteSection(run: Job, plan: Plan, stage: Stage): HTMLElement | null {
  if (plan.status !== "optimal") return null;
  return section(
    say("sat.title"),
    jobBox(
      stage,
      say("sat.do"),
      say("sat.why"),
      ofRun(run.id, "propagate").find((one) => one.question["frame"] === "ITRF"),
      async () => {
        // Both go into the queue; the shadow is ready a little after the orbit.
        const orbit = await start("propagate", { run: run.id, ...SHOWN, frame: "ITRF" });
        if (!ofRun(run.id, "eclipses")[0]) await start("eclipses", { run: run.id, days: 3 });
        return orbit;
      },
      (job, place) => showOrbit(job, place, run, plan, stage),
    ),
    passesBox(run, stage),
    coverageBox(run, stage),
    repeatBox(plan, stage),
    lifetimeBox(run, stage),
    budgetsBlock(plan, stage),
  );
}

async function showOrbit(job: Job, place: HTMLElement, run: Job, plan: Plan, stage: Stage): Promise<void> {
  const { states } = await result<{ states: OrbitStates["states"] }>(job.id);
  const epoch_ms = Date.parse(plan.epoch_utc);
  const made: OrbitStates = { epoch_ms, states };
  const end = states.at(-1);
  if (end) stage.clock.reach("orbit", (Date.parse(end.epoch_utc) - epoch_ms) / 1000);
  (await stage.globe)?.orbit(made, []);
  put(place, h("p", { class: "small" }, say("sat.shown", { hours: number(24 * SHOWN.days) })));
  const shadow = ofRun(run.id, "eclipses")[0];
  if (!shadow) return;
  const ended = await wait(shadow.id);
  if (ended.state !== "done") return place.append(endedBox(ended));
  const { eclipses } = await result<{ eclipses: Eclipse[] }>(shadow.id);
  (await stage.globe)?.orbit(made, eclipses);
  const told = say("sat.eclipses", { count: eclipses.length });
  place.append(eclipses.length === 0 ? h("p", {}, say("sat.noEclipse")) : block(told, eclipseTable(told, eclipses)), fileLinks(ended));
}

/** States of an orbit; on the globe where they turn with the Earth. */
export async function showStates(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const { states, frame } = await result<{ states: OrbitStates["states"]; frame: string }>(job.id);
  const axes = (["x", "y", "z"] as const).map((one) => ({ head: `${one}, km`, number: true }));
  put(
    place,
    facts([
      [say("sat.states"), number(states.length)],
      [say("sat.frame"), frame],
      [say("sat.from"), instant(states[0]?.epoch_utc)],
      [say("sat.until"), instant(states.at(-1)?.epoch_utc)],
    ]),
    longTable(
      say("kind.propagate"),
      [{ head: say("sat.at") }, ...axes],
      states.map((one) => [instant(one.epoch_utc), ...one.r_km.map((km) => number(km, 1))]),
      12,
    ),
  );
  const first = states[0];
  if (first && frame === "ITRF") (await stage.globe)?.orbit({ epoch_ms: Date.parse(first.epoch_utc), states }, []);
}

export async function showEclipses(job: Job, place: HTMLElement): Promise<void> {
  const { eclipses } = await result<{ eclipses: Eclipse[] }>(job.id);
  put(place, eclipses.length === 0 ? h("p", {}, say("sat.noEclipse")) : eclipseTable(say("kind.eclipses"), eclipses));
}

function eclipseTable(title: string, eclipses: Eclipse[]): HTMLElement {
  const minutes = (one: Eclipse) =>
    one.umbra_entry_utc && one.umbra_exit_utc
      ? number((Date.parse(one.umbra_exit_utc) - Date.parse(one.umbra_entry_utc)) / 60000, 1)
      : ABSENT;
  return longTable(
    title,
    [{ head: say("sat.in") }, { head: say("sat.out") }, { head: say("sat.minutes"), number: true }],
    eclipses.map((one) => [instant(one.umbra_entry_utc), instant(one.umbra_exit_utc), minutes(one)]),
    12,
  );
}

let asked: Promise<Station[]> | null = null;

function stations(): Promise<Station[]> {
  asked ??= get<{ stations: Station[] }>("stations").then((found) => found.stations);
  asked.catch(() => (asked = null));
  return asked;
}

function passesBox(run: Job, stage: Stage): HTMLElement {
  const id = fresh("station");
  const list = fresh("stations");
  const input = h("input", { id, type: "text", list, placeholder: say("pass.placeholder"), autocomplete: "off" });
  const days = field("pass.days", "2");
  const least = field("pass.least", "5");
  const chosen = new Set<string>();
  const chips = h("ul", { class: "chips", "aria-label": say("pass.chosen") });
  const draw = () =>
    put(
      chips,
      [...chosen].map((name) =>
        h("li", {}, name, h("button", { type: "button", class: "tiny", "aria-label": say("pass.drop", { name }), onclick: () => {
          const at = [...chosen].indexOf(name);
          chosen.delete(name);
          draw();
          const left = chips.querySelectorAll("button");
          (left[Math.min(at, left.length - 1)] ?? input).focus();
        } }, "x")),
      ),
    );
  const add = () => {
    const name = input.value.trim();
    if (name) chosen.add(name);
    input.value = "";
    draw();
  };
  // Not when the field is left: a new name would move the button from under a click.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    }
  });
  const options = h("datalist", { id: list });
  stations().then((found) => put(options, found.map((one) => h("option", { value: one.name }))), () => undefined);
  const existing = ofRun(run.id, "passes")[0];
  for (const name of (existing?.question["stations"] as string[] | undefined) ?? ["svalbard"]) chosen.add(name);
  draw();
  const form = h(
    "div",
    { class: "fields" },
    h("div", { class: "field" }, h("label", { for: id }, say("pass.station")), input, options, chips),
    days.element,
    least.element,
  );
  return h(
    "div",
    { class: "sub-block" },
    h("h3", { class: "sub" }, say("pass.title")),
    jobBox(
      stage,
      say("pass.do"),
      "",
      existing,
      () => {
        add();
        const question: Question = {
          run: run.id,
          stations: [...chosen],
          days: written(days.input),
          min_elevation_deg: written(least.input) ?? 0,
        };
        return start("passes", question);
      },
      (job, place) => showPasses(job, place, stage),
      form,
    ),
  );
}

export async function showPasses(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const { passes } = await result<{ passes: Pass[] }>(job.id);
  put(place, passes.length === 0 ? h("p", {}, say("pass.none")) : passPlot(passes), passTable(passes));
  const wanted = new Set(job.question["stations"] as string[]);
  const known = await stations().catch(() => []);
  (await stage.globe)?.stations(known.filter((one) => wanted.has(one.name)));
}

function passTable(passes: Pass[]): HTMLElement | null {
  if (passes.length === 0) return null;
  return longTable(
    say("pass.title"),
    [
      { head: say("pass.stationHead"), kind: "name" },
      { head: say("pass.rise") },
      { head: say("pass.set") },
      { head: say("pass.max"), number: true },
      { head: say("pass.minutes"), number: true },
    ],
    passes.map((one) => [
      one.station,
      instant(one.rise_utc),
      instant(one.set_utc),
      number(one.max_elevation_deg, 1),
      number(one.duration_s / 60, 1),
    ]),
    20,
  );
}

function passPlot(passes: Pass[]): HTMLElement {
  const names = [...new Set(passes.map((one) => one.station))];
  return makePlot(
    "passes",
    say("pass.plot"),
    (look) => ({
      data: [
        {
          type: "bar",
          orientation: "h",
          base: passes.map((one) => one.rise_utc),
          x: passes.map((one) => one.duration_s * 1000),
          y: passes.map((one) => one.station),
          marker: { color: look.third, line: { color: look.third, width: 2 } },
          customdata: passes.map((one) => [instant(one.rise_utc), number(one.max_elevation_deg, 1)]),
          hovertemplate: "%{customdata[0]}, %{customdata[1]} deg<extra></extra>",
        },
      ],
      layout: layout(look, {
        xaxis: axis(look, { type: "date" }),
        yaxis: axis(look, { showgrid: false, tickfont: { color: look.ink, size: 12 } }),
        bargap: 0.5,
      }),
    }),
    { height: `${4 + 2 * names.length}rem` },
  ).element;
}

function lifetimeBox(run: Job, stage: Stage): HTMLElement {
  const weight = field("life.mass", "500");
  const area = field("life.area", "3");
  return h(
    "div",
    { class: "sub-block" },
    h("h3", { class: "sub" }, say("life.title")),
    jobBox(
      stage,
      say("life.do"),
      "",
      ofRun(run.id, "lifetime")[0],
      () => start("lifetime", { run: run.id, mass_kg: written(weight.input), area_m2: written(area.input) }),
      showLifetime,
      h("div", { class: "fields" }, weight.element, area.element),
    ),
  );
}
