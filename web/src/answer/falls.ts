// Where jettisoned parts come down.
import { result } from "../api";
import { h, put } from "../dom";
import { ofRun, start } from "../jobs";
import { jobBox } from "../job_box";
import { section, table } from "../parts";
import { say } from "../say";
import type { Stage } from "../stage";
import type { Job, Part, Plan, Track } from "../types";
import { clockTime, mass, number } from "../words";
import { disperseBox } from "./disperse";
import { casualtyBox, hazardBox } from "./safety";

export function fallsSection(run: Job, plan: Plan, track: Track, stage: Stage): HTMLElement {
  return section(
    say("falls.title"),
    jobBox(
      stage,
      say("falls.do"),
      say("falls.why"),
      ofRun(run.id, "dropzones")[0],
      () => start("dropzones", { run: run.id }),
      (job, place) => showFalls(job, place, stage, track),
    ),
    plan.status === "optimal" && casualtyBox(run, plan, stage),
    hazardBox(run, stage),
    disperseBox(run, stage),
  );
}

/** Drop zones; on the globe where the flight is there to fall from. */
export async function showFalls(job: Job, place: HTMLElement, stage: Stage, track: Track | null = null): Promise<void> {
  const { parts } = await result<{ parts: Part[] }>(job.id);
  put(place, parts.length === 0 ? h("p", {}, say("falls.none")) : fallsTable(parts));
  if (!track) return;
  stage.clock.reach("ascent", Math.max(...parts.map((one) => one.t_s), 0));
  (await stage.globe)?.falls(parts, track);
}

function fallsTable(parts: Part[]): HTMLElement {
  return table(
    say("falls.title"),
    [
      { head: say("falls.part"), kind: "name" },
      { head: say("falls.mass"), number: true },
      { head: say("falls.time"), number: true },
      { head: say("falls.range"), number: true },
      { head: say("falls.place") },
      { head: say("falls.where") },
      { head: say("falls.ellipse") },
      { head: say("falls.people") },
    ],
    parts.map((one) => {
      const widest = [...one.ellipses].sort((a, b) => b.probability - a.probability)[0];
      return [
        one.count > 1 ? `${one.name} x${one.count}` : one.name,
        mass(one.mass_kg),
        clockTime(one.t_s),
        number(one.range_km),
        `${number(one.latitude_deg, 2)}, ${number(one.longitude_deg, 2)}`,
        one.surface === "sea" ? say("falls.sea") : (one.country ?? say("falls.land")),
        widest
          ? say("falls.ellipseSize", {
              share: number(100 * widest.probability),
              a: number(widest.semi_major_km, 1),
              b: number(widest.semi_minor_km, 1),
            })
          : "",
        one.people_99?.statement ?? "",
      ];
    }),
  );
}
