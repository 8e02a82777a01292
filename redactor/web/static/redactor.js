// Starts GOV.UK's components; each page works without this.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

// What the server just said is read out and seen, without stealing the focus from a form with errors.
const summary = document.querySelector(".govuk-error-summary");
if (summary) document.title = `Error: ${document.title}`;

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
