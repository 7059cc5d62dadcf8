// Files: opened by a button, chosen in a field, or dropped anywhere on the page.
import { post, Refused } from "./api";
import { announce, fresh, h, put } from "./dom";
import { faultBox } from "./parts";
import { say } from "./say";
import type { Name } from "./text/en";
import type { StoredFile } from "./types";

/** Hand a file to the server, which says what it is or refuses it by name. */
export async function handIn(file: File): Promise<StoredFile> {
  return post<StoredFile>("files", { name: file.name, text: await file.text() });
}

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

export interface FileField {
  element: HTMLElement;
  value(): StoredFile | null;
  take(file: StoredFile | null): void;
}

const fields = new Map<string, FileField[]>();

/** The field on the page that wants such a file, if there is one. */
export function fieldFor(form: string): FileField | undefined {
  const open = (fields.get(form) ?? []).filter((one) => one.element.isConnected);
  fields.set(form, open);
  return open.find((one) => one.element.closest("[hidden]") === null);
}

/**
 * A field for one file: chosen by its button, or dropped anywhere on the page.
 *
 * @param forms what the server has to say that the file is
 * @param dropped whether it takes what is dropped anywhere
 */
export function makeFileField(
  label: Name,
  hint: Name,
  accept: string,
  forms: string[],
  changed: () => void = () => undefined,
  dropped = true,
): FileField {
  let kept: StoredFile | null = null;
  const id = fresh("file");
  const said = fresh("file-said");
  const told = h("div", { class: "small file-told", id: said, role: "status" }, say(hint));
  const input = h("input", {
    id,
    type: "file",
    accept,
    "aria-describedby": said,
    onchange: () => {
      const file = input.files?.[0];
      if (file) void read(file);
    },
  });
  const read = async (file: File) => {
    put(told, say("file.reading", { name: file.name }));
    try {
      const found = await handIn(file);
      if (!forms.includes(found.form)) {
        input.value = "";
        kept = null;
        put(told, faultBox(null, say("file.wrong", { name: found.name, is: say(`file.is.${found.form}` as Name) })));
      } else field.take(found);
    } catch (error) {
      input.value = "";
      kept = null;
      put(told, faultBox(error instanceof Refused ? error.fault : null, (error as Error).message));
    }
    changed();
  };
  const field: FileField = {
    element: h("div", { class: "field file" }, h("label", { for: id }, say(label)), input, told),
    value: () => kept,
    take(file) {
      kept = file;
      put(
        told,
        file ? h("b", {}, file.name) : say(hint),
        file && file.told && file.form !== "other" ? `: ${file.told}` : null,
      );
      if (file) announce(say("file.taken", { name: file.name }));
      changed();
    },
  };
  for (const form of dropped ? forms : []) fields.set(form, [...(fields.get(form) ?? []), field]);
  return field;
}
