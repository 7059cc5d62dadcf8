// Where jettisoned parts come down.
import { result } from "../api";
import { put } from "../dom";
import { ofRun, start } from "../jobs";
import { jobBox, section, table } from "../parts";
import { say } from "../say";
import type { Job, Part, Track } from "../types";
import { clockTime, mass, number } from "../words";
import { fileLinks } from "./takeaway";
import type { Stage } from "./plan";

export function fallsSection(run: Job, track: Track, stage: Stage): HTMLElement {
  return section(
    say("falls.title"),
    jobBox(
      say("falls.do"),
      say("falls.why"),
      ofRun(run.id, "dropzones")[0],
      () => start("dropzones", { run: run.id }),
      async (job, place) => {
        const { parts } = await result<{ parts: Part[] }>(job.id);
        put(place, fallsTable(parts), fileLinks(job));
        stage.clock.reach("ascent", Math.max(...parts.map((one) => one.t_s), 0));
        (await stage.globe)?.falls(parts, track);
      },
    ),
  );
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
