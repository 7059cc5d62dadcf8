// A flight many times, each a little off: where its first stage falls, what payload is to spare.
import { limits, result } from "../api";
import { h, put } from "../dom";
import type { Shape } from "../globe/marks";
import { ellipseRing } from "../globe/paths";
import { ofRun, start } from "../jobs";
import { jobBox } from "../job_box";
import { table } from "../parts";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Job, Part, Question } from "../types";
import { clockTime, mass, number, significant } from "../words";
import { block, choice, field, notes, span, written } from "./common";

interface Quantiles {
  p01: number;
  p50: number;
  p99: number;
}

interface Dispersions {
  samples: number;
  seed: number;
  method: string;
  drop: (Omit<Part, "range_km" | "mass_kg"> & { down: number })[];
  payload_margin_kg:
    | (Quantiles & {
        carried_kg: number;
        samples: number;
        lost: number;
        bounds: Record<keyof Quantiles, [number | null, number | null]>;
        carries: { runs: number; failures: number; confidence: number; assured: number };
      })
    | null;
  propellant_margin_kg: Quantiles | null;
  insertion: { covariance: unknown; source: string; sigma: Record<string, number> | null };
  confidence: { confidence: number; assured_without_failure: number; three_sigma_needs: number };
  sigmas: { name: string; value: number; source: string }[];
  notes: string[];
}

const QUANTILES = [["p01", "1 %"], ["p50", "50 %"], ["p99", "99 %"]] as const;

export function disperseBox(run: Job, stage: Stage): HTMLElement {
  const samples = field("disperse.samples", "2000");
  const payloads = field("disperse.payloads", "100");
  const seed = field("disperse.seed", "0");
  const method = choice("disperse.method", [
    ["random", say("disperse.random")],
    ["lhs", say("disperse.lhs")],
    ["sobol", say("disperse.sobol")],
  ]);
  return block(
    say("disperse.title"),
    jobBox(
      stage,
      say("disperse.do"),
      say("disperse.why", { most: number(limits()["falls"]) }),
      ofRun(run.id, "disperse")[0],
      () => {
        const question: Question = { run: run.id, samples: written(samples.input), seed: written(seed.input) ?? 0, method: method.select.value };
        const tried = written(payloads.input);
        if (tried !== null) question["payload_samples"] = tried;
        return start("disperse", question);
      },
      (job, place) => showDisperse(job, place, stage),
      h("div", { class: "fields" }, samples.element, payloads.element, seed.element, method.element),
    ),
  );
}

export async function showDisperse(job: Job, place: HTMLElement, stage: Stage): Promise<void> {
  const found = await result<Dispersions>(job.id);
  put(
    place,
    h("p", { class: "lead" }, say("disperse.drawn", { samples: number(found.samples), seed: found.seed })),
    spare(found),
    found.drop.length === 0 ? h("p", {}, say("disperse.nothing")) : ellipses(found),
    h(
      "p",
      {},
      found.insertion.sigma
        ? say("disperse.insertion", {
            sigma: Object.entries(found.insertion.sigma).map(([name, value]) => `${name.replace(/_/g, " ")} ${significant(value)}`).join(", "),
            source: found.insertion.source,
          })
        : say("disperse.noInsertion", { why: found.insertion.source }),
    ),
    h("p", { class: "small" }, say("disperse.worth", {
      samples: number(found.samples),
      share: number(100 * found.confidence.assured_without_failure, 3),
      needs: number(found.confidence.three_sigma_needs),
    })),
    sigmas(found),
    notes(found.notes),
  );
  (await stage.globe)?.mark("disperse", found.drop.flatMap((one) => rings(one)));
}

/** The payload to spare: three quantiles, each with what it lies between. */
function spare(found: Dispersions): HTMLElement {
  const margin = found.payload_margin_kg;
  if (!margin) return h("p", {}, say("disperse.noSpare"));
  const propellant = found.propellant_margin_kg;
  const runs = margin.carries.runs;
  return h(
    "div",
    {},
    h("p", { class: "big" }, say("disperse.carries", { done: number(runs - margin.carries.failures), runs: number(runs), kg: mass(margin.carried_kg) })),
    h("p", { class: "small" }, say("disperse.assured", { share: number(100 * margin.carries.assured, 1), confidence: number(100 * margin.carries.confidence) })),
    table(
      say("disperse.spare"),
      [
        { head: say("disperse.quantile") },
        { head: say("disperse.spare"), number: true },
        { head: say("disperse.between"), number: true },
        ...(propellant ? [{ head: say("disperse.propellant"), number: true }] : []),
      ],
      QUANTILES.map(([key, words]) => [
        words,
        number(margin[key], 1),
        span(...margin.bounds[key], 1),
        ...(propellant ? [number(propellant[key], 1)] : []),
      ]),
    ),
    margin.lost > 0 ? h("p", { class: "small" }, say("disperse.lost", { count: margin.lost })) : null,
  );
}

function ellipses(found: Dispersions): HTMLElement {
  return h(
    "div",
    { class: "sub-block" },
    h("h3", { class: "sub" }, say("disperse.falls")),
    table(
      say("disperse.falls"),
      [
        { head: say("falls.part"), kind: "name" },
        { head: say("disperse.down"), number: true },
        { head: say("falls.time"), number: true },
        { head: say("falls.place") },
        { head: say("disperse.e50"), number: true },
        { head: say("disperse.e90"), number: true },
        { head: say("disperse.e99"), number: true },
        { head: say("disperse.azimuth"), number: true },
        { head: say("falls.where") },
        { head: say("falls.people") },
      ],
      found.drop.map((one) => {
        const size = (share: number) => {
          const its = one.ellipses.find((ellipse) => Math.abs(ellipse.probability - share) < 1e-6);
          return its ? `${number(its.semi_major_km)} x ${number(its.semi_minor_km)}` : "-";
        };
        return [
          one.count > 1 ? `${one.name} x${one.count}` : one.name,
          `${number(one.down)} / ${number(found.samples)}`,
          clockTime(one.t_s),
          `${number(one.latitude_deg, 2)}, ${number(one.longitude_deg, 2)}`,
          size(0.5),
          size(0.9),
          size(0.99),
          number(one.ellipses.at(-1)?.azimuth_deg),
          one.surface === "sea" ? say("falls.sea") : (one.country ?? say("falls.land")),
          one.people_99.statement,
        ];
      }),
    ),
    h("p", { class: "small" }, say("disperse.ellipseNote")),
  );
}

function sigmas(found: Dispersions): HTMLElement {
  return h(
    "details",
    { class: "more notes" },
    h("summary", {}, say("disperse.sigmas", { count: found.sigmas.length })),
    table(
      say("disperse.sigmas", { count: found.sigmas.length }),
      [{ head: say("disperse.sigma") }, { head: say("disperse.value"), number: true }, { head: say("disperse.source"), kind: "source" }],
      found.sigmas.map((one) => [one.name.replace(/_/g, " "), significant(one.value), one.source]),
    ),
  );
}

function rings(one: Dispersions["drop"][number]): Shape[] {
  return one.ellipses.map((ellipse) => ({ ring: ellipseRing(ellipse), colour: "third" }));
}

