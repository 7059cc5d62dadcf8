// Everything that can be taken away: command, mission file, report, standard files.
import { address, text } from "../api";
import { h } from "../dom";
import { copyButton, section } from "../parts";
import type { Plot } from "../plots";
import { say } from "../say";
import type { Job, Plan } from "../types";
import { bytes } from "../words";

const FORMS = ["oem", "czml", "kml", "geojson", "csv", "opm", "omm", "tle", "parquet"] as const;

/** What every answer gives along: the command, the files, and more of its own. */
export function takeSection(job: Job, ...more: (Node | null)[]): HTMLElement {
  const has = (name: string) => job.files.some((one) => one.name === name);
  return section(
    say("take.title"),
    h("pre", { class: "command", tabindex: 0 }, job.command),
    h(
      "div",
      { class: "row" },
      copyButton(say("take.command"), () => job.command),
      has("mission.toml") ? copyButton(say("take.toml"), () => text(`jobs/${job.id}/files/mission.toml`)) : null,
    ),
    fileLinks(job),
    ...more,
  );
}

/** The same of a plan: its flight in every standard form, its plots, what it was made from. */
export function takeAway(job: Job, plan: Plan, plots: Plot[]): HTMLElement {
  const standard = () =>
    h(
      "ul",
      { class: "files", "aria-label": say("take.exports") },
      FORMS.map((form) =>
        h("li", {}, h("a", { href: address(`jobs/${job.id}/export/${form}`), download: "" }, say(`form.${form}`))),
      ),
    );
  const save = async () => {
    for (const plot of plots) {
      h("a", { href: await plot.png(), download: `${plan.vehicle}-${plot.name}.png` }).click();
    }
  };
  return takeSection(
    job,
    plan.status === "optimal" ? standard() : null,
    plots.length > 0 ? h("button", { type: "button", class: "quiet", onclick: save }, say("take.pngs")) : null,
    h(
      "p",
      { class: "small" },
      say("take.made", { version: plan.provenance.cosmodrome, inputs: plan.provenance.inputs_sha256 }),
    ),
  );
}

/** The files of a job, each to be saved. */
export function fileLinks(job: Job): HTMLElement {
  return h(
    "ul",
    { class: "files", "aria-label": say("take.files") },
    job.files.map((one) =>
      h(
        "li",
        {},
        h("a", { href: `${address(`jobs/${job.id}/files/${encodeURIComponent(one.name)}`)}?download=1`, download: one.name }, one.name),
        one.bytes === null ? null : h("span", { class: "small" }, bytes(one.bytes)),
      ),
    ),
  );
}
