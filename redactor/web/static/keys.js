// Lets people choose their own keys: press one in its field.
import { choose, chosen, forget, named } from "./keymap.js";

const fields = [...document.querySelectorAll("#keymap input")];
const said = document.getElementById("keys-saved");
const reset = document.getElementById("keys-reset");
const show = () => { const map = chosen(); for (const field of fields) field.value = map[field.name]; };
for (const field of fields) {
  field.addEventListener("keydown", (event) => {
    if (["Tab", "Shift", "Control", "Alt", "Meta", "Escape"].includes(event.key)) return;
    event.preventDefault();
    const key = named(event), map = chosen();
    const other = fields.find((one) => one !== field && map[one.name] === key);
    if (other) { said.textContent = `${key} is taken: ${other.labels[0].textContent}.`; return; }
    choose({ ...map, [field.name]: key });
    show();
    said.textContent = `${field.labels[0].textContent}: ${key}. Saved.`;
  });
}
reset.hidden = false;
reset.addEventListener("click", () => { forget(); show(); said.textContent = "The usual keys are back."; });
show();
