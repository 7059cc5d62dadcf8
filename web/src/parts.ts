// Small pieces that several views share: tables, progress, errors, dialogs.
import { fresh, h, put } from "./dom";
import { finished, onJobs, resume, stop, job as known } from "./jobs";
import { say } from "./say";
import type { Fault, Job } from "./types";
import { clockTime } from "./words";

export interface Column {
  head: string;
  number?: boolean;
  kind?: string;
}

export type CellText = string | number | Node | null;

/** A table that scrolls sideways on its own where it is too wide. */
export function table(caption: string, columns: Column[], rows: CellText[][], more: { row?: (at: number) => string; kind?: string } = {}) {
  const cellClass = (column: Column | undefined) =>
    [column?.number ? "n" : "", column?.kind ?? ""].filter(Boolean).join(" ") || null;
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      { class: more.kind ?? null },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, columns.map((one) => h("th", { scope: "col", class: cellClass(one) }, one.head)))),
      h(
        "tbody",
        {},
        rows.map((row, i) =>
          h("tr", { class: more.row?.(i) || null }, row.map((cell, j) => h("td", { class: cellClass(columns[j]) }, cell))),
        ),
      ),
    ),
  );
}

export function section(title: string, ...children: (Node | string | null | false | Node[])[]): HTMLElement {
  const id = fresh("section");
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** What went wrong and what to do next. */
export function faultBox(fault: Fault | null, fallback: string): HTMLElement {
  return h(
    "div",
    { class: "fault", role: "alert" },
    h("p", {}, h("b", {}, fault?.message ?? fallback)),
    fault?.key ? h("p", { class: "small" }, faultyKey(fault.key, fault.value)) : null,
    fault?.allowed ? h("p", { class: "small" }, say("error.allowed", { allowed: fault.allowed })) : null,
    h("p", { class: "small" }, say(fault?.kind === "defect" ? "error.next.defect" : "error.next")),
  );
}

function faultyKey(key: string, value: unknown): string {
  const known = value !== null && value !== undefined && value !== "";
  return known ? say("error.key", { key, value: String(value) }) : say("error.keyOnly", { key });
}

/** How far a job is, with a way to stop it; it follows the job by itself. */
export function progressBox(id: string): HTMLElement {
  const bar = h("progress", { max: 1 });
  const words = h("p", { class: "progress-text" });
  const place = h("p", { class: "small" });
  const button = h("button", { type: "button", class: "quiet", onclick: () => void stop(id) }, say("job.stop"));
  const box = h("div", { class: "progress", "data-job": id }, words, bar, place, button);
  const show = (job: Job) => {
    bar.setAttribute("aria-label", say("job.progress", { title: job.title }));
    const share = job.progress.share;
    if (share === null || job.state === "queued") bar.removeAttribute("value");
    else bar.value = share;
    words.textContent = job.progress.text || say(`state.${job.state}`);
    const told: string[] = [];
    if (job.state === "queued") told.push(say("job.queued", { place: job.queue_place ?? 1 }));
    if (job.progress.elapsed_s > 0) told.push(say("job.elapsed", { time: clockTime(job.progress.elapsed_s) }));
    if (job.progress.left_s !== null) told.push(say("job.left", { time: clockTime(job.progress.left_s) }));
    place.textContent = told.join(", ");
    button.disabled = job.state === "stopping";
  };
  const now = known(id);
  if (now) show(now);
  const leave = onJobs((changed) => {
    if (!box.isConnected && box.dataset["seen"]) return leave();
    if (box.isConnected) box.dataset["seen"] = "1";
    const mine = changed.find((one) => one.id === id);
    if (mine && !finished(mine)) show(mine);
  });
  return box;
}

/** What an error says: the server's own words where it has any. */
export const errorBox = (error: unknown): HTMLElement =>
  faultBox((error as { fault?: Fault }).fault ?? null, (error as Error).message);

/** What a job that brought no result says, and how to go on. */
export function endedBox(job: Job): HTMLElement {
  if (job.state === "stopped") {
    return h(
      "div",
      { class: "fault" },
      h("p", {}, h("b", {}, say("job.stopped"))),
      h("p", { class: "small" }, say("job.stoppedNext")),
      h("button", { type: "button", class: "quiet", onclick: () => void resume(job.id) }, say("job.resume")),
    );
  }
  return faultBox(job.error, say("job.failed"));
}

/** Ask before something cannot be undone. */
export function confirm(question: string, yes: string): Promise<boolean> {
  return new Promise((done) => {
    const dialog = h("dialog", { "aria-label": question });
    const close = (answer: boolean) => {
      dialog.close();
      dialog.remove();
      done(answer);
    };
    put(
      dialog,
      h("p", {}, question),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "danger", onclick: () => close(true) }, yes),
        h("button", { type: "button", class: "quiet", onclick: () => close(false) }, say("cancel")),
      ),
    );
    dialog.addEventListener("cancel", () => close(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A button that copies a text and says so. */
export function copyButton(label: string, text: () => Promise<string> | string): HTMLButtonElement {
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: async () => {
        const words = await text();
        try {
          await navigator.clipboard.writeText(words);
          button.textContent = say("copied");
        } catch {
          // No clipboard here (an old browser, or not allowed): show it to be copied by hand.
          window.prompt(label, words);
        }
        window.setTimeout(() => (button.textContent = label), 1500);
      },
    },
    label,
  );
  return button;
}
