// Shows how far an upload is; the form works the same without this.
const form = document.getElementById("upload");
form.addEventListener("submit", (event) => {
  if (!document.getElementById("file").files.length) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  const progress = document.getElementById("progress");
  const percent = document.getElementById("percent");
  progress.hidden = false;
  form.querySelector("button[type=submit]").disabled = true;
  request.upload.addEventListener("progress", (step) => {
    if (!step.lengthComputable) return;
    const done = Math.floor((100 * step.loaded) / step.total);
    document.getElementById("bar").value = done;
    percent.textContent = `${done}%`;
  });
  request.addEventListener("load", () => {
    if (request.status < 400 && request.responseURL !== location.href) { location.assign(request.responseURL); return; }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    document.querySelector("main").replaceWith(answer.querySelector("main"));
    document.querySelector("main").focus();
  });
  request.addEventListener("error", () => {
    percent.textContent = "The connection was lost. Nothing was stored. Try again.";
    form.querySelector("button[type=submit]").disabled = false;
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
});
