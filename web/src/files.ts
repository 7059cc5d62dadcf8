// Mission files: opened by a button, or dropped anywhere on the page.
import { h } from "./dom";
import { say } from "./say";

export function openButton(opened: (file: File) => void): HTMLElement {
  const input = h("input", {
    type: "file",
    accept: ".toml",
    class: "unseen",
    tabindex: -1,
    "aria-label": say("nav.open"),
    onchange: () => {
      const file = input.files?.[0];
      input.value = "";
      if (file) opened(file);
    },
  });
  return h(
    "span",
    {},
    input,
    h("button", { type: "button", class: "quiet", onclick: () => input.click() }, say("nav.open")),
  );
}

export function onDrop(dropped: (file: File) => void): void {
  const veil = h("div", { class: "veil", hidden: true }, say("mission.dropHere"));
  document.body.append(veil);
  const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    veil.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) dropped(file);
  });
}
